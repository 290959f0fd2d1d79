"""Promises of the planners: one knows nothing that a runner could not know, the other is never below anybody."""

from typing import Any

import numpy as np
import pytest

from backpost.agents.base.play import play
from backpost.agents.planners.clairvoyant import Found, improved, recorded, replayed
from backpost.agents.planners.planner import Budget, Planner
from backpost.agents.registry import agent
from backpost.agents.rules.registry import RULES
from backpost.envs.common.errors import InvalidValue
from backpost.envs.crosses import Crosses
from backpost.envs.interface.options import Options
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.parameters import parameters
from backpost.envs.world.record import ATTACKERS, CARRY, CROSS, CUTBACK, HIGH, LOOSE, LOW, NOBODY, RUNNER, SWING

SEEDS = episode_seeds("verify", 21, 0, 30)
QUICK = Budget(every=8, rounds=((4, 2), (2, 4)))


@pytest.mark.parametrize("env", ["OpenPlay", "Corner"])
def test_the_clairvoyant_is_never_below_any_agent_on_any_cross(env: str) -> None:
    agents = [*(agent(name, env) for name in (*RULES, "random", "stand-still")), Planner(QUICK)]
    runs = [recorded(name, env, SEEDS) for name in agents]
    played = np.array([final["xg"] for _, final in runs])
    search = improved(Found.among(np.array([actions for actions, _ in runs]), played), env, SEEDS, 64)
    best = replayed(search.actions[:, 0], env, SEEDS)["xg"]
    assert np.array_equal(best, search.xg[:, 0])
    assert (best >= played.max(axis=0)).all()
    assert (best > played.max(axis=0)).mean() > 0.3


def test_a_replay_of_recorded_actions_is_the_same_cross_bit_for_bit_from_either_wing() -> None:
    for wing in ("right", "random"):
        options = Options(wing=wing)
        actions, final = recorded(agent("flight-reader"), "Match", SEEDS, options)
        assert replayed(actions, "Match", SEEDS, options).tobytes() == final.tobytes()
        assert play(agent("flight-reader"), "Match", SEEDS, options)["xg"].tobytes() == final["xg"].tobytes()


def test_the_search_does_not_depend_on_which_crosses_are_searched_together() -> None:
    actions, final = recorded(agent("stand-still"), "OpenPlay", SEEDS[:6])
    together = improved(Found.among(actions[None], final["xg"][None]), "OpenPlay", SEEDS[:6], 48)
    alone = improved(Found.among(actions[None, 3:4], final["xg"][None, 3:4]), "OpenPlay", SEEDS[3:4], 48)
    assert np.array_equal(alone.xg[0], together.xg[3])
    assert np.array_equal(alone.actions[0], together.actions[3])


def hide(worlds: Any, random: np.random.Generator) -> None:
    """Give every field that the planner must not use another value."""
    n = len(worlds)
    worlds["seed"] = random.integers(0, 2**63, n, dtype=np.uint64)
    worlds["pattern"]["keeper_range"] += random.normal(0.0, 1.0, n)
    for who in range(2 * ATTACKERS):
        other = worlds["players"][:, who]
        for name in ("read_depth", "read_across", "judge_mates", "judge_rivals"):
            other[name] += random.normal(0.0, 1.0, n)
        other["arrives"], other["meet_x"], other["attacks"] = 1.0, 40.0, random.integers(0, 2, n)
        if who != RUNNER:
            other["top_speed"] += random.normal(0.0, 0.3, n)
            other["jump"] += random.normal(0.0, 0.1, n)
        marks = (other["man"] >= 0) & (other["check_wait"] >= 0.0)
        other["check_wait"] += np.where(marks, 0.5, 0.0)
    # In flight the ball is where the runner sees it, for all that he knows.
    flies = (worlds["phase"] == CROSS) | (worlds["phase"] == LOOSE) & (worlds["ball"]["owner"] == NOBODY)
    me, ball = worlds["players"][:, RUNNER], worlds["ball"]
    share = random.uniform(0.9, 1.1, n)  # in the same direction: as much in sight as before
    for name in ("x", "y"):
        ball[name] = np.where(flies, me[name] + share * (ball[name] - me[name]), ball[name])
        ball[f"v{name}"] += np.where(flies, random.normal(0.0, 1.0, n), 0.0)
    waits = worlds["phase"] <= SWING
    delivery = worlds["delivery"]
    # While the ball is carried nothing tells when it will be struck.
    carried = worlds["phase"] == CARRY
    delivery["strike_at"] += np.where(carried, random.uniform(1.0, 2.0, n), 0.0)
    # Before anything of it is shown: the whole delivery. Later his hips show a place, and whether the ball comes low.
    hidden = waits & (delivery["strike_at"] - worlds["time"] > 0.31)
    low = np.where(waits & (delivery["kind"] != HIGH), LOW + CUTBACK - delivery["kind"], delivery["kind"])
    delivery["kind"] = np.where(hidden, random.integers(0, 3, n), low)
    delivery["target"] = np.where(waits, random.integers(2, 5, n), delivery["target"])
    for name in ("aim_x", "aim_y", "hips_x", "hips_y", "hips_low"):
        delivery[name] += np.where(hidden, random.normal(0.0, 2.0, n), 0.0)
    for name in ("aim_z", "vx", "vy", "vz", "wx", "wy", "wz"):
        delivery[name] += np.where(waits, random.normal(0.0, 2.0, n), 0.0)
    for name in ("swing", "check_back_at"):
        delivery[name] = np.where(waits, -delivery[name], delivery[name])


def hide_unseen(worlds: Any, random: np.random.Generator) -> None:
    """Move everybody whom the runner does not see to another place out of sight."""
    me = worlds["players"][:, RUNNER]
    limit = parameters()["attacker_view_cosine"][0]
    for who in range(2 * ATTACKERS):
        other = worlds["players"][:, who]
        dx, dy = other["x"] - me["x"], other["y"] - me["y"]
        unseen = (who != RUNNER) & (me["fx"] * dx + me["fy"] * dy <= limit * np.hypot(dx, dy))
        # Farther away in the same direction: still out of sight.
        share = random.uniform(1.0, 2.0, len(worlds))
        other["x"] = np.where(unseen, me["x"] + share * dx, other["x"])
        other["y"] = np.where(unseen, me["y"] + share * dy, other["y"])
        for name in ("vx", "vy", "belief_x", "belief_y"):
            other[name] += np.where(unseen, random.normal(0.0, 1.0, len(worlds)), 0.0)


@pytest.mark.parametrize("vision", ["full", "cone"])
def test_the_planner_is_blind_to_what_a_runner_cannot_know(vision: str) -> None:
    random = np.random.default_rng(5)
    crosses = Crosses("OpenPlay", 8, options=Options(vision=vision))
    honest, tempted = Planner(QUICK), Planner(QUICK)
    for planner in (honest, tempted):
        planner.attend(crosses)
        planner.reset(SEEDS[:8])
    crosses.deal(SEEDS[:8])
    moved = 0.0
    for _ in range(60):
        seen, before = crosses.observe(), crosses.snapshot()
        actions = honest.act(seen)
        hide(crosses.worlds, random)
        if vision == "cone":
            hide_unseen(crosses.worlds, random)
        assert tempted.act(seen).tobytes() == actions.tobytes()
        crosses.restore(before)
        crosses.step(actions)
        moved += float(np.abs(actions).sum())
    assert moved > 0.0
    assert (crosses.worlds["phase"] > SWING).all()


def test_the_planner_does_the_same_in_any_batch_and_by_its_seed() -> None:
    whole = play(Planner(QUICK), "Match", SEEDS[:9])
    assert play(Planner(QUICK), "Match", SEEDS[:9], batch=2).tobytes() == whole.tobytes()
    assert play(Planner(QUICK, seed=1), "Match", SEEDS[:9])["players"].tobytes() != whole["players"].tobytes()


def test_the_planner_runs_mirrored_on_the_left_wing() -> None:
    right = play(Planner(QUICK), "OpenPlay", SEEDS[:1])
    left = play(Planner(QUICK), "OpenPlay", SEEDS[:1], Options(wing="left"))
    assert right["delivery"]["struck_at"] == left["delivery"]["struck_at"]


def test_bad_calls_get_one_sentence() -> None:
    with pytest.raises(InvalidValue, match=r"must be shown the crosses by attend\(\)"):
        Planner().act(np.zeros((1, 3), np.float32))
    with pytest.raises(InvalidValue, match="needs action_type 'continuous'"):
        Planner().attend(Crosses("OpenPlay", options=Options(action_type="zones")))
    with pytest.raises(InvalidValue, match="ever fewer runs"):
        Budget(rounds=((2, 8), (4, 8)))
    with pytest.raises(InvalidValue, match="needs action_type 'continuous'"):
        recorded(agent("random"), "OpenPlay", SEEDS[:1], Options(action_type="discrete"))
