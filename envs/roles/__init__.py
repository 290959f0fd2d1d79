"""How scripted players decide, one role a file; imports `world` and below."""
