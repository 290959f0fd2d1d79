"""Every number of an episode's luck is for one thing."""

from collections import defaultdict
from itertools import combinations

import numpy as np
import pytest

from backpost.agents import ordinary, random_run
from backpost.agents.handicaps import noise
from backpost.envs.crosses import Crosses
from backpost.envs.world import draws
from backpost.envs.world.chance import Draw, episode_seeds
from backpost.envs.world.record import RUNNER

NAMED = {
    name: value
    for module in (draws, noise, ordinary, random_run)
    for name, value in vars(module).items()
    if isinstance(value, Draw)
}
NEVER_BOTH = {
    # A defender has one role: player 12 is the presser of open play, that of a fast break, or one of the line.
    frozenset(pair)
    for pair in combinations(
        ("GOAL_SIDE", "ACROSS", "PRESSER_GAP", "PRESSER_ACROSS", "BREAK_PRESSER_BEHIND", "BREAK_PRESSER_GAP"), 2
    )
}


def numbers(draw: Draw) -> set[tuple[int, int, int]]:
    """Every (purpose, player, number) that a draw takes in an episode."""
    return {
        (draw.purpose, draw.channel + who, draw.first + draw.every * n + k)
        for who in range(draw.players, draw.until)
        for n in range(draw.times)
        for k in range(draw.width)
    }


def test_no_two_draws_share_a_number() -> None:
    """Whoever draws, however often: each number has one name."""
    owners: dict[tuple[int, int, int], list[str]] = defaultdict(list)
    for name, draw in NAMED.items():
        for number in numbers(draw):
            owners[number].append(name)
    shared = {frozenset(pair) for names in owners.values() for pair in combinations(names, 2)}
    assert shared <= NEVER_BOTH


def test_a_draw_never_meets_itself() -> None:
    """Its times do not overlap."""
    for name, draw in NAMED.items():
        assert len(numbers(draw)) == (draw.until - draw.players) * draw.times * draw.width, name


@pytest.mark.parametrize("name", ["OpenPlay", "Corner"])
def test_nothing_is_drawn_more_often_than_is_reserved(name: str) -> None:
    """Touches, contests, shoulder checks, shots and decisions of 500 crosses stay within half of what is reserved."""
    crosses = Crosses(name, 500)
    crosses.deal(episode_seeds("verify", 40, 0, 500))
    crosses.worlds.players.outside[:, RUNNER] = 0
    done = np.zeros(500, bool)
    while not done.all():
        _, done = crosses.step(np.zeros((500, 4)))
    worlds = crosses.worlds
    assert 2 <= worlds.ball.touches.max() < draws.TOUCHES
    assert 1 <= worlds.players.contests.max() < draws.CONTESTS / 2
    assert 1 <= worlds.players.checks.max() < draws.CHECKS / 2
    assert 1 <= worlds.shot["count"].max() < draws.SHOTS / 2
    assert worlds.decisions.max() < draws.DECISIONS
