"""What `info` says of a cross: the same keys and types at reset, after every decision and at the end; numbers alone.

| kind of value | before it is known |
|---|---|
| sum, count, flag | 0: what has happened so far |
| code | the index of "playing" or "none": `in_words` turns codes into words |
| measure (time, place, height, speed, distance, angle, share) | 99, which no cross can reach (`record.NEVER`) |

A measure must not be 0 or -1 while it is unknown: a run that starts one second before the strike starts at -1, and one
that starts at the strike at 0. Whoever forgets to leave the unknown out sees at once that a mean near 99 is wrong.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from backpost.envs.world.record import NEVER, OVER

from .outcome import METRICS, WORDS, metrics, metrics_type, record_type, tell_so_far

UNKNOWN_ZONE = -1
"""Code of the zone of a place that is not known."""

SO_FAR = ("xg", "own_xg", "goal", "meets", "shoots", "first_time", "technique", "offside", "outcome")
"""Metrics that tell what has happened so far; all others are told at the end."""
MEASURES = tuple(metric.name for metric in METRICS if metric.kind == "f8" and metric.name not in SO_FAR)
"""Metrics that are `NEVER` until the end, and then too if there is nothing to measure."""


class Key(NamedTuple):
    """One key of `info`: name, unit, meaning, and when its value is known."""

    name: str
    unit: str
    meaning: str
    when: str


KEYS = (
    *(
        Key(
            metric.name,
            metric.unit,
            metric.meaning.split(", an index")[0].split("; nan")[0],
            "at reset" if metric.name == "seed" else "so far" if metric.name in SO_FAR else "at the end",
        )
        for metric in METRICS
    ),
    Key("is_success", "-", "the same as `goal`: the name that trainers look for", "so far"),
    Key("reward_xg", "goals", "the team's expected goals in the last decision", "so far"),
    Key("reward_own_xg", "goals", "expected goals from the runner's own contacts in the last decision", "so far"),
    Key("reward_goal", "-", "goals in the last decision", "so far"),
    Key("reward_shaping", "goals", "shaping in the last decision; only of a reward with a potential", "so far"),
    Key("reward_<name>", "-", "the registered reward of that name in the last decision; only if chosen", "so far"),
)
"""All keys of `info`, in their order."""


def _blank() -> npt.NDArray[np.uint8]:
    """A row in which nothing has happened and nothing is known, as bytes: NumPy copies them faster than fields."""
    row = np.zeros(1, metrics_type)
    row["zone"] = UNKNOWN_ZONE
    for name in MEASURES:
        row[name] = NEVER
    return row.view(np.uint8)


_BLANK = _blank()


NAMES = tuple(metrics_type.names or ())
"""The metrics in the order of a row."""


def unknown(count: int) -> npt.NDArray[np.void]:
    """Metrics (n,) of crosses of which nothing is known yet."""
    table = np.empty(count, record_type)
    table.view(np.uint8).reshape(count, -1)[:] = _BLANK
    return table


def tell(worlds: npt.NDArray[Any], table: npt.NDArray[np.void]) -> None:
    """Bring a table (n,), `unknown` at the start of each cross, up to date with n crosses, finished or not."""
    if tell_so_far(worlds, table):
        over = np.flatnonzero(worlds["phase"] == OVER)
        last = metrics(worlds[over].view(np.recarray))
        placed = ~np.isnan(last["place_x"])
        table["zone"][over] = np.where(placed, last["zone"], UNKNOWN_ZONE)
        for name in MEASURES:
            table[name][over] = np.where(np.isnan(last[name]), NEVER, last[name])


def information(worlds: npt.NDArray[Any]) -> npt.NDArray[np.void]:
    """What `info` says of n crosses, finished or not, beside the reward: metrics (n,) without nan."""
    table = unknown(len(worlds))
    tell(worlds, table)
    return table


def in_words(info: Mapping[str, Any]) -> dict[str, Any]:
    """The `info` of a single environment or of a vector, with words in place of codes; all else is unchanged.

    Args:
        info: as `reset` and `step` return it.

    Returns:
        A copy, in which `outcome`, `technique` and `zone` are words: texts, or arrays of texts (n,).

    Example:
        >>> import gymnasium as gym
        >>> from backpost.envs import in_words
        >>> env = gym.make("backpost/OpenPlay-v0")
        >>> _, info = env.reset(seed=7)
        >>> in_words(info)["outcome"]
        'playing'
    """
    described = dict(info)
    for name, words in WORDS.items():
        if name in described:
            code = np.asarray(described[name])
            said = np.array([*words, "none"])[code]  # -1 is the last one
            described[name] = str(said) if said.ndim == 0 else said
    if isinstance(described.get("final_info"), Mapping):
        described["final_info"] = in_words(described["final_info"])
    return described
