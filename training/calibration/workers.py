"""Evaluation of candidates, in this process or in several; results do not depend on the number of processes."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from backpost.envs.common import processes

from .loss import Measured

Values = Mapping[str, float]
Rows = Mapping[str, Measured]
Block = tuple[int, int, int]
"""Stream, first episode and number of crosses; the label is "calibrate"."""
Measure = Callable[[Values, Block], Rows]
"""(parameters that differ from their defaults, the crosses to play) -> the rows; must be picklable."""
Job = tuple[Measure, Values, Block]
Evaluate = Callable[[list[Job]], list[Rows]]


@contextmanager
def workers(count: int) -> Iterator[Evaluate]:
    """A function that evaluates jobs in order, in `count` processes; with one, in this process."""
    if count == 1:
        yield lambda jobs: [_work(job) for job in jobs]
        return
    with processes.workers(count) as pool:
        yield lambda jobs: list(pool.map(_work, jobs))


def _work(job: Job) -> Rows:
    measure, values, block = job
    return measure(values, block)
