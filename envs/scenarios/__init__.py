"""How a cross begins: one deal a file, and their registry; imports `interface` and below."""
