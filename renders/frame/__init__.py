"""One picture of a scene: layout, ground, players, panel; imports `scene`."""
