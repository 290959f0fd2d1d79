"""Wrappers that handicap an agent: noise, misreading, limited sight; imports `base`."""
