"""Plays everything that a page needs: the comparison, pairs of runs on the same balls, the crosses to show.

The comparison is free play, in which the winger responds to the run; it gives the page's counts. Crosses shown side by
side use the same ball: the crosser's delivery to the first run is replayed to the second. They give how often either
run is better, and the values on the slider.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from backpost.agents.base.agent import Agent
from backpost.agents.base.play import Progress, observer, play, record
from backpost.agents.registry import agent
from backpost.envs.common.errors import InvalidValue
from backpost.envs.interface.options import Options
from backpost.envs.interface.outcome import metrics
from backpost.envs.world.chance import episode_seeds
from backpost.training.bench.compare import compare
from backpost.training.bench.comparison import Comparison
from backpost.training.bench.result_file import REPORTED, Result
from backpost.training.bench.timing import FREE, SETTINGS, STARTS, TimingCurve, timing_curve
from backpost.training.explain.explanation import Explanation

from .choice import KINDS, Choice, choose
from .explained import check_explained
from .finding import check_who, finding
from .starts import Starts
from .what_if import SHIFTS, Moved, moved_runs

MEASURED, PAIRED, TIMED = 20_000, 4000, 2000
"""Crosses of the comparison, of the pairs from which the shown ones are chosen, and of each point of the curve."""
MOST_SHOWN = 200


@dataclass(frozen=True)
class Amounts:
    """How many crosses are played for each purpose.

    Attributes:
        shown: side by side on the page.
        measured: by each agent in the comparison.
        paired: by both on the same ball, from which those shown are chosen.
        timed: at each point of the timing curve; 0 leaves the curve out.

    Raises:
        InvalidValue: for amounts from which no page can be made.
    """

    shown: int = 40
    measured: int = MEASURED
    paired: int = PAIRED
    timed: int = TIMED

    def __post_init__(self) -> None:
        if not 1 <= self.shown <= min(MOST_SHOWN, self.paired):
            raise InvalidValue(
                f"a page shows 1 to {min(MOST_SHOWN, self.paired)} crosses chosen of {self.paired}, got {self.shown}"
            )

    def crosses(self, *, compared: bool) -> int:
        """How many are played in all; `compared`: the comparison has already been played."""
        each = 2 + 1 + len(SHIFTS)
        return (0 if compared else 2 * self.measured) + 3 * self.paired + each * self.shown + self.curve()

    def curve(self) -> int:
        """How many are played for the timing curve."""
        return (len(STARTS) + 1) * self.timed


@dataclass(frozen=True)
class Played:
    """The content of a page.

    Attributes:
        env: scenario.
        agents: names or policy files of the two agents.
        runners: the two agents themselves.
        first: number of the first cross.
        comparison: comparison of the two in free play.
        choice: the crosses shown, as indices of the pairs.
        paired: number of pairs.
        starts: starts of both in free play on the crosses of the pairs.
        runs: for each cross shown the records (t,) of both runs, on the same ball.
        moved: for each cross shown the first run, started earlier and later.
        timing: the timing curve; None if it was left out, or for non-default options.
        options: options of the environment.
        explained: the explanation of the first agent, if there is one.
    """

    env: str
    agents: tuple[str, str]
    runners: tuple[Agent, Agent]
    first: int
    comparison: Comparison
    choice: Choice
    paired: int
    starts: tuple[Starts, Starts]
    runs: tuple[tuple[np.recarray, np.recarray], ...]
    moved: tuple[Moved, ...]
    timing: TimingCurve | None
    options: Options
    explained: Explanation | None = None

    @property
    def tally(self) -> tuple[float, float, float]:
        """Per 100 crosses on the same ball: first run better, worse, neither."""
        win, loss, tie = (100 * self.choice.of / self.paired).tolist()
        return win, loss, tie

    @property
    def sizes(self) -> tuple[float, float, float]:
        """The first run's lead in goals per 100 such crosses where it was better, worse, and neither."""
        win, loss, tie = (100 * self.choice.sizes).tolist()
        return win, loss, tie

    def result(self) -> "PageResult":
        """The content of the page in numbers."""
        numbers = (self.first + self.choice.places).tolist()
        shown = zip(numbers, self.choice.kinds.tolist(), strict=True)
        return PageResult(
            environment=self.env,
            agents=self.agents,
            comparison=self.comparison,
            same_ball=SameBall(self.paired, *self.choice.of.tolist()),
            shown=tuple(ShownCross(number, KINDS[kind]) for number, kind in shown),
            timing=self.timing,
        )


@dataclass(frozen=True)
class SameBall:
    """Crosses on the same ball: how many in all, and in how many the first run was better, worse, neither."""

    crosses: int
    win: int
    loss: int
    tie: int


@dataclass(frozen=True)
class ShownCross:
    """A cross shown on the page, with its number and its kind from `KINDS`."""

    cross: int
    kind: str


@dataclass(frozen=True)
class PageResult(Result):
    """The content of a page in numbers.

    Attributes:
        environment: scenario.
        agents: names or policy files of the two agents.
        comparison: comparison of the two in free play.
        same_ball: how often either run was better.
        shown: the crosses on the page.
        timing: the timing curve on it.
    """

    command: ClassVar[str] = "report"

    environment: str
    agents: tuple[str, str]
    comparison: Comparison
    same_ball: SameBall
    shown: tuple[ShownCross, ...]
    timing: TimingCurve | None


def play_page(
    env: str,
    agents: Sequence[str],
    first: int = 0,
    amounts: Amounts | None = None,
    *,
    comparison: Comparison | None = None,
    explained: Explanation | None = None,
    options: Options | None = None,
    progress: Progress | None = None,
) -> Played:
    """Play everything that a page about two agents (names or policy files) needs.

    Args:
        env: scenario.
        agents: the agent the page is about, and the one it is compared with.
        first: number of the first cross.
        amounts: how many crosses are played for each purpose.
        comparison: comparison of the two, if already played.
        explained: explanation of the first agent.
        options: options of the environment.
        progress: called with the number of crosses that have ended since the last call.

    Raises:
        UnknownName: for an unknown environment or agent.
        InvalidFile: for a file that is not a policy, or a comparison or explanation of something else.
        InvalidValue: for other than two different agents, or a first one whose runs cannot be moved in time.
    """
    amounts, options = amounts or Amounts(), options or Options()
    if len(agents) != 2 or agents[0] == agents[1]:
        raise InvalidValue(f"a page is about two different agents, got {', '.join(agents)}")
    a, b = observer(agent(agents[0], env)), agent(agents[1], env)
    seeds = episode_seeds(REPORTED, 0, first, amounts.paired)
    names = agents[0], agents[1]
    if explained is not None:
        check_explained(explained, env, a, options)
    if comparison is not None:
        finding(comparison, env, names, options, first)
        check_who(comparison, names, (a, b))
    else:
        comparison = compare(env, agents, amounts.measured, first, options=options, progress=progress)
    ended = play(a, env, seeds, options, progress=progress)
    same = play(b, env, seeds, options, progress=progress, given=ended.delivery)
    starts = Starts.of(ended), Starts.of(play(b, env, seeds, options, progress=progress))
    choice = choose(metrics(ended)["xg"] - metrics(same)["xg"], amounts.shown)
    runs = tuple(_pair(a, b, env, seeds[place], options, progress) for place in choice.places)
    moved = tuple(moved_runs(agents[0], env, seeds[place], options, progress) for place in choice.places)
    timing = None
    if amounts.timed and options == Options():
        timing = timing_curve(env, amounts.timed, first, settings=SETTINGS[:1], balls=(FREE,), progress=progress)
    elif progress is not None:
        progress(amounts.curve())
    return Played(
        env, names, (a, b), first, comparison, choice, amounts.paired, starts, runs, moved, timing, options, explained
    )


def _pair(
    a: Agent, b: Agent, env: str, seed: np.uint64, options: Options | None, progress: Progress | None
) -> tuple[np.recarray, np.recarray]:
    """Both runs of one cross on the same ball."""
    first = record(a, env, seed, options)
    second = record(b, env, seed, options, first[-1:].view(np.recarray).delivery)
    if progress is not None:
        progress(2)
    return first, second
