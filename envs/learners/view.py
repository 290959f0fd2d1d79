"""What a learner other than the runner sees: a flat float32 vector of the same layout for every player.

The runner learns from the observation of `interface/observation.py`. Everybody else is shown here what the scripted
players know: whom they notice (`roles/sight.py`), the ball with their own error of reading, where and when they expect
to meet it, and, for a defender, the man and the zone as given to them. A player out of sight reads zero.

The own position is in the frame of the pitch, the attack goes to +x, and everything else is relative to the player.
Team-mates are those of the player's own team.
"""

from backpost.envs.interface.entries import PITCH, Entry, Layout, flag, place, seconds, vector, velocity
from backpost.envs.world.record import ROLES

NEAREST_MATES, NEAREST_RIVALS = 4, 5
"""How many of each team are shown, crosser and keeper aside."""


def _layout() -> Layout:
    entries = [
        *vector("own", "m", 60.0, 20.0, "position of the player"),
        *velocity("own", "velocity of the player"),
        *vector("own_facing", "-", 1.0, 1.0, "direction the player faces"),
        *(flag(role, f"1 for a {role}") for role in ROLES[1:]),
        *place("ball", "position of the ball"),
        Entry("ball_z", "m", 0.0, 10.0, 3.0, "height of the ball"),
        *vector("ball_v", "m/s", 40.0, 15.0, "velocity of the ball, as the player reads it"),
        Entry("ball_vz", "m/s", -30.0, 30.0, 10.0, "vertical velocity of the ball"),
        flag("ball_seen", "1 if the player sees the ball"),
        *(flag(phase, f"1 in the phase {phase!r}") for phase in ("carry", "look", "plant", "swing", "cross")),
        flag("loose", "1 after the first touch, while the ball is in play"),
        seconds("phase_time", "time since this phase began"),
        Entry("time_left", "s", 0.0, 16.0, 8.0, "latest time until the episode ends; it runs from the strike on"),
        flag("meet_valid", "1 while the player expects to meet the ball"),
        *place("meet", "where that is", 10.0),
        seconds("meet_time", "time until then"),
        seconds("mates_time", "time until the first team-mate reaches the ball, as the player judges it"),
        seconds("rivals_time", "time until the first opponent does"),
        flag("man_given", "1 for a defender with a man to mark"),
        *place("man", "where the player believes the man to be", 10.0),
        *velocity("man", "velocity of the man, as the player believes it"),
        *place("home", "an attacker's planned end of the run, a defender's zone now"),
        flag("crosser_seen", "1 if the player sees the crosser"),
        *place("crosser", "position of the crosser"),
        *velocity("crosser", "velocity of the crosser"),
        flag("keeper_seen", "1 if the player sees the keeper"),
        *place("keeper", "position of the keeper"),
        *velocity("keeper", "velocity of the keeper"),
    ]
    for side, count, who in (("mate", NEAREST_MATES, "team-mate"), ("rival", NEAREST_RIVALS, "opponent")):
        for n in range(1, count + 1):
            entries += [
                flag(f"{side}{n}_seen", f"1 if there is such a {who} in view"),
                *place(f"{side}{n}", f"position of the {who} who is number {n} by distance"),
                *velocity(f"{side}{n}", f"velocity of this {who}"),
            ]
    entries += [
        Entry("line", "m", -PITCH, PITCH, 10.0, "offside line minus the player's x"),
        Entry("wing", "-", -1.0, 1.0, 1.0, "1: the cross comes from the right wing, -1: from the left"),
        flag("set_piece", "1 for a corner or free kick"),
        Entry("difficulty", "-", 0.0, 1.0, 1.0, "difficulty of the scene"),
    ]
    return Layout(entries)


VIEW = _layout()
VIEW_SIZE, VIEW_SCALES, VIEW_LOWS, VIEW_HIGHS = VIEW.size, VIEW.scales, VIEW.lows, VIEW.highs
