"""The board: a local page on which a coach draws his own question and gets the answer; imports `page` and `scene`."""
