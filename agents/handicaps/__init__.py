"""Wrappers that handicap an agent: noise, delay; imports `base`."""
