"""The measurements behind a session plan; imports `bench`."""
