"""Errors, checks of values, and files: what every other folder may use; imports nothing of ours."""
