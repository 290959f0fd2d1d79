"""Agents that search: the planner and the clairvoyant; imports `base`."""
