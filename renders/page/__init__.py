"""The page for a coach; imports `figures` and `scene`."""
