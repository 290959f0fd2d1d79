"""What a measurement of speed holds: rates over repeats, and the verdicts on the targets."""

from dataclasses import dataclass
from typing import ClassVar

from backpost.training.bench.result_file import Result


@dataclass(frozen=True)
class Machine:
    """Where this was measured."""

    processor: str
    cores: int | None
    python: str


@dataclass(frozen=True)
class Rate:
    """Units a second over some repeats."""

    best: float
    worst: float
    median: float


@dataclass(frozen=True)
class SingleSpeed:
    """One environment of each kind through gym.make, steps a CPU second, and the ratio of the best repeats."""

    backpost: Rate
    cartpole: Rate
    ratio: float


@dataclass(frozen=True)
class ThreadSpeed:
    """Steps a second of wall time by the number of threads, and the ratio of the most threads to one."""

    threads: dict[str, Rate]
    ratio: float


@dataclass(frozen=True)
class PPOSpeed:
    """Frames a CPU second of PPO.

    Attributes:
        native: on the vectorised environment.
        stub: on a stub of equal shapes.
        ordinary: on eight environments, one after the other.
        of_stub: ratio of native to stub.
        of_ordinary: ratio of native to ordinary.
    """

    native: Rate
    stub: Rate
    ordinary: Rate
    of_stub: float
    of_ordinary: float


@dataclass(frozen=True)
class FirstStep:
    """CPU seconds of a new process until the first step, with a cold and a warm kernel cache."""

    cold_s: float
    warm_s: float
    warm_repeats_s: tuple[float, ...]


@dataclass(frozen=True)
class Verdict:
    """A target with what was measured, and whether it is reached."""

    measured: float
    target: float
    reached: bool


@dataclass(frozen=True)
class Speed(Result):
    """What `bench` returns.

    Attributes:
        machine: where it was measured.
        environment: that was measured.
        targets: by name.
        steps: of the environment a CPU second, by the size of the batch.
        players: the same with fewer players, by their number.
        single: one environment against CartPole.
        threads: two threads against one.
        ppo: learning on the environment.
        first_step: of a new process.
        verdicts: on the targets.
    """

    command: ClassVar[str] = "bench"

    machine: Machine
    environment: str
    targets: dict[str, float]
    steps: dict[str, Rate]
    players: dict[str, Rate]
    single: SingleSpeed
    threads: ThreadSpeed
    ppo: PPOSpeed
    first_step: FirstStep
    verdicts: dict[str, Verdict]
