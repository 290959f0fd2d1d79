"""The coach's page; imports `figures` and `scene`."""
