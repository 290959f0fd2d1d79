"""Trained policies and their file, NumPy alone; imports `rules` and `base`."""
