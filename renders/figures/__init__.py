"""Figures of results; imports `scene`."""
