"""Progress of a training run, as stored in `progress.json` in its folder."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal, get_args

from backpost.envs.common.reading import read_record
from backpost.training.bench.result_file import Result

Status = Literal["running", "finished", "interrupted", "failed"]
STATUSES: tuple[str, ...] = get_args(Status)


@dataclass(frozen=True)
class Candidate:
    """An intermediate policy: the decisions it was trained for, and its xG per 100 selection crosses."""

    steps: int
    xg_per_100: float


@dataclass(frozen=True)
class RunProgress(Result):
    """Progress of a run.

    Attributes:
        status: one of `STATUSES`.
        steps: decisions so far; None if unknown.
        seconds: time they took.
        best: the candidate that is the policy of the run; None if none has been played yet.
        candidates: the candidates that have been played, in order of steps.
    """

    command: ClassVar[str] = "train"

    status: Status
    steps: int | None = None
    seconds: float | None = None
    best: Candidate | None = None
    candidates: tuple[Candidate, ...] = ()


def read_progress(folder: str | Path) -> RunProgress:
    """Progress of the run in this folder.

    Raises:
        InvalidFile: if there is no run, or its file is malformed.
    """
    return read_record(Path(folder) / "progress.json", RunProgress, "progress")
