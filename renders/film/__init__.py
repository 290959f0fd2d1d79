"""Pictures in time: film, stills, coaching sheet; imports `figures` and `frame`."""
