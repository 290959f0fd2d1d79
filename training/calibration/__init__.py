"""How the parameters of the world were found: situations for finishing, and response surfaces; imports `realism`."""
