"""Luck: every draw is a pure function of the episode's seed, the name of the draw, the player and its count n.

There is no state, so a run that arrives later meets the same luck, and the same seed gives the same bits alone, in a
batch, in parallel and in plain Python. `draws.py` names the draws of an episode.
"""

import math
from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from .compile import entry, kernel

LABELS = ("reset", "train", "tune", "select", "evaluate", "calibrate", "verify")
"""Seed streams. The label fills the top three bits of an episode seed, so no two streams share an episode."""

# Unsigned 64-bit words: NumPy's inside compiled code (it wraps), Python's own in plain mode (masked below).
word = int if numba.config.DISABLE_JIT else np.uint64
_MASK = word(0xFFFFFFFFFFFFFFFF)
_GOLDEN = word(0x9E3779B97F4A7C15)
_MIX_1 = word(0xBF58476D1CE4E5B9)
_MIX_2 = word(0x94D049BB133111EB)
_S27, _S30, _S31, _S11, _S16, _S32 = (word(s) for s in (27, 30, 31, 11, 16, 32))
_UNIT = 1.0 / 9007199254740992.0
TWO_PI = 6.283185307179586
WORLD = 0
"""Player index of a draw that belongs to no player."""


@kernel
def mix(x):
    """One round of SplitMix64's finaliser (Steele, Lea & Flood 2014) on a 64-bit word."""
    x = ((x ^ (x >> _S30)) * _MIX_1) & _MASK
    x = ((x ^ (x >> _S27)) * _MIX_2) & _MASK
    return x ^ (x >> _S31)


class Draw(NamedTuple):
    """One named draw: the numbers of a purpose and a player that it uses.

    The n-th time it uses number `first + n * every`; a normal draw also uses the next number.

    Attributes:
        purpose: its purpose; see `draws.py`.
        channel: added to the player's index, for several draws that belong to no player.
        first: number used the first time.
        every: numbers from one time to the next.
        width: numbers used per draw: 1 if uniform, 2 if normal.
        players: the first player with this draw.
        until: one more than the last player; `players` and `until` are 0 and 1 for a draw of the cross itself.
        times: largest number of draws in one episode.
    """

    purpose: int
    channel: int
    first: int
    every: int
    width: int
    players: int
    until: int
    times: int


@entry
def number(seed, purpose, who, nth):
    """The n-th number, in (0, 1), of this purpose and player in this episode."""
    event = (word(purpose) << _S32) ^ (word(who) << _S16) ^ word(nth)
    bits = mix((mix((word(seed) + _GOLDEN) & _MASK) ^ ((event * _GOLDEN) & _MASK)) & _MASK)
    return (float(bits >> _S11) + 0.5) * _UNIT


@entry
def uniform(seed, draw, who, nth):
    """A number in (0, 1): the n-th draw (from 0) of this player; `who` is `WORLD` if it belongs to no player."""
    return number(seed, draw.purpose, draw.channel + who, draw.first + draw.every * nth)


@entry
def normal(seed, draw, who, nth):
    """A standard normal number (Box-Muller on two numbers of the draw)."""
    who, nth = draw.channel + who, draw.first + draw.every * nth
    radius = math.sqrt(-2.0 * math.log(number(seed, draw.purpose, who, nth)))
    return radius * math.cos(TWO_PI * number(seed, draw.purpose, who, nth + 1))


@entry
def normal_pair(seed, draw, who, nth):
    """Two independent standard normal numbers of one draw, for little more than the price of one (Box-Muller)."""
    who, nth = draw.channel + who, draw.first + draw.every * nth
    radius = math.sqrt(-2.0 * math.log(number(seed, draw.purpose, who, nth)))
    angle = TWO_PI * number(seed, draw.purpose, who, nth + 1)
    return radius * math.cos(angle), radius * math.sin(angle)


@kernel
def between(seed, draw, who, nth, low, high):
    """A number drawn uniformly between two bounds."""
    return low + (high - low) * uniform(seed, draw, who, nth)


def episode_seeds(label: str, stream: int, first: int, count: int) -> npt.NDArray[np.uint64]:
    """Seeds of `count` episodes of one stream, starting at episode `first`; shape (count,), uint64.

    Raises:
        ValueError: for a label that is not in `LABELS` or a negative stream or episode.
    """
    if stream < 0 or first < 0 or count < 0:
        raise ValueError(f"stream, first and count must not be negative, got {stream}, {first}, {count}")
    episodes = np.arange(first, first + count, dtype=np.uint64)
    return stream_seeds(label, np.full(count, int(stream) % 2**64, np.uint64), episodes)


def stream_seeds(
    label: str, streams: npt.NDArray[np.uint64], episodes: npt.NDArray[np.uint64]
) -> npt.NDArray[np.uint64]:
    """Seeds of one episode in each of n streams; all arrays (n,), uint64.

    Raises:
        ValueError: for a label that is not in `LABELS`.
    """
    if label not in LABELS:
        raise ValueError(f"unknown seed label {label!r}; valid labels are {', '.join(LABELS)}")
    x = _mix_array(episodes + _mix_array(streams + np.uint64(0x9E3779B97F4A7C15)))
    return (x >> np.uint64(3)) | np.uint64(LABELS.index(label) << 61)


def _mix_array(x: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """`mix` for arrays, outside kernels."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
