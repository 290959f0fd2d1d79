"""A policy told as a rule of a few sentences; imports `bench` and `learn`."""
