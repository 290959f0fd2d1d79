"""The simulation step and its parts, one concept per file; imports `roles` and below, never a scenario."""
