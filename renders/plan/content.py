"""The content of each part of a session plan, from the measurements: numbers and words, before any HTML."""

from collections.abc import Sequence
from math import comb
from typing import Any

import numpy as np
from markupsafe import Markup

from backpost.envs.interface.outcome import ZONES
from backpost.renders.page.content import moment_stills
from backpost.renders.page.figures import timing_figure
from backpost.renders.page.timing import equals
from backpost.renders.page.tracks import encode_run, result
from backpost.renders.page.what_if import AFTER
from backpost.renders.scene.moments import as_history, moments
from backpost.training.session.content import Counts, DrillPlan, Server, SessionPlan, StartPoint
from backpost.training.session.run import Place

from .diagram import diagram, drawn_others
from .played import Example
from .words import SessionWords

BLOCK = 12
"""Balls that a runner gets in a row: each server serves four."""
MORE = 1.0
"""Per 100 crosses: a start must lose more balls than this to be described as getting to fewer."""
LEAST = 0.05
"""Per 100 crosses: rarer events are not mentioned."""


def headline(plan: SessionPlan, words: SessionWords) -> str:
    """The plan in one sentence."""
    clear = [drill for drill in plan.drills if decided(drill)]
    starts = [drill.best_point.start for drill in clear]
    held = [point.start for drill in clear for point in equals(drill.points, drill.best)]
    kind = "mixed"
    if len(clear) < len(plan.drills):
        pass  # a habit must show in all drills
    elif max(held) < 0:
        kind = "before"
    elif min(starts) >= 0 and min(held) >= 0:
        kind = "after"
    return words(f"session.headline.{kind}")


def sublines(plan: SessionPlan, words: SessionWords) -> list[str]:
    """The best starts of all drills, and whether the advice to hold stands up."""
    each = [
        words("session.each", when=words.since_strike(drill.best_point.start), n=n)
        if decided(drill)
        else words("session.none", n=n)
        for n, drill in enumerate(plan.drills, 1)
    ]
    held = [point for drill in plan.drills for point in drill.points if point.start == 0]
    loses = sum(point.below_best.low > 0 for point in held)
    kind = "guide_all" if loses == len(held) else "guide" if loses else "guide_holds"
    guide = words(f"session.{kind}", n=loses)
    return [words("session.best_starts", all=words("session.join").join(each)), guide]


def drill_content(n: int, drill: DrillPlan, plan: SessionPlan, example: Example, words: SessionWords) -> dict[str, Any]:
    """Everything that the page shows for a drill."""
    name = drill.name
    titles = [words("session.example.first"), words("session.example.second")]
    return {
        "n": n,
        "name": name,
        "title": words(f"session.drills.{name}.title"),
        "purpose": words(f"session.drills.{name}.purpose"),
        "people": words(f"session.drills.{name}.people", mates=sum(other.who == "attack" for other in drill.others)),
        "plan": diagram(drill, plan_label(n, drill, words), words),
        "has": {other.who for other in drawn_others(drill)},
        "not_drawn": not_drawn(drill, words),
        "put": put(drill, words),
        "tried": tried(drill, plan, words),
        "start": start(drill, words),
        "servers": servers(drill, words),
        "serve": words(f"session.serve.{name}"),
        "block": block(drill, words),
        "watch": watch(drill, words),
        "timing": timing(drill, words),
        "points": points(drill, words),
        "example": example_words(drill, words),
        "stills": moment_stills(example.runs, titles, words),
        "measured": words(
            "session.measured",
            n=words.number(drill.crosses, 0),
            k=len(drill.points),
            first=words.number(plan.first_seed, 0),
            last=words.number(plan.first_seed + drill.crosses - 1, 0),
            label=plan.label,
            env=drill.environment,
            version=plan.version,
        ),
    }


def plan_label(n: int, drill: DrillPlan, words: SessionWords) -> str:
    """A description of the drawing in words."""
    a, b = (words.place(cone.depth, cone.across) for cone in (drill.cones.start, drill.cones.target))
    return words("session.plan", n=n, a=a, b=b)


def not_drawn(drill: DrillPlan, words: SessionWords) -> str:
    """Why the drawing shows no defenders although the drill has some; else an empty string."""
    defenders = [other for other in drill.others if other.who == "defence"]
    if not defenders or any(other.who == "defence" for other in drawn_others(drill)):
        return ""
    return words(f"session.not_drawn.{'one' if len(defenders) == 1 else 'many'}")


def put(drill: DrillPlan, words: SessionWords) -> list[dict[str, str]]:
    """The set-up with distances in metres: cones, servers, goalkeeper, a single defender."""
    rows = [
        _row("A", words("session.put.a"), drill.cones.start, words),
        _row("B", words("session.put.b"), drill.cones.target, words),
    ]
    for k, (server, place) in enumerate(_places(drill), 1):
        name = words(f"session.servers.{server.name}")
        what = words("session.put.server", name=name) if _takes_turns(drill) else words("session.put.corner")
        mark = words("session.mark.server", n=k)
        rows.append(_row(mark, what, place, words))
    defenders = [other for other in drill.others if other.who == "defence"]
    for other in drill.others:
        if other.place and (other.who == "keeper" or (other.who == "defence" and len(defenders) == 1)):
            what = words("session.put.keeper" if other.who == "keeper" else "session.put.defender")
            rows.append(_row("", what, other.place.middle, words))
    return rows


def tried(drill: DrillPlan, plan: SessionPlan, words: SessionWords) -> str:
    """How the positions of the cones were found."""
    cones = drill.cones.tried
    return words(
        "session.put.tried",
        a=len(cones.start),
        b=len(cones.target),
        n=words.number(plan.chosen.crosses, 0),
        waits=words.place(cones.waits.depth, cones.waits.across),
    )


def start(drill: DrillPlan, words: SessionWords) -> dict[str, Any]:
    """When the run starts: the moment, its visual cue, the cost of other moments."""
    tried, best = drill.points, drill.best_point
    cue, when = words.cue(best.start), words.since_strike(best.start)
    equal = [point.start for point in equals(tried, drill.best)]
    if not decided(drill):
        return {"cue": words("session.start.any"), "when": "", "notes": [words("session.start.any_note")], "costs": []}
    notes = []
    if len(equal) > 1:
        notes.append(words("session.start.equal", span=words.span(equal[0], equal[-1])))
    if drill.best in (0, len(tried) - 1):
        notes.append(words(f"session.start.{'latest' if drill.best else 'earliest'}"))
    others = [i for i in (0, _at_strike(tried), len(tried) - 1) if i != drill.best]
    return {
        "cue": cue[0].upper() + cue[1:],
        "when": "" if best.start == 0 else when,
        "notes": notes,
        "costs": [_cost(tried[i], best, words) for i in others],
    }


def decided(drill: DrillPlan) -> bool:
    """Whether any start, adjacent or not, is significantly worse than the best one."""
    return len(equals(drill.points, drill.best)) < len(drill.points)


def servers(drill: DrillPlan, words: SessionWords) -> list[dict[str, str]]:
    """Each server's delivery and its results, one row per server or target."""
    rows = []
    for k, server in enumerate(drill.servers, 1):
        balls = [words(f"session.serve.kind.{kind}", n=words.per_hundred(n)) for kind, n in server.balls.items() if n]
        met = None if server.met is None else server.met.middle
        name = words(f"session.servers.{server.name}")
        rows.append(
            {
                "name": f"{words('session.mark.server', n=k)}, {name}" if _takes_turns(drill) else name,
                "balls": ", ".join(balls),
                "met": words.place(met.depth, met.across) if met else words("session.serve.never"),
                **_counts(server, words),
            }
        )
    return rows


def block(drill: DrillPlan, words: SessionWords) -> str:
    """Balls per runner, and how little so few tell: over two blocks the better start may well score less."""
    kind = "block" if _takes_turns(drill) else "block_aimed"
    size = words(f"session.serve.{kind}", n=BLOCK, each=BLOCK // len(drill.servers))
    struck = drill.points[_at_strike(drill.points)]
    if not decided(drill) or struck.below_best.low <= 0:
        return size
    goals = drill.best_point.xg.mean / 100, struck.xg.mean / 100
    more, same, fewer = words.shares([100 * share for share in of_blocks(*goals)])
    return f"{size} {words('session.serve.judge', more=more, same=same, fewer=fewer)}"


def of_blocks(first: float, second: float, balls: int = BLOCK) -> tuple[float, float, float]:
    """How often one start scores more than another in `balls` balls, as many, and fewer, given their goals per ball."""
    counts = [[comb(balls, k) * p**k * (1.0 - p) ** (balls - k) for k in range(balls + 1)] for p in (first, second)]
    more = sum(p * sum(counts[1][:k]) for k, p in enumerate(counts[0]))
    same = sum(p * q for p, q in zip(*counts, strict=True))
    return more, same, 1.0 - more - same


def watch(drill: DrillPlan, words: SessionWords) -> list[str]:
    """What to watch for, in sentences."""
    seen, best = drill.watch, drill.best_point
    when = words.since_strike(best.start)
    phrases = [words(f"session.watch.counts{'' if decided(drill) else '_any'}", when=when, **_counts(best, words))]
    if seen.met and seen.arrival:
        low, middle, high = map(words.number, (seen.arrival.low, seen.arrival.middle, seen.arrival.high))
        place = words.place(seen.met.middle.depth, seen.met.middle.across)
        phrases.append(words("session.watch.when", s=middle, low=low, high=high, place=place))
        kinds = [
            words("session.watch.touches", n=words.per_hundred(share), name=words(f"session.techniques.{kind}"))
            for kind, share in sorted(seen.techniques.items(), key=lambda pair: -pair[1])
        ]
        phrases.append(words("session.watch.touch", all=", ".join(kinds)))
    if seen.length and seen.speed:
        length, speed = words.number(seen.length.middle), words.number(seen.speed.middle)
        phrases.append(words("session.watch.run", length=length, speed=speed))
    if seen.gap and seen.gap_at_strike:
        gap, strike = words.number(seen.gap.middle), words.number(seen.gap_at_strike.middle)
        phrases.append(words("session.watch.gap", gap=gap, strike=strike))
    if seen.unseen is not None and seen.gap:
        phrases.append(words("session.watch.unseen", n=words.number(seen.unseen, 0)))
    if seen.unmet:
        zones = {zone: words.per_hundred(seen.unmet.get(zone, 0.0)) for zone in ZONES}
        phrases.append(words("session.watch.missed", **zones))
    if best.offside >= LEAST:
        phrases.append(words("session.watch.offside", n=words.per_hundred(best.offside)))
    return phrases


def timing(drill: DrillPlan, words: SessionWords) -> Markup:
    """The timing curve over all starts, with the best one and the example's marked."""
    marked = [drill.best_point.start, drill.worse_point.start]
    return timing_figure(drill.points, marked, words("session.timing.label"), words)


def points(drill: DrillPlan, words: SessionWords) -> list[dict[str, str]]:
    """The table of all starts."""
    notes = {drill.worse: words("session.timing.worse")}
    if decided(drill):
        notes[drill.best] = words("session.timing.best")
    return [
        {
            "start": words.since_strike(point.start),
            "note": notes.get(i, ""),
            **_counts(point, words),
        }
        for i, point in enumerate(drill.points)
    ]


def example_words(drill: DrillPlan, words: SessionWords) -> dict[str, str]:
    """What the example shows, and how often that happens."""
    best, worse = words.since_strike(drill.best_point.start), words.since_strike(drill.worse_point.start)
    any_start = "" if decided(drill) else "_any"
    same = {name: words.per_hundred(share) for name, share in vars(drill.example.same_ball).items()}
    return {
        "note": words(f"session.example.note{any_start}", best=best, worse=worse),
        "chosen": words(f"session.example.chosen{any_start}", **same),
    }


def crosses(plan: SessionPlan, examples: Sequence[Example], words: SessionWords) -> list[dict[str, Any]]:
    """The examples in the player's format."""
    return [
        {
            "number": drill.example.number,
            "kind": "tie",
            "title": words("session.example.title", n=n, name=words(f"session.drills.{drill.name}.title")),
            "told": [_result(run, words) for run in example.runs],
            "runs": [encode_run(run, words) for run in example.runs],
            "moved": [
                {"shift": shift, **encode_run(run, words, AFTER), "told": _result(run, words)}
                for shift, run in example.moved.items()
            ],
            "why_not": "",
        }
        for n, (drill, example) in enumerate(zip(plan.drills, examples, strict=True), 1)
    ]


def _result(run: np.recarray, words: SessionWords) -> str:
    return result(moments(as_history(run)), words)


def _counts(crosses: Counts, words: SessionWords) -> dict[str, str]:
    counts = {"meets": crosses.meets, "shoots": crosses.shoots, "goal": crosses.goal}
    return {name: words.per_hundred(count) for name, count in counts.items()}


def _cost(point: StartPoint, best: StartPoint, words: SessionWords) -> str:
    when = words.since_strike(point.start)
    meets = {"meets": words.per_hundred(point.meets), "best": words.per_hundred(best.meets)}
    when = when[0].upper() + when[1:]
    if point.below_best.low <= 0:
        return words("session.start.no_cost", when=when, **meets)
    kind = "cost_chances" if point.meets > best.meets - MORE else "cost"
    return words(f"session.start.{kind}", when=when, lost=words.number(point.below_best.mean), **meets)


def _row(mark: str, what: str, place: Place, words: SessionWords) -> dict[str, str]:
    digits = 0 if place.depth >= 2.5 else 1
    metres = words("session.metres", m=words.number(place.depth, digits))
    return {"mark": mark, "what": what, "depth": metres, "across": words.beside(place.across)}


def _takes_turns(drill: DrillPlan) -> bool:
    return len(_places(drill)) > 1


def _places(drill: DrillPlan) -> list[tuple[Server, Place]]:
    """Servers at distinct positions; all balls of a set piece come from one."""
    places: dict[Place, Server] = {}
    for server in drill.servers:
        if server.place is not None:
            places.setdefault(server.place.middle, server)
    return [(server, place) for place, server in places.items()]


def _at_strike(points: Sequence[StartPoint]) -> int:
    return min(range(len(points)), key=lambda i: abs(points[i].start))
