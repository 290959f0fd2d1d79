"""How scripted players decide, one role per file; imports `world` and below."""
