"""Plays for many values, in this process or in several; results do not depend on the number of processes."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol, TypeVar

from backpost.envs.common import processes

from .figures import Block, Values

Result = TypeVar("Result")
Job = tuple[Callable[[Values, Block], Result], Values, Block]


class Evaluate(Protocol):
    """A function that yields the results of jobs in order."""

    def __call__(self, jobs: Sequence[Job[Result]], /) -> Iterator[Result]:
        """The results, one for each job."""
        ...


@contextmanager
def workers(count: int) -> Iterator[Evaluate]:
    """A function that yields the results of jobs in order, from `count` processes; with one, in this process."""
    if count == 1:
        yield lambda jobs: map(_work, jobs)
        return
    with processes.workers(count) as pool:
        yield lambda jobs: pool.map(_work, jobs)


def _work(job: Job[Result]) -> Result:
    play, values, block = job
    return play(values, block)
