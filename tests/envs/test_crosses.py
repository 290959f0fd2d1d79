import copy
import hashlib
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backpost.envs import SCENARIOS, Crosses, InvalidFile, InvalidValue, Options, UnknownName, UnknownOption
from backpost.envs.interface.streams import Streams
from backpost.envs.world.chance import LABELS, episode_seeds, stream_seeds
from backpost.envs.world.record import OVER, PLAYERS, RUNNER, world_type

NAMES = tuple(SCENARIOS)
SEEDS = episode_seeds("verify", 7, 0, 512)

TRACE = """
import hashlib, sys
import numpy as np
from backpost.envs import Crosses, Options
from backpost.envs.world.chance import episode_seeds

first, count = int(sys.argv[1]), int(sys.argv[2])
for name in sys.argv[3:]:
    crosses = Crosses(name, count, options=Options(parameters={"limit_after_strike": 4.0}))
    crosses.deal(episode_seeds("verify", 3, first, count))
    luck, trace, done = np.random.default_rng(first), hashlib.sha256(), np.zeros(count, bool)
    for decision in range(200):
        if decision % 10 == 0:
            trace.update(crosses.observe().tobytes())
        rewards, done = crosses.step(luck.uniform(-1.0, 1.0, (count, 4)))
        trace.update(rewards.tobytes() + crosses.snapshot().tobytes())
        if done.all():
            break
    print(name, done.all(), trace.hexdigest())
"""
"""Plays crosses to their ends and prints for each scenario a hash of all that happened, decision by decision."""


PLAIN = int(os.environ.get("PLAIN_CROSSES", "10"))
"""Crosses of the mixture that plain Python plays, two seconds each; `make fuzz` plays more."""


def actions_for(count: int, decisions: int, seed: int = 5) -> npt.NDArray[np.float32]:
    return np.random.default_rng(seed).uniform(-1.0, 1.0, (decisions, count, 4)).astype(np.float32)


def played(crosses: Crosses, seeds: npt.NDArray[np.uint64], actions: npt.NDArray[np.float32]) -> bytes:
    crosses.deal(seeds)
    trace = hashlib.sha256()
    for action in actions:
        trace.update(crosses.observe().tobytes())
        rewards, done = crosses.step(action)
        trace.update(rewards.tobytes() + done.tobytes() + crosses.snapshot().tobytes())
    return trace.digest()


def trace(names: tuple[str, ...], first: int, count: int, **environment: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", TRACE, str(first), str(count), *names],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("name", NAMES)
def test_crosses_do_not_depend_on_who_is_played_beside_them(name: str) -> None:
    count, decisions = 8, 190
    actions = actions_for(count, decisions)
    together = Crosses(name, count)
    together.deal(SEEDS[:count])
    alone = [Crosses(name) for _ in range(count)]
    for i, cross in enumerate(alone):
        cross.deal(SEEDS[i : i + 1])
    for action in actions:
        rewards, done = together.step(action)
        observed = together.observe()
        for i, cross in enumerate(alone):
            reward, over = cross.step(action[i : i + 1])
            assert (reward[0], over[0]) == (rewards[i], done[i])
            assert cross.observe().tobytes() == observed[i : i + 1].tobytes()
    assert b"".join(cross.snapshot().tobytes() for cross in alone) == together.snapshot().tobytes()
    assert done.all()


@pytest.mark.parametrize("name", NAMES)
def test_several_cores_play_what_one_plays(name: str) -> None:
    actions = actions_for(256, 60)
    serial = played(Crosses(name, 256), SEEDS[:256], actions)
    assert played(Crosses(name, 256, parallel=True), SEEDS[:256], actions) == serial


@pytest.mark.parametrize("name", NAMES)
def test_a_second_episode_remembers_nothing_of_the_first(name: str) -> None:
    actions = actions_for(32, 150)
    fresh = Crosses(name, 32)
    used = Crosses(name, 32)
    played(used, SEEDS[32:64], actions_for(32, 70, seed=6))
    assert played(used, SEEDS[:32], actions) == played(fresh, SEEDS[:32], actions)


def test_plain_python_plays_the_same_crosses_bit_for_bit() -> None:
    """Some of every scenario, and more of the mixture."""
    parts = [(("Match",), 0, PLAIN), (NAMES, PLAIN, 3)]
    with ThreadPoolExecutor(2) as two:
        plain = list(two.map(lambda part: trace(*part, NUMBA_DISABLE_JIT="1"), parts))
        assert list(two.map(lambda part: trace(*part), parts)) == plain
    assert [line.split()[1] for lines in plain for line in lines] == ["True"] * (len(NAMES) + 1), "some never ended"


@settings(max_examples=25, deadline=None)
@given(
    name=st.sampled_from(NAMES),
    first=st.integers(0, 480),
    before=st.integers(0, 110),
    between=st.integers(1, 60),
    again=st.integers(1, 40),
)
def test_a_restored_snapshot_goes_on_as_if_nothing_had_happened(
    name: str, first: int, before: int, between: int, again: int
) -> None:
    seeds = SEEDS[first : first + 4]
    crosses = Crosses(name, 4)
    crosses.deal(seeds)
    for action in actions_for(4, before, seed=first):
        crosses.step(action)
    saved, seen = crosses.snapshot(), crosses.observe()
    future = actions_for(4, again, seed=1)
    expected = [crosses.step(action)[0].tobytes() for action in future]
    end = crosses.snapshot()
    crosses.deal(seeds[::-1].copy())
    for action in actions_for(4, between, seed=2):
        crosses.step(action)
    crosses.restore(saved)
    assert crosses.observe().tobytes() == seen.tobytes()
    assert [crosses.step(action)[0].tobytes() for action in future] == expected
    assert crosses.snapshot().tobytes() == end.tobytes()


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda crosses: pickle.loads(pickle.dumps(crosses))])
@pytest.mark.parametrize("parallel", [False, True])
def test_a_copy_or_a_pickle_goes_on_like_the_original(copied: Callable[[Crosses], Crosses], parallel: bool) -> None:
    original = Crosses("OpenPlay", 8, options=Options(reward="shaped", wing="random"), parallel=parallel)
    original.deal(SEEDS[:8])
    for action in actions_for(8, 20):
        original.step(action)
    twin = copied(original)
    for action in actions_for(8, 60, seed=6):
        for mine, theirs in zip(twin.step_and_observe(action), original.step_and_observe(action), strict=True):
            assert np.asarray(mine).tobytes() == np.asarray(theirs).tobytes()
        assert {name: values.tobytes() for name, values in twin.terms().items()} == {
            name: values.tobytes() for name, values in original.terms().items()
        }
        assert twin.snapshot().tobytes() == original.snapshot().tobytes()
    assert (twin.worlds.time > 7.0).any()
    assert not np.shares_memory(twin.worlds, original.worlds)
    actions = actions_for(8, 30)
    assert played(twin, SEEDS[8:16], actions) == played(original, SEEDS[8:16], actions)


def test_a_cross_that_is_over_stays_as_it_is_and_pays_nothing() -> None:
    crosses = Crosses("OpenPlay", 8)
    crosses.deal(SEEDS[:8])
    done = np.zeros(8, bool)
    paid = np.zeros(8)
    while not done.all():
        rewards, done = crosses.step(np.zeros((8, 4)))
        paid += rewards
    over = crosses.snapshot()
    rewards, done = crosses.step(np.ones((8, 4)))
    assert done.all()
    assert not rewards.any()
    assert crosses.snapshot().tobytes() == over.tobytes()
    np.testing.assert_allclose(paid, over.xg)


def test_only_the_crosses_that_are_asked_for_are_dealt_and_observed() -> None:
    crosses = Crosses("OpenPlay", 6)
    crosses.deal(SEEDS[:6])
    before = crosses.snapshot()
    crosses.deal(SEEDS[6:12], np.array([False, True, False, False, True, False]))
    after = crosses.snapshot()
    same = [before[i].tobytes() == after[i].tobytes() for i in range(6)]
    assert same == [True, False, True, True, False, True]
    assert crosses.observe(np.array([4, 1])).tobytes() == crosses.observe()[[4, 1]].tobytes()


def test_the_record_has_no_gaps_whose_bytes_are_nobodys() -> None:
    def filled(kind: np.dtype) -> int:
        if kind.subdtype is not None:
            return filled(kind.subdtype[0]) * int(np.prod(kind.shape))
        return sum(filled(of[0]) for of in kind.fields.values()) if kind.fields else kind.itemsize

    assert filled(world_type) == world_type.itemsize


@pytest.mark.parametrize("parallel", [False, True])
def test_what_is_observed_within_a_step_is_what_is_observed_after_it(parallel: bool) -> None:
    looking, stepping = (Crosses("Match", 300, options=Options(vision="cone"), parallel=parallel) for _ in range(2))
    for crosses in (looking, stepping):
        crosses.deal(SEEDS[:300])
    for action in actions_for(300, 60):
        observations, rewards, done = looking.step_and_observe(action)
        plain_rewards, plain_done = stepping.step(action)
        assert observations.tobytes() == stepping.observe().tobytes()
        assert rewards.tobytes() + done.tobytes() == plain_rewards.tobytes() + plain_done.tobytes()
    assert done.any()


def test_everybody_stays_finite_and_observations_in_their_space() -> None:
    for name in NAMES:
        crosses = Crosses(name, 64, options=Options(vision="cone"))
        crosses.deal(SEEDS[:64])
        for action in actions_for(64, 180):
            crosses.step(action)
            rows = crosses.observe()
            assert (rows >= crosses.observation_space.low).all()
            assert (rows <= crosses.observation_space.high).all()
            for field in ("x", "y", "vx", "vy", "fx", "fy"):
                assert np.isfinite(crosses.worlds["players"][field]).all()
        assert (crosses.worlds["phase"] == OVER).all()


def test_observations_are_never_handed_out_twice() -> None:
    crosses = Crosses("OpenPlay", 3)
    crosses.deal(SEEDS[:3])
    first = crosses.observe()
    kept = first.copy()
    crosses.step(np.ones((3, 4)))
    assert not np.shares_memory(first, crosses.observe())
    assert first.tobytes() == kept.tobytes()


def test_only_the_runner_is_decided_from_outside() -> None:
    for name in NAMES:
        crosses = Crosses(name)
        crosses.deal(SEEDS[:1])
        assert np.flatnonzero(crosses.worlds["players"]["outside"][0]).tolist() == [RUNNER]
        assert crosses.worlds["players"].shape == (1, PLAYERS)


def test_seed_streams_never_share_an_episode() -> None:
    seeds = [episode_seeds(label, stream, 0, 4000) for label in LABELS for stream in (0, 1, 2, 2**40)]
    together = np.concatenate(seeds)
    assert len(np.unique(together)) == len(together)
    labels = [np.unique(chunk >> np.uint64(61)).tolist() for chunk in seeds]
    assert labels == [[i] for i in range(len(LABELS)) for _ in range(4)]


def test_streams_walk_through_their_own_episodes() -> None:
    streams = Streams("reset", [11, 12])
    first = streams.next(np.array([True, True]))
    second = streams.next(np.array([False, True]))
    third = streams.next(np.array([True, True]))
    walked = [first[0], third[0]], [first[1], second[1], third[1]]
    assert [[int(seed) for seed in walk] for walk in walked] == [
        episode_seeds("reset", 11, 0, 2).tolist(),
        episode_seeds("reset", 12, 0, 3).tolist(),
    ]
    several = stream_seeds("train", np.array([3, 4], np.uint64), np.array([1, 0], np.uint64))
    assert several.tolist() == [int(episode_seeds("train", 3, 1, 1)[0]), int(episode_seeds("train", 4, 0, 1)[0])]


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: Crosses("Penalty"), UnknownName, "backpost/OpenPlay-v0, backpost/Transition-v0"),
        (lambda: Crosses("OpenPlay", 0), InvalidValue, "at least 1"),
        (lambda: Crosses("OpenPlay", True), InvalidValue, "whole number"),
        (lambda: Crosses(options=Options(parameters={"gravity": 1.0})), UnknownName, "bounce_flat"),
        (lambda: Crosses(options=Options(start="corner")), InvalidValue, "any, wide, byline, deep"),
        (
            lambda: Crosses(options=Options(runner=12)),
            UnknownOption,
            "OpenPlay got an unexpected keyword argument 'runner'",
        ),
        (lambda: Crosses().deal(SEEDS[:2]), InvalidValue, "shape"),
        (lambda: Crosses().deal(np.array([1.7])), InvalidValue, "whole numbers"),
        (lambda: Crosses().deal(np.array([-1])), InvalidValue, "got -1"),
        (lambda: Crosses().deal(np.array(["a"])), InvalidValue, "got 'a'"),
        (lambda: Crosses().deal(SEEDS[:1], np.array([1])), InvalidValue, "from 0 to 0, got 1"),
        (lambda: Crosses().observe(np.array([500000])), InvalidValue, "got 500000"),
        (lambda: Crosses().observe(np.array([-1])), InvalidValue, "got -1"),
        (lambda: Crosses().observe(np.array([0.0])), InvalidValue, "mask of shape (1,)"),
        (lambda: Crosses().observe(np.ones(5, bool)), InvalidValue, "mask of shape (1,)"),
        (lambda: Crosses().observe(np.zeros((1, 1), int)), InvalidValue, "mask of shape (1,)"),
        (lambda: Crosses(options=Options(start=np.array([1, 2]))), InvalidValue, "any, wide"),  # type: ignore[arg-type]
        (lambda: Crosses("DrillSetPiece", options=Options(set=np.ones(2))), InvalidValue, "0 to 11"),  # type: ignore[arg-type]
        (lambda: Crosses("Situation", options=Options(file="a\0b")), InvalidFile, "null byte"),
        (lambda: Crosses("OpenPlay", 2).restore(Crosses().snapshot()), InvalidValue, "shape"),
        (lambda: Crosses().restore(np.zeros(1)), InvalidValue, "world records"),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(make, error, says) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(error) as refused:
        make()
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
