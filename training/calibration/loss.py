"""How far figures are from their bands: pure functions of distances in half widths of the bands.

Within the free part of its band a figure costs nothing. Beyond it the loss is pseudo-Huber, and it saturates down to a
tail: a hopeless figure pulls less than one at the edge of its band, and yet is never given up.
"""

from collections.abc import Mapping

import numpy as np

from backpost.envs.common.errors import InvalidValue
from backpost.training.realism.realism import ENOUGH

from .figures import Array, Bands, Kind, Measured

FREE = 0.6
"""Distance up to which a figure costs nothing: the rest of the band is room for luck."""
BEND = 0.35
"""Distance beyond that at which the loss turns from quadratic to linear."""
SATURATION = 1.6
"""Loss at which the pull begins to fade."""
TAIL = 0.25
"""Share of the pull that is left to a hopeless figure."""
ROW = 2.5
"""Weight of a row; a cell has 1. Rows count more crosses, and fewer of them say the same thing."""
ABSENT = 2.0
"""Distance of a figure without enough events in one of two worlds that are compared: no gain by avoiding events."""


def weights(bands: Bands, measured: Measured, kinds: Mapping[str, Kind]) -> Array:
    """Weights (n,) of figures: less with few events or an error as wide as the band, 0 without enough events."""
    importance = np.array([ROW if kinds[id].table == "rows" else 1.0 for id in bands.ids])
    certain = measured.events / (measured.events + ENOUGH) / (1.0 + (measured.se / bands.half) ** 2)
    return np.where(measured.counts, importance * certain, 0.0)


def loss(distance: Array, weight: Array) -> tuple[float, Array]:
    """Weighted mean loss of figures at these distances (n,), and its gradient (n,).

    Raises:
        InvalidValue: if no figure has a weight.
    """
    total = float(weight.sum())
    if not total > 0.0:
        raise InvalidValue("no published figure has enough events; more crosses are needed")
    beyond = np.maximum(np.abs(distance) - FREE, 0.0) / BEND
    root = np.sqrt(1.0 + beyond**2)
    unsaturated = np.exp(-(root - 1.0) / SATURATION)
    each = SATURATION * (1.0 - unsaturated) + TAIL * (root - 1.0)
    gradient = (unsaturated + TAIL) * beyond / root / BEND * np.sign(distance)
    return float(weight @ each) / total, weight * gradient / total


def compared_losses(bands: Bands, before: Measured, after: Measured, kinds: Mapping[str, Kind]) -> tuple[float, float]:
    """The losses of two measurements with common weights; a figure that only one of them has counts in both.

    Raises:
        InvalidValue: if no figure has a weight.
    """
    weight = np.maximum(weights(bands, before, kinds), weights(bands, after, kinds))
    distances = [np.where(each.counts, bands.distance(each.value), ABSENT) for each in (before, after)]
    first, second = (loss(distance, weight)[0] for distance in distances)
    return first, second
