"""What to draw, taken from a record: scene, moments, captions; imports no drawing code."""
