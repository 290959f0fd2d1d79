"""The pitch of a recording, and how places on it become places on the world's pitch of 105 x 68 m.

The markings near the goal are the same on every pitch (Law 1). So a place keeps its distance from the attacked goal
line as far as the edge of the penalty area, and its distance from the pitch's long axis as far as the sides of the
area. Beyond them, distances are scaled such that the halfway line and the touchlines lie where they lie in the world,
as standardised tracking data have it. A pitch of 105 x 68 m stays as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backpost.envs.common.errors import InvalidValue
from backpost.envs.world.pitch import BOX_DEPTH, BOX_HALF_WIDTH, HALF_LENGTH, HALF_WIDTH

OFF_THE_PITCH = 6.0
"""Largest distance from the pitch at which players and ball are plausible, m."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Pitch:
    """A pitch with the origin at its bottom-left corner and the attack towards x = length, m."""

    length: float
    width: float

    def check_places(self, times: Array, ball: Array, ids: Sequence[str], players: Array) -> None:
        """Check that ball (n, 2 or more) and players (n, players, 2 or more) are on the pitch or close to it.

        Raises:
            InvalidValue: if they are not; the message names the first one that is off.
        """
        tracks = [("the ball", ball)] + [(f"player {who}", players[:, k]) for k, who in enumerate(ids)]
        for who, track in tracks:
            off = (track[:, 0] > self.length + OFF_THE_PITCH) | (track[:, 1] > self.width + OFF_THE_PITCH)
            if off.any():
                k = int(off.argmax())
                raise InvalidValue(
                    f"{who} is at ({track[k, 0]:.1f}, {track[k, 1]:.1f}) at {times[k]:g} s, outside the pitch of "
                    f"{self.length:g} x {self.width:g} m"
                )

    def holds(self, places: Array) -> npt.NDArray[np.bool_]:
        """Whether places (n, 2) are on the pitch, (n,)."""
        x, y = places[:, 0], places[:, 1]
        return (x >= 0.0) & (x <= self.length) & (y >= 0.0) & (y <= self.width)

    def turn_into_world_frame(self, mirrored: bool, *tracks: Array) -> None:
        """Turn tracks (..., 4) of x, y, vx, vy into the world's frame, with y flipped if `mirrored`; in place."""
        sign = -1.0 if mirrored else 1.0
        for states in tracks:
            states[..., 0] -= 0.5 * self.length
            states[..., 1] = sign * (states[..., 1] - 0.5 * self.width)
            states[..., 3] *= sign
            if self.length != 2.0 * HALF_LENGTH:
                depth, stretched = _stretched(0.5 * self.length - states[..., 0], BOX_DEPTH, self.length, HALF_LENGTH)
                states[..., 0] = HALF_LENGTH - depth
                states[..., 2] *= stretched
            if self.width != 2.0 * HALF_WIDTH:
                across = np.abs(states[..., 1])
                away, stretched = _stretched(across, BOX_HALF_WIDTH, self.width, HALF_WIDTH)
                states[..., 1] = np.copysign(away, states[..., 1])
                states[..., 3] *= stretched


def _stretched(distance: Array, kept: float, whole: float, half: float) -> tuple[Array, Array]:
    """Distances, equal up to `kept` and stretched beyond, such that half of `whole` becomes `half`; and the factor."""
    factor = (half - kept) / (0.5 * whole - kept)
    beyond = distance > kept
    return np.where(beyond, kept + factor * (distance - kept), distance), np.where(beyond, factor, 1.0)
