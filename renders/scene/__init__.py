"""What is to be drawn, taken from a record: scene, moments, captions; imports no drawing."""
