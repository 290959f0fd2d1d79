"""What each part of the page holds, from what was played: numbers and words, before any HTML."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from markupsafe import Markup

from backpost.agents.agent import Agent
from backpost.agents.policy import Policy
from backpost.envs.world import DECISION_TIME

from . import page_figures as figures
from . import palette
from .moments import as_history, moments
from .page_choice import KINDS
from .page_finding import Finding, Names, hundred
from .page_played import Played
from .page_still import draw_still, hexed
from .page_tracks import CONES, NOBODY, PIECES, encode_run, result
from .page_what_if import AFTER
from .page_words import Words
from .scene import HEAD_REACH, SHIRTS, SIGHT_HALF_ANGLE, SIGHT_LENGTH, TRAIL_TIME, build_scene

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
"""What the scripts paint with."""


def called(runners: tuple[Agent, Agent], words: Words) -> Names:
    """Titles and subjects of the two."""
    plain = [runner.name.replace("-", " ") for runner in runners]
    learned = [isinstance(runner, Policy) for runner in runners]
    titles = [words("names.learned") if mine else name.capitalize() for name, mine in zip(plain, learned, strict=True)]
    subjects = [
        words("names.learned_subject") if mine else words("names.rule_subject", name=name)
        for name, mine in zip(plain, learned, strict=True)
    ]
    return Names((titles[0], titles[1]), (subjects[0], subjects[1]))


def page_data(played: Played, names: Names, words: Words) -> dict[str, Any]:
    """What the scripts need: the crosses, packed, and what they are drawn with."""
    return player_data(names.titles, [_cross(played, i, names, words) for i in range(len(played.runs))], words)


def player_data(titles: Sequence[str], crosses: Sequence[Mapping[str, Any]], words: Words) -> dict[str, Any]:
    """What the player needs: the titles of the two runs, and the packed crosses."""
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
        "trail": TRAIL_TIME,
        "crosses": crosses,
    }


def _cross(played: Played, i: int, names: Names, words: Words) -> dict[str, Any]:
    """One cross with both runs."""
    runs = [as_history(run) for run in played.runs[i]]
    kind = KINDS[int(played.choice.kinds[i])]
    number = played.first + int(played.choice.places[i])
    delivery = runs[0][-1].delivery
    ball = words("ball.blocked") if delivery.blocked else words(f"ball.{int(delivery.kind)}")
    told = [result(moments(run), words) for run in runs]
    return {
        "number": number,
        "kind": kind,
        "title": words(
            "cross.title", n=number, ball=ball, mark=words(f"cross.{kind}", a=names.titles[0], b=names.titles[1])
        ),
        "told": told,
        "runs": [encode_run(run, words) for run in runs],
        "moved": [
            {"shift": shift, **encode_run(run, words, AFTER), "told": result(moments(as_history(run)), words)}
            for shift, run in played.moved[i].items()
        ],
    }


def shown(played: Played, words: Words) -> dict[str, Any]:
    """How many crosses of each kind are shown, and of how many all."""
    counts = dict(zip(KINDS, played.choice.shown.tolist(), strict=True))
    shares = dict(zip(KINDS, (words.per_hundred(share) for share in played.tally), strict=True))
    return {
        "counts": counts,
        "shares": shares,
        "total": len(played.runs),
        "of": words.number(played.paired, 0),
        "first": opening(played),
    }


def opening(played: Played) -> int:
    """The cross that the page opens with: the first that the first run wins at the ball, else the first of all."""
    for i, (one, _) in enumerate(played.runs):
        if played.choice.kinds[i] == 0 and moments(as_history(one)).meets is not None:
            return i
    return 0


def hundred_dots(found: Finding, names: Names, words: Words) -> list[dict[str, Any]]:
    """What happens in 100 crosses, with its dots."""
    return [row | {"dots": _dots(row, names)} for row in hundred(found, words)]


def _dots(row: Mapping[str, Any], names: Names) -> list[Markup]:
    made = zip(row["values"], figures.KINDS, names.titles, row["told"], strict=True)
    return [figures.dots(value, kind, f"{title}: {told}") for value, kind, title, told in made]


def maps(played: Played, names: Names, words: Words) -> dict[str, Any]:
    """Where runs start and where the ball is met."""
    starts = [np.stack([of["start_x"], of["start_y"]], -1) for of in played.free]
    meets = [np.stack([of["place_x"], of["place_y"]], -1)[of["meets"] == 1] for of in played.free]
    rows = []
    for name, places in (("start", starts), ("meet", meets)):
        known = [of[np.isfinite(of).all(axis=1)] for of in places]
        labels = [words(f"maps.{name}_label", title=title) for title in names.titles]
        top = words.number(figures.darkest(known, played.paired))
        rows.append(
            {
                "title": words(f"maps.{name}"),
                "note": words("maps.scale", top=top),
                "maps": figures.heat_maps(known, played.paired, labels),
            }
        )
    return {"rows": rows, "of": words.number(played.paired, 0)}


def when(played: Played, found: Finding, words: Words) -> dict[str, Any]:
    """When runs start."""
    medians = [row["start"]["median"] for row in (found.first, found.second)]
    ran = [words.per_hundred(float(100 * np.isfinite(of["start"]).mean())) for of in played.free]
    figure = figures.starts_figure([of["start"] for of in played.free], medians, words("figures.starts_label"), words)
    return {"figure": figure, "told": words("maps.ran", a=ran[0], b=ran[1])}


def timing(played: Played, found: Finding, words: Words) -> dict[str, Any] | None:
    """The timing curve, if it was played."""
    if played.timing is None:
        return None
    curve = next(one for one in played.timing["curves"] if one["ball"] == "free")
    medians = [row["start"]["median"] for row in (found.first, found.second)]
    best = max(curve["points"], key=lambda point: point["xg"]["mean"])
    spread = [point["start"] for point in curve["points"] if point["below_best"]["low"] <= 0]
    told = words(
        "timing.told",
        best=words.since_strike(best["start"]),
        low=words.since_strike(min(spread)),
        high=words.since_strike(max(spread)),
        n=words.number(played.timing["crosses"], 0),
    )
    return {"figure": figures.timing_figure(curve, medians, words("figures.timing_label"), words), "told": told}


def stills(played: Played, names: Names, words: Words) -> list[dict[str, Any]]:
    """Three moments of both runs of the cross that the page opens with."""
    return moment_stills(played.runs[opening(played)], names.titles, words)


def moment_stills(pair: Sequence[np.recarray], titles: Sequence[str], words: Words) -> list[dict[str, Any]]:
    """Three moments of both runs of a cross."""
    runs = [as_history(run) for run in pair]
    right = max(-float(run.ball.y.min()) for run in runs)
    rows = []
    for i, title in enumerate(titles):
        kinds = (figures.KINDS[i], figures.KINDS[1 - i])
        known = moments(runs[i])
        begins = known.start if known.start is not None else max(known.expected - 1.0, 0.0)
        pictures = []
        for name, time in (("start", begins), ("struck", known.expected), ("end", known.until)):
            if name == "end":
                name = "no_touch" if known.contact is None else "meets" if known.meets is not None else "passes"
            scene = build_scene(runs[i], time, kind=kinds[0], other=runs[1 - i], other_kind=kinds[1])
            caption = words(
                "stills.caption", moment=words(f"live.moments.{name}"), when=words.since_strike(time - known.expected)
            )
            pictures.append({"caption": caption, "picture": draw_still(scene, f"{title}: {caption}", right)})
        rows.append({"title": title, "kind": kinds[0], "pictures": pictures})
    return rows
