"""How the parameters of the world were found; imports `realism`."""
