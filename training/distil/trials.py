"""The same crosses for every way to run: whole, or only from the strike on.

How the ball is met is decided after the strike, so those ways share what came before: every cross is played once to
its strike, and each way continues from that record. Only what happens up to the first touch counts. Second balls are
luck that the run does not choose; without them two ways can be told apart with a third of the crosses.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from backpost.agents.base.agent import Agent, Seeds
from backpost.agents.base.play import Progress, play
from backpost.agents.base.view import Array, sees_play, wing
from backpost.agents.stand_still import StandStill
from backpost.envs.crosses import Crosses
from backpost.envs.interface import observation
from backpost.envs.interface.options import Options
from backpost.envs.world.record import CROSS, OVER
from backpost.training.bench.cores import on_cores
from backpost.training.bench.runs import CHUNK

from .seen import AFTER, BEFORE, Look, see
from .tree import Rows

Make = Callable[[], Agent]


@dataclass(frozen=True)
class Struck:
    """Crosses at the strike: `records` (k,) of the struck ones, and what is seen there, (k,) each."""

    records: np.recarray
    seen: dict[str, Array]


class Trials:
    """The crosses that every way runs.

    Args:
        env: the scenario.
        options: options of the scenario.
        seeds: seeds of the crosses, (n,).
        progress: called with the number of crosses played.
    """

    def __init__(self, env: str, options: Options | None, seeds: Seeds, progress: Progress | None = None) -> None:
        chosen = options or Options()
        self.env, self.seeds, self.progress = env, seeds, progress
        self.options = replace(chosen, parameters={**chosen.parameters, "second_balls_on": 0.0})

    def openings(self) -> dict[str, Array]:
        """What is seen as the crosses open, (n,) each: at the first look at crosser or ball."""
        crosses = Crosses(self.env, len(self.seeds), options=self.options)
        crosses.deal(self.seeds)
        first, watcher = crosses.observe(), StandStill()
        looked, over = sees_play(first), np.zeros(len(first), bool)
        while not (looked | over).all():
            _, over = crosses.step(watcher.act(crosses.observe()))
            now = crosses.observe()
            new = ~looked & sees_play(now)
            first[new] = now[new]
            looked |= new
        return see(Look(first, wing(first)), BEFORE)

    def whole(self, make: Make, rows: Rows | None = None) -> Array:
        """Expected goals of an agent in every cross, (n,), or in some of them."""
        seeds = self.seeds if rows is None else self.seeds[rows]

        def work(first: int) -> Array:
            piece = seeds[first : first + CHUNK]
            return np.array(play(make(), self.env, piece, self.options, progress=self.progress)["xg"])

        return self._pieces(work, len(seeds))

    def struck(self, make: Make) -> Struck:
        """Every cross whose ball the runner sees just after the strike, after an agent has run up to there."""

        def work(first: int) -> np.recarray:
            piece = self.seeds[first : first + CHUNK]
            return _to_the_strike(make(), Crosses(self.env, len(piece), options=self.options), piece)

        pieces = on_cores(work, range(0, len(self.seeds), CHUNK))
        records = np.concatenate(pieces).view(np.recarray)
        crosses = Crosses(self.env, len(records), options=self.options)
        crosses.restore(records)
        seen = crosses.observe()
        return Struck(records, see(Look(seen, wing(seen)), AFTER))

    def from_strike(self, struck: Struck, make: Make, rows: Rows | None = None) -> Array:
        """Expected goals of an agent who takes over at the strike, (k,), or in some of those crosses."""
        chosen = np.arange(len(struck.records)) if rows is None else rows

        def work(first: int) -> Array:
            piece = struck.records[chosen[first : first + CHUNK]].view(np.recarray)
            agent, crosses = make(), Crosses(self.env, len(piece), options=self.options)
            crosses.restore(piece)
            agent.reset(piece["seed"])
            over = crosses.worlds["phase"] == OVER
            while not over.all():
                _, over = crosses.step(agent.act(crosses.observe()))
            if self.progress is not None:
                self.progress(len(piece))
            return np.array(crosses.worlds["xg"])

        return self._pieces(work, len(chosen))

    def _pieces(self, work: Callable[[int], Array], count: int) -> Array:
        return np.concatenate(on_cores(work, range(0, count, CHUNK)))


def _to_the_strike(agent: Agent, crosses: Crosses, seeds: Seeds) -> np.recarray:
    """The records (k,) of those crosses (n,) that are struck in sight, each at its first decision after the strike."""
    crosses.deal(seeds)
    agent.reset(seeds)
    records = crosses.snapshot()
    struck, seen, over = np.zeros((3, len(seeds)), bool)
    while not (over | struck).all():
        _, over = crosses.step(agent.act(crosses.observe()))
        now = ~struck & (crosses.worlds["phase"] == CROSS)
        records[now] = crosses.worlds[now]
        struck |= now
        seen[now] = observation.read(crosses.observe(np.flatnonzero(now)), "ball_seen") > 0.5
    return records[struck & seen].view(np.recarray)
