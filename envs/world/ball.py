"""The ball: what does not change from match to match. Source: Laws of the Game, Law 2."""

RADIUS = 0.11
"""m."""
GRAVITY = 9.81
"""m/s2."""
