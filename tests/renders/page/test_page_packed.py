"""Promises of the page: what it shows is chosen fairly, is that of the records, and is small."""

import base64
import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from a_page import PAIR, WORDS, Read, a_break, a_page, its_text, starting
from hypothesis import given, settings
from hypothesis import strategies as st

from backpost.agents.base.play import play, record
from backpost.agents.registry import agent
from backpost.envs.interface.outcome import metrics
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import CROSS, DECISION_TIME, RUNNER
from backpost.renders.figures.figures import framed
from backpost.renders.page import content as page_content
from backpost.renders.page import page
from backpost.renders.page.choice import KINDS, MATTERS, choose, shared_out
from backpost.renders.page.finding import Names
from backpost.renders.page.timing import equals, timing
from backpost.renders.page.tracks import encode_run
from backpost.renders.page.what_if import SHIFTS, moved_runs
from backpost.renders.scene import captions
from backpost.renders.scene.interpolate import ball_path
from backpost.renders.scene.moments import as_history, moments
from backpost.renders.scene.scene import build_scene
from backpost.training.bench.statistics import Interval
from backpost.training.bench.timing import FREE, Curve, StartPoint, TimingCurve


def test_the_crosses_shown_are_the_first_of_each_kind_in_their_true_proportion() -> None:
    seeds = episode_seeds("evaluate", 0, 3, 300)
    first = play(agent(PAIR[0], "OpenPlay"), "OpenPlay", seeds)
    second = play(agent(PAIR[1], "OpenPlay"), "OpenPlay", seeds, given=first.delivery)
    lead = metrics(first)["xg"] - metrics(second)["xg"]
    of = [int((lead >= MATTERS).sum()), int((lead <= -MATTERS).sum())]
    of.append(300 - sum(of))
    crosses = Read(its_text()).data()["crosses"]
    kinds = [KINDS[0] if x >= MATTERS else KINDS[1] if x <= -MATTERS else KINDS[2] for x in lead]
    for kind, count in zip(KINDS, of, strict=True):
        shown = [cross["number"] - 3 for cross in crosses if cross["kind"] == kind]
        assert abs(len(shown) - 8 * count / 300) < 1
        assert shown == [i for i, its in enumerate(kinds) if its == kind][: len(shown)]
    shares = WORDS.shares([100 * count / 300 for count in of])
    said = Read(its_text()).said()
    assert f"better off in {shares[0]} of 100 crosses and worse off in {shares[1]}; in {shares[2]} it makes" in said


def test_both_runs_of_a_cross_get_the_same_ball() -> None:
    for first, second in a_page().runs:
        assert captions.same_ball(first, second) or first[-1].delivery.struck_at > 98


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 5000), min_size=2, max_size=5), st.integers(1, 200))
def test_shares_are_whole_and_never_one_off(counts: list[int], total: int) -> None:
    counts[0] += 1
    shared = shared_out(counts, total)
    assert shared.sum() == total
    assert (np.abs(shared - np.array(counts) * total / sum(counts)) < 1).all()


def test_all_ties_are_shown_as_ties() -> None:
    choice = choose(np.zeros(50), 7)
    assert (choice.kinds == 2).all()
    assert choice.places.tolist() == list(range(7))


def test_places_are_those_of_the_record_to_a_centimetre() -> None:
    for run in [run for pair in a_page().runs for run in pair][:6]:
        run = as_history(run)
        packed = encode_run(run, WORDS)
        count, who = packed["count"], packed["who"]
        opening = np.frombuffer(base64.b64decode(packed["opening"]), "<i2").astype(int)
        steps = np.frombuffer(base64.b64decode(packed["steps"]), "<i1").reshape(count - 1, -1).astype(int)
        places = np.vstack([opening, opening + np.cumsum(steps, axis=0)]).reshape(count, len(who), 2) / 100
        first = round((packed["first"] + moments(run).expected) / 0.1)
        kept = as_history(run[first : first + count])
        since = kept.time - moments(run).expected
        assert np.allclose(since[:-1], packed["first"] + 0.1 * np.arange(count - 1), atol=2e-3)
        assert since[-1] == pytest.approx(packed["last"], abs=2e-3)
        assert np.abs(places[..., 0] + kept.players.y[:, who]).max() < 0.0101
        assert np.abs(places[..., 1] - HALF_LENGTH + kept.players.x[:, who]).max() < 0.0101
        begins = np.frombuffer(base64.b64decode(packed["ball_opening"]), "<i2").astype(int)
        flies = np.frombuffer(base64.b64decode(packed["ball"]), "<i1").reshape(-1, 3).astype(int)
        ball = np.vstack([begins, begins + np.cumsum(flies, axis=0)]) / 100
        way = ball_path(run, float(kept.time[0]), float(kept.time[-1]))
        assert np.abs(ball - np.stack([-way[:, 1], HALF_LENGTH - way[:, 0], way[:, 2]], -1)).max() < 0.0051


def test_sight_is_that_of_the_scene() -> None:
    run = as_history(a_page().runs[0][0])
    packed = encode_run(run, WORDS)
    looks = np.frombuffer(base64.b64decode(packed["sight"]), "<u1").reshape(packed["count"], -1, 3)
    first = round((packed["first"] + moments(run).expected) / 0.1)
    for k in range(0, packed["count"], 7):
        cones = build_scene(as_history(run[: first + k + 1])).cones
        seen = [look for look in looks[k].tolist() if look[0] != 255]
        assert [bool(look[2] & 2) for look in seen] == [cone.sees for cone in cones]
        for look, cone in zip(seen, cones, strict=True):
            turn = look[1] / 128 * np.pi
            assert np.cos(turn) * -np.sin(cone.direction) + np.sin(turn) * -np.cos(cone.direction) > 0.999


def apart(mine: Any, at: Any, theirs: Any, then: Any) -> Any:
    """Metres between the runner of one record at some decisions and that of another at others."""
    first, second = mine.players[at, RUNNER], theirs.players[then, RUNNER]
    return np.hypot(first.x - second.x, first.y - second.y)


def test_runs_that_are_moved_are_the_same_path_earlier_or_later() -> None:
    name, moved_path, own_path = "late-bend", [], []  # his run is a long one
    seeds = episode_seeds("evaluate", 0, 0, 8)
    both = [(record(agent(name, "OpenPlay"), "OpenPlay", seed), moved_runs(name, "OpenPlay", seed)) for seed in seeds]
    ran = [(own, moved) for own, moved in both if moved.runs]
    assert ran
    for own, moved in ran:
        begins = moments(as_history(own)).start
        assert begins == moved.start
        running = np.flatnonzero((own.phase <= CROSS) & (own.time >= begins))
        for shift, run in moved.runs.items():
            assert captions.same_ball(own, run)
            later = round(shift / DECISION_TIME)
            then = [n for n in running if 0 <= n + later < len(run) and n < len(run)]
            if not then:
                continue
            moved_path.append(np.median(apart(own, then, run, np.add(then, later))))
            own_path.append(np.median(apart(own, then, run, then)))
    assert np.median(moved_path) < 0.6 * np.median(own_path), "he is where he was so much earlier or later"


def test_every_run_is_said_to_be_worth_what_it_was() -> None:
    for cross, pair in zip(Read(its_text()).data()["crosses"], a_page().runs, strict=True):
        for run, its in zip(pair, cross["runs"], strict=True):
            assert its["worth"] == pytest.approx(100 * run[-1].xg, abs=0.05)


def test_no_start_is_offered_that_would_lie_before_the_attack_begins() -> None:
    left_out = 0
    for played in (a_page(), a_break()):
        crosses = Read(page.build_page(played)).data()["crosses"]
        for (own, _), moved, cross in zip(played.runs, played.moved, crosses, strict=True):
            named = moments(as_history(own))
            assert bool(moved.runs) == (named.start is not None), "the slider has what the fact beside it has"
            assert bool(cross["why_not"]) == (len(moved.runs) < len(SHIFTS))
            if named.start is None:
                continue
            left_out += len(SHIFTS) - len(moved.runs)
            for run in cross["moved"]:
                start = named.start + run["shift"]
                assert start > -1.5 * DECISION_TIME
                since = "already running" if start < 0.05 else WORDS.since_strike(start - named.expected)
                assert {name: value for _, name, value in run["facts"]}["Starts"] == since
    assert left_out, "nobody was on his way from the first moment"


def test_a_map_shows_nearly_all_places_and_says_how_many() -> None:
    rng = np.random.default_rng(3)
    far = np.stack([HALF_LENGTH - rng.uniform(26, 51, 400), rng.uniform(-20, 30, 400)], -1)
    assert framed(far).holds(far).mean() >= 0.95
    assert framed(far[:0]).deep == framed(np.array([[HALF_LENGTH - 9, 4.0]])).deep == 24.0
    drawn = page_content.maps(a_break(), page_content.called(a_break().runners, WORDS), WORDS)
    for row, places in zip(drawn["rows"], ("places", "meetings"), strict=True):
        of = [getattr(starts, places) for starts in a_break().starts]
        shares = [WORDS.number(100 * framed(np.concatenate(of)).holds(its).mean(), 0) for its in of]
        assert f"{shares[0]} and {shares[1]} of 100 such places lie inside" in row["note"]
        assert min(float(share) for share in shares) >= 90


def timing_points(losses: Sequence[tuple[float, float, float]]) -> tuple[StartPoint, ...]:
    """Starts with their xG, and the lower end of what they lose."""
    return tuple(
        StartPoint(
            start=start,
            xg=Interval(mean, mean - 0.1, mean + 0.1),
            own_xg=Interval(mean, mean - 0.1, mean + 0.1),
            meets=0.5,
            offside=0.0,
            below_best=Interval(low + 0.5, low, low + 1.0),
        )
        for start, mean, low in losses
    )


def timing_curve(losses: Sequence[tuple[float, float, float]]) -> TimingCurve:
    """The curve of such starts."""
    curve = Curve(True, True, FREE, timing_points(losses))
    return TimingCurve("OpenPlay", 9, 0, "evaluate", "", tuple(start for start, _, _ in losses), (curve,))


def test_the_timing_curve_marks_only_what_lies_on_it() -> None:
    names = Names(("One", "Other"), ("one", "other"))
    curve = a_page().timing
    outside, inside = timing(curve, (starting(-2.9), starting(0.25)), names, WORDS), starting(-0.5, 0.0, 0.5)
    assert outside is not None
    assert outside["marked"] == [("rule", "Other")]
    assert str(outside["figure"]).count('class="mark') == 1
    for pair in ((starting(-2.9), starting(2.9)), (starting(0.1, at_once=5), starting())):
        shown = timing(curve, pair, names, WORDS)
        assert shown is not None
        assert 'class="mark' not in shown["figure"]
    both = timing(curve, (inside, inside), names, WORDS)
    assert both is not None
    assert len(both["marked"]) == 2
    losses = ((-1.5, 1.5, -1.0), (-1.25, 1.0, 0.5), (-1.0, 2.0, 0.0), (-0.75, 1.9, -1.0), (-0.5, 0.1, 1.0))
    points = equals(timing_points(losses), 2)
    assert [point.start for point in points] == [-1.0, -0.75]
    shown = timing(timing_curve(losses), (inside, inside), names, WORDS)
    assert shown is not None
    assert "best start" not in shown["told"]
    assert "Any start between 1.00 and 0.75 s before the cross is struck is about as good as another" in shown["told"]
    alone = tuple((start, mean, 0.1) for start, mean, _ in losses)
    shown = timing(timing_curve(alone), (inside, inside), names, WORDS)
    assert shown is not None
    assert "The best start is 1.00 s before the cross is struck. The starts next to it are worse" in shown["told"]


def test_forty_crosses_make_less_than_two_megabytes() -> None:
    played = a_page()
    choice = dataclasses.replace(
        played.choice, places=np.tile(played.choice.places, 5), kinds=np.tile(played.choice.kinds, 5)
    )
    ran = [moved for moved in played.moved if moved.runs]
    assert ran, "nobody runs in these crosses"
    moved = tuple(ran[i % len(ran)] for i in range(40))
    text = page.build_page(dataclasses.replace(played, runs=played.runs * 5, moved=moved, choice=choice))
    assert len(Read(text).data()["crosses"]) == 40
    assert len(text.encode()) < 2_000_000


def test_the_same_crosses_make_the_same_bytes(tmp_path: Path) -> None:
    page.write_page(tmp_path / "page.html", a_page())
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == its_text()
