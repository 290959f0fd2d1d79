"""Recorded plays of a person: their file, and an agent that replays them bit for bit.

The world is deterministic given its seed, so a cross and the action of every decision in it are the whole play. A file
holds plays of one environment with one set of options, one for each cross. The agent is used like any other, but only
on these crosses.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import numpy as np
from msgspec import Meta

from backpost.agents.base.agent import Actions, Observations, Seeds
from backpost.agents.base.view import Mask
from backpost.envs.common.checks import Record
from backpost.envs.common.errors import BackpostError, InvalidFile, InvalidValue, quoted
from backpost.envs.common.files import write_atomically
from backpost.envs.common.reading import read_json, shown, typed
from backpost.envs.crosses import Crosses
from backpost.envs.interface.options import PERMISSIONS, Options
from backpost.envs.scenarios.registry import scenario as scenario_of
from backpost.envs.world.chance import episode_seeds

SUFFIX = ".json"
KEY = "backpost_plays"
"""The key that identifies such a file; its value is the format."""
FORMAT = 1
LARGEST_FILE = 16 * 2**20
LARGEST_CROSS = 2**53
MOST_DECISIONS = 1000
COMPONENTS = 4
"""Numbers in a continuous action."""
_Component = Annotated[float, Meta(ge=-1, le=1)]
_OF_THE_FACE = ("vision", "reward", "gamma", *PERMISSIONS)
"""Options that do not affect the world."""


@dataclass(frozen=True)
class Plays:
    """A person's actions in some crosses.

    Attributes:
        environment: name of the scenario.
        options: options it was played with; the action type is "continuous".
        runs: actions (t, 4) of all decisions, float32, by the number of the evaluation cross.

    Raises:
        InvalidValue: for another action type, or an option that the scenario does not have.
    """

    environment: str
    options: Options = field(default_factory=Options)
    runs: Mapping[int, Actions] = field(default_factory=dict)

    def __post_init__(self) -> None:
        scenario_of(self.environment).checked(self.options)
        if self.options.action_type != "continuous":
            raise InvalidValue(f"plays have continuous actions, got action_type {self.options.action_type!r}")

    def added(self, cross: int, actions: Actions) -> "Plays":
        """The same plays plus one more."""
        return Plays(self.environment, self.options, {**self.runs, cross: actions})


class Recorded:
    """An agent that replays recorded actions.

    Args:
        plays: the recorded plays.
        name: its name in tables.
    """

    def __init__(self, plays: Plays, name: str = "recorded") -> None:
        self.name = name
        self._plays = plays
        self.description = f"plays of {_listed(plays.runs)} of {plays.environment}, as they were recorded"
        self._known = {int(episode_seeds("evaluate", 0, cross, 1)[0]): actions for cross, actions in plays.runs.items()}
        self._runs: list[Actions] = []
        self._decisions = np.zeros(0, int)

    @property
    def crosses(self) -> list[int]:
        """Numbers of the evaluation crosses that were played."""
        return sorted(self._plays.runs)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """The plays in a file, named after the file.

        Raises:
            InvalidFile: if it is missing, too large, malformed, or of another version.
        """
        return cls(read(path), Path(path).stem)

    def attend(self, crosses: Crosses) -> None:
        """Check that these are crosses of the environment that was played.

        Raises:
            InvalidValue: if not.
        """
        if crosses.scenario.name != self._plays.environment:
            raise InvalidValue(f"{self.name} has plays of {self._plays.environment}, not of {crosses.scenario.name}")
        was, now = _plain(self._plays.options), _plain(crosses.options)
        for name in was:
            if name not in _OF_THE_FACE and was[name] != now[name]:
                raise InvalidValue(f"{self.name} was played with {name} {quoted(was[name])}, not {quoted(now[name])}")

    def identity(self) -> dict[str, Any]:
        """The recorded actions, by the seeds of their crosses."""
        return {"recorded": {str(seed): actions for seed, actions in self._known.items()}}

    def reset(self, seeds: Seeds) -> None:
        """Open n crosses.

        Raises:
            InvalidValue: if one of them was not played.
        """
        self._runs = [self._run(seed) for seed in seeds]
        self._decisions = np.zeros(len(seeds), int)

    def restart(self, which: Mask, seeds: Seeds) -> None:
        """Open new crosses in some rows.

        Raises:
            InvalidValue: if one of them was not played.
        """
        for row in np.flatnonzero(which):
            self._runs[row] = self._run(seeds[row])
        self._decisions[which] = 0

    def act(self, observations: Observations) -> Actions:
        """Actions (n, 4); after the last recorded action the runner stands still."""
        actions = np.zeros((len(observations), COMPONENTS), np.float32)
        for row, (run, decision) in enumerate(zip(self._runs, self._decisions, strict=True)):
            if decision < len(run):
                actions[row] = run[decision]
        self._decisions += 1
        return actions

    def _run(self, seed: np.uint64) -> Actions:
        run = self._known.get(int(seed))
        if run is None:
            raise InvalidValue(
                f"{self.name} has plays of {_listed(self._plays.runs)} of {self._plays.environment} and of no other"
            )
        return run


def write(path: str | os.PathLike[str], plays: Plays) -> None:
    """Write plays atomically.

    Raises:
        InvalidFile: if the file cannot be written.
    """
    write_atomically(path, _text(plays))


def _text(plays: Plays) -> str:
    """The content of a file of plays."""
    content = {
        KEY: FORMAT,
        "version": metadata.version("backpost"),
        "environment": plays.environment,
        "options": chosen(plays.options),
        "plays": [{"seed": cross, "actions": plays.runs[cross].tolist()} for cross in sorted(plays.runs)],
    }
    return json.dumps(content, allow_nan=False) + "\n"


def chosen(options: Options) -> dict[str, Any]:
    """The options that differ from the defaults, by name, as JSON values."""
    usual = _plain(Options())
    return {name: value for name, value in _plain(options).items() if value != usual[name]}


def _plain(options: Options) -> dict[str, Any]:
    """Options by name as JSON values: a range becomes a list, whatever type it was given as."""
    plain: dict[str, Any] = json.loads(json.dumps({**vars(options), "parameters": dict(options.parameters)}))
    return plain


def read(path: str | os.PathLike[str]) -> Plays:
    """The plays in a file.

    Raises:
        InvalidFile: if it is missing, too large, malformed, or of another version.
    """
    name = f"plays {shown(path)}"
    content = read_json(path, "plays", LARGEST_FILE)
    _check_version(content, name)
    file = typed(content, _File, name)
    try:
        return _plays(file)
    except BackpostError as error:
        raise InvalidFile(f"{name} is malformed: {error}") from error


class _Play(Record, frozen=True):
    seed: Annotated[int, Meta(ge=0, lt=LARGEST_CROSS)]
    actions: Annotated[
        list[tuple[_Component, _Component, _Component, _Component]], Meta(min_length=1, max_length=MOST_DECISIONS)
    ]


class _File(Record, frozen=True):
    backpost_plays: Literal[1]
    version: str
    environment: str
    options: dict[str, Any]
    plays: Annotated[list[_Play], Meta(min_length=1)]


def _check_version(content: Any, name: str) -> None:
    """Reject another format or version with its own message, before checking anything else."""
    if not isinstance(content, dict) or KEY not in content:
        raise InvalidFile(f"{name} is malformed: it has no {KEY!r}")
    if content[KEY] != FORMAT or isinstance(content[KEY], bool):
        raise InvalidFile(f"{name} has format {quoted(content[KEY])}; this version reads {FORMAT}")
    version = metadata.version("backpost")
    if content.get("version") != version:
        raise InvalidFile(
            f"{name} was played with backpost {quoted(content.get('version'))}; in {version} the world is another"
        )


def _plays(file: _File) -> Plays:
    seeds = [play.seed for play in file.plays]
    if len(set(seeds)) < len(seeds):
        raise InvalidFile("it must hold every seed once")
    runs = {play.seed: np.array(play.actions, np.float32) for play in file.plays}
    return Plays(scenario_of(file.environment).name, Options.of(**file.options), runs)


def _listed(crosses: Mapping[int, Any] | Sequence[int]) -> str:
    """Cross numbers in words: "cross 7", "crosses 7, 8, 9"; only the first few of many."""
    numbers = sorted(crosses)
    words = ", ".join(str(number) for number in numbers[:8]) + (", ..." if len(numbers) > 8 else "")
    return f"cross{'' if len(numbers) == 1 else 'es'} {words}"
