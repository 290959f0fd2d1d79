"""Errors, validation and files, for use by every other folder; imports no other package of the project."""
