"""The guide's claims: verdicts, experiments and the table."""

import json
from dataclasses import asdict
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dealt import labels_dealt

from backpost.agents.registry import agent
from backpost.envs.common.errors import InvalidValue
from backpost.envs.crosses import Crosses
from backpost.envs.interface import observation
from backpost.envs.interface.options import Options
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import DECISION_TIME, TRACK_LENGTH
from backpost.training.bench.runs import waited
from backpost.training.bench.statistics import Interval, mean_interval
from backpost.training.guide import guide
from backpost.training.guide import measures as measures
from backpost.training.guide import verdict as words
from backpost.training.guide.claim import OFF, gain
from backpost.training.guide.claims import CLAIMS
from backpost.training.guide.played import Kept, Run, kept_type, open_mouth, play_runs, to_play
from backpost.training.guide.runners import VARIANTS, runner
from backpost.training.guide.verdict import Evidence, verdict

CROSSES = 40
YES, NONE, NO = Interval(1.0, 0.5, 1.5), Interval(0.1, -0.4, 0.6), Interval(-1.0, -1.5, -0.5)


@pytest.fixture(scope="module")
def result() -> Any:
    counted: list[int] = []
    with labels_dealt() as labels:
        measured = guide.guide(CROSSES, progress=counted.append)
    return SimpleNamespace(result=measured, counted=sum(counted), labels=labels)


def test_claims_are_measured_on_crosses_that_nothing_has_learned_from(result: Any) -> None:
    assert result.labels == {"evaluate"}


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        (Evidence(YES, off=YES, lost=NONE, over={"low": YES, "high": YES}, parts={"a": YES}), words.SUPPORTED),
        (Evidence(YES, over={"low": YES, "high": YES}), words.SUPPORTED),
        (Evidence(YES, off=NONE, lost=YES, over={"low": YES}), words.FOLLOWS),
        (Evidence(YES, off=NO, lost=YES), words.FOLLOWS),
        (Evidence(YES, off=NONE, lost=NONE, over={"low": YES}), words.DEPENDS),
        (Evidence(YES, off=YES, lost=NONE, over={"low": YES, "high": NONE}), words.DEPENDS),
        (Evidence(YES, off=NONE, lost=YES, over={"high": NO}), words.DEPENDS),
        (Evidence(YES, off=YES, lost=NONE, parts={"idle": NONE}), words.DEPENDS),
        (Evidence(NONE, off=NONE, lost=NONE, over={"high": YES}), words.DEPENDS),
        (Evidence(NO, off=YES, lost=NO), words.DEPENDS),
        (Evidence(NONE, off=NONE, lost=NONE, over={"low": NO, "high": NONE}), words.NOT_SUPPORTED),
        (Evidence(NO), words.NOT_SUPPORTED),
        (Evidence(None), words.TOO_FEW),
        (Evidence(YES, over={"low": None}), words.TOO_FEW),
    ],
)
def test_a_verdict_says_no_more_than_its_effects_allow(evidence: Evidence, expected: str) -> None:
    assert verdict(evidence)[0] == expected


def test_a_verdict_names_what_it_depends_on_and_what_turns_round() -> None:
    _, reason = verdict(Evidence(YES, off=YES, lost=NONE, over={"few checks": YES, "many checks": NO}))
    assert "many checks (the opposite)" in reason
    assert "few checks" not in reason
    assert verdict(Evidence(NO))[1] == "the opposite is true"


def test_every_claim_is_there_once_with_an_effect_and_its_interval(result: Any) -> None:
    claims = result.result.claims
    assert [claim.claim for claim in claims] == [f"G{n}" for n in range(1, 13)]
    for claim in claims:
        assert claim.verdict in words.VERDICTS
        if claim.claim == "G11" or claim.verdict == words.TOO_FEW:
            continue
        for setting in claim.settings:
            assert setting.effect is not None
    assert sum(claim.effect is not None for claim in claims) >= 10


def test_what_needs_policies_is_said_to_be_not_yet_measured(result: Any) -> None:
    (claim,) = (entry for entry in result.result.claims if entry.claim == "G11")
    assert claim.verdict == "not yet measured"
    assert claim.effect is None


def test_the_result_is_json_without_nan_and_the_table_names_every_claim(result: Any) -> None:
    json.dumps(asdict(result.result), allow_nan=False)
    table = guide.table(result.result)
    for claim in CLAIMS:
        assert f"\n{claim.name:<13}{claim.words[:60]}" in table
    for claim in result.result.claims:
        assert claim.verdict.upper() in table


def test_the_crosses_played_are_those_announced(result: Any) -> None:
    assert result.counted == guide.crosses_to_play(CROSSES)


def test_runs_are_paired_by_seed_whatever_their_share() -> None:
    runs = [
        Run("OpenPlay", start=-0.5),
        Run("OpenPlay", "stand-still"),
        Run("Corner", "flight-reader", share=0.5).having({"cues_on": 0.0}, {"marking": "man"}),
        Run("OpenPlay", "stand-still", share=0.25),
    ]
    played = play_runs(runs, CROSSES, first_seed=3)
    seeds = episode_seeds("evaluate", 0, 3, CROSSES)
    for run in runs:
        assert played[run]["seed"].tolist() == seeds[: run.count(CROSSES)].tolist()
    assert sum(to_play(runs, CROSSES).values()) == 40 + 40 + 20


def test_the_same_run_gains_exactly_nothing_over_itself_in_a_setting_that_cannot_matter() -> None:
    run = Run("OpenPlay", "early-back-post")
    silent = run.having({"hearing_on": 0.0, "choice_call": 3.0}, {"action_type": "continuous"})
    played = play_runs([run, silent], CROSSES)
    assert not gain(played[run], played[silent]).any()


def test_the_same_crosses_give_the_same_numbers() -> None:
    runs = [Run("OpenPlay", "body-and-flight-reader"), Run("Transition", start=-1.0)]
    first, second = (play_runs(runs, CROSSES) for _ in range(2))
    for run in runs:
        assert first[run].tobytes() == second[run].tobytes()


@pytest.mark.parametrize("claim", [claim for claim in CLAIMS if claim.arms], ids=lambda claim: str(claim.name))
def test_settings_differ_from_the_default_and_have_names_of_their_own(claim: Any) -> None:
    names = [setting.label for setting in claim.settings]
    assert len(set(names)) == len(names)
    assert sum(setting.kind == OFF for setting in claim.settings) <= 1
    for setting in claim.settings:
        assert any(setting.of(arm, run) != run for arm, run in claim.arms.items())


def test_too_few_crosses_are_refused() -> None:
    with pytest.raises(InvalidValue, match="at least 40 crosses"):
        guide.guide(10)


def _observations(count: int, decisions: int) -> Any:
    """Observations of crosses some decisions after their opening, the runner standing."""
    crosses = Crosses("OpenPlay", count, options=Options(vision="full"))
    crosses.deal(episode_seeds("verify", 0, 0, count))
    for _ in range(decisions):
        crosses.step(np.zeros((count, 4)))
    return crosses.observe()


@pytest.mark.parametrize("decisions", [5, 24, 34])
def test_variants_differ_in_one_thing_alone(decisions: int) -> None:
    seen = _observations(64, decisions)
    seeds = np.zeros(64, np.uint64)
    base = agent("early-back-post")
    calls, looks, flat = (
        runner(f"early-back-post, {how}", "OpenPlay") for how in ("calling", "facing the ball", "facing where he runs")
    )
    for variant in (base, calls, looks, flat):
        variant.reset(seeds)
    plain, called = base.act(seen), calls.act(seen)
    assert np.array_equal(called[:, :4], plain)
    before = sum(observation.read(seen, cue) for cue in ("look", "plant", "swing")) > 0
    assert np.array_equal(called[:, 4] > 0, before)
    turned, ahead = looks.act(seen), flat.act(seen)
    assert np.array_equal(turned[:, :2], plain[:, :2])
    assert np.array_equal(ahead[:, :2], plain[:, :2])
    ball = np.stack([observation.read(seen, "ball_x"), observation.read(seen, "ball_y")], axis=1)
    assert np.allclose(turned[:, 2:], ball / np.linalg.norm(ball, axis=1, keepdims=True), atol=1e-5)
    assert not ahead[:, 2:].any()


def test_every_variant_plays() -> None:
    played = play_runs([Run("Corner", name, options=_options(name)) for name in VARIANTS], 8)
    assert all(np.isfinite(of["xg"]).all() for of in played.values())


def _options(name: str) -> tuple[tuple[str, Any], ...]:
    return (("action_type", "call"),) if name.endswith("calling") else ()


def test_waiting_is_counted_back_from_the_ball() -> None:
    tracks = np.zeros((3, TRACK_LENGTH, 2))
    tracks[0, :20, 0] = 10.0  # there from the 21st decision on
    tracks[1, :, 0] = np.arange(TRACK_LENGTH) * 0.7  # always on the run
    until = np.array([3.0, 3.0, np.nan])
    seconds = waited(tracks, until)
    assert seconds[0] == pytest.approx(10 * DECISION_TIME)
    assert seconds[1] <= 2 * DECISION_TIME + 1e-9
    assert np.isnan(seconds[2])


def test_a_keeper_hides_more_of_the_goal_the_nearer_he_comes_and_nothing_behind_the_ball() -> None:
    x, y = HALF_LENGTH - 10.0, 0.0
    shares = open_mouth(np.full(3, x), np.full(3, y), np.array([HALF_LENGTH, HALF_LENGTH - 5, x - 1]), np.zeros(3))
    assert shares[0] > shares[1]
    assert shares[2] == 1.0
    assert 0.0 < shares[1] < 1.0
    left, right = (float(open_mouth(x, side, HALF_LENGTH - 1, 2 * side)) for side in (2.0, -2.0))
    assert left == pytest.approx(right)


def _shots(rng: np.random.Generator, count: int, far_gain: float) -> Kept:
    """Crosses of which every second gives a direct shot, worth more from the far side and from nearby."""
    kept = np.zeros(count, kept_type)
    kept["shot"] = np.arange(count) % 2 == 0
    kept["shot_depth"], kept["shot_gap"] = rng.uniform(3, 12, count), rng.uniform(0, 4, count)
    kept["shot_width"] = rng.choice([-1, 1], count) * rng.uniform(4, 9, count)
    kept["shot_head"] = rng.random(count) < 0.6
    distance = np.hypot(kept["shot_depth"], kept["shot_width"])
    worth = 0.6 - 0.03 * distance + far_gain * (kept["shot_width"] > 0) + rng.normal(0, 0.05, count)
    kept["shot_xg"] = np.where(kept["shot"], worth, np.nan)
    return kept


def test_sides_are_compared_between_shots_alike() -> None:
    rng = np.random.default_rng(5)
    nearer = _shots(rng, 4000, 0.02)
    # Shots from the far side are taken from nearer the goal here, which must not count for the side.
    nearer["shot_depth"] = np.where(nearer["shot_width"] > 0, nearer["shot_depth"] / 2, nearer["shot_depth"])
    distance = np.hypot(nearer["shot_depth"], nearer["shot_width"])
    nearer["shot_xg"] = 0.6 - 0.03 * distance + 0.02 * (nearer["shot_width"] > 0) + rng.normal(0, 0.05, 4000)
    values = measures.far_against_near({"all": nearer})
    assert values is not None
    interval = mean_interval(values, 0.999)
    assert interval.low < 2.0 < interval.high
    assert interval.high - interval.low < 2.0
    assert measures.far_against_near({"all": nearer[:10]}) is None


def test_the_interval_of_the_sides_covers_what_it_says() -> None:
    rng = np.random.default_rng(6)
    misses = 0
    for _ in range(200):
        values = measures.far_against_near({"all": _shots(rng, 200, 0.0)})
        assert values is not None
        interval = mean_interval(values, 0.9)
        misses += not interval.low < 0.0 < interval.high
    assert 8 <= misses <= 35


def test_knowing_the_pattern_is_worth_something_only_if_the_best_run_changes() -> None:
    def runs(first: float, second: float) -> dict[str, Kept]:
        kept = np.zeros((2, 40), kept_type)
        kept["xg"][0], kept["xg"][1] = first, second
        return {"a": kept[0], "b": kept[1]}

    assert not measures.knowing_the_pattern({"one": runs(0.2, 0.1), "other": runs(0.3, 0.1)}).any()
    changed = measures.knowing_the_pattern({"one": runs(0.3, 0.1), "other": runs(0.1, 0.2)})
    assert changed.shape == (20,)
    assert changed.mean() == pytest.approx(5.0)
