"""What depends on numbers that no published statistic identifies; imports `guide` and `realism`."""
