"""The claims of a coaching guide, measured; imports `explain` and `bench`."""
