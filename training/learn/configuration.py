"""All settings of a training run, frozen and validated; from YAML, from flags, or both.

`SETTINGS` is the table from which the command's flags, the error messages and the resolved file of a run are made.
"""

import dataclasses
import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from msgspec import Meta

from backpost.agents.policies.policy_file import LARGEST_FILE, LARGEST_HEADER, LARGEST_LAYER, MOST_LAYERS, Description
from backpost.envs.common.checks import checked
from backpost.envs.common.errors import InvalidFile, InvalidValue, UnknownName, quoted
from backpost.envs.common.reading import read_yaml, shown
from backpost.envs.interface.options import VISIONS
from backpost.envs.interface.reward import REWARDS
from backpost.envs.scenarios.registry import SCENARIOS

STARTS = ("rule", "scratch", "policy", "teachers")
NOISES = ("gsde", "white")
ON_POLICY = ("ppo", "recurrent_ppo")
OFF_POLICY = ("sac", "tqc")
ALGORITHMS = (*ON_POLICY, *OFF_POLICY)
SHIPPED = "shipped"
AS_TUNED = -1.0
"""Value of `meet` for the rule's own number."""
_WIDTHS = Annotated[
    tuple[Annotated[int, Meta(ge=1, le=LARGEST_LAYER)], ...], Meta(min_length=1, max_length=MOST_LAYERS)
]
_TEACHERS = Annotated[tuple[str, ...], Meta(min_length=1)]
_CURRICULUM = dict[str, Annotated[float, Meta(gt=0, lt=1)]]


def _setting(
    default: Any,
    meaning: str,
    low: float = -math.inf,
    high: float = math.inf,
    choices: Collection[str] = (),
    only: Mapping[str, tuple[str, ...]] | None = None,
    kind: Any = None,
    **by_algo: Any,
) -> Any:
    """A field with its meaning and valid values.

    Args:
        default: its default value.
        meaning: one line for the help and for the file of a run.
        low: the lowest valid number.
        high: the highest valid number.
        choices: the valid strings; a registry can grow.
        only: values of other settings for which it exists; otherwise it is None, and setting it is an error.
        kind: its type for `checked`, where default, bounds and choices do not determine it.
        **by_algo: defaults specific to an algorithm.
    """
    about = {"default": default, "meaning": meaning, "low": low, "high": high, "choices": choices}
    about |= {"kind": kind or _kind(default, low, high, choices), "only": only or {}, "by": by_algo}
    return field(default=None if only or by_algo else default, metadata=about)


def _kind(default: Any, low: float, high: float, choices: Collection[str]) -> Any:
    if choices and isinstance(choices, tuple):
        return Literal[choices]
    if isinstance(default, bool):
        return bool
    if isinstance(default, str):
        return Annotated[str, Meta(min_length=1)]
    return Annotated[type(default), Meta(ge=low, le=high)]


@dataclass(frozen=True)
class Configuration:
    """The settings of a training run; a setting that does not apply to the algorithm or the start is None.

    Raises:
        InvalidValue: for a value of the wrong type or outside its range, or a setting that this run does not have.
    """

    env: str = _setting("OpenPlay", "scenario to train in")
    algo: str = _setting("ppo", "algorithm", choices=ALGORITHMS)
    steps: int = _setting(10_000_000, "decisions to train for, 0 to stop after what is learned before PPO", 0, 10**12)
    minutes: float = _setting(0.0, "stop training after this many minutes in all, 0 for no limit", 0, 10**5)
    seed: int = _setting(0, "training seed", 0, 2**31 - 1)
    start: str = _setting("rule", "what training starts from", choices=STARTS)
    rule: str = _setting(
        "best", "coaching rule to start from; best: the one with the highest xG", only={"start": ("rule", "teachers")}
    )
    meet: float = _setting(
        AS_TUNED,
        "where that rule meets the ball: 0 as soon as he reaches it, 1 at the feet; -1: as it was tuned",
        AS_TUNED,
        1,
        only={"start": ("rule",)},
    )
    policy: str = _setting("none", "file of the policy to start from", only={"start": ("policy",), "algo": ("ppo",)})
    teachers: tuple[str, ...] = _setting(
        ("OpenPlay", "Transition", "Corner", "FreeKick"),
        "scenarios whose policies are imitated first, each on its own crosses",
        only={"start": ("teachers",), "algo": ("ppo",)},
        kind=_TEACHERS,
    )
    taught_by: str = _setting(
        SHIPPED,
        "folder of their policies <Scenario>.safetensors; shipped: those of this package",
        only={"start": ("teachers",), "algo": ("ppo",)},
    )
    lessons: int = _setting(
        40_000, "crosses on which they are imitated", 1, 10**7, only={"start": ("teachers",), "algo": ("ppo",)}
    )
    curriculum: tuple[tuple[str, float], ...] = _setting(
        (),
        "environments to start in, each with its share of the steps, such as {DrillCrossing: 0.1, DrillShadow: 0.1}",
        kind=_CURRICULUM,
    )
    warm_up: int = _setting(3000, "crosses on which the critic is fitted before training", 1, 10**7)
    envs: int = _setting(512, "crosses played side by side", 1, 2**20)
    rollout: int = _setting(64, "decisions in each cross between two updates", 2, 10_000, sac=16, tqc=16)
    batch: int = _setting(8192, "decisions in one gradient step", 2, 10**7, sac=1024, tqc=1024)
    epochs: int = _setting(4, "passes over a rollout", 1, 100, only={"algo": ON_POLICY})
    learning_rate: float = _setting(3e-4, "initial value; it falls linearly to zero", 1e-8, 1)
    average: float = _setting(
        0.98, "share that an update keeps of the weights' mean, which is what is selected", 0, 0.9999
    )
    gamma: float = _setting(0.999, "discount of a decision", 0, 1)
    gae_lambda: float = _setting(0.97, "smoothing of the advantage", 0, 1, only={"algo": ON_POLICY})
    clip: float = _setting(0.2, "how far one update may change a probability", 1e-6, 10, only={"algo": ON_POLICY})
    entropy: float = _setting(0.0, "weight of the entropy bonus", 0, 1, only={"algo": ON_POLICY})
    target_kl: float = _setting(
        0.0, "stop an update beyond this divergence, 0 for no limit", 0, 10, only={"algo": ON_POLICY}
    )
    gradient_steps: int = _setting(32, "gradient steps in one update", 1, 10**6, only={"algo": OFF_POLICY}, tqc=16)
    replay: int = _setting(400_000, "size of the replay buffer, decisions", 2, 10**8, only={"algo": OFF_POLICY})
    n_step: int = _setting(
        16, "decisions whose rewards count before the critic's estimate", 1, 1000, only={"algo": OFF_POLICY}
    )
    tau: float = _setting(0.005, "how fast the target follows the critic", 1e-6, 1, only={"algo": OFF_POLICY})
    hidden: tuple[int, ...] = _setting((64, 64), "widths of the hidden layers", kind=_WIDTHS, recurrent_ppo=(64,))
    memory: int = _setting(64, "units of the LSTM", 1, 1024, only={"algo": ("recurrent_ppo",)})
    noise: str = _setting("gsde", "exploration: correlated in time, or white", choices=NOISES)
    noise_scale: float = _setting(
        0.3, "its initial standard deviation, in units of the action", 1e-4, 10, sac=0.15, tqc=0.15
    )
    noise_hold: int = _setting(16, "decisions for which gsde keeps its noise", 1, 1000, only={"noise": ("gsde",)})
    reward: str = _setting("xg", "reward to learn from; results always report xg", choices=REWARDS)
    reward_scale: float = _setting(50.0, "factor on the reward, so that a cross is worth about 1", 1e-6, 1e6)
    second_balls: bool = _setting(False, "learn from second balls too; otherwise they are left to the rule")
    hindsight: bool = _setting(
        True,
        "show the critic how the cross went when the rule ran it",
        only={"start": ("rule", "policy", "teachers"), "algo": ("ppo",)},
    )
    difficulty: float = _setting(1.0, "of the scene", 0, 1)
    vision: str = _setting("cone", "what the runner sees", choices=VISIONS)
    select_every: int = _setting(20, "updates between two candidates", 1, 10**6, sac=80, tqc=80)
    select_crosses: int = _setting(8_000, "crosses on which the best candidate is chosen", 2, 10**6)
    checkpoint_every: float = _setting(
        30.0, "minimum seconds between two checkpoints to resume from, 0 to write one after every update", 0, 10**5
    )
    threads: int = _setting(1, "threads of torch; with 2 or more, crosses are played on several cores too", 1, 64)
    progress: bool = _setting(True, "show a progress bar")

    def __post_init__(self) -> None:
        for entry in dataclasses.fields(self):
            object.__setattr__(self, entry.name, self._resolved(entry, getattr(self, entry.name)))
        if self.algo in ON_POLICY and self.envs * self.rollout % self.batch:
            raise InvalidValue(f"batch must divide envs x rollout = {self.envs * self.rollout}, got {self.batch}")
        if self.start in ("policy", "teachers") and self.algo != "ppo":
            raise InvalidValue(f"start must be one of rule, scratch with algo {self.algo}, got {self.start!r}")
        if self.curriculum and self.minutes:
            raise InvalidValue("a curriculum is made of shares of the steps, so it cannot go with a limit in minutes")
        kind = {"kind": "lstm", "memory": self.memory} if self.algo == "recurrent_ppo" else {"kind": "mlp"}
        shapes = Description(self.env, hidden=self.hidden, **kind).shapes()
        size = 4 * sum(math.prod(shape) for shape in shapes.values())
        if size > LARGEST_FILE - LARGEST_HEADER:
            raise InvalidValue(f"a network of {size:,} bytes is more than a policy file holds, {LARGEST_FILE:,} in all")

    def _resolved(self, entry: "dataclasses.Field[Any]", value: Any) -> Any:
        """The checked value; the algorithm's default if it is not set; None if the setting does not apply."""
        about = entry.metadata
        for other, valid in about["only"].items():
            if getattr(self, other) not in valid:
                if value is None:
                    return None
                raise InvalidValue(
                    f"{entry.name} is a setting for {other} {' or '.join(valid)}, not {getattr(self, other)}"
                )
        if value is None and (about["only"] or about["by"]):
            value = about["by"].get(self.algo, about["default"])
        return _checked(entry, value)

    def to_yaml(self) -> str:
        """The resolved configuration: every setting of this run with its meaning."""
        lines = []
        for entry in dataclasses.fields(self):
            value = getattr(self, entry.name)
            if value is None:
                continue
            if isinstance(value, tuple):
                value = dict(value) if entry.name == "curriculum" else list(value)
            plain = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=10**6)
            lines.append(f"{entry.name}: {plain.splitlines()[0]}  # {_help(entry)}")
        return "\n".join(lines) + "\n"


def configuration(path: str | Path | None = None, overrides: Mapping[str, Any] | None = None) -> Configuration:
    """The defaults, overridden by a YAML file, then by `overrides`.

    Raises:
        InvalidFile: if the file is missing, too large or not a YAML mapping.
        UnknownName: for a key that is not a setting.
        InvalidValue: for a value of the wrong type or outside its range.
    """
    chosen = {**(_load(path) if path is not None else {}), **(overrides or {})}
    for name in chosen:
        if name not in SETTINGS:
            raise UnknownName("setting", name, SETTINGS)
    return Configuration(**chosen)


def _load(path: str | Path) -> dict[str, Any]:
    values = read_yaml(path, "configuration")
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise InvalidFile(f"configuration {shown(path)} must be a mapping of settings to values")
    return values


def _checked(entry: "dataclasses.Field[Any]", value: Any) -> Any:
    """The value in the type of its setting, or one clear error message."""
    name, kind = entry.name, entry.metadata["kind"]
    if name == "curriculum":
        return _stages(value)
    if isinstance(entry.metadata["default"], int) and isinstance(value, float) and value.is_integer():
        value = int(value)  # people write a million as 1e6
    value = checked(value, kind, name)
    if name == "reward" and value not in REWARDS:
        raise InvalidValue(f"reward must be one of {', '.join(REWARDS)}, got {quoted(value)}")
    if name == "teachers":
        _check_scenarios(name, value)
        if len(set(value)) < len(value):
            raise InvalidValue(f"teachers must name each environment once, got {', '.join(value)}")
    return value


def _stages(value: Any) -> tuple[tuple[str, float], ...]:
    """Environments in order, each with its share of the steps."""
    if isinstance(value, tuple):  # as the field holds it
        value = dict(value)
    stages = checked(value, _CURRICULUM, "curriculum")
    _check_scenarios("curriculum", stages)
    if sum(stages.values()) >= 1.0:
        raise InvalidValue(
            f"curriculum must leave a share of the steps to the environment itself, got {sum(stages.values()):g} in all"
        )
    return tuple(stages.items())


def _check_scenarios(setting: str, names: Iterable[str]) -> None:
    for name in names:
        if name not in SCENARIOS:
            raise UnknownName(f"environment in {setting}", name, SCENARIOS)


def _help(entry: "dataclasses.Field[Any]") -> str:
    """The meaning and valid values in one line."""
    choices, low, high = (entry.metadata[key] for key in ("choices", "low", "high"))
    if choices:
        return f"{entry.metadata['meaning']} ({', '.join(choices)})"
    if math.isfinite(low):
        return f"{entry.metadata['meaning']} ({low:g} to {high:g})"
    return str(entry.metadata["meaning"])


SETTINGS: dict[str, str] = {entry.name: _help(entry) for entry in dataclasses.fields(Configuration)}
"""Every setting with its meaning and valid values."""
