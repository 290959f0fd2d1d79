"""Figures and stills of an explanation; imports `film` and `figures`."""
