"""Agents that search for a run: the planner and the clairvoyant; imports `base`."""
