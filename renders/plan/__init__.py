"""The session plan; imports `page`."""
