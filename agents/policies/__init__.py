"""Trained policies and their file format, with NumPy only; imports `rules` and `base`."""
