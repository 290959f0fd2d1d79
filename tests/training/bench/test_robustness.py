"""Robustness: every change is one that the scenario has, and a handicap is the same alone and in any batch."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backpost.agents.base.identity import identity_of
from backpost.agents.base.play import play
from backpost.agents.handicaps.delayed import Delayed
from backpost.agents.handicaps.noise import Noisy
from backpost.agents.registry import agent
from backpost.envs.common.errors import InvalidValue, UnknownName
from backpost.envs.crosses import Crosses
from backpost.envs.interface import observation
from backpost.envs.interface.options import Options
from backpost.envs.interface.outcome import metrics
from backpost.envs.scenarios.registry import scenario
from backpost.envs.world.chance import episode_seeds
from backpost.renders.figures import results as figures_results
from backpost.training.bench import robustness
from backpost.training.bench.statistics import Interval
from backpost.training.results import results


class Seeing:
    """An agent who stands and remembers what he saw."""

    name = description = "seeing"

    def __init__(self) -> None:
        self.seen: list[np.ndarray] = []

    def reset(self, seeds: np.ndarray) -> None:
        pass

    def restart(self, which: np.ndarray, seeds: np.ndarray) -> None:
        pass

    def act(self, observations: np.ndarray) -> np.ndarray:
        self.seen.append(observations.copy())
        return np.zeros((len(observations), 4), np.float32)


def test_errors_of_places_do_not_depend_on_the_batch() -> None:
    seeds = episode_seeds("verify", 0, 0, 60)
    together = play(Noisy(agent("flight-reader")), "OpenPlay", seeds, batch=60)
    refilled = play(Noisy(agent("flight-reader")), "OpenPlay", seeds, batch=7)
    assert metrics(together).tobytes() == metrics(refilled).tobytes()
    plain = play(agent("flight-reader"), "OpenPlay", seeds)
    assert metrics(together).tobytes() != metrics(plain).tobytes()


def test_errors_have_their_size_and_touch_nothing_but_places() -> None:
    crosses, seeing = Crosses("OpenPlay", 200, options=Options(vision="full")), Seeing()
    crosses.deal(episode_seeds("verify", 0, 0, 200))
    noisy, observed = Noisy(seeing, 0.3), []
    noisy.reset(crosses.worlds["seed"])
    for _ in range(20):
        observed.append(crosses.observe())
        crosses.step(noisy.act(observed[-1]))
    true, seen = np.concatenate(observed), np.concatenate(seeing.seen)
    error = (seen - true) * observation.SCALES
    places = np.array([entry.unit == "m" for entry in observation.LAYOUT])
    assert not error[:, ~places].any()
    assert not error[true == 0].any()
    low, high = observation.LOWS / observation.SCALES, observation.HIGHS / observation.SCALES
    inside = error[:, places][(np.abs(true) < 0.9 * high)[:, places] & (true != 0)[:, places]]
    crosser = error[:, observation.index("crosser_x")]
    assert crosser.std() == pytest.approx(0.3, rel=0.03)
    assert abs(inside.mean()) < 0.01
    assert abs(np.corrcoef(crosser[:-200], crosser[200:])[0, 1]) < 0.05
    assert (seen >= low.astype(np.float32)).all()
    assert (seen <= high.astype(np.float32)).all()


@pytest.mark.parametrize("env", results.ENVIRONMENTS)
def test_every_change_is_one_that_the_scenario_has(env: str) -> None:
    asked = robustness.changes(env)
    assert asked[0] == robustness.AS_TRAINED
    assert {"sees all round", "100 ms later", "places off by 0.3 m"} <= {change.name for change in asked}
    for change in asked:
        scenario(env).checked(Options(**change.options))


def test_a_handicapped_agent_stays_itself_while_it_plays() -> None:
    """What is kept of its play is found by its identity."""
    handicapped = Delayed(agent("early-back-post", "OpenPlay"))
    before = identity_of(handicapped)
    handicapped.reset(episode_seeds("verify", 0, 0, 3))
    assert identity_of(handicapped) == before


def test_differences_are_to_the_best_rule_under_the_same_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robustness, "SELECTED_ON", 30)
    monkeypatch.setattr(robustness, "CHANGES", [robustness.AS_TRAINED, *robustness.CHANGES[-3:]])
    played: list[int] = []
    result = robustness.robustness("OpenPlay", ["flight-reader", "stand-still"], 60, progress=played.append)
    assert sum(played) == robustness.crosses_to_play("OpenPlay", 2, 60)
    assert [row.change for row in result.changes] == [change.name for change in robustness.CHANGES]
    seeds = episode_seeds("evaluate", 0, 0, 60)
    blurred = next(row for row in result.changes if row.change == "places off by 0.3 m")
    mine, base = (
        metrics(play(Noisy(agent(name, "OpenPlay"), 0.3), "OpenPlay", seeds))
        for name in ("flight-reader", blurred.best_rule)
    )
    assert blurred.agents[0].xg_gain.mean == pytest.approx(100 * (mine["xg"] - base["xg"]).mean())
    assert all(0 <= lead.xg_p <= lead.xg_p_holm <= 1 for row in result.changes for lead in row.agents)
    text = robustness.table(result)
    assert all(change.name in text for change in robustness.CHANGES)


def leading(env: str, leads: dict[str, dict[str, Interval]]) -> robustness.EnvironmentRobustness:
    """The robustness of agents with these leads, by change and agent."""

    def lead(name: str, gain: Interval) -> robustness.Lead:
        return robustness.Lead(name, gain, gain.low, 0.5, gain, 0.5, None, 0.5, 0.5, xg=gain)

    changes = tuple(
        robustness.ChangeResult(
            change=change,
            outside_training=True,
            best_rule="late-bend",
            best_rule_xg=Interval(2.0, 1.0, 3.0),
            agents=tuple(lead(name, gain) for name, gain in gains.items()),
        )
        for change, gains in leads.items()
    )
    names = tuple(next(iter(leads.values())))
    return robustness.EnvironmentRobustness(env, 60, 0, "evaluate", 0.95, 0.99, names, changes)


def test_every_change_has_its_interval_in_the_figure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    drawn, mark = [], figures_results._mark

    def noted(*its: Any) -> None:
        drawn.append(its[1:3])
        mark(*its)

    monkeypatch.setattr(figures_results, "_mark", noted)
    leads = [Interval(0.1 * n, 0.1 * n - 0.2, 0.1 * n + 0.2) for n in range(len(robustness.CHANGES))]
    rows = {change.name: {"learned": lead} for change, lead in zip(robustness.CHANGES, leads, strict=True)}
    figures_results.robust([leading("OpenPlay", rows)], tmp_path / "robust.png")
    assert drawn == list(enumerate(leads))
    assert (tmp_path / "robust.png").stat().st_size > 10_000


def test_every_agent_of_a_figure_is_in_its_legend(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The best rule is another one in every scenario, and has a colour of its own."""
    marked: list[tuple[str, str]] = []
    mark = figures_results._mark

    def noted(panel: Any, place: float, of: Any, colour: str, name: str) -> None:
        marked.append((name, colour))
        mark(panel, place, of, colour, name)

    monkeypatch.setattr(figures_results, "_mark", noted)
    lead = Interval(0.1, 0.0, 0.2)
    results = [
        leading(env, {"as it is": {"learned": lead, rule: lead}})
        for env, rule in (("OpenPlay", "blind-side"), ("Corner", "late-bend"))
    ]
    figures_results.robust(results, tmp_path / "robust.svg")
    assert len({colour for _, colour in marked}) == len({name for name, _ in marked}) == 3
    legend = (tmp_path / "robust.svg").read_text(encoding="utf-8")
    assert all(f"<!-- {name} -->" in legend for name in ("learned", "blind-side", "late-bend"))


def test_bad_input_is_one_typed_sentence() -> None:
    for error, call in (
        (UnknownName, lambda: robustness.robustness("Nowhere", ["random"], 10)),
        (InvalidValue, lambda: robustness.robustness("OpenPlay", [], 10)),
        (InvalidValue, lambda: robustness.robustness("OpenPlay", ["random", "random"], 10)),
        (InvalidValue, lambda: robustness.robustness("OpenPlay", ["planner"], 10)),
        (InvalidValue, lambda: Noisy(agent("random"), 0.0)),
    ):
        with pytest.raises(error):
            call()
