"""What is reported of a cross: from the strike on, as the crosser sees the goal, the same on either wing."""

import numpy as np
import pytest
from a_moment import SINCE, lay, moment, opened, put

from backpost.envs.interface.outcome import SHOT_OUTCOMES, metrics, shot_outcome
from backpost.envs.world.record import CARRY, CROSS, CROSSER, DECISION_TIME, FATES, KEEPER, LOOSE, RUNNER


def finished() -> np.recarray:
    """A cross that is over, and was struck two seconds after its start."""
    worlds = moment()
    put(worlds, RUNNER, 40.0, 0.0)
    worlds.delivery.struck_at = 2.0
    return worlds


def test_times_of_a_run_are_counted_from_the_strike() -> None:
    worlds = finished()
    worlds.meeting.by, worlds.meeting.time = RUNNER, 3.5
    worlds.meeting.x, worlds.meeting.y = 47.0, 5.0
    assert metrics(worlds)["arrival"][0] == pytest.approx(1.5)


def test_the_near_zone_is_on_the_crossers_side_of_the_goal() -> None:
    """As he sees it: near, central, far, and outside the box."""
    zones = []
    for x, y in ((47.0, -5.0), (47.0, 0.0), (47.0, 5.0), (30.0, 0.0)):
        worlds = finished()
        worlds.meeting.by, worlds.meeting.x, worlds.meeting.y = RUNNER, x, y
        zones.append(int(metrics(worlds)["zone"][0]))
    assert zones == [0, 1, 2, 3]


def test_a_run_is_unseen_for_the_share_of_it_that_his_marker_looked_away() -> None:
    """Counted while he runs, until the ball is touched: by the one who marks him."""
    worlds = moment(1, LOOSE)
    worlds.phase = CROSS
    worlds.delivery.struck_at = SINCE
    lay(worlds, 20.0, -30.0, 20.0)
    put(worlds, RUNNER, 40.0, 10.0, vx=7.0)
    put(worlds, KEEPER + 2, 40.0, 0.0, man=RUNNER, sees_man=0)
    crosses = opened(worlds)
    crosses.step(np.array([(1.0, 0.0, 0.0, 0.0)]))
    assert crosses.worlds["run_time"][0] == pytest.approx(DECISION_TIME)
    assert metrics(crosses.snapshot())["unseen"][0] == 1.0


def test_every_fate_of_a_shot_has_its_word_in_match_data_and_no_shot_has_none() -> None:
    """A parry is a save; a sliced shot misses the goal."""
    words = [SHOT_OUTCOMES[k] if k >= 0 else "" for k in shot_outcome(np.arange(len(FATES)))]
    assert dict(zip(FATES, words, strict=True)) == {
        "none": "",
        "goal": "goal",
        "held": "saved",
        "parried": "saved",
        "blocked": "blocked",
        "wide": "wide",
        "woodwork": "woodwork",
        "mishit": "wide",
    }


@pytest.mark.parametrize("wing", ["right", "left"])
def test_towards_the_near_post_means_towards_the_crosser_on_either_wing(wing: str) -> None:
    """What is shown and what is done are mirrored together."""
    worlds = moment(1, CARRY)
    lay(worlds, 40.0, -26.0)
    put(worlds, CROSSER, 39.5, -26.0)
    worlds.ball.owner = CROSSER
    put(worlds, RUNNER, 40.0, 2.0)
    crosses = opened(worlds, wing=wing)
    side = 1.0 if wing == "right" else -1.0
    seen = crosses.observe()
    assert np.sign(seen[0, 1]) == side, "he stands on the far side"
    crosses.step(np.array([[0.0, -side, 0.0, -side]]))
    runner = crosses.worlds["players"][0, RUNNER]
    assert runner["vy"] < 0.0
    assert runner["fy"] < 0.0
