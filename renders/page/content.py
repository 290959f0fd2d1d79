"""The content of each part of the page, from the crosses played: numbers and words, before any HTML."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from markupsafe import Markup

from backpost.agents.base.agent import Agent
from backpost.agents.policies.policy import Policy
from backpost.envs.interface.outcome import RUN_SPEED
from backpost.envs.world.record import DECISION_TIME, RUNNER
from backpost.renders.figures.figures import framed
from backpost.renders.frame import palette
from backpost.renders.scene.captions import sentence
from backpost.renders.scene.moments import PASSING, Moments, as_history, moments
from backpost.renders.scene.scene import (
    HEAD_REACH,
    PLAYER_HEIGHT,
    SHIRTS,
    SIGHT_HALF_ANGLE,
    SIGHT_LENGTH,
    TRAIL_TIME,
    build_scene,
)
from backpost.renders.scene.watched import names as names_of

from . import figures as figures
from .choice import KINDS
from .finding import Finding, Names, Row, hundred
from .played import Played
from .starts import FEW, Starts
from .still import Extent, draw_still, hexed
from .tracks import CONES, NOBODY, PIECES, encode_run, result
from .what_if import moved_words
from .words import Words

Floats = npt.NDArray[np.float64]

COLOURS = {
    "attack": palette.ATTACK,
    "behind": palette.GRASS_BEHIND,
    "defence": palette.DEFENCE,
    "grass": palette.GRASS,
    "ink": palette.INK,
    "keeper": palette.KEEPER,
    "learner": palette.LEARNER,
    "light": palette.GRASS_LIGHT,
    "line": palette.LINE,
    "panel": palette.PANEL,
    "quiet": palette.TEXT_QUIET,
    "rule": palette.RULE,
    "ruling": palette.RULING,
    "text": palette.TEXT,
    "white": palette.WHITE,
}
"""Colours used by the scripts."""
NAMED = ("start", "struck", "meets", "passes", "no_touch")
"""Moments that have a name on the player's buttons."""


def called(runners: tuple[Agent, Agent], words: Words) -> Names:
    """Titles and sentence subjects of the two agents."""
    names = names_of(runners)
    titles = [words("names.learned") if name is None else sentence(name) for name in names]
    subjects = [
        words("names.learned_subject") if name is None else words("names.named_subject", name=name) for name in names
    ]
    return Names((titles[0], titles[1]), (subjects[0], subjects[1]))


def described(runners: tuple[Agent, Agent], names: Names, words: Words) -> list[str]:
    """What each of the two agents does, in a sentence for a coach."""
    return [sentence(_does(runner, subject, words)) for runner, subject in zip(runners, names.subjects, strict=True)]


def _does(runner: Agent, subject: str, words: Words) -> str:
    if not isinstance(runner, Policy):
        return words("does.rule", who=subject, what=runner.description)
    if runner.base is None:
        return words("does.learned", who=subject)
    rule = words("names.named_subject", name=runner.base.name.replace("-", " "))
    return words("does.corrected", who=subject, rule=rule, what=runner.base.description)


def page_data(played: Played, names: Names, words: Words) -> dict[str, Any]:
    """Input for the scripts: the packed crosses and drawing parameters."""
    return player_data(names.titles, [_cross(played, i, names, words) for i in range(len(played.runs))], words)


def player_data(titles: Sequence[str], crosses: Sequence[Mapping[str, Any]], words: Words) -> dict[str, Any]:
    """Input for the player: the titles of the two runs, and the packed crosses."""
    return {
        "words": words.tree["live"],
        "decimal": words("decimal"),
        "titles": titles,
        "colours": {name: hexed(colour) for name, colour in COLOURS.items()},
        "shirts": SHIRTS,
        "step": DECISION_TIME,
        "pieces": PIECES,
        "cones": CONES,
        "nobody": NOBODY,
        "sight": {"angle": SIGHT_HALF_ANGLE, "length": SIGHT_LENGTH},
        "reach": HEAD_REACH,
        "tall": PLAYER_HEIGHT,
        "trail": TRAIL_TIME,
        "run": RUN_SPEED,
        "crosses": crosses,
    }


def _cross(played: Played, i: int, names: Names, words: Words) -> dict[str, Any]:
    """One cross with both runs."""
    runs = [as_history(run) for run in played.runs[i]]
    kind = KINDS[int(played.choice.kinds[i])]
    delivery = runs[0][-1].delivery
    ball = words("ball.blocked") if delivery.blocked else words(f"ball.{int(delivery.kind)}")
    mark = words(f"cross.{kind}", a=names.titles[0], b=names.titles[1])
    return {
        "number": _number(played, i),
        "kind": kind,
        "title": words("cross.title", n=_number(played, i), ball=ball, mark=mark),
        "told": [result(moments(run), words) for run in runs],
        "runs": [encode_run(run, words) for run in runs],
        **moved_words(played.moved[i], words),
    }


def _number(played: Played, i: int) -> int:
    """The number of the cross as shown on the page."""
    return played.first + int(played.choice.places[i])


def shown(played: Played, words: Words) -> dict[str, Any]:
    """How many crosses of each kind are shown, and out of how many."""
    counts = dict(zip(KINDS, played.choice.shown.tolist(), strict=True))
    shares = dict(zip(KINDS, words.shares(played.tally), strict=True))
    return {
        "counts": counts,
        "shares": shares,
        "total": len(played.runs),
        "of": words.number(played.paired, 0),
        "first": printed(played)[0],
    }


def printed(played: Played) -> list[int]:
    """The crosses in print: a win and a loss, each the first whose better run is most typical of its runner.

    The page opens with the first of them.
    """
    places = []
    for kind in (0, 1):
        its = [i for i in range(len(played.runs)) if played.choice.kinds[i] == kind]
        its.sort(key=lambda i: -_ordinary(moments(as_history(played.runs[i][kind])), played.starts[kind]))
        places += its[:1]
    return places or [0]


def _ordinary(run: Moments, starts: Starts) -> int:
    """How typical a run is of its runner: he is first to the ball, and starts within his usual times."""
    first = run.meets is not None and run.first_touch is not None and run.meets < run.first_touch + 1e-6
    if starts.from_the_first_moment:
        return 2 * first + run.runs_at_once
    low, high = starts.quartile(25), starts.quartile(75)
    if run.start is None or run.runs_at_once or low is None or high is None:
        return 2 * first
    return 2 * first + (low <= run.start - run.expected <= high)


def hundred_dots(summary: Finding, names: Names, words: Words) -> list[dict[str, Any]]:
    """What happens in 100 crosses, drawn as dots."""
    return [{**vars(row), "dots": _dots(row, names)} for row in hundred(summary, words)]


def _dots(row: Row, names: Names) -> list[Markup]:
    made = zip(row.values, figures.KINDS, names.titles, row.labels, strict=True)
    return [figures.dots(value, kind, f"{title}: {label}") for value, kind, title, label in made]


def maps(played: Played, names: Names, words: Words) -> dict[str, Any]:
    """Heat maps of where runs start and where the ball is met."""
    begin = all(of.from_the_first_moment for of in played.starts)
    places = {
        "begin" if begin else "start": [of.places for of in played.starts],
        "meet": [of.meetings for of in played.starts],
    }
    return {
        "rows": [_maps(name, of, played.paired, names, words) for name, of in places.items()],
        "of": words.number(played.paired, 0),
    }


def _maps(name: str, places: Sequence[Floats], crosses: int, names: Names, words: Words) -> dict[str, Any]:
    """One map per agent, with the share of known positions inside it."""
    frame = framed(np.concatenate(places))
    labels = [words(f"maps.{name}_label", title=title) for title in names.titles]
    top = words.number(figures.darkest(places, crosses, frame))
    inside = [words.number(100 * frame.holds(of).mean() if len(of) else 100.0, 0) for of in places]
    return {
        "title": words(f"maps.{name}"),
        "note": " ".join([words("maps.scale", top=top), words("maps.inside", a=inside[0], b=inside[1])]),
        "maps": figures.heat_maps(places, crosses, labels, frame),
    }


def when(played: Played, names: Names, words: Words) -> dict[str, Any]:
    """When runs start, and in how many crosses there is one."""
    ran = [words.per_hundred(of.ran) for of in played.starts]
    phrases = [
        sentence(words("maps.ran", a=names.subjects[0], b=names.subjects[1], x=ran[0], y=ran[1])),
    ]
    phrases += [
        words("maps.did_not", who=who, m=words.number(PASSING, 0), elsewhere=elsewhere, stays=stays)
        for who, of in zip(names.subjects, played.starts, strict=True)
        for elsewhere, stays in [words.shares(of.why_not)]
    ]
    if any(of.at_once >= FEW for of in played.starts):
        x, y = (words.per_hundred(of.at_once) for of in played.starts)
        phrases.append(words("maps.at_once", a=names.subjects[0], b=names.subjects[1], x=x, y=y))
    figure = figures.starts_figure(played.starts, words("figures.starts_label"), words)
    marks = words("figures.marks") if any(of.typical is not None for of in played.starts) else ""
    defined = words("maps.run", speed=words.number(RUN_SPEED, 0), m=words.number(PASSING, 0))
    return {"figure": figure, "told": " ".join(phrases), "defined": defined, "marks": marks}


def stills(played: Played, names: Names, words: Words) -> list[dict[str, Any]]:
    """Three moments of both runs of the printed crosses, each with how often it turns out that way."""
    shares = words.shares(played.tally)
    rows = []
    for i in printed(played):
        kind = int(played.choice.kinds[i])
        title = words(
            f"stills.{KINDS[kind]}",
            n=_number(played, i),
            share=shares[kind],
            a=names.subjects[0],
            b=names.subjects[1],
        )
        rows.append({"title": sentence(title), "runs": moment_stills(played.runs[i], names.titles, words)})
    return rows


def moment_stills(pair: Sequence[np.recarray], titles: Sequence[str], words: Words) -> list[dict[str, Any]]:
    """Three moments of both runs of a cross."""
    runs = [as_history(run) for run in pair]
    extent = Extent.around(np.concatenate([_shown_places(run) for run in runs]))
    rows = []
    for i, title in enumerate(titles):
        kinds = (figures.KINDS[i], figures.KINDS[1 - i])
        pictures = []
        for name, time in _three_moments(moments(runs[i])):
            scene = build_scene(runs[i], time, kind=kinds[0], other=runs[1 - i], other_kind=kinds[1])
            since = words.since_strike(time - moments(runs[i]).expected)
            caption = words(f"stills.{name}", when=since, moment=words(f"live.moments.{name}") if name in NAMED else "")
            pictures.append({"caption": sentence(caption), "picture": draw_still(scene, f"{title}: {caption}", extent)})
        rows.append({"title": title, "kind": kinds[0], "pictures": pictures})
    return rows


def _shown_places(run: np.recarray) -> Floats:
    """Positions of runner and ball from the first of the three moments to the last, x and y, (k, 2)."""
    times = [time for _, time in _three_moments(moments(run))]
    part = run[(run.time >= min(times) - DECISION_TIME) & (run.time <= max(times) + DECISION_TIME)]
    me = part.players[:, RUNNER]
    x, y = np.concatenate([me["x"], part.ball["x"]]), np.concatenate([me["y"], part.ball["y"]])
    return np.column_stack([x, y])


def _three_moments(when: Moments) -> list[tuple[str, float]]:
    """Names and times of the start of the run, the strike and the ball.

    Without a start, or with one from the first moment, the first is one second before the strike.
    """
    before = ("before", max(when.expected - 1.0, 0.0))
    if when.start is not None and not when.runs_at_once:
        before = ("start", when.start)
    end = "no_touch" if when.contact is None else "meets" if when.meets is not None else "passes"
    return [before, ("struck", when.expected), (end, when.until)]
