"""The foundations of the world: record, pitch, parameters, luck and compiler; imports `common`."""
