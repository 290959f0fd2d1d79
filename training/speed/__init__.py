"""The speed of the environments; imports `learn`."""
