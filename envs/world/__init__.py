"""What the world is made of: its record, pitch, parameters, luck and compiler; imports `common`."""
