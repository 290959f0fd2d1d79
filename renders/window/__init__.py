"""The window: watching, stepping and playing live; imports `frame`."""
