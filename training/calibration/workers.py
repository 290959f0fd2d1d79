"""Evaluation of points, in this process or in several; results do not depend on the number of processes."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from backpost.envs.common import processes
from backpost.training.realism.measure import Figure

from .figures import Block, Measure, Values

Job = tuple[Measure, Values, Block]
Evaluate = Callable[[Sequence[Job]], Iterator[Sequence[Figure]]]


@contextmanager
def workers(count: int) -> Iterator[Evaluate]:
    """A function that yields the results of jobs in order, from `count` processes; with one, in this process."""
    if count == 1:
        yield lambda jobs: map(_work, jobs)
        return
    with processes.workers(count) as pool:
        yield lambda jobs: pool.map(_work, jobs)


def _work(job: Job) -> Sequence[Figure]:
    measure, values, block = job
    return measure(values, block)
