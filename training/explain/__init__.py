"""When, where and why a policy runs; imports `distil`, `bench` and `realism`."""
