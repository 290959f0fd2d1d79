"""The pitch: metres, origin at the centre, attack towards +x, z up.

In the world, the cross always comes from the right wing (negative y), so the near post is at negative y and the
far post ("back post") at positive y. The interfaces mirror crosses for the left wing.

             y = +34
        +-------------------+
        |              +----|
        |              |  +-| far post   (52.5, +3.66)
    ----+---  origin   |  | | goal       (52.5,  0)
        |              |  +-| near post  (52.5, -3.66)
        |              +----|
        +-------------------+  <- the crosser's wing
             y = -34

Source: Laws of the Game, Law 1 (105 x 68 m as used by the Common Data Format).
"""

HALF_LENGTH = 52.5
HALF_WIDTH = 34.0
GOAL_HALF_WIDTH = 3.66
GOAL_HEIGHT = 2.44
BOX_DEPTH = 16.5
BOX_HALF_WIDTH = 20.16
SIX_YARD_DEPTH = 5.5
SIX_YARD_HALF_WIDTH = 9.16
SPOT_DEPTH = 11.0
"""Distance of the penalty spot from the goal line."""
RUN_OFF = 1.0
"""How far beyond the lines players may run, m."""
FREE_KICK_DISTANCE = 9.15
"""Distance of opponents from a free kick (Law 13), m."""
