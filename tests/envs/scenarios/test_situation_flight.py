"""A recorded cross flies as high as it was recorded, rolls where no height is known, and ends where it was met."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from a_situation import change, opened, play_to_the_end, without, written

from backpost.envs import InvalidFile, InvalidValue
from backpost.envs.scenarios.situation_file import read_situation
from backpost.envs.world.ball import GRAVITY, RADIUS
from backpost.envs.world.record import CUTBACK, HIGH, LOW

FROM, TO, MET = (101.64, 14.85), (95.0, 38.0), 1.6
"""Where the ball is struck, where and when it is met."""
Height = Callable[[float], tuple[float, float] | None]
"""Height and vertical velocity of the ball at a time from the strike; None where they are unknown."""


def volley(t: float) -> tuple[float, float]:
    """A ball that is met 1 m above the grass, without air."""
    rise = (1.0 - RADIUS) / MET + 0.5 * GRAVITY * MET
    return RADIUS + rise * t - 0.5 * GRAVITY * t * t, rise - GRAVITY * t


def skipping(t: float) -> tuple[float, float]:
    """A ball that bounces along at the knee, too slow to have flown there so low."""
    return 0.5, 0.0


def dropping(t: float) -> tuple[float, float]:
    """A ball that is on the grass from 1 s on."""
    rise = 0.5 * GRAVITY
    return max(RADIUS + rise * t - 0.5 * GRAVITY * t * t, RADIUS), rise - GRAVITY * t if t < 1.0 else 0.0


def at_the_end(t: float) -> tuple[float, float] | None:
    """Only the height at which it is met is known."""
    return (1.0, -7.3) if abs(t - MET) < 1e-6 else None


def crossed(height: Height | None = None, to: tuple[float, float] = TO, met: float = MET, **keys: Any) -> Any:
    """The shipped situation with a straight cross in place of its cut-back; nobody else is changed."""
    data = change(t_contact=met, scorer_id=None, runner_id=12) | keys
    vx, vy = ((end - start) / met for start, end in zip(FROM, to, strict=True))
    for frame in data["frames"]:
        t = frame["t"]
        if t > 0.0:
            flat = [FROM[0] + vx * t, FROM[1] + vy * t, vx, vy]
            tracked = height(t) if height else None
            frame["ball"] = flat if tracked is None else [*flat[:2], tracked[0], *flat[2:], tracked[1]]
    return data


def flight(file: str, met: float = MET) -> tuple[Any, int]:
    """The ball x, y, z in the frame of the file, every 0.1 s from strike to contact, and the kind of delivery."""
    crosses = opened(file=file, start=-0.3)
    crosses.worlds["players"]["present"][:, 1:] = 0  # out of the way
    track = []
    for _ in range(3 + round(10 * met)):
        crosses.step(np.zeros((1, 4)))
        ball = crosses.worlds[0].ball
        track.append((ball.x + 52.5, ball.y + 34.0, ball.z))
    return np.array(track[2:]), int(crosses.worlds[0].delivery.kind)


@pytest.mark.parametrize("height", [volley, at_the_end])
def test_a_cross_with_a_height_flies_and_is_met_where_and_when_it_was(height: Height, tmp_path: Path) -> None:
    track, kind = flight(written(tmp_path, crossed(height)))
    assert kind == HIGH
    assert track[0] == pytest.approx((*FROM, RADIUS), abs=0.01)
    assert track[-1] == pytest.approx((*TO, 1.0), abs=0.02)
    # The air moves the parabola, which knows none, by less than half a metre.
    assert track[8, 2] == pytest.approx(volley(0.8)[0], abs=0.5)
    assert track[8, 2] > 3.0


def test_a_driven_cross_flies_low(tmp_path: Path) -> None:
    track, kind = flight(written(tmp_path, crossed(skipping, to=(97.0, 30.0), met=0.6)), met=0.6)
    assert kind == LOW
    assert track[-1] == pytest.approx((97.0, 30.0, 0.5), abs=0.02)
    assert 0.5 < track[:, 2].max() < 1.5


def test_a_cross_that_bounced_along_is_not_lobbed(tmp_path: Path) -> None:
    """To arrive at the knee after 1.6 s without a bounce it would have to rise above 3 m."""
    track, kind = flight(written(tmp_path, crossed(skipping)))
    assert kind == CUTBACK
    assert track[:, 2].max() < 0.2
    assert track[-1, :2] == pytest.approx(TO, abs=0.02)


def test_the_same_cross_without_a_height_rolls(tmp_path: Path) -> None:
    track, struck = flight(written(tmp_path, crossed()))
    assert struck == CUTBACK
    assert np.allclose(track[:, 2], RADIUS)
    assert track[-1, :2] == pytest.approx(TO, abs=0.02)


def test_a_cross_that_drops_before_it_is_met_comes_down_where_it_did(tmp_path: Path) -> None:
    situation = read_situation(written(tmp_path, crossed(dropping)))
    assert situation.flown_to is not None
    landed = float(situation.times[situation.flown_to])
    assert landed == pytest.approx(1.0)
    track, _ = flight(written(tmp_path, crossed(dropping)))
    share = landed / MET
    there = [start + share * (end - start) for start, end in zip(FROM, TO, strict=True)]
    assert track[10] == pytest.approx((*there, RADIUS), abs=0.05)
    assert track[5, 2] > 1.0


def test_a_flying_cross_needs_its_height_where_it_is_met(tmp_path: Path) -> None:
    file = written(tmp_path, crossed(lambda t: None if t > 1.2 else volley(t)))
    with pytest.raises(InvalidFile, match=r"its height must be given where it is met, 1\.6 s after the strike"):
        read_situation(file)


@pytest.mark.parametrize(("height", "way"), [(skipping, "in the air"), (None, "along the ground")])
def test_a_cross_that_no_strike_could_make_is_refused(height: Height | None, way: str, tmp_path: Path) -> None:
    content = crossed(height, to=(98.0, 34.5), met=0.4)
    content["frames"] = [frame for frame in content["frames"] if frame["t"] < 0.45]
    with pytest.raises(InvalidValue, match=rf"no ball {way} covers 20\.0 m in 0\.4 s"):
        opened(file=written(tmp_path, content))


def test_when_a_cross_was_met_is_read_from_the_ball_where_the_file_does_not_say(tmp_path: Path) -> None:
    assert read_situation().contact == 1.0
    silent = written(tmp_path, without("t_contact"))
    assert read_situation(silent).contact == pytest.approx(1.0)
    assert opened(4, file=silent).worlds.tobytes() == opened(4).worlds.tobytes()


def test_a_cross_that_nobody_met_flies_as_long_as_it_is_shown_on_the_pitch(tmp_path: Path) -> None:
    shown = written(tmp_path, crossed(volley, t_contact=None))
    assert read_situation(shown).contact == pytest.approx(1.8)
    wide = crossed(t_contact=None)
    for frame in wide["frames"]:
        if frame["t"] > 0.0:
            t = frame["t"]
            frame["ball"] = [FROM[0] + 4.0 * t, FROM[1] + 12.0 * t, 4.0, 12.0]
    left = read_situation(written(tmp_path, wide))
    assert left.contact == pytest.approx(0.8)
    assert play_to_the_end(opened(2, file=written(tmp_path, wide)))


def test_a_cross_that_somebody_stopped_ends_there(tmp_path: Path) -> None:
    caught = crossed(volley, t_contact=None)
    for frame in caught["frames"]:
        if frame["t"] > 1.0:
            frame["ball"] = [FROM[0] + (TO[0] - FROM[0]) / 1.6, FROM[1] + (TO[1] - FROM[1]) / 1.6, 1.5, 0.0, 0.5, 0.0]
    assert read_situation(written(tmp_path, caught)).contact == pytest.approx(1.1)
