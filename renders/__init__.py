"""Drawing: pure functions from records to shapes, and from shapes to pictures, films and windows."""
