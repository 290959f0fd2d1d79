"""Agents on the same crosses: comparison, statistics, kept crosses, ceilings, robustness, timing; imports `agents`."""
