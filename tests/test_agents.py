"""Promises of the coaching rules and of the registry: batched, deterministic, mirrored, onside, true to their names."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from backpost.agents.free_numbers import read_tuned
from backpost.agents.registry import AGENTS, agent
from backpost.agents.rules import RULE_TYPES, RULES, rule
from backpost.envs import observation
from backpost.envs.chance import episode_seeds
from backpost.envs.crosses import Crosses
from backpost.envs.errors import InvalidValue, UnknownName
from backpost.envs.world import CROSS, DECISION_TIME, RUNNER, SWING, TRACK_LENGTH

CROSSES = 400


def looks(count: int, seed: int) -> np.ndarray:
    """Observations anywhere in the box: an agent must cope with all of them."""
    lows = np.array([entry.low / entry.high for entry in observation.LAYOUT])
    seen = np.random.default_rng(seed).uniform(lows, 1.0, (count, observation.SIZE)).astype(np.float32)
    flags = [observation.index(name) for name in ("carry", "look", "plant", "swing", "cross", "loose", "read_valid")]
    seen[:, flags] = np.round(seen[:, flags])
    return seen


def scene(**entries: float) -> np.ndarray:
    """One observation (1, SIZE) with these entries in physical units and zero elsewhere."""
    seen = np.zeros((1, observation.SIZE), np.float32)
    for name, value in entries.items():
        i = observation.index(name)
        seen[0, i] = value / observation.SCALES[i]
    return seen


@cache
def runs(name: str) -> tuple[np.ndarray, np.ndarray]:
    """What the runner did before and at the strike of many crosses, and the final records.

    The first array has, for every cross that was struck, place x and y, speed and offside at the strike.
    """
    crosses = Crosses("OpenPlay", CROSSES)
    seeds = episode_seeds("verify", 5, 0, CROSSES)
    crosses.deal(seeds)
    player = agent(name)
    player.reset(seeds)
    at_strike = np.full((CROSSES, 4), np.nan)
    done = np.zeros(CROSSES, bool)
    while not done.all():
        before = crosses.worlds["phase"] <= SWING
        _, done = crosses.step(player.act(crosses.observe()))
        now = before & (crosses.worlds["phase"] >= CROSS)
        runner = crosses.worlds["players"][:, RUNNER]
        speed = np.hypot(runner["vx"], runner["vy"])
        at_strike[now] = np.column_stack([runner["x"], runner["y"], speed, runner["offside"]])[now]
    struck = crosses.worlds["delivery"]["struck_at"] < 99.0
    return at_strike[struck], crosses.worlds[struck]


@pytest.mark.parametrize("name", AGENTS)
def test_every_agent_acts_in_the_box_whatever_it_sees(name: str) -> None:
    player = agent(name)
    player.reset(np.arange(500, dtype=np.uint64))
    for moment in range(4):
        actions = player.act(looks(500, moment))
        assert actions.shape == (500, 4)
        assert actions.dtype == np.float32
        assert np.isfinite(actions).all()
        assert np.abs(actions).max() <= 1.0


@pytest.mark.parametrize("name", AGENTS)
def test_a_row_never_depends_on_its_neighbours(name: str) -> None:
    seeds = episode_seeds("verify", 1, 0, 60)
    company, moments = agent(name), [looks(60, moment) for moment in range(5)]
    company.reset(seeds)
    together = [company.act(seen) for seen in moments]
    for i in range(0, 60, 6):
        alone = agent(name)
        alone.reset(seeds[i : i + 1])
        for seen, actions in zip(moments, together, strict=True):
            assert np.array_equal(alone.act(seen[i : i + 1])[0], actions[i])


@pytest.mark.parametrize("name", AGENTS)
def test_a_restarted_row_is_as_good_as_new(name: str) -> None:
    old, new = episode_seeds("verify", 1, 0, 8), episode_seeds("verify", 2, 0, 8)
    used, fresh = agent(name), agent(name)
    used.reset(old)
    for moment in range(4):
        used.act(looks(8, moment))
    which = np.arange(8) % 2 == 0
    used.restart(which, new)
    fresh.reset(new)
    for moment in range(4, 7):
        assert np.array_equal(used.act(looks(8, moment))[which], fresh.act(looks(8, moment))[which])


@pytest.mark.parametrize("name", ["stand-still", *RULES])
def test_the_mirrored_cross_is_met_with_the_mirrored_run(name: str) -> None:
    sideways = [i for i, entry in enumerate(observation.LAYOUT) if entry.name.endswith("_y")]
    right, left = agent(name), agent(name)
    seeds = np.zeros(200, np.uint64)
    right.reset(seeds)
    left.reset(seeds)
    for moment in range(4):
        seen = looks(200, moment)
        mirrored = seen.copy()
        mirrored[:, sideways] *= -1.0
        actions = right.act(seen)
        assert np.allclose(left.act(mirrored), actions * np.array([1, -1, 1, -1], np.float32), atol=1e-6)


@pytest.mark.parametrize("name", RULES)
def test_rules_are_onside_at_the_strike(name: str) -> None:
    at_strike, _ = runs(name)
    assert at_strike[:, 3].mean() < 0.1


@pytest.mark.parametrize("name", ["hold-then-back-post", "flight-reader", "hold-for-cutback"])
def test_who_holds_is_hardly_moving_before_the_strike(name: str) -> None:
    at_strike, _ = runs(name)
    assert np.median(at_strike[:, 2]) < 3.0


def test_who_waits_stands_at_the_far_side_when_the_ball_is_struck() -> None:
    at_strike, _ = runs("wait-at-back-post")
    width = RULE_TYPES["wait-at-back-post"]().numbers.width
    assert np.median(np.abs(at_strike[:, 1] - width)) < 1.5


def test_the_early_run_is_at_speed_when_the_ball_is_struck() -> None:
    early, _ = runs("early-back-post")
    late, _ = runs("hold-then-back-post")
    assert np.median(early[:, 2]) > np.median(late[:, 2]) + 0.5


def test_near_post_runs_lead_to_the_near_side_and_back_post_runs_to_the_far_side() -> None:
    def width_after_the_strike(name: str) -> float:
        _, final = runs(name)
        moment = ((final["delivery"]["struck_at"] + 0.7) / DECISION_TIME).astype(int)
        return float(np.median(final["track"][np.arange(len(final)), np.minimum(moment, TRACK_LENGTH - 1), 1]))

    assert width_after_the_strike("near-post-sprint") < 0.0
    for name in ("wait-at-back-post", "early-back-post", "hold-then-back-post"):
        assert width_after_the_strike(name) > 1.5


def test_every_rule_meets_more_balls_than_who_stands_still() -> None:
    def meets(name: str) -> float:
        return float((runs(name)[1]["meeting"]["by"] == RUNNER).mean())

    idle = meets("stand-still")
    assert all(meets(name) > idle for name in RULES)


def test_the_flight_reader_turns_a_short_ball_into_a_near_post_run() -> None:
    reader = rule("flight-reader", {"start": 0.1, "short": 0.0, "near_width": -4.0, "width": 6.0})
    after = {"runner_x": 42.0, "runner_y": 0.0, "crosser_x": 3.0, "crosser_y": -28.0, "cross": 1.0, "phase_time": 0.3}
    flight = {"ball_x": 2.0, "ball_y": -20.0, "ball_z": 3.0, "ball_v_x": 0.0}
    short = scene(**after, **flight, ball_v_y=12.0, ball_vz=3.0)
    long = scene(**after, **flight, ball_v_y=20.0, ball_vz=8.0)
    directions = []
    for seen in (short, long):
        reader.reset(np.zeros(1, np.uint64))
        directions.append(reader.act(seen)[0, 1])
    assert directions[0] < -0.2
    assert directions[1] > 0.2


@pytest.mark.parametrize(
    ("cue", "since", "runs_now"),
    [("carry", 5.0, False), ("look", 0.1, False), ("plant", 0.1, False), ("swing", 0.14, False), ("cross", 0.1, True)],
)
def test_the_cues_start_the_run(cue: str, since: float, runs_now: bool) -> None:
    held = {"hold_depth": 13.0, "hold_width": 0.0}
    player = rule("hold-then-back-post", {"start": 0.1, **held})
    player.reset(np.zeros(1, np.uint64))
    seen = scene(**{"runner_x": 39.5, "crosser_y": -28.0, "line": 5.0, cue: 1.0, "phase_time": since})
    assert (np.hypot(*player.act(seen)[0, :2]) > 0.9) == runs_now


def test_a_check_back_stops_the_run() -> None:
    player = rule("hold-then-back-post", {"start": -0.3, "hold_depth": 13.0, "hold_width": 0.0})
    player.reset(np.zeros(1, np.uint64))
    place = {"runner_x": 39.5, "crosser_y": -28.0, "line": 5.0}
    swing = scene(**place, swing=1.0)
    assert np.hypot(*player.act(swing)[0, :2]) > 0.9
    assert np.hypot(*player.act(scene(**place, carry=1.0))[0, :2]) < 0.1


def test_nobody_runs_over_the_line_before_the_strike() -> None:
    player = rule("early-back-post", {"margin": 0.5})
    player.reset(np.zeros(1, np.uint64))
    over = scene(runner_x=46.0, runner_v_x=3.0, crosser_y=-28.0, line=-0.5, plant=1.0)
    assert player.act(over)[0, 0] < 0.0


def test_random_runs_are_smooth_and_belong_to_their_seeds() -> None:
    seeds = episode_seeds("verify", 3, 0, 200)
    player = agent("random")
    player.reset(seeds)
    wanted = np.array([player.act(looks(200, 0))[:, :2] for _ in range(60)])
    assert np.abs(np.diff(wanted, axis=0)).mean() < 0.2
    assert np.abs(wanted.mean(axis=(0, 1))).max() < 0.1
    assert len(np.unique(wanted[0], axis=0)) == 200
    player.reset(seeds)
    assert np.array_equal(player.act(looks(200, 9))[:, :2], wanted[0])


def test_every_rule_is_tuned_with_one_budget_and_its_evidence_is_there() -> None:
    tuned = read_tuned()["scenarios"]["OpenPlay"]
    assert list(tuned["rules"]) == list(RULES)
    for name, entry in tuned["rules"].items():
        assert entry["evidence"]["crosses"] == tuned["budget"]["evidence"]
        assert entry["evidence"]["gain_over_untuned"] >= -2.0 * entry["evidence"]["gain_standard_error"]
        assert RULE_TYPES[name]().numbers == RULE_TYPES[name].numbers_type.of(entry["numbers"])


@pytest.mark.parametrize(
    ("ask", "error", "says"),
    [
        (lambda: agent("maradona"), UnknownName, "valid choices are random, stand-still, wait-at-back-post"),
        (lambda: rule("maradona", {}), UnknownName, "valid choices are wait-at-back-post"),
        (lambda: rule("flight-reader", {"stat": 1.0}), UnknownName, "valid choices are read_after"),
        (lambda: rule("flight-reader", {"start": 9.0}), InvalidValue, "start must be a number from 0 to 0.7 s, got 9"),
        (lambda: rule("flight-reader", {"start": float("nan")}), InvalidValue, "got nan"),
        (lambda: rule("flight-reader", {"start": True}), InvalidValue, "got True"),
    ],
)
def test_bad_names_and_numbers_get_one_sentence(ask: Callable[[], object], error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says) as raised:
        ask()
    assert "\n" not in str(raised.value)
