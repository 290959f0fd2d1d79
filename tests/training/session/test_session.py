"""Promises of the session plan: every number is the simulator's, the drawing is where the data say, text is text."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from a_plan import CROSSES, FIRST, its_examples, its_text, the_plan

from backpost.agents.base.play import play
from backpost.envs.common.errors import InvalidValue
from backpost.envs.interface.outcome import metrics
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.renders.page.timing import equals
from backpost.renders.plan import plan as page
from backpost.renders.plan.content import block, headline, not_drawn, of_blocks, points, put, servers, watch
from backpost.renders.plan.diagram import drawn_others
from backpost.renders.plan.played import play_examples
from backpost.renders.plan.words import SessionWords
from backpost.renders.scene.moments import as_history, moments
from backpost.training.bench.result_file import read_result, write_result
from backpost.training.bench.statistics import Interval
from backpost.training.session.content import DrillPlan, PlaceSpread, SessionPlan, Spread, StartPoint
from backpost.training.session.run import Place, timed_run
from backpost.training.session.session import (
    DRILLS,
    START_CONES,
    STARTS,
    TARGET_CONES,
    drill_of,
    example,
    session,
    table,
    worse_start,
)

WORDS = SessionWords()
HOSTILE = '</script><img src=x onerror=alert(1)>"&\u2028'


def start_point(start: float, low: float, xg: float = 3.0) -> StartPoint:
    """A start that loses at least so much against the best one."""
    below_best = Interval(low + 0.5, low, low + 1.0)
    return StartPoint(50.0, 20.0, 3.0, 0.0, Interval(xg, xg - 1.0, xg + 1.0), start=start, below_best=below_best)


def _played(drill_plan: DrillPlan, start: float) -> np.recarray:
    """The crosses of a drill once more, one server after the other."""
    drill, cones = drill_of(drill_plan)
    seeds = episode_seeds("evaluate", 0, FIRST, CROSSES)
    turns = max(len(drill.servers), 1)
    parts = [play(timed_run(cones, start), drill.env, seeds[k::turns], drill.options(k)) for k in range(turns)]
    return np.concatenate(parts).view(np.recarray)


@pytest.mark.parametrize("k", range(len(DRILLS)))
def test_what_is_said_of_the_best_start_is_what_is_played(k: int) -> None:
    drill_plan = the_plan().drills[k]
    point = drill_plan.best_point
    final = _played(drill_plan, point.start)
    table = metrics(final)
    for name in ("meets", "shoots", "goal"):
        assert getattr(point, name) == pytest.approx(100 * table[name].mean())
    assert point.xg.mean == pytest.approx(100 * table["xg"].mean())
    steps = np.rint((final.delivery.struck_at + point.start) / 0.1).astype(int)
    there = final.track[np.arange(CROSSES), steps]
    assert drill_plan.cones.start.depth == pytest.approx(np.median(HALF_LENGTH - there[:, 0]))
    assert drill_plan.cones.start.across == pytest.approx(np.median(-there[:, 1]))
    assert sum(server.crosses for server in drill_plan.servers) <= CROSSES
    for name in ("meets", "shoots", "goal"):
        counted = sum(getattr(server, name) * server.crosses for server in drill_plan.servers) / CROSSES
        assert counted <= getattr(point, name) + 1e-9


def test_the_best_start_is_chosen_on_other_crosses_than_it_is_reported_on() -> None:
    plan = the_plan()
    assert (plan.chosen.label, plan.label) == ("select", "evaluate")
    for drill_plan in plan.drills:
        drill, cones = drill_of(drill_plan)
        seeds = episode_seeds("select", 0, FIRST, plan.chosen.crosses)
        turns = max(len(drill.servers), 1)
        worth = [
            sum(play(timed_run(cones, at), drill.env, seeds[k::turns], drill.options(k)).xg.sum() for k in range(turns))
            for at in plan.starts
        ]
        assert drill_plan.best == int(np.argmax(worth))


def test_cones_are_places_that_were_tried_and_the_best_of_them() -> None:
    for drill_plan in the_plan().drills:
        tried = drill_plan.cones.tried
        assert [len(tried.start), len(tried.target)] == [len(START_CONES), len(TARGET_CONES)]
        for chosen, places in ((tried.waits, tried.start), (drill_plan.cones.target, tried.target)):
            best = max(places, key=lambda place: place.xg)
            assert Place(best.depth, best.across) == chosen


def test_a_later_start_waits_longer_and_never_goes_for_the_ball_before_it() -> None:
    drill_plan = the_plan().drills[0]
    drill, cones = drill_of(drill_plan)
    seeds = episode_seeds("verify", 0, 0, 30)
    final = play(timed_run(cones, 0.9), drill.env, seeds, drill.options(0))
    late = metrics(final)
    early = metrics(play(timed_run(cones, -0.9), drill.env, seeds, drill.options(0)))
    assert late["meets"].sum() < early["meets"].sum()
    there = final.track[np.arange(30), np.rint((final.delivery.struck_at + 0.8) / 0.1).astype(int)]
    away = np.hypot(HALF_LENGTH - there[:, 0] - cones.start.depth, -there[:, 1] - cones.start.across)
    assert np.median(away) < 1.0


def test_the_other_start_of_an_example_is_the_nearest_that_is_worse_beyond_doubt() -> None:
    def at(*lows: float) -> list[StartPoint]:
        return [start_point(0.0, low) for low in lows]

    assert worse_start(at(-1, -1, 0, 1, 1), 2) == 3
    assert worse_start(at(1, 1, 0, -1, 1), 2) == 1
    assert worse_start(at(-1, 1, 0, 1, 1), 2) == 3
    assert worse_start(at(-1, -0.2, 0, -0.4, -0.9), 2) == 1
    assert [point.below_best.low for point in equals(at(-1, 1, 0, -1, 1), 2)] == [0, -1]


def test_an_example_shows_runs_that_start_when_they_are_sent() -> None:
    pair = [np.zeros(4, dtype=[("xg", float), ("shoots", int), ("start", float)]) for _ in range(2)]
    pair[0]["xg"], pair[0]["shoots"] = [0.5, 0.5, 0.5, 0.1], [0, 1, 1, 1]
    pair[0]["start"], pair[1]["start"] = -0.5, [0.4, 2.0, 0.3, 0.3]
    assert example((pair[0], pair[1]), (-0.6, 0.3)) == 2
    pair[1]["start"] = 2.0
    assert example((pair[0], pair[1]), (-0.6, 0.3)) == 1


def test_the_examples_are_one_ball_with_every_start() -> None:
    for drill_plan, shown in zip(the_plan().drills, its_examples(), strict=True):
        best = drill_plan.best_point.start
        assert sorted(shown.moved) == sorted(round(start - best, 3) for start in STARTS if start != best)
        balls = [as_history(run)[-1].delivery for run in (*shown.runs, *shown.moved.values())]
        for name in ("kind", "aim_x", "aim_y", "vx", "vy", "vz"):
            assert len({float(ball[name]) for ball in balls}) == 1
        worse = drill_plan.worse_point.start
        assert shown.runs[1] is shown.moved[round(worse - best, 3)]


def test_the_drawing_stands_where_the_data_say() -> None:
    text = its_text()
    cones = re.findall(r'data-cone="(\w)" data-across="([-.\d]+)" data-depth="([-.\d]+)"', text)
    wanted = []
    for drill_plan in the_plan().drills:
        for name, place in (("A", drill_plan.cones.start), ("B", drill_plan.cones.target)):
            wanted.append((name, f"{place.across:.2f}", f"{place.depth:.2f}"))
        for server in drill_plan.servers:
            assert server.place is not None
            struck = server.place.middle
            assert f'<circle cx="{struck.across:.2f}" cy="{struck.depth:.2f}"' in text
        met = drill_plan.watch.met
        if met:
            assert f'class="meeting" x="{met.across.low:.2f}" y="{met.depth.low:.2f}"' in text
    assert cones == wanted


def test_every_number_on_the_page_is_in_the_data() -> None:
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", its_text().partition("</style>")[2]))
    for drill_plan in the_plan().drills:
        best = drill_plan.best_point
        counts = [WORDS.per_hundred(count) for count in (best.meets, best.shoots, best.goal)]
        assert f"he gets to the ball in {counts[0]} of 100 crosses, shoots in {counts[1]}" in said
        for row, point in zip(points(drill_plan, WORDS), drill_plan.points, strict=True):
            assert [row[name] for name in ("meets", "shoots", "goal")] == [
                WORDS.per_hundred(getattr(point, name)) for name in ("meets", "shoots", "goal")
            ]
        rows = put(drill_plan, WORDS)
        for row, cone in zip(rows, (drill_plan.cones.start, drill_plan.cones.target), strict=False):
            assert f"{cone.depth:.0f}" in row["depth"]
            assert " ".join(row.values()).strip() in said
        assert len(servers(drill_plan, WORDS)) == len(drill_plan.servers)
        if drill_plan.watch.arrival:
            assert f"{drill_plan.watch.arrival.middle:.1f} s after the strike" in watch(drill_plan, WORDS)[1]
        last = FIRST + CROSSES - 1
        assert f"Measured: {CROSSES} crosses at each of 7 starts, numbers {FIRST} to {last}" in said


def test_facts_of_the_player_are_those_of_the_runs() -> None:
    data = json.loads(its_text().partition('id="data">')[2].partition("</script>")[0])
    assert len(data["crosses"]) == len(DRILLS)
    for shown, drawn in zip(its_examples(), data["crosses"], strict=True):
        assert len(drawn["moved"]) == len(STARTS) - 1
        for run, of in zip(shown.runs, drawn["runs"], strict=True):
            assert of["worth"] == pytest.approx(100 * float(moments(as_history(run)).row["xg"]), abs=0.051)


def test_a_habit_is_one_that_all_drills_show() -> None:
    """A drill in which no start is worse than another beyond doubt has none to show."""

    def drill(starts: tuple[float, ...], losses: tuple[float, ...]) -> DrillPlan:
        tried = tuple(start_point(s, low) for s, low in zip(starts, losses, strict=True))
        return replace(the_plan().drills[0], points=tried, best=0)

    early, open_one = drill((-1.0, 0.5), (0.0, 0.3)), drill((-1.0, 0.5), (0.0, -0.1))
    habit = WORDS("session.headline.before")
    assert headline(replace(the_plan(), drills=(early,) * 3), WORDS) == habit
    assert (
        headline(replace(the_plan(), drills=(early, early, open_one)), WORDS)
        == WORDS("session.headline.mixed")
        != habit
    )


def test_hostile_text_stays_text_and_nothing_is_asked_for() -> None:
    plan = replace(the_plan(), version=HOSTILE, label=HOSTILE)
    text = page.build_session(plan, its_examples())
    assert "<img" not in text
    assert text.count("</script>") == 2
    assert "default-src &#39;none&#39;" in text
    for address in ("http://", "https://", "//cdn", "@import", "src="):
        assert address not in its_text().replace("http://www.w3.org/2000/svg", ""), address
    assert len(text) < 2_000_000


def test_a_plan_that_was_written_and_read_makes_the_same_page(tmp_path: Path) -> None:
    write_result(tmp_path / "plan.json", the_plan())
    plan = read_result(tmp_path / "plan.json", SessionPlan)
    assert plan == the_plan()
    assert page.build_session(plan, play_examples(plan)) == its_text()


def test_too_few_crosses_are_refused_and_the_table_names_the_best_start() -> None:
    with pytest.raises(InvalidValue, match="20 crosses or more"):
        session(5)
    assert table(the_plan()).count("best") == len(DRILLS)


def test_defenders_who_are_not_drawn_are_spoken_of() -> None:
    sentences = [not_drawn(drill, WORDS) for drill in the_plan().drills]
    drawn = [any(other.who == "defence" for other in drawn_others(drill)) for drill in the_plan().drills]
    assert sentences[0] == "", "the first drill has no defender"
    assert drawn[1] or sentences[1] == "The defender is not drawn: he stands beside the runner, at A."
    assert not drawn[2]
    assert sentences[2] == "The defenders are not drawn: they stand elsewhere each time."


def test_what_a_block_of_balls_can_tell_is_counted_over_all_that_may_happen() -> None:
    p, q, balls = 0.7, 0.4, 3
    shares = np.zeros(3)
    for happens in np.ndindex(*(2,) * (2 * balls)):
        mine, theirs = sum(happens[:balls]), sum(happens[balls:])
        often = p**mine * (1 - p) ** (balls - mine) * q**theirs * (1 - q) ** (balls - theirs)
        shares[int(np.sign(theirs - mine)) + 1] += often
    assert of_blocks(p, q, balls) == pytest.approx(tuple(shares))
    assert of_blocks(1.0, 0.0) == (1.0, 0.0, 0.0)


def test_a_coach_is_told_how_little_a_block_tells_only_where_a_start_is_better_beyond_doubt() -> None:
    best, struck = start_point(-0.3, -1.0, xg=64.0), start_point(0.0, 1.0, xg=57.0)
    places = [PlaceSpread(Spread(*[depth] * 3), Spread(*[20.0] * 3)) for depth in (5.0, 12.0, 23.0)]
    served = the_plan().drills[0].servers[0]
    drill = replace(
        the_plan().drills[0],
        servers=tuple(replace(served, place=place) for place in places),
        points=(best, struck),
        best=0,
    )
    more, same, fewer = WORDS.shares([100 * share for share in of_blocks(0.64, 0.57)])
    judged = f"the best start scores more in {more}, as many in {same} and fewer in {fewer}."
    assert block(drill, WORDS).endswith(judged)
    assert block(drill, WORDS).startswith("A block of 12 balls to a runner, then the next runner: 4 from each server.")
    unsure = replace(drill, points=(best, start_point(0.0, -1.0, xg=57.0)))
    assert "Do not judge" not in block(unsure, WORDS)
