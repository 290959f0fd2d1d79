"""The flight of a recorded cross: when it ends, and the launch with which the world's ball flies or rolls it again."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from backpost.envs.common.errors import InvalidValue
from backpost.envs.dynamics.fly import BALL_STEP, fly_step
from backpost.envs.world.ball import GRAVITY, RADIUS
from backpost.envs.world.compile import entry
from backpost.envs.world.record import DECISION_TIME

from .situation_pitch import Pitch

ON_THE_GRASS = 0.3
"""Largest height of the ball's centre, m, at which a tracked ball counts as rolling: tracking is no more exact."""
BELOW = 1.0
"""m below the flight through the air at which a ball must have bounced on its way."""
FASTEST_STRIKE = 40.0
"""m/s, faster than any cross."""
TURNED = math.cos(math.radians(45.0))
"""Cosine of the angle between velocity and way that shows a touch: spin bends no cross that much."""
SLOWED = 1.0 / 3.0
"""Share of its mean speed below which a ball was stopped: neither air nor grass slow a cross that much."""
FAR_UP = 1000.0
"""m above the grass: a trial flight from there does not meet it."""
TRIALS = 100
NEAR_ENOUGH = 1e-6
"""Distance from the recorded place, m, at which the search for a launch ends."""
NO_WAY = 1e-3
"""Distance, m, below which a way has no direction."""

Array = npt.NDArray[np.float64]


def flight_end(ball: Array, strike: int, pitch: Pitch) -> int:
    """The frame in which the flight of a cross ends, if nobody says when it was met.

    That is the first frame after the strike in which the ball goes another way than it came, or was stopped; otherwise
    the last one before it leaves the pitch, or the last of the recording.

    Args:
        ball: x, y, vx, vy, (frames, 4 or more), in the frame of the file.
        strike: the frame of the strike.
        pitch: where it was recorded.

    Raises:
        InvalidValue: if the recording ends with the strike.
    """
    if strike + 1 == len(ball):
        raise InvalidValue("its frames must go on after the strike: they show how the cross flies")
    there = pitch.holds(ball)
    for k in range(strike + 1, len(ball)):
        if not there[k]:
            return max(k - 1, strike + 1)
        way, velocity = ball[k, :2] - ball[strike, :2], ball[k, 2:4]
        distance, speed = math.hypot(*way), math.hypot(*velocity)
        if distance > NO_WAY and k > strike + 1:
            stopped = speed < SLOWED * distance / (DECISION_TIME * (k - strike))
            if stopped or float(way @ velocity) < TURNED * distance * speed:
                return k
    return len(ball) - 1


def flown_to(height: Array, strike: int, contact: int) -> int | None:
    """The frame to which a cross flies: the contact, or where it drops to the grass before; None if it rolls.

    A ball that bounces on its way in between is far below the one flight that would bring it there in this time; it
    rolls.

    Args:
        height: of the ball's centre, m, (frames,); NaN where it is not known.
        strike: the frame of the strike.
        contact: the frame in which the cross is met.

    Raises:
        InvalidValue: if it flies, and its height at the contact is not known.
    """
    high = strike + 1 + np.flatnonzero(height[strike + 1 : contact + 1] > ON_THE_GRASS)
    if not len(high):
        return None
    low = high[0] + np.flatnonzero(height[high[0] : contact + 1] <= ON_THE_GRASS)
    end = int(low[0]) if len(low) else contact
    if math.isnan(height[end]):
        raise InvalidValue(
            f"the cross flies, so its height must be given where it is met, {DECISION_TIME * (contact - strike):.1f} s "
            "after the strike"
        )
    times, whole = DECISION_TIME * np.arange(1, end - strike + 1), DECISION_TIME * (end - strike)
    # Without air, which hardly changes the height.
    free = RADIUS + (height[end] - RADIUS) * times / whole + 0.5 * GRAVITY * times * (whole - times)
    return None if (height[strike + 1 : end + 1] < free - BELOW).any() else end


def flying_launch(dx: float, dy: float, height: float, seconds: float, p: Any) -> tuple[float, float, float]:
    """Velocity, m/s, with which a ball without spin flies from the grass to (dx, dy, height) in this time.

    Raises:
        InvalidValue: if it would have to be faster than 40 m/s.
    """
    wanted = np.array([dx, dy, max(height, RADIUS) - RADIUS])
    launch = wanted / seconds + (0.0, 0.0, 0.5 * GRAVITY * seconds)
    for _ in range(TRIALS):
        miss = wanted - _flown(*launch.tolist(), seconds, p)
        if np.abs(miss).max() < NEAR_ENOUGH or np.linalg.norm(launch) > FASTEST_STRIKE:
            break
        # Drag takes a share of the way, so this falls short by that share of the miss, and closes in.
        launch += miss / seconds
    if np.linalg.norm(launch) > FASTEST_STRIKE:
        raise InvalidValue(f"no ball in the air covers {math.hypot(dx, dy):.1f} m in {seconds:.1f} s")
    vx, vy, vz = launch.tolist()
    return vx, vy, vz


def rolling_speed(distance: float, seconds: float, p: Any) -> float:
    """Speed, m/s, at which a ball along the ground covers this distance in this time; bisects the simulated roll.

    Raises:
        InvalidValue: if no speed up to 40 m/s suffices.
    """
    low, high = 0.0, FASTEST_STRIKE
    if _rolled(high, seconds, p) < distance:
        raise InvalidValue(f"no ball along the ground covers {distance:.1f} m in {seconds:.1f} s")
    for _ in range(50):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if _rolled(middle, seconds, p) < distance else (low, middle)
    return 0.5 * (low + high)


@entry
def _flown(vx: float, vy: float, vz: float, seconds: float, p: Any) -> tuple[float, float, float]:
    """Way x, y, z in metres of a ball in the air after this time."""
    x, y, z = 0.0, 0.0, FAR_UP
    for _ in range(int(seconds / BALL_STEP + 0.5)):
        x, y, z, vx, vy, vz = fly_step(x, y, z, vx, vy, vz, 0.0, 0.0, 0.0, p, BALL_STEP)
    return x, y, z - FAR_UP


@entry
def _rolled(speed: float, seconds: float, p: Any) -> float:
    """Distance in metres that a ball along the ground covers in this time."""
    x, y, z, vx, vy, vz = 0.0, 0.0, RADIUS, speed, 0.0, 0.0
    for _ in range(int(seconds / BALL_STEP + 0.5)):
        x, y, z, vx, vy, vz = fly_step(x, y, z, vx, vy, vz, 0.0, 0.0, 0.0, p, BALL_STEP)
    return x
