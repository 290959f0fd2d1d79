"""The scenarios, one deal per file, and their registry; imports `interface` and below."""
