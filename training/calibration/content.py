"""The schema of `calibration.json`, checked when it is read: its stages and generations."""

import os
from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType

from backpost.envs.common.checks import Record
from backpost.envs.common.errors import InvalidValue
from backpost.envs.common.reading import read_json, shown, typed
from backpost.envs.world.parameter_table import TABLE

Count = Annotated[int, Meta(ge=0)]
_NAMES = {parameter.name for parameter in TABLE}


class Generation(Record, frozen=True):
    """Losses of the candidates, the state of the search after them, and the seconds they took."""

    losses: Annotated[list[float], Meta(min_length=1)]
    place: Annotated[list[float], Meta(min_length=1)]
    seconds: Annotated[float, Meta(ge=0)]


class Loss(Record, frozen=True):
    """Losses on fresh crosses: at the start, of what was chosen, and at the end of the search."""

    before: float
    after: float
    end_of_search: float


class Judged(Record, frozen=True):
    """The fresh crosses of a stage."""

    stream: Count
    first: Count
    crosses: Count


class Cell(Record, frozen=True):
    """A statistic, None where it is undefined, and the number of events behind it."""

    value: float | None
    count: Count


class Row(Record, frozen=True):
    """A statistic before and after a stage."""

    before: Cell
    after: Cell


class Stage(Record, frozen=True):
    """A stage: its initial parameters, those frozen by earlier stages, its weights, and the progress of its search.

    `chosen`, `loss`, `judged_on` and `rows` are set once it is finished.

    Raises:
        InvalidValue: if its parts are inconsistent.
    """

    start: dict[str, float]
    frozen: dict[str, float]
    crosses: Annotated[int, Meta(ge=1)]
    weights: dict[str, float]
    world: Count
    agents: Count
    generations: list[Generation]
    chosen: dict[str, float] | UnsetType = UNSET
    loss: Loss | UnsetType = UNSET
    judged_on: Judged | UnsetType = UNSET
    rows: dict[str, Row] | UnsetType = UNSET

    def __post_init__(self) -> None:
        for name in (*self.start, *self.frozen):
            if name not in _NAMES:
                raise InvalidValue("a stage names a parameter that the world does not have")
        if any(len(generation.place) != len(self.start) for generation in self.generations):
            raise InvalidValue("the place of a generation has a number for each parameter of its stage")
        judged = [part is not UNSET for part in (self.chosen, self.loss, self.judged_on, self.rows)]
        if any(judged) and not (all(judged) and self.generations and set(self.chosen or ()) == set(self.start)):
            raise InvalidValue("a finished stage has generations, chosen, loss, judged_on and rows")


class _File(Record, frozen=True):
    label: str
    seed: Annotated[int, Meta(ge=0)]
    versions: dict[str, str | int]
    stages: dict[str, Stage]

    def __post_init__(self) -> None:
        rows = [set(stage.rows) for stage in self.stages.values() if stage.rows is not UNSET]
        if any(names != rows[0] for names in rows):
            raise InvalidValue("all finished stages have the same rows")


def read(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Read a `calibration.json`.

    Raises:
        InvalidFile: if it cannot be read or is invalid.
    """
    content: dict[str, Any] = read_json(path, "calibration")
    typed(content, _File, f"calibration {shown(path)}")
    return content
