"""The A/A check: the test must not tell two copies of one agent apart more often than its level allows.

With the same luck the copies do not differ at all, so they meet the same openings with different luck: the deal comes
from one seed, and everything after it (choices, errors, contests, touches) from another.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from backpost.agents.base.play import Progress, attend
from backpost.agents.registry import agent
from backpost.envs.common.errors import InvalidValue
from backpost.envs.crosses import Crosses
from backpost.envs.interface.options import Options
from backpost.envs.interface.outcome import metrics
from backpost.envs.world.chance import episode_seeds

from . import statistics
from .cores import on_cores
from .kept import Metrics
from .result_file import REPORTED, Result

LEVEL = 0.01
"""Significance level at which the copies are told apart."""
LUCK = 1
"""Stream of the label "evaluate" for the second copy's luck; the openings come from stream 0."""
SIDE_BY_SIDE = 1000


@dataclass(frozen=True)
class OfBoth:
    """One number for xG and one for goals."""

    xg: float
    goals: float


@dataclass(frozen=True)
class Rejections:
    """How often the copies were told apart, on xG and on goals."""

    xg: int
    goals: int


@dataclass(frozen=True)
class AACheck(Result):
    """What `aa_check` returns.

    Attributes:
        environment: the environment.
        agent: the agent's name, as requested.
        crosses: number of crosses in a comparison.
        comparisons: number of comparisons.
        level: significance level at which copies are told apart.
        rejections: how often they were told apart.
        allowed: fewest and most rejections allowed for a valid test.
        passes: whether the rejections are within `allowed`.
        correlation: correlation of the copies' xG; None if either is constant.
        difference: difference of their means, per 100 crosses.
    """

    command: ClassVar[str] = "aa"

    environment: str
    agent: str
    crosses: int
    comparisons: int
    level: float
    rejections: Rejections
    allowed: tuple[int, int]
    passes: bool
    correlation: float | None
    difference: OfBoth


def aa_check(
    env: str,
    name: str,
    crosses: int = 400,
    comparisons: int = 1000,
    *,
    options: Options | None = None,
    progress: Progress | None = None,
) -> AACheck:
    """Compare an agent with itself `comparisons` times, on `crosses` pairs each time.

    The check passes if the paired test on xG rejects about as often as its level says (3 to 19 times in 1,000 at 1 %).
    Over few crosses a few big chances weigh heavily, and Student's test is conservative: expect 6 rejections with 200
    crosses, 7 with 400, 9 with 800. McNemar's test may reject even less often: it is exact, and goals are rare.

    Raises:
        UnknownName, InvalidFile: for an agent or environment that does not exist.
        InvalidValue: for fewer than two crosses or one comparison.
    """
    if crosses < 2 or comparisons < 1:
        raise InvalidValue(f"an A/A check needs 2 crosses and 1 comparison or more, got {crosses} and {comparisons}")
    openings = episode_seeds(REPORTED, 0, 0, crosses * comparisons)
    luck = episode_seeds(REPORTED, LUCK, 0, crosses * comparisons)
    first = played_with_luck(env, name, openings, openings, options, progress)
    second = played_with_luck(env, name, openings, luck, options, progress)
    pairs = list(zip(np.array_split(first, comparisons), np.array_split(second, comparisons), strict=True))
    p_xg = [statistics.mean_test(first["xg"] - second["xg"]) for first, second in pairs]
    p_goals = [statistics.mcnemar(first["goal"] > 0, second["goal"] > 0) for first, second in pairs]
    fewest, most = allowed(comparisons)
    rejections = Rejections(rejected(p_xg), rejected(p_goals))
    return AACheck(
        environment=env,
        agent=name,
        crosses=crosses,
        comparisons=comparisons,
        level=LEVEL,
        rejections=rejections,
        allowed=(fewest, most),
        passes=fewest <= rejections.xg <= most and rejections.goals <= most,
        correlation=statistics.correlation(first["xg"], second["xg"]),
        difference=OfBoth(
            xg=float(100 * (first["xg"] - second["xg"]).mean()),
            goals=float(100 * (first["goal"] - second["goal"]).mean()),
        ),
    )


def rejected(p_values: list[float]) -> int:
    """The number of p-values below the level."""
    return int(np.sum(np.array(p_values) < LEVEL))


def allowed(comparisons: int) -> tuple[int, int]:
    """Fewest and most rejections allowed; a valid test falls outside in less than 1 of 100 such checks."""
    fewest, most = (statistics.binomial_quantile(share, comparisons, LEVEL) for share in (0.004, 0.996))
    return fewest, most


def played_with_luck(
    env: str,
    name: str,
    openings: npt.NDArray[np.uint64],
    luck: npt.NDArray[np.uint64],
    options: Options | None = None,
    progress: Progress | None = None,
) -> Metrics:
    """The metrics (n,) of an agent on crosses dealt from the seeds `openings` (n,) and continued with `luck` (n,)."""
    agent(name, env)

    def work(first: int) -> Metrics:
        rows = slice(first, min(first + SIDE_BY_SIDE, len(openings)))
        crosses, player = Crosses(env, len(openings[rows]), options=options), agent(name, env)
        crosses.deal(openings[rows])
        crosses.worlds["seed"] = luck[rows]
        attend(player, crosses)
        player.reset(luck[rows])
        done = np.zeros(crosses.count, bool)
        while not done.all():
            _, done = crosses.step(player.act(crosses.observe()))
        if progress is not None:
            progress(crosses.count)
        return metrics(crosses.worlds)

    return np.concatenate(on_cores(work, range(0, len(openings), SIDE_BY_SIDE)))


def table(result: AACheck) -> str:
    """The check as text."""
    xg, goals = result.rejections.xg, result.rejections.goals
    fewest, most = result.allowed
    alike = "always the same" if result.correlation is None else f"correlated {result.correlation:.2f}"
    return "\n".join(
        [
            f"{result.environment}, {result.agent} against itself: the same openings, different luck; "
            f"{result.comparisons} comparisons of {result.crosses} crosses, xG of pairs {alike}",
            f"told apart at {100 * result.level:g} %: on xG {xg} times, on goals {goals} times "
            f"(allowed: {fewest} to {most}; on goals also fewer, for that test is exact)",
            "passes" if result.passes else "does not pass",
        ]
    )
