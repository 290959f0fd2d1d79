"""Figures and charts of results; imports `scene`."""
