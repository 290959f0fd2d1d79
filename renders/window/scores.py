"""What a person's crosses were worth beside others on the same ones, kept from one session to the next."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backpost.agents.recorded import LARGEST_CROSS
from backpost.envs.common.errors import InvalidFile
from backpost.envs.common.files import write_atomically

KEY = "backpost_scores"
FORMAT = 1
RUNNERS = ("you", "learned", "rule")
"""The person, the learned run (or who stood in for it), the best rule."""
LARGEST_FILE = 4 * 2**20
MOST_XG = 1e9
"""Sum of expected goals that nobody reaches."""


@dataclass
class Score:
    """The crosses of one environment.

    Attributes:
        seeds: numbers of the crosses, each once.
        xg: sums of expected goals over them, of everybody in `RUNNERS`.
    """

    seeds: list[int] = field(default_factory=list)
    xg: dict[str, float] = field(default_factory=lambda: dict.fromkeys(RUNNERS, 0.0))

    def add(self, seed: int, worth: Mapping[str, float]) -> bool:
        """Count a cross with what it was worth to everybody; whether it was counted: only the first time it is."""
        if seed in self.seeds:
            return False
        self.seeds.append(seed)
        for name in RUNNERS:
            self.xg[name] += worth[name]
        return True


Scores = dict[str, Score]
"""By environment, with its options where there are any."""


def result(scores: Scores) -> dict[str, Any]:
    """The scores for JSON."""
    environments = {
        name: {"crosses": len(score.seeds), "seeds": score.seeds, "xg": score.xg} for name, score in scores.items()
    }
    return {KEY: FORMAT, "environments": environments}


def table(scores: Scores) -> str:
    """The scores for people: expected goals of 100 crosses."""
    lines = [f"{'xG per 100 crosses':28}{'crosses':>9}" + "".join(f"{name:>9}" for name in RUNNERS)]
    for name, score in scores.items():
        each = "".join(f"{100 * score.xg[runner] / max(len(score.seeds), 1):9.2f}" for runner in RUNNERS)
        lines.append(f"{name:28}{len(score.seeds):>9}{each}")
    return "\n".join(lines)


def write(path: str | os.PathLike[str], scores: Scores) -> None:
    """Write the scores at once or not at all.

    Raises:
        InvalidFile: if the place cannot be written.
    """
    write_atomically(path, json.dumps(result(scores), indent=2, allow_nan=False) + "\n")


def read(path: str | os.PathLike[str]) -> Scores:
    """The scores in a file; none if it is not there yet.

    Raises:
        InvalidFile: if it cannot be read, or is no file of scores.
    """
    place = Path(path)
    try:
        with place.open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise InvalidFile(f"cannot read scores {place}: {(error.strerror or str(error)).lower()}") from error
    try:
        content = json.loads(data) if len(data) <= LARGEST_FILE else None
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or content.get(KEY) != FORMAT or not isinstance(content.get("environments"), dict):
        raise InvalidFile(f"{place} is no file of scores of this version; name another one")
    return {name: _score(place, name, row) for name, row in content["environments"].items()}


def _score(place: Path, name: str, row: Any) -> Score:
    wrong = InvalidFile(f"{place} has scores of {name[:40]!r} that do not add up; name another file")
    if not isinstance(row, dict) or not isinstance(row.get("seeds"), list) or not isinstance(row.get("xg"), dict):
        raise wrong
    seeds, xg = row["seeds"], row["xg"]
    if not all(type(seed) is int and 0 <= seed < LARGEST_CROSS for seed in seeds) or set(xg) != set(RUNNERS):
        raise wrong
    if not len(set(seeds)) == len(seeds) == row.get("crosses"):
        raise wrong
    if not all(type(value) in (int, float) and 0 <= value <= MOST_XG for value in xg.values()):
        raise wrong
    return Score(seeds, {runner: float(xg[runner]) for runner in RUNNERS})
