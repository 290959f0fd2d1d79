"""The content of a speed measurement: rates over repeats, and the verdicts on the targets."""

from dataclasses import dataclass
from typing import ClassVar

from backpost.training.bench.result_file import Result


@dataclass(frozen=True)
class Machine:
    """The machine used for the measurement."""

    processor: str
    cores: int | None
    python: str


@dataclass(frozen=True)
class Rate:
    """Units per second over several repeats."""

    best: float
    worst: float
    median: float


@dataclass(frozen=True)
class SingleSpeed:
    """One environment of each kind through gym.make, in steps per CPU second, and the ratio of the best repeats."""

    backpost: Rate
    cartpole: Rate
    ratio: float


@dataclass(frozen=True)
class ThreadSpeed:
    """Steps per second of wall time by number of threads, and the ratio of the most threads to one."""

    threads: dict[str, Rate]
    ratio: float


@dataclass(frozen=True)
class PPOSpeed:
    """Frames of PPO per CPU second.

    Attributes:
        native: on the vectorised environment.
        stub: on a stub with the same shapes.
        ordinary: on eight environments stepped in sequence.
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
    """A target, the measured value, and whether the target is reached."""

    measured: float
    target: float
    reached: bool


@dataclass(frozen=True)
class Speed(Result):
    """What `bench` returns.

    Attributes:
        machine: the machine.
        environment: the measured environment.
        targets: the targets by name.
        steps: environment steps per CPU second, by batch size.
        players: the same with fewer players, by number of players.
        single: one environment against CartPole.
        threads: two threads against one.
        ppo: PPO on the environment.
        first_step: time to the first step of a new process.
        verdicts: the verdict on each target.
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
