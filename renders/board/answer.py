"""The answer to a question, in sentences and numbers; every one computed from the crosses that were played."""

from typing import Any

import numpy as np

from backpost.envs.interface.outcome import goal_side
from backpost.envs.scenarios.board import Frame
from backpost.envs.scenarios.board_file import MY_RUN, Board
from backpost.envs.scenarios.board_range import outside
from backpost.envs.world.record import OFFSIDE
from backpost.renders.page.words import Words
from backpost.training.bench.comparison import AgentSummary, Rival
from backpost.training.bench.kept import Metrics

from .question import Played

MOST_DOTS = 400
"""Crosses on the map of arrivals."""
SCORES, MEETS, MISSES = range(3)
"""Kinds of dots on the map: he scores, he meets the ball, it passes him."""


def answer(played: Played, words: Words) -> dict[str, Any]:
    """All that the page shows of an answer, as JSON values."""
    first = played.summaries[0]
    return {
        "crosses": played.crosses,
        "headline": headline(played, words),
        "sure": sureness(played, words),
        "does": words(
            "answer.does",
            meets=words.per_hundred(first.meets),
            shoots=words.per_hundred(first.shoots),
        ),
        "where": where(played, words),
        "runners": [_row(summary, words) for summary in played.summaries],
        "dots": dots(played.board, played.first),
        "examples": examples(played.first, words),
        "outside": warnings(played.board, words),
    }


def called(name: str, words: Words) -> str:
    """A runner in words: "my run", "the learned run", "early back post"."""
    return words(f"runners.{name}") if name in words.tree["runners"] else name.replace("-", " ")


def headline(played: Played, words: Words) -> str:
    """Which run is the best, in one sentence."""
    first, rivals = played.summaries[0], played.against.rivals
    mine = words.per_hundred(first.xg.mean)
    name = called(first.name, words)
    if not rivals:
        return _sentence(words("answer.alone", name=name, goals=mine))
    best = max(played.summaries[1:], key=lambda summary: summary.xg.mean)
    rival, other = called(best.name, words), words.per_hundred(best.xg.mean)
    values = {"name": name, "rival": rival, "goals": mine, "other": other}
    if all(each.xg_gain.low > 0 for each in rivals):
        return _sentence(words("answer.best" if len(rivals) > 1 else "answer.better", **values))
    if _against(played, best.name).xg_gain.high < 0:
        return _sentence(words("answer.worse", **values))
    return _sentence(words("answer.close", **values))


def sureness(played: Played, words: Words) -> str:
    """How sure that is, in one sentence."""
    first, rivals = played.summaries[0], played.against.rivals
    if not rivals:
        low, high = words.number(first.xg.low), words.number(first.xg.high)
        return words("answer.sure_alone", low=low, high=high, crosses=words.number(played.crosses, 0))
    best = max(played.summaries[1:], key=lambda summary: summary.xg.mean)
    gain = _against(played, best.name).xg_gain
    least, most = sorted((abs(gain.low), abs(gain.high)))
    values = {"low": words.number(least), "high": words.number(most), "crosses": words.number(played.crosses, 0)}
    if all(each.xg_gain.low > 0 for each in rivals):
        return words("answer.sure_best", **values)
    if gain.high < 0:
        return words("answer.sure_worse", **values)
    values |= {"less": words.number(max(-gain.low, 0.0)), "more": words.number(max(gain.high, 0.0))}
    return words("answer.sure_close", rival=called(best.name, words), **values)


def _against(played: Played, name: str) -> Rival:
    return next(rival for rival in played.against.rivals if rival.name == name)


def where(played: Played, words: Words) -> str:
    """Where the first runner meets the ball most often, and how free he is there."""
    met = played.first[played.first["meets"] > 0]
    if len(met) < 10:
        return words("answer.where_never")
    side = np.bincount(goal_side(met["place_y"]), minlength=3)
    most = int(side.argmax())
    depth = words.number(float(52.5 - np.median(met["place_x"])), 0)
    free = met["separation"][np.isfinite(met["separation"])]
    values = {"share": words.number(100 * side[most] / len(met), 0), "depth": depth}
    sentence = words(f"answer.where.{('near', 'middle', 'far')[most]}", **values)
    if len(free):
        sentence += " " + words("answer.free", metres=words.number(float(np.median(free))))
    offside = 100 * float(played.first["offside"].mean())
    if offside >= 1.0:
        sentence += " " + words("answer.offside", share=words.per_hundred(offside))
    return sentence


def _row(summary: AgentSummary, words: Words) -> dict[str, Any]:
    return {
        "key": summary.name,
        "name": _sentence(called(summary.name, words)),
        "mine": summary.name == MY_RUN,
        "goals": words.per_hundred(summary.xg.mean),
        "meets": words.per_hundred(summary.meets),
        "shoots": words.per_hundred(summary.shoots),
        "xg": [round(value, 3) for value in (summary.xg.low, summary.xg.mean, summary.xg.high)],
    }


def dots(board: Board, first: Metrics) -> list[list[float]]:
    """Where the first runner met the ball, or it passed him: x, y on the board in m, and the kind of dot."""
    rows = first[np.isfinite(first["place_x"])][:MOST_DOTS]
    frame = Frame(board)
    kinds = np.where((rows["goal"] > 0) & (rows["shoots"] > 0), SCORES, np.where(rows["meets"] > 0, MEETS, MISSES))
    places = [frame.board(float(x), float(y)) for x, y in zip(rows["place_x"], rows["place_y"], strict=True)]
    return [[round(x, 1), round(y, 1), int(kind)] for (x, y), kind in zip(places, kinds, strict=True)]


def examples(first: Metrics, words: Words) -> list[dict[str, Any]]:
    """One clear success and one clear failure of the first runner, and how often each happens.

    The success is the best chance from which he scored himself, or the best chance; the failure is the ball that he
    never reached. Both are picked, and labelled so.
    """
    chosen = []
    scored = (first["goal"] > 0) & (first["shoots"] > 0)
    best = int((2.0 * scored + first["own_xg"]).argmax())
    if first["own_xg"][best] > 0:
        kind = "goal" if scored[best] else "chance"
        share = words.per_hundred(100 * float(scored.mean() if scored[best] else (first["shoots"] > 0).mean()))
        chosen.append({"cross": best, "label": words("examples.good"), "told": words(f"examples.{kind}", share=share)})
    failed = np.flatnonzero((first["meets"] == 0) & (first["goal"] == 0) & (first["outcome"] != OFFSIDE))
    if len(failed):
        share = words.per_hundred(100 * float((first["meets"] == 0).mean()))
        chosen.append(
            {"cross": int(failed[0]), "label": words("examples.bad"), "told": words("examples.missed", share=share)}
        )
    return chosen


def warnings(board: Board, words: Words) -> list[str]:
    """Why the answer deserves less trust, a sentence each; empty if the board lies inside what was calibrated."""
    sentences = []
    for way in outside(board):
        values = {name: words.number(v, 0) if isinstance(v, float | int) else v for name, v in way.values.items()}
        sentences.append(words(f"outside.{way.what}", **values))
    return sentences


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
