"""One cross with one or two agents: played, measured, and prepared for drawing."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from backpost.agents.base.agent import Agent
from backpost.agents.base.play import play, record
from backpost.agents.policies.policy import Policy
from backpost.agents.recorded import Recorded
from backpost.agents.registry import agent
from backpost.envs.common.errors import InvalidValue
from backpost.envs.interface.information import in_words
from backpost.envs.interface.options import Options
from backpost.envs.interface.outcome import metrics
from backpost.envs.scenarios.board_file import is_board
from backpost.envs.scenarios.situation import recorded_run
from backpost.envs.world.chance import episode_seeds
from backpost.training.bench.result_file import Result

from . import captions

SEARCHED = 1000
"""Crosses searched for a shot."""


@dataclass(frozen=True)
class Watched:
    """A cross as it was played.

    Attributes:
        env: scenario.
        cross: its number among the evaluation crosses.
        same_ball: whether the second runner got the first one's ball.
        agents: names or policy files, one or two.
        runs: for each agent its records stacked in time, (t,).
        drawing: arguments for `frame.draw_frame` and `pair.draw_pair`.
    """

    env: str
    cross: int
    same_ball: bool
    agents: tuple[str, ...]
    runs: tuple[np.recarray, ...]
    drawing: dict[str, Any]

    @property
    def name(self) -> str:
        """The name of the cross."""
        return captions.cross(self.env, self.cross)

    def result(self) -> "WatchedCross":
        """The metrics of each run."""
        runs = tuple(WatchedRun(name, _plain(run)) for name, run in zip(self.agents, self.runs, strict=True))
        return WatchedCross(self.env, self.cross, self.same_ball, runs)


@dataclass(frozen=True)
class WatchedRun:
    """One run: the agent's name or policy file, and its metrics; a metric that does not exist is None."""

    agent: str
    metrics: dict[str, float | str | None]


@dataclass(frozen=True)
class WatchedCross(Result):
    """A cross in numbers.

    Attributes:
        environment: scenario.
        cross: its number among the evaluation crosses.
        same_ball: whether the second runner got the first one's ball.
        runs: one or two.
    """

    command: ClassVar[str] = "watch"

    environment: str
    cross: int
    same_ball: bool
    runs: tuple[WatchedRun, ...]


def watch_cross(
    env: str,
    agents: Sequence[str],
    cross: int,
    *,
    options: Options | None = None,
    same_ball: bool = False,
    until_shot: bool = False,
) -> Watched:
    """Play one cross with each agent (one or two names or policy files).

    A single run in a real situation is shown beside the recorded run. With `until_shot`, the cross is the first from
    `cross` onwards in which the first runner shoots.

    Raises:
        UnknownName: for an unknown environment or agent.
        InvalidFile: for a file that is not a policy or a situation.
        InvalidValue: for an invalid option, or if no shot is found.
    """
    runners = [agent(name, env) for name in agents]
    if until_shot:
        cross = first_shot(runners[0], env, cross, options)
    seed = episode_seeds("evaluate", 0, cross, 1)[0]
    runs = [record(runners[0], env, seed, options)]
    given = _end(runs[0]).delivery if same_ball else None
    runs += [record(runner, env, seed, options, given) for runner in runners[1:]]
    drawing: dict[str, Any] = {"title": titles(runners)[0], "kind": _kind(runners[0])}
    if len(runs) > 1:
        # Only one bright colour: a second learned run is drawn like a rule.
        kind = "rule" if drawing["kind"] == "learner" else _kind(runners[1])
        drawing |= {"other": runs[1], "other_title": titles(runners)[1], "other_kind": kind}
    elif env == "Situation" and not is_board(None if options is None else options.file):
        drawing |= {"other": recorded_run(options), "other_title": captions.RECORDED}
    return Watched(env, cross, same_ball, tuple(agents), tuple(runs), drawing)


def first_shot(runner: Agent, env: str, first: int, options: Options | None = None) -> int:
    """Number of the first evaluation cross from `first` onwards in which the runner shoots.

    Raises:
        InvalidValue: if there is none among the next `SEARCHED`.
    """
    shoots = metrics(play(runner, env, episode_seeds("evaluate", 0, first, SEARCHED), options))["shoots"]
    if not shoots.any():
        raise InvalidValue(f"{runner.name} shoots in none of the {SEARCHED} crosses from number {first} on")
    return first + int(shoots.argmax())


def table(result: WatchedCross) -> str:
    """The metrics as text: one column per run."""
    lines = [f"{result.environment}, cross {result.cross}, {'same ball' if result.same_ball else 'free'}"]
    width = max(24, *(len(run.agent) + 2 for run in result.runs))
    lines.append(f"{'agent':14}" + "".join(f"{run.agent:>{width}}" for run in result.runs))
    for key in result.runs[0].metrics:
        if key != "seed":
            lines.append(f"{key:14}" + "".join(f"{_short(run.metrics[key]):>{width}}" for run in result.runs))
    return "\n".join(lines)


def title(runner: Agent) -> str:
    """An agent's name as a heading."""
    return titles([runner])[0]


def titles(runners: Sequence[Agent]) -> list[str]:
    """Headings for agents shown together."""
    return [captions.LEARNED if name is None else captions.sentence(name) for name in names(runners)]


def names(runners: Sequence[Agent]) -> list[str | None]:
    """Distinct names for agents shown together; None: the only learned agent needs no name."""
    plain = [runner.name.replace("-", " ") for runner in runners]
    learned = [isinstance(runner, Policy) for runner in runners]
    if sum(learned) == 1:
        return [None if mine else name for mine, name in zip(learned, plain, strict=True)]
    return [name if plain.count(name) == 1 else f"{name} {n}" for n, name in enumerate(plain, 1)]


def _kind(runner: Agent) -> str:
    return "learner" if isinstance(runner, Policy | Recorded) else "rule"


def _end(run: np.recarray) -> np.recarray:
    """The last record of a run, (1,)."""
    return run[-1:].view(np.recarray)


def _plain(run: np.recarray) -> dict[str, Any]:
    row = metrics(_end(run))[0]
    values = in_words({name: row[name].item() for name in row.dtype.names})
    return {
        key: None if isinstance(value, float) and not math.isfinite(value) else value for key, value in values.items()
    }


def _short(value: object) -> str:
    return "-" if value is None else f"{value:.3g}" if isinstance(value, float) else str(value)
