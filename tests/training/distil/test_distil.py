"""A distilled rule does what its sentences say, and its tree is grown on what every way was worth."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backpost.agents.base.play import play
from backpost.agents.base.view import View
from backpost.agents.rules.early_back_post import EarlyBackPost
from backpost.envs.common.errors import InvalidValue, UnknownName
from backpost.envs.common.reading import typed
from backpost.envs.crosses import Crosses
from backpost.envs.interface import observation, outcome
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import CROSS
from backpost.renders.explain import stills as explain_stills
from backpost.training.bench.result_file import plain_options
from backpost.training.bench.runs import RUNS, kind_of_run, run_type
from backpost.training.bench.statistics import Interval
from backpost.training.distil import distil, words
from backpost.training.distil.rule import UNSEEN, DistilledRule, Plan, RuleInWords, from_words, in_words, unconditional
from backpost.training.distil.run import Run, RunNumbers, like
from backpost.training.distil.seen import AFTER, BEFORE, QUANTITIES, Look, clause, clauses, see
from backpost.training.distil.tree import Condition, Leaf, Split, grow, grown, leaf_of, leaves
from backpost.training.distil.trials import Trials
from backpost.training.distil.words import brief, followed, met, place, start, unless
from backpost.training.explain.explanation import Explanation

SEEDS = episode_seeds("verify", 4, 0, 120)
HOLD = (
    {"hold_depth": 12.0, "hold_width": 2.0, "start": -0.6, "hips": 0.5},
    {"hold_depth": 10.0, "hold_width": 6.0, "start": 0.0},
)
MEET = (
    {"depth": 5.0, "width": 5.0, "meet": 0.5},
    {"depth": 6.0, "width": -3.0, "meet": 0.0},
    {"depth": 11.0, "width": 0.0, "open_time": 0.7},
)


def rule() -> DistilledRule:
    before = Plan(Split("crosser_depth", 14.0, Leaf(1), Leaf(0)), HOLD)
    after = Plan(Split("lands", 0.0, Leaf(1), Split("way", 7.0, Leaf(2), Leaf(0))), MEET)
    return DistilledRule(RunNumbers(), before, after)


@pytest.fixture(scope="module")
def moments() -> list[dict[str, Any]]:
    """Every decision of the rule in some crosses: what it saw, its leaves, and what it did."""
    agent, crosses, moments = rule(), Crosses("OpenPlay", len(SEEDS)), []
    crosses.deal(SEEDS)
    agent.reset(SEEDS)
    over = np.zeros(len(SEEDS), bool)
    while not over.all():
        seen = crosses.observe()
        actions = agent.act(seen)
        moments.append({"seen": seen, "actions": actions, "leaves": agent.leaves_now(), "over": over})
        _, over = crosses.step(actions)
    return moments


def test_every_leaf_is_reached_exactly_when_its_conditions_hold(moments: list[dict[str, Any]]) -> None:
    spoken = in_words(rule()).leaves
    for plan, moment in enumerate((BEFORE, AFTER)):
        of_moment = [leaf for leaf in spoken if leaf.moment == moment]
        reached = set()
        for row in range(len(SEEDS)):
            looks = [
                k
                for k, moment in enumerate(moments)
                if moment["leaves"][row, plan] != UNSEEN and not moment["over"][row]
            ]
            if not looks:
                continue
            seen = see(Look(moments[looks[0]]["seen"][row : row + 1], np.ones(1)), moment)
            true = [
                k
                for k, leaf in enumerate(of_moment)
                if all((seen[c.quantity][0] >= c.threshold) == c.above for c in leaf.when)
            ]
            settled = {int(moments[k]["leaves"][row, plan]) for k in looks}
            assert true == sorted(settled), "one leaf, the one whose conditions hold, and it stays so"
            reached |= settled
        assert reached == set(range(len(of_moment)))


def test_in_every_leaf_he_runs_as_the_leaf_says(moments: list[dict[str, Any]]) -> None:
    """Each row alone, by the common run with the numbers that the leaves tell, gives the very same actions."""
    spoken = in_words(rule()).leaves
    held, met = ([leaf.then for leaf in spoken if leaf.moment == moment] for moment in (BEFORE, AFTER))
    for row in range(0, len(SEEDS), 5):
        run = Run(RunNumbers())
        run.reset(SEEDS[:1])
        for one_moment in moments:
            if one_moment["over"][row]:
                break
            first, second = one_moment["leaves"][row]
            run.numbers = RunNumbers(**held[first], **(met[second] if second != UNSEEN else {}))
            assert run.act(one_moment["seen"][row : row + 1]).tobytes() == one_moment["actions"][row].tobytes()


def test_sentences_are_made_of_the_conditions_and_the_numbers() -> None:
    for leaf in in_words(rule()).leaves:
        for condition in leaf.when:
            assert condition.clause == clause(condition.quantity, condition.threshold, condition.above)
        then = {**asdict(RunNumbers()), **leaf.then}
        hold = leaf.moment == BEFORE
        where = place(then["hold_depth"], then["hold_width"]) if hold else place(then["depth"], then["width"])
        assert where in leaf.sentence
        assert (start(then["start"]) if hold else f"{then['open_time']:.1f} s before it") in leaf.sentence
        assert not hold or followed(then["hips"]) in leaf.sentence
        assert hold or met(then["meet"]) in leaf.sentence
        assert hold or unless(then["meet"], then["rival_margin"]) in leaf.sentence
    assert typed(json.loads(json.dumps(asdict(in_words(rule())))), RuleInWords, "rule") == in_words(rule())


def test_a_brief_says_once_what_all_leaves_share_and_of_each_case_what_is_its_own() -> None:
    """Leaves that are told alike are one case; the case of most leaves is what he does otherwise."""
    near, deep = [Condition("crosser_depth", 14.0, False)], [Condition("crosser_depth", 14.0, True)]
    close = [*deep, Condition("depth", 12.0, False)]
    far = [*deep, Condition("depth", 12.0, True)]
    spot = {**asdict(RunNumbers()), "hold_depth": 12.0, "hold_width": 0.0, "start": -0.7, "depth": 5.0, "width": 5.0}
    spot |= {"hips": 0.0}
    wide, bent = {**spot, "hold_width": 5.0}, {**spot, "hold_width": 5.4, "depth": 6.0}
    said = brief(BEFORE, [(near, spot), (close, wide), (far, bent)])
    assert said.always == "Start while the crosser's head is up, run to be at the back post."
    assert said.cases == [
        "If the crosser is less than 14 m from the byline: hold at the penalty spot.",
        "Otherwise: hold on the far side of the spot.",
    ]
    follows = {**spot, "hips": 0.9}
    said = brief(BEFORE, [(near, spot), (deep, follows)])
    assert said.always == "Hold at the penalty spot, start while the crosser's head is up, run to be at the back post."
    assert said.cases == [
        "If the crosser is 14 m or more from the byline: shade your run to where the crosser's hips point.",
    ]
    assert brief(BEFORE, [([], spot)]).cases == []
    before, after = in_words(rule()).brief
    assert (before.moment, after.moment) == (BEFORE, AFTER)
    assert ["Otherwise" in case for case in after.cases] == [False] * (len(after.cases) - 1) + [True]
    assert not any(character.isdigit() for character in before.always + after.always)


def test_a_quantity_is_named_once_and_every_condition_that_says_something_is_said() -> None:
    way = [Condition("rises", 6.0, True), Condition("lands", 2.0, False), Condition("rises", 10.0, False)]
    short = "the ball comes down less than 2 m past the middle of the goal"
    assert clauses(way) == ["the ball climbs 1.8 m or more but less than 5.1 m", short]
    assert clauses([Condition("rises", 6.0, True), Condition("rises", 10.0, True)]) == ["the ball climbs 5.1 m or more"]
    for leaf in in_words(rule()).leaves:
        way = [Condition(c.quantity, c.threshold, c.above) for c in leaf.when]
        assert leaf.sentence.startswith(f"If {' and '.join(clauses(way))}: ")


def test_a_rule_in_words_can_be_run_again() -> None:
    again = from_words(in_words(rule()))
    assert in_words(again) == in_words(rule())
    assert play(again, "OpenPlay", SEEDS).tobytes() == play(rule(), "OpenPlay", SEEDS).tobytes()
    with pytest.raises(InvalidValue):
        grown([[("lands", 0.0, False)]])


def test_every_clause_can_be_said() -> None:
    for name, quantity in QUANTITIES.items():
        for above in (False, True):
            assert quantity.threshold_words(4 * quantity.step, above) in clause(name, 4 * quantity.step, above)
        assert clause(name, 4 * quantity.step, True) != clause(name, 4 * quantity.step, False)
    sides = [[clause("width", width, above) for above in (False, True)] for width in (-3.0, 0.0, 7.0)]
    assert sides == [
        [
            "you are 3 m or more short of the middle of the goal",
            "you are less than 3 m short of the middle of the goal",
        ],
        ["you are short of the middle of the goal", "you are past the middle of the goal"],
        ["you are less than 7 m past the middle of the goal", "you are 7 m or more past the middle of the goal"],
    ]
    assert place(12.0, 10.0).startswith("wide of the far post")
    assert place(5.0, 5.0).startswith("at the back post")
    assert place(5.0, -4.0).startswith("at the near post")
    assert place(11.0, 0.0).startswith("at the penalty spot")
    assert place(5.0, 5.0) == "at the back post (5 m out, 1 m beyond the far post)"
    assert place(12.6, 3.2) == "on the far side of the spot (13 m out, level with the far post)"
    assert place(2.0, 1.0) == "before the middle of the goal (2 m out, 1 m from the middle towards the far post)"
    assert start(0.0) == "at the strike"


def test_the_middle_of_the_goal_is_the_same_in_words_and_in_tables() -> None:
    """Between the posts: where a distilled rule leads is where a table of zones and one of runs count it."""
    for y in (-9.0, -3.7, -3.6, -2.2, 0.0, 2.2, 3.6, 3.7, 9.0):
        zone = outcome.zone(np.array([HALF_LENGTH - 4.0]), np.array([y]))
        side = ("near", "central", "far").index(outcome.ZONES[int(zone[0])])
        assert words.zone(4.0, y) == words.GOAL_SIDES[side]
        kept = np.zeros(1, run_type)
        kept["start"], kept["end_x"], kept["end_y"] = 0.0, HALF_LENGTH - 4.0, y
        assert RUNS[kind_of_run(kept)[0]] == ("near post", "middle", "back post")[side]


def test_rows_do_not_depend_on_each_other(moments: list[dict[str, Any]]) -> None:
    whole = play(rule(), "OpenPlay", SEEDS)
    assert play(rule(), "OpenPlay", SEEDS, batch=17).tobytes() == whole.tobytes()


def test_a_tree_finds_the_situations_in_which_another_way_is_better() -> None:
    rng = np.random.default_rng(0)
    seen = {"x": rng.uniform(0, 10, 4000), "y": rng.uniform(0, 10, 4000), "noise": rng.uniform(0, 10, 4000)}
    worth = 0.5 * rng.standard_normal((4000, 3))
    worth[:, 1] += np.where(seen["x"] >= 6.0, 1.0, -1.0)
    worth[:, 2] += np.where((seen["x"] < 6.0) & (seen["y"] < 3.0), 1.0, -1.0)
    tree = grow(seen, worth, dict.fromkeys(seen, 1.0), 8)
    assert {c.quantity for way, _ in leaves(tree) for c in way} == {"x", "y"}
    chosen = np.array([leaf.chosen for _, leaf in leaves(tree)])[leaf_of(tree, seen, 4000)]
    assert np.array_equal(chosen, np.where(seen["x"] >= 6.0, 1, np.where(seen["y"] < 3.0, 2, 0)))
    assert len(list(leaves(grow(seen, worth, dict.fromkeys(seen, 1.0), 2)))) == 2
    with pytest.raises(InvalidValue):
        grow(seen, worth[:, :0], {}, 2)


def test_without_a_difference_there_is_hardly_a_split() -> None:
    rng = np.random.default_rng(1)
    seen = {str(k): rng.uniform(0, 10, 2000) for k in range(4)}
    splits = [len(list(leaves(grow(seen, rng.standard_normal((2000, 1)), dict.fromkeys(seen, 1.0), 8))))]
    assert splits == [1]


def test_ways_from_the_strike_on_are_worth_what_the_whole_cross_is() -> None:
    trials = Trials("OpenPlay", None, SEEDS)

    def make() -> DistilledRule:
        return DistilledRule(RunNumbers(start=-0.3), unconditional({}), unconditional({"open_time": 0.6}))

    struck = trials.struck(make)
    assert (struck.records["phase"] == CROSS).all()
    rows = np.isin(SEEDS, struck.records["seed"])
    assert np.array_equal(trials.from_strike(struck, make), trials.whole(make)[rows])
    assert all(values.shape == (len(struck.records),) for values in struck.seen.values())


def test_a_ball_that_is_let_drop_is_said_to_be_met_later() -> None:
    assert [met(meet) for meet in (0.0, 0.5, 1.0)] == [
        "as soon as you can reach it",
        "on the volley",
        "when it has dropped to your feet",
    ]
    assert unless(1.0, 0.0) == "unless a defender would be there first"
    assert unless(1.0, -1.0) == unless(0.0, 0.0) == ""


def test_a_run_like_a_rule_starts_from_its_numbers() -> None:
    numbers = like(EarlyBackPost())
    for name, value in asdict(EarlyBackPost().numbers).items():
        assert getattr(numbers, name) == value
    same = DistilledRule(numbers, unconditional({}), unconditional({}))
    assert play(same, "OpenPlay", SEEDS)["xg"].tobytes() == play(EarlyBackPost(), "OpenPlay", SEEDS)["xg"].tobytes()


def test_distilling_is_reproducible_and_has_at_most_eight_leaves() -> None:
    budget = distil.Budget(crosses=60, generations=1, pairs=1, neighbours=1, fresh=80, shortlist=3)

    def distilled() -> tuple[RuleInWords, distil.Tried]:
        distilled = distil.distilled_rule(EarlyBackPost, "early-back-post", "OpenPlay", None, budget)
        return in_words(distilled.rule), distilled.tried

    first = distilled()
    assert first == distilled()
    assert 2 <= len(first[0].leaves) <= 8
    with pytest.raises(UnknownName):
        distil.distilled_rule(EarlyBackPost, "nobody", "OpenPlay")


def test_the_share_kept_is_told_with_its_interval_or_not_at_all() -> None:
    rng = np.random.default_rng(2)
    columns = np.zeros((3, 5000), [("xg", "f8")])
    columns["xg"] = 0.05 * rng.standard_normal((1, 5000)) + np.array([[0.03], [0.02], [0.028]])
    columns["xg"] += 0.01 * rng.standard_normal((3, 5000))
    kept = distil.kept_share(*columns)
    assert kept.share is not None
    assert kept.share.low < 0.8 < kept.share.high
    assert distil.kept_share(columns[0], columns[0], columns[2]).share is None


def test_its_crosses_are_drawn_leaf_by_leaf_with_their_sentences(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explain_stills, "SEARCHED", 30)
    spoken, gain = in_words(rule()), Interval(0.0, 0.0, 0.0)
    result = Explanation(
        environment="OpenPlay",
        agent="learned",
        source="learned",
        best_rule="late-bend",
        options=plain_options(None),
        crosses=40,
        first_seed=0,
        label="evaluate",
        level=0.99,
        who={},
        beside={},
        files={},
        format=1,
        rule=distil.ExplainedRule(
            **vars(spoken),
            crosses=40,
            xg={},
            policy_gain=gain,
            gain=gain,
            share=None,
            tried=distil.Tried(40, "train", {}),
        ),
    )
    old = tmp_path / "rule-cross-9999.png"
    old.touch()
    files = explain_stills.stills(result, tmp_path, pictures=3)
    assert not old.exists()
    assert len(files) == 4
    page = Path(files[-1]).read_text()
    assert all(Path(name).name in page and Path(name).stat().st_size > 10_000 for name in files[:-1])
    assert sum(leaf.sentence in page for leaf in spoken.leaves) >= 3
    assert page.count("In fact") == 3


def test_he_goes_where_the_hips_point_as_far_and_as_clearly_as_they_do() -> None:
    seen = np.zeros((3, observation.SIZE), np.float32)
    for name, value in (("hips_x", 6.0), ("hips_y", -4.0)):
        seen[:, observation.index(name)] = value / observation.SCALES[observation.index(name)]
    seen[:, observation.index("hips_shown")] = 0.0, 0.5, 1.0
    look = View(seen, np.ones(3))
    fixed, led = (Run(RunNumbers(depth=5.0, width=5.0, hips=hips)).target(look) for hips in (0.0, 0.6))
    suggested = look.place + np.array([6.0, -4.0])
    np.testing.assert_allclose(led, fixed + np.array([[0.0], [0.3], [0.6]]) * (suggested - fixed), rtol=1e-6)


def test_no_sentence_tells_a_start_that_nobody_could_know_of() -> None:
    """Until he lifts his head there is no sign of the strike, and a rule that would start earlier starts then."""
    assert start(-1.5) == start(-0.9) == "0.9 s before the strike, as the crosser lifts his head"
    assert start(-0.6) == "0.6 s before the strike, while the crosser's head is up"
    assert start(-0.3) == "0.3 s before the strike, as he plants his foot"
    assert start(0.4) == "0.4 s after the strike"
