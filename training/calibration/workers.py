"""How candidates are evaluated, in this process or in several; nothing depends on how many there are."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from backpost.envs.common import processes

from .loss import Measured

Values = Mapping[str, float]
Rows = Mapping[str, Measured]
Block = tuple[int, int, int]
"""Stream, first episode and number of crosses, of the label "calibrate"."""
Measure = Callable[[Values, Block], Rows]
"""(parameters that differ from their defaults, the crosses to play) -> the rows; a function that pickle can name."""
Job = tuple[Measure, Values, Block]
Evaluate = Callable[[list[Job]], list[Rows]]


@contextmanager
def workers(count: int) -> Iterator[Evaluate]:
    """Evaluates jobs in their order, in so many processes; one needs none besides this."""
    if count == 1:
        yield lambda jobs: [_work(job) for job in jobs]
        return
    with processes.workers(count) as pool:
        yield lambda jobs: list(pool.map(_work, jobs))


def _work(job: Job) -> Rows:
    measure, values, block = job
    return measure(values, block)
