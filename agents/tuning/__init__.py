"""How the free numbers of rules are tuned; imports `rules` and `base`."""
