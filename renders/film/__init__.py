"""Runs over time: film, stills, coaching sheet; imports `figures` and `frame`."""
