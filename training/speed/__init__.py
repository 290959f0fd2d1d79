"""How fast the environments are; imports `learn`."""
