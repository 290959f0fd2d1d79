"""What hangs on numbers that nothing published identifies; imports `guide` and `calibration`."""
