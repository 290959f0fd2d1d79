"""What an `info` tells before the end: what has happened, and nothing that has not."""

from a_moment import moment, put

from backpost.envs.interface.information import UNKNOWN_ZONE, information
from backpost.envs.world.record import GOAL, HEADER, NEVER, OVER, RUNNER, SAVED


def test_a_touch_is_told_when_it_happens_and_measured_when_the_cross_is_over() -> None:
    worlds = moment(2)
    put(worlds, RUNNER, 40.0, 0.0)
    worlds.delivery.struck_at = 2.0
    worlds.meeting.by, worlds.meeting.time = RUNNER, 3.5
    worlds.meeting.x, worlds.meeting.y, worlds.meeting.z = 47.0, 5.0, 1.9
    worlds.meeting.xg, worlds.meeting.technique, worlds.own_shots = 0.2, HEADER, 1
    worlds.phase[1], worlds.outcome[1] = OVER, SAVED
    going, over = information(worlds)
    for row in (going, over):
        assert (row["meets"], row["shoots"], row["first_time"], row["technique"]) == (1, 1, 1, HEADER)
    assert (going["height"], going["arrival"], going["zone"]) == (NEVER, NEVER, UNKNOWN_ZONE)
    assert (over["height"], over["arrival"], over["zone"]) == (1.9, 1.5, 2)


def test_a_cross_that_nobody_reached_ends_without_a_place_or_a_zone() -> None:
    """It was told as outside the box."""
    worlds = moment()
    worlds.phase, worlds.outcome = OVER, GOAL
    row = information(worlds)[0]
    assert (row["meets"], row["place_x"], row["zone"], row["goal"]) == (0, NEVER, UNKNOWN_ZONE, 1)
