"""What a coach needs to know about a drill, from finished crosses: pure functions from records to numbers.

Places are as in `run.Place`: m from the goal line, m across from the centre of the goal, positive on the crosser's
side. Shares are per 100 crosses, times in s from the strike. None: it never happened.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from backpost.agents.base.play import UNSTRUCK
from backpost.envs.common.errors import InvalidValue
from backpost.envs.interface.outcome import ZONES
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import ATTACKERS, CROSSER, CUTBACK, DECISION_TIME, HIGH, KEEPER, LOW, RUNNER, TECHNIQUES
from backpost.training.bench.comparison import LEVEL
from backpost.training.bench.statistics import bonferroni, mean_interval

from .content import Counts, OtherPlayer, PlaceSpread, SameBall, Server, Spread, StartPoint, Watched

KINDS = {"high": HIGH, "low": LOW, "cutback": CUTBACK}
COUNTED = ("meets", "shoots", "goal")
"""Metrics that are counted per 100 crosses, in this order."""

Floats = npt.NDArray[np.float64]
Metrics = npt.NDArray[np.void]


def spread(values: Floats) -> Spread | None:
    """The spread of the finite values; None if there are none."""
    finite = values[np.isfinite(values)]
    return Spread(*np.percentile(finite, (25, 50, 75)).tolist()) if len(finite) else None


def place(x: Floats, y: Floats) -> PlaceSpread | None:
    """The typical place, from coordinates (n,) in the pitch frame."""
    depth, across = spread(HALF_LENGTH - x), spread(-y)
    return None if depth is None or across is None else PlaceSpread(depth, across)


def met_at(table: Metrics) -> PlaceSpread | None:
    """Where the runner meets the ball."""
    met = table["meets"] == 1
    return place(table["place_x"][met], table["place_y"][met])


def stands(final: np.recarray, start: float) -> PlaceSpread | None:
    """Where the runner is at the intended start of his run, s from the strike."""
    there = _sent(final[final.delivery.struck_at < UNSTRUCK], start)
    return place(there[:, 0], there[:, 1])


def _sent(struck: np.recarray, start: float) -> Floats:
    """Where the runner is at the intended start of his run in struck crosses, x and y, (n, 2)."""
    decision = np.rint((struck.delivery.struck_at + start) / DECISION_TIME).astype(int)
    there: Floats = struck.track[np.arange(len(struck)), np.maximum(decision, 0)]
    return there


def counts(table: Metrics) -> Counts:
    """The outcomes of crosses (n,)."""
    meets, shoots, goal, offside = (float(100 * table[name].mean()) for name in (*COUNTED, "offside"))
    return Counts(meets, shoots, goal, offside, mean_interval(100 * table["xg"]))


def start_point(start: float, table: Metrics, best: Metrics, comparisons: int) -> StartPoint:
    """The outcomes of a start, and its loss against the best start on the same crosses (n,).

    The intervals are simultaneous over `comparisons` comparisons (Bonferroni).
    """
    below_best = mean_interval(100 * (best["xg"] - table["xg"]), bonferroni(LEVEL, comparisons))
    return StartPoint(**vars(counts(table)), start=start, below_best=below_best)


def server(name: str, opening: np.recarray, final: np.recarray, table: Metrics) -> Server:
    """A server: where he sets off with the ball and strikes it, what he serves, and the outcomes; all (n,).

    Raises:
        InvalidValue: if there are no crosses.
    """
    struck = final.delivery.struck_at < UNSTRUCK
    delivery = final.delivery[struck]
    carrier = opening.players[:, CROSSER]
    sets_off = place(carrier.x, carrier.y)
    if sets_off is None:
        raise InvalidValue(f"the server {name} has no cross")
    return Server(
        **vars(counts(table)),
        name=name,
        crosses=len(final),
        sets_off=sets_off,
        place=place(delivery.origin_x, delivery.origin_y),
        balls={kind: float(100 * (delivery.kind == number).mean()) for kind, number in KINDS.items()},
        flight=spread(table["arrival"][table["meets"] == 1]),
        met=met_at(table),
    )


def others(final: np.recarray) -> tuple[OtherPlayer, ...]:
    """The other players present in most crosses (n,), and where each typically is when the ball is struck."""
    struck = final[final.delivery.struck_at < UNSTRUCK]
    present = struck.players["present"].mean(axis=0) if len(struck) else np.zeros(0)
    return tuple(
        OtherPlayer(i, "attack" if i < ATTACKERS else "keeper" if i == KEEPER else "defence", place_of(struck, i))
        for i in np.flatnonzero(present > 0.5).tolist()
        if i not in (RUNNER, CROSSER)
    )


def place_of(struck: np.recarray, i: int) -> PlaceSpread | None:
    """Where player i is at the strike."""
    here = struck.players[:, i]
    here = here[here["present"] == 1]
    return place(here["strike_x"], here["strike_y"])


def watched(final: np.recarray, table: Metrics, start: float) -> Watched:
    """What to watch for in the run, from crosses (n,) in which the runner was sent at `start`, s from the strike."""
    met = table["meets"] == 1
    of = table[met]
    hits = np.bincount(of["technique"], minlength=len(TECHNIQUES))
    zones = np.bincount(of["zone"], minlength=len(ZONES))
    there = _sent(final[met], start)
    length = np.hypot(of["place_x"] - there[:, 0], of["place_y"] - there[:, 1])
    return Watched(
        arrival=spread(of["arrival"]),
        speed=spread(of["speed"]),
        height=spread(of["height"]),
        length=spread(length),
        gap=spread(of["separation"]),
        gap_at_strike=spread(_nearest_at_strike(final)),
        unseen=None if np.isnan(table["unseen"]).all() else float(100 * np.nanmean(table["unseen"])),
        met=met_at(table),
        techniques=_shares(TECHNIQUES, hits),
        zones=_shares(ZONES, zones),
        unmet=_unmet(table[~met]),
    )


def same_ball(best: Metrics, other: Metrics, matters: float) -> SameBall:
    """Per 100 crosses on the same ball (n,): how often the best start is better, worse, or neither."""
    lead = best["xg"] - other["xg"]
    better, worse = 100 * float((lead >= matters).mean()), 100 * float((lead <= -matters).mean())
    return SameBall(better, worse, 100 - better - worse)


def _nearest_at_strike(final: np.recarray) -> Floats:
    """Distance from the runner to the nearest outfield opponent at the strike, m, (n,); nan without one."""
    struck = final[final.delivery.struck_at < UNSTRUCK]
    opponents = struck.players[:, KEEPER + 1 :]
    me = struck.players[:, RUNNER]
    x = opponents["strike_x"] - me["strike_x"][:, None]
    away = np.hypot(x, opponents["strike_y"] - me["strike_y"][:, None])
    nearest = np.where(opponents["present"] == 1, away, np.inf).min(axis=1, initial=np.inf)
    return np.where(np.isfinite(nearest), nearest, np.nan)


def _unmet(table: Metrics) -> dict[str, float] | None:
    """Per 100 balls that pass the runner, how many in each zone; balls that never come near him are excluded."""
    if not len(table):
        return None
    near = np.isfinite(table["place_x"])
    return _shares(ZONES, np.bincount(table["zone"][near], minlength=len(ZONES)))


def _shares(names: Sequence[str], counts: npt.NDArray[np.int64]) -> dict[str, float]:
    total = max(int(counts.sum()), 1)
    return {name: 100 * count / total for name, count in zip(names, counts.tolist(), strict=True) if count}
