"""The coach's session plan; imports `page`."""
