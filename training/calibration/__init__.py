"""How the parameters of the world were found: response surfaces of the published figures; imports `realism`."""
