"""The session plan of a coach; imports `page`."""
