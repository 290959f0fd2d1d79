"""How far a training run is: what `progress.json` in its folder says."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal, get_args

from backpost.envs.common.reading import read_record
from backpost.training.bench.result_file import Result

Status = Literal["running", "finished", "interrupted", "failed"]
STATUSES: tuple[str, ...] = get_args(Status)


@dataclass(frozen=True)
class Candidate:
    """A policy on the way: the decisions it was trained for, and its xG per 100 crosses of the selection."""

    steps: int
    xg_per_100: float


@dataclass(frozen=True)
class RunProgress(Result):
    """How far a run is.

    Attributes:
        status: one of `STATUSES`.
        steps: decisions so far; None if that is unknown.
        seconds: they took.
        best: the candidate that is the policy of the run; None if none has been played yet.
        candidates: those that have been played, by their steps.
    """

    command: ClassVar[str] = "train"

    status: Status
    steps: int | None = None
    seconds: float | None = None
    best: Candidate | None = None
    candidates: tuple[Candidate, ...] = ()


def read_progress(folder: str | Path) -> RunProgress:
    """How far the run in this folder is.

    Raises:
        InvalidFile: if there is no run, or its file is malformed.
    """
    return read_record(Path(folder) / "progress.json", RunProgress, "progress")
