"""Wrappers that take something from an agent: noise, misreading, sight; imports `base`."""
