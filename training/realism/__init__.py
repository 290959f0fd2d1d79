"""The world held against published football; imports `bench`."""
