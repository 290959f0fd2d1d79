"""The step and what happens in it, one concept a file; imports `roles` and below, never a scenario."""
