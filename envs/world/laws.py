"""Laws of the Game applied by more than one part of the step: offside, and the end of a cross."""

from .compile import entry, kernel
from .pitch import HALF_LENGTH
from .record import ATTACKERS, GOAL, OVER, PLAYERS


@entry
def offside_line(world):
    """x of the second-last opponent or the ball, whichever is nearer to the goal (Law 11).

    With fewer than two opponents, as in a drill, there is no offside.
    """
    line = defence_line(world)
    return max(line, world.ball.x) if line < HALF_LENGTH else HALF_LENGTH


@kernel
def defence_line(world):
    """x of the second-last opponent; the goal line with fewer than two."""
    last, second, opponents = 0.0, 0.0, 0
    for i in range(ATTACKERS, PLAYERS):
        defender = world.players[i]
        opponents += defender.present
        if defender.present != 0 and defender.x > second:
            if defender.x > last:
                last, second = defender.x, last
            else:
                second = defender.x
    return second if opponents >= 2 else HALF_LENGTH


@entry
def take_offside(world, by, p):
    """At a touch by an attacker, mark team-mates nearer to the goal than both ball and second-last opponent."""
    line = offside_line(world)
    # With fewer than two opponents, as in a drill, the line is the goal line and there is no offside.
    counts = p.offside_on != 0.0 and line < HALF_LENGTH
    for i in range(ATTACKERS):
        player = world.players[i]
        player.offside = 1 if counts and player.present != 0 and i != by and player.x > line else 0


@kernel
def end_cross(world, outcome):
    """End the cross with this outcome."""
    if outcome == GOAL:
        world.goals_now += 1.0
    world.outcome = outcome
    world.phase = OVER
    world.phase_since = world.time
