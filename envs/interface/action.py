"""Actions: converts an agent's action into the runner's intent, the common control input of all players.

| `action_type` | space | meaning |
|---|---|---|
| "continuous" | Box(-1, 1, (4,)) | desired velocity x, y (1 = top speed, length clipped to 1), desired facing x, y \
(near zero: face the direction of the run) |
| "call" | Box(-1, 1, (5,)) | the same, plus a call for the ball while the fifth component is positive |
| "discrete" | Discrete(17) | 0 stand; 1-8 jog, 9-16 sprint: towards the goal, then in eighths of a turn towards +y |
| "zones" | Discrete(6) | hold, near post, six-yard centre, back post, spot, cut-back: go there, look at the ball |

A zone holds for one decision, like every other action. Near and far are relative to the wing of the cross, so zones
need no mirroring.

Mirrored actions on the left wing give bit-identical intents. Hence the eight directions come from a table (the
computed sine of half a turn is not exactly zero), and an intent has no negative zero (its angle would differ by half
a turn).
"""

import math
from typing import Any

import gymnasium as gym
import numpy as np
import numpy.typing as npt

from backpost.envs.common.errors import InvalidAction
from backpost.envs.roles.steer import face, run_to
from backpost.envs.world.compile import kernel
from backpost.envs.world.geometry import clip, length
from backpost.envs.world.pitch import HALF_LENGTH, SPOT_DEPTH
from backpost.envs.world.record import RUNNER

from .mirroring import side_of
from .options import ACTION_TYPES

CONTINUOUS, DISCRETE, IN_ZONES, WITH_CALL = (
    ACTION_TYPES.index(name) for name in ("continuous", "discrete", "zones", "call")
)
JOG = 0.5
"""Fraction of top speed of the slower discrete actions."""
ZONES = ("hold", "near post", "six-yard centre", "back post", "spot", "cut-back")
ARRIVED = 2.0
"""Distance from the centre of the zone, m, within which the runner looks at the ball."""
FIRST_SPRINT = 9.0
"""The first sprinting discrete action; lower ones except 0 jog."""

DIAGONAL = math.sqrt(0.5)
_DIRECTIONS = np.array(
    [
        (1.0, 0.0),
        (DIAGONAL, DIAGONAL),
        (0.0, 1.0),
        (-DIAGONAL, DIAGONAL),
        (-1.0, 0.0),
        (-DIAGONAL, -DIAGONAL),
        (0.0, -1.0),
        (DIAGONAL, -DIAGONAL),
    ]
)
"""Eighths of a turn from +x to +y, unit vectors."""

_ZONE_PLACES = np.array(
    [
        (HALF_LENGTH - 4.5, -3.7),
        (HALF_LENGTH - 5.5, 0.0),
        (HALF_LENGTH - 4.5, 4.5),
        (HALF_LENGTH - SPOT_DEPTH, 0.0),
        (HALF_LENGTH - 12.0, -5.0),
    ]
)
"""Centres of the zones after "hold", m."""
_CHOICES = {DISCRETE: 17, IN_ZONES: len(ZONES)}
_COMPONENTS = {CONTINUOUS: 4, WITH_CALL: 5}


def action_space(kind: int) -> gym.spaces.Box | gym.spaces.Discrete[np.int64]:
    """The space of one action; `kind` indexes `ACTION_TYPES`."""
    if kind in _CHOICES:
        return gym.spaces.Discrete(_CHOICES[kind])
    return gym.spaces.Box(-1.0, 1.0, (_COMPONENTS[kind],), np.float32)


def checked(kind: int, actions: Any, count: int) -> npt.NDArray[np.float64]:
    """The actions of `count` crosses as an array (count, components); changes nothing if it raises.

    Accepts anything array-like: lists, arrays of any numeric type, CPU tensors that do not require gradients.

    Raises:
        InvalidAction: for a wrong shape or type, non-finite values, or a discrete action out of range.
    """
    array = _as_array(actions)
    if kind in _CHOICES:
        return _checked_choices(array, count, _CHOICES[kind])
    shape = (count, _COMPONENTS[kind])
    if array.shape != shape or array.dtype.kind not in "fiu":
        raise InvalidAction(f"actions must be numbers of shape {shape}, got {array.dtype} of shape {array.shape}")
    with np.errstate(over="ignore"):  # a long double beyond float64 becomes infinite and is rejected below
        values = array.astype(np.float64)
    if not np.isfinite(values).all():
        raise InvalidAction(f"actions must be finite, got {values[~np.isfinite(values).all(axis=1)][0].tolist()}")
    return values


def _as_array(actions: Any) -> npt.NDArray[Any]:
    try:
        return np.asarray(actions)
    except Exception as error:  # an object's own array conversion can raise anything
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise InvalidAction(f"actions must form one array of numbers: {reason}") from error


def _checked_choices(array: npt.NDArray[Any], count: int, choices: int) -> npt.NDArray[np.float64]:
    if array.shape not in ((count,), (count, 1)) or array.dtype.kind not in "iu":
        raise InvalidAction(
            f"actions must be whole numbers of shape {(count,)}, got {array.dtype} of shape {array.shape}"
        )
    wrong = array[(array < 0) | (array >= choices)]
    if wrong.size:
        raise InvalidAction(f"actions must be between 0 and {choices - 1}, got {wrong[0]}")
    return array.astype(np.float64).reshape(count, 1)


@kernel
def intend(world: Any, action: Any, kind: int, wing: int) -> None:
    """Set the runner's intent from one checked action (components,)."""
    runner = world.players[RUNNER]
    side = side_of(world.seed, wing)
    intent = runner.intent
    intent.call = 0.0
    if kind == DISCRETE:
        vx, vy = direction(action[0])
        intent.vx, intent.vy, intent.fx, intent.fy = vx, mirrored(side, vy), 0.0, 0.0
    elif kind == IN_ZONES:
        seek(runner, world.ball, int(action[0]))
    else:
        move_freely(intent, action, side)
        if kind == WITH_CALL and action[4] > 0.0:
            intent.call = 1.0


@kernel
def move_freely(intent: Any, action: Any, side: float) -> None:
    """Set an intent from a continuous action: desired velocity and facing."""
    vx, vy = cut_at_one(action[0], action[1])
    fx, fy = cut_at_one(action[2], action[3])
    intent.vx, intent.vy, intent.fx, intent.fy = vx, mirrored(side, vy), fx, mirrored(side, fy)


@kernel
def mirrored(side: float, y: float) -> float:
    """The y component in the world's frame; adding zero turns negative zero into zero."""
    return side * y + 0.0


@kernel
def cut_at_one(x: float, y: float) -> tuple[float, float]:
    """Clip both components to [-1, 1], then the length of the vector to 1."""
    x, y = clip(x, -1.0, 1.0), clip(y, -1.0, 1.0)
    size = max(length(x, y), 1.0)
    return x / size, y / size


@kernel
def direction(choice: float) -> tuple[float, float]:
    """Desired velocity of a discrete action: 0 stand; 1-8 jog, 9-16 sprint, in eighths of a turn from +x to +y."""
    if choice < 1.0:
        return 0.0, 0.0
    pace = JOG if choice < FIRST_SPRINT else 1.0
    eighth = (int(choice) - 1) % len(_DIRECTIONS)
    return pace * _DIRECTIONS[eighth, 0], pace * _DIRECTIONS[eighth, 1]


@kernel
def seek(runner: Any, ball: Any, zone: int) -> None:
    """Run to the centre of a zone, stop there and look at the ball; zone 0: where the runner is."""
    x, y = runner.x, runner.y
    if zone > 0:
        x, y = _ZONE_PLACES[zone - 1, 0], _ZONE_PLACES[zone - 1, 1]
    run_to(runner, x, y, 1.0)
    dx, dy = x - runner.x, y - runner.y
    if dx * dx + dy * dy < ARRIVED * ARRIVED:
        face(runner, ball.x, ball.y)
