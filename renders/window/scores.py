"""The value of a person's crosses beside that of others on the same crosses, kept from session to session."""

import dataclasses
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from msgspec import Meta
from msgspec.structs import asdict

from backpost.agents.recorded import LARGEST_CROSS
from backpost.envs.common.checks import Record
from backpost.envs.common.errors import InvalidFile, quoted
from backpost.envs.common.files import write_atomically
from backpost.envs.common.reading import read_record, shown
from backpost.training.bench.result_file import Result

KEY = "backpost_scores"
FORMAT = 1
RUNNERS = ("you", "learned", "rule")
"""The person, the learned run (or its substitute), the best rule."""
LARGEST_FILE = 4 * 2**20
MOST_XG = 1e9
"""An upper bound on summed expected goals that is never reached."""


@dataclass
class Score:
    """The crosses of one environment.

    Attributes:
        seeds: numbers of the crosses, each once.
        xg: sums of expected goals over them, for each of `RUNNERS`.
    """

    seeds: list[int] = field(default_factory=list)
    xg: dict[str, float] = field(default_factory=lambda: dict.fromkeys(RUNNERS, 0.0))

    def add(self, seed: int, worth: Mapping[str, float]) -> bool:
        """Count a cross with its value for each runner; returns whether it was counted: each cross counts only once."""
        if seed in self.seeds:
            return False
        self.seeds.append(seed)
        for name in RUNNERS:
            self.xg[name] += worth[name]
        return True


Scores = dict[str, Score]
"""By environment, including its options if any."""


@dataclass(frozen=True)
class CountedScore:
    """The crosses of one environment: how many, their numbers, and sums of expected goals for each of `RUNNERS`."""

    crosses: int
    seeds: list[int]
    xg: dict[str, float]


@dataclass(frozen=True)
class PlayResult(Result):
    """The scores by environment."""

    command: ClassVar[str] = "play"

    environments: dict[str, CountedScore]


def result(scores: Scores) -> PlayResult:
    """The scores in the form in which they are written."""
    return PlayResult({name: CountedScore(len(score.seeds), score.seeds, score.xg) for name, score in scores.items()})


def table(scores: Scores) -> str:
    """The scores as text: expected goals per 100 crosses."""
    lines = [f"{'xG per 100 crosses':28}{'crosses':>9}" + "".join(f"{name:>9}" for name in RUNNERS)]
    for name, score in scores.items():
        each = "".join(f"{100 * score.xg[runner] / max(len(score.seeds), 1):9.2f}" for runner in RUNNERS)
        lines.append(f"{name:28}{len(score.seeds):>9}{each}")
    return "\n".join(lines)


def write(path: str | os.PathLike[str], scores: Scores) -> None:
    """Write the scores completely or not at all.

    Raises:
        InvalidFile: if the file cannot be written.
    """
    content = {KEY: FORMAT, **dataclasses.asdict(result(scores))}
    write_atomically(path, json.dumps(content, indent=2, allow_nan=False) + "\n")


def read(path: str | os.PathLike[str]) -> Scores:
    """The scores in a file; empty if it does not exist yet.

    Raises:
        InvalidFile: if it cannot be read, or is not a scores file.
    """
    if not Path(path).exists():
        return {}
    file = read_record(path, _File, "scores", LARGEST_FILE)
    for name, row in file.environments.items():
        if not len(set(row.seeds)) == len(row.seeds) == row.crosses:
            raise InvalidFile(f"scores {shown(path)} count crosses of {quoted(name)} that they do not list once each")
    return {name: Score(row.seeds, asdict(row.xg)) for name, row in file.environments.items()}


_Sum = Annotated[float, Meta(ge=0, le=MOST_XG)]


class _Worth(Record, frozen=True):
    you: _Sum
    learned: _Sum
    rule: _Sum


class _Row(Record, frozen=True):
    crosses: int
    seeds: list[Annotated[int, Meta(ge=0, lt=LARGEST_CROSS)]]
    xg: _Worth


class _File(Record, frozen=True):
    backpost_scores: Literal[1]
    environments: dict[str, _Row]
