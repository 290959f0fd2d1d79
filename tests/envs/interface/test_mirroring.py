"""The law of mirroring: mirrored actions on the left wing play the cross of the right one, to the last bit."""

from itertools import product

import numpy as np
import numpy.typing as npt
import pytest

from backpost.envs.crosses import Crosses
from backpost.envs.interface.action import ZONES
from backpost.envs.interface.options import ACTION_TYPES, Options
from backpost.envs.world.chance import episode_seeds

Array = npt.NDArray[np.float64]

DIRECTIONS = np.array(list(product((-1.0, 0.0, 1.0), repeat=4)))
"""Velocity and facing, each straight or diagonal or none, (81, 4)."""
CALLS = np.array([(*direction, call) for direction in DIRECTIONS[::5] for call in (-1.0, 1.0)])
TWINS = np.array([0, *(1 + (8 - k) % 8 for k in range(8)), *(9 + (8 - k) % 8 for k in range(8))])
"""The discrete action that is the mirror image of each."""


def pairs(kind: str) -> tuple[Array, Array]:
    """A first and a second action for every cross: every choice after every other, every vector before its opposite."""
    if kind in ("discrete", "zones"):
        count = len(TWINS) if kind == "discrete" else len(ZONES)
        first, second = np.array(list(product(range(count), repeat=2))).T
        return first, second
    actions = DIRECTIONS if kind == "continuous" else CALLS
    shuffled = np.random.default_rng(1).permutation(actions)
    return np.concatenate([actions, actions]), np.concatenate([-actions, shuffled])


def mirrored(kind: str, actions: Array) -> Array:
    if kind == "discrete":
        twins: Array = TWINS[actions]
        return twins
    return actions if kind == "zones" else actions * np.array([1.0, -1.0, 1.0, -1.0, 1.0])[: actions.shape[1]]


@pytest.mark.parametrize("kind", ACTION_TYPES)
def test_every_mirrored_action_after_every_other_plays_the_same_cross(kind: str) -> None:
    first, second = pairs(kind)
    right, left = (
        Crosses("OpenPlay", len(first), options=Options(action_type=kind, wing=w)) for w in ("right", "left")
    )
    for crosses in (right, left):
        crosses.deal(episode_seeds("verify", 9, 0, len(first)))
    for actions in (first, second, first):
        for _ in range(10):
            right.step(actions)
            left.step(mirrored(kind, actions))
            assert left.snapshot().tobytes() == right.snapshot().tobytes()


def test_zero_across_the_pitch_is_its_own_mirror_image() -> None:
    right, left = (Crosses("OpenPlay", 4, options=Options(wing=wing)) for wing in ("right", "left"))
    for crosses in (right, left):
        crosses.deal(episode_seeds("verify", 9, 0, 4))
    straight = np.array([[1.0, 0.0, 0.0, 0.0], [-1.0, 0.0, 1.0, 0.0], [1.0, -0.0, -1.0, 0.0], [-1.0, 0.0, 0.0, -0.0]])
    for turn in (1.0, -1.0):
        for _ in range(10):
            right.step(turn * straight)
            left.step(turn * straight)
            assert left.snapshot().tobytes() == right.snapshot().tobytes()
