"""An explanation measures what it says: nothing hidden changes nothing, and no shift is the recorded run."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backpost.agents.base.play import play
from backpost.agents.registry import agent
from backpost.envs.common.errors import InvalidValue, UnknownName
from backpost.envs.crosses import Crosses
from backpost.envs.interface import observation
from backpost.envs.interface.outcome import metrics
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import DECISION_TIME, HEADER, RUNNER, SIDE_FOOT, VOLLEY
from backpost.renders.explain import figures as explain_figures
from backpost.training.bench.result_file import read_result, write_result
from backpost.training.bench.runs import DELIVERIES, RUNS, keep, run_type
from backpost.training.bench.runs import runs as play_runs
from backpost.training.bench.statistics import Interval
from backpost.training.distil.distil import Budget
from backpost.training.explain import explain
from backpost.training.explain.cues import GROUPS, Hidden, Usual, usual
from backpost.training.explain.explanation import Explanation
from backpost.training.explain.exploits import AS_PUBLISHED, LOST, ROOMY, SURVIVES, UNCLEAR, freedom, timing_verdict
from backpost.training.explain.shift import Noted, Shifted, ShiftedRuns, Sweep, first_decisions, shifted_runs
from backpost.training.explain.table import table

SEEDS = episode_seeds("verify", 3, 0, 160)
RULE = "early-back-post"


def make() -> Any:
    return agent(RULE)


@pytest.fixture(scope="module")
def averages() -> Usual:
    return usual(make(), "OpenPlay", crosses=80)


def test_hiding_nothing_changes_nothing(averages: Usual) -> None:
    plain = play(make(), "OpenPlay", SEEDS)
    assert play(Hidden(make(), (), averages), "OpenPlay", SEEDS).tobytes() == plain.tobytes()


def _looking() -> np.ndarray:
    """What runners see who have looked round for a second, (64, SIZE)."""
    crosses, looks = Crosses("OpenPlay", 64), make()
    crosses.deal(SEEDS[:64])
    looks.reset(SEEDS[:64])
    for _ in range(10):
        crosses.step(looks.act(crosses.observe()))
    return crosses.observe()


def test_a_hidden_group_is_all_that_changes_and_shows_what_is_usual(averages: Usual) -> None:
    seen: list[np.ndarray] = []

    class Watching:
        name = description = "watching"

        def reset(self, seeds: Any) -> None: ...

        def restart(self, which: Any, seeds: Any) -> None: ...

        def act(self, observations: np.ndarray) -> np.ndarray:
            seen.append(observations.copy())
            return np.zeros((len(observations), 4), np.float32)

    shown = _looking()
    for name in ("where the crosser is and runs", "defenders", "the offside line"):
        Hidden(Watching(), GROUPS[name], averages).act(shown)
        changed = {observation.LAYOUT[k].name for k in np.flatnonzero((seen[-1] != shown).any(axis=0))}
        assert changed
        assert changed <= set(GROUPS[name])
    Hidden(Watching(), GROUPS["where the crosser is and runs"], averages).act(shown)
    for axis in "xy":
        places = [observation.read(seen[-1], f"{who}_{axis}") for who in ("runner", "crosser")]
        assert np.ptp(places[0] + places[1]) < 0.01, (
            "hidden, he is at one and the same place of the pitch for everybody"
        )
    assert np.ptp(observation.read(shown, "crosser_y") + observation.read(shown, "runner_y")) > 1.0


def test_what_nobody_is_shown_at_such_a_moment_stays_unshown(averages: Usual) -> None:
    carried = averages.of(_looking())
    for unseen in ("hips_x", "hips_y", "read_x", "read_y"):
        assert np.abs(carried[:, observation.index(unseen)]).max() < 1e-9, unseen
    assert np.abs(carried[:, observation.index("crosser_y")]).min() > 0.05


def test_a_hidden_build_up_shows_a_crosser_who_carries_the_ball(averages: Usual) -> None:
    observations = np.zeros((3, observation.SIZE), np.float32)
    for row, flag in enumerate(("look", "swing", "cross")):
        observations[row, observation.index(flag)] = 1.0
    seen = []

    class Watching:
        name = description = "watching"

        def act(self, shown: np.ndarray) -> np.ndarray:
            seen.append(shown)
            return np.zeros((3, 4), np.float32)

    Hidden(Watching(), GROUPS["the build-up: head up, foot planted, swing"], averages).act(observations)  # type: ignore[arg-type]
    carries = seen[0][:, observation.index("carry")]
    assert carries.tolist() == [1.0, 1.0, 0.0]
    assert seen[0][2].tobytes() == observations[2].tobytes()


def test_no_shift_is_the_recorded_run_bit_for_bit_and_others_are_shifted_in_time() -> None:
    noted = Noted(make())
    first = play(noted, "OpenPlay", SEEDS, batch=len(SEEDS))
    started = metrics(first)["start"] + first.delivery["struck_at"]
    rows = np.isfinite(started)
    path, given = noted.path().of(rows), first.delivery[rows]
    starts = first_decisions(started[rows])

    def again(shift: int) -> np.recarray:
        shifted = Shifted(make(), path, starts, shift)
        return play(shifted, "OpenPlay", SEEDS[rows], batch=int(rows.sum()), given=given)

    same = again(0)
    for name in ("time", "xg", "own_xg", "outcome", "track", "ball", "players"):
        assert same[name].tobytes() == first[rows][name].tobytes(), name
    later = again(5)["track"]
    before = first[rows]["track"]
    for row, start in enumerate(starts):
        assert np.array_equal(later[row, :start], before[row, :start]), "nothing changes before the run"
    gaps = [
        np.hypot(*(later[row, s + 9] - before[row, s + 4])) for row, s in enumerate(starts) if s + 9 < path.ends[row]
    ]
    assert len(gaps) > 20
    assert np.median(gaps) < 0.35, "half a second later he is where he was"


def test_the_sweep_compares_the_same_crosses() -> None:
    zero, later = shifted_runs(make, "OpenPlay", SEEDS, None, (0.0, 0.3))
    assert np.array_equal(zero["seed"], later["seed"])
    assert len(zero) > 30
    assert (zero["xg"] != later["xg"]).any()


def test_what_is_kept_of_a_run_is_what_the_record_says(runs: dict[str, Any]) -> None:
    met = runs["meets"]
    kept = keep(met[-1:].view(np.recarray), set())[0]
    struck = round(float(met[-1].delivery.struck_at) / DECISION_TIME)
    runner = met["players"][:, RUNNER]
    assert np.hypot(kept["strike_x"] - runner["x"][struck], kept["strike_y"] - runner["y"][struck]) < 1.0
    assert np.hypot(kept["end_x"] - met[-1].meeting.x, kept["end_y"] - met[-1].meeting.y) < 2.0
    assert DELIVERIES[kept["delivery"]] != "never struck"
    assert RUNS[kept["run"]] != "no run"


def test_runs_do_not_depend_on_how_the_work_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = play_runs(make, "OpenPlay", SEEDS)
    monkeypatch.setattr("backpost.training.bench.runs.CHUNK", 37)
    assert play_runs(make, "OpenPlay", SEEDS).tobytes() == whole.tobytes()
    assert np.array_equal(whole["seed"], SEEDS)


def test_a_run_that_lives_on_its_moment_loses_its_lead() -> None:
    def swept(lost: float) -> Sweep:
        gains = {s: Interval(*[-lost * (s != 0)] * 3) for s in (-0.1, 0.0, 0.1)}
        points = tuple(ShiftedRuns(s, 3.0, gain, 50.0, 20.0, 0.0, None) for s, gain in gains.items())
        return Sweep(crosses=100, with_a_run=50, ball="same ball", points=points)

    lead = Interval(0.3, 0.1, 0.5)
    assert timing_verdict(swept(0.9), swept(0.1), lead).verdict == LOST
    assert timing_verdict(swept(0.5), swept(0.3), lead).verdict == SURVIVES
    for none in (Interval(0.3, -0.1, 0.7), Interval(-1.0, -1.2, -0.8)):
        assert timing_verdict(swept(0.1), swept(0.9), none).verdict == UNCLEAR


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Explanation, Path]:
    path = tmp_path_factory.mktemp("explained") / "explained.json"
    with pytest.MonkeyPatch.context() as small:
        small.setattr(
            explain, "BUDGET", Budget(crosses=60, generations=1, pairs=1, neighbours=1, fresh=80, shortlist=3)
        )
        return explain.explain("OpenPlay", "flight-reader", 120, rule=RULE, path=path), path


def test_an_explanation_is_json_and_goes_on_where_it_was_stopped(explained: tuple[Explanation, Path]) -> None:
    result, path = explained
    assert read_result(path, Explanation) == result
    write_result(path, replace(result, cues=None, rule=None, exploits=None))
    played = 0

    def count(crosses: int) -> None:
        nonlocal played
        played += crosses

    again = explain.explain(
        "OpenPlay", "flight-reader", 120, parts=("where", "cues"), rule=RULE, path=path, progress=count
    )
    assert again.cues == result.cues
    assert again.where == result.where
    assert 0 < played <= 60 * (len(GROUPS) + 2), "only the part that was missing is played"


def test_the_table_says_every_part_in_football_words(explained: tuple[Explanation, Path]) -> None:
    text = table(explained[0])
    for words in (
        "meets",
        "shoots",
        "the crosser's hips",
        "contact with the keeper",
        "high, back post",
        "same ball",
        "Before the strike",
    ):
        assert words in text
    assert max(map(len, text.splitlines())) < 160


def test_figures_have_data(explained: tuple[Explanation, Path], tmp_path: Path) -> None:
    from PIL import Image

    drawn = explain_figures.draw(explained[0], tmp_path)
    assert [Path(name).stem for name in drawn] == ["where", "shift", "cues", "rule"]
    for name in drawn:
        with Image.open(name) as picture:
            assert len(picture.convert("RGB").getcolors(maxcolors=10**6) or ()) > 50
    assert explained[0].where is not None
    counts = np.array(explained[0].where.maps["flight-reader"]["strike"])
    field = explain_figures.fine(counts, 120)
    assert field.sum() * 0.25**2 == pytest.approx(100 * counts.sum() / 120, rel=0.05)


def test_bad_input_is_one_typed_sentence() -> None:
    with pytest.raises(InvalidValue, match="valid are coaching rules and policies"):
        explain.explain("OpenPlay", "planner", 40)
    with pytest.raises(InvalidValue):
        explain.explain("OpenPlay", RULE, 10)
    with pytest.raises(UnknownName):
        explain.explain("OpenPlay", RULE, 100, parts=("why",))
    with pytest.raises(UnknownName):
        explain.explain("OpenPlay", "nobody", 100, rule=RULE)


def test_a_shooter_who_is_freer_than_real_ones_is_named() -> None:
    free, marked = np.zeros(10, run_type), np.zeros(10, run_type)
    free["near_foot"], free["separation"] = True, 4.0
    marked["near_foot"], marked["separation"] = True, 2.0
    marked["separation"][:3] = np.nan
    verdict = freedom(free, marked)
    assert (verdict.agent, verdict.rule, verdict.verdict) == (4.0, 2.0, ROOMY)
    assert verdict.band[0] <= verdict.published <= verdict.band[1] < 4.0
    assert freedom(marked, free).verdict == AS_PUBLISHED
    marked["near_foot"] = False
    assert freedom(marked, free).agent is None


def test_only_first_time_shots_with_the_foot_from_near_are_held_against_published_ones() -> None:
    final = play(make(), "Corner", SEEDS)
    of, kept = metrics(final), keep(final, set())
    shots = of["first_time"] > 0
    assert 0 < kept["near_foot"].sum() < shots.sum()
    assert set(of["technique"][kept["near_foot"]]) <= {VOLLEY, SIDE_FOOT}
    near = np.hypot(HALF_LENGTH - of["place_x"], of["place_y"]) < 16.0
    assert np.array_equal(kept["near_foot"], shots & (of["technique"] != HEADER) & near)
