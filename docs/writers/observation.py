"""The page of the observation: its layout as a table."""

from pathlib import Path

from backpost.envs.crosses import Crosses
from backpost.envs.interface import observation

from . import markdown

ABOUT = """\
Every environment gives the same observation: a flat `float32` vector. Each entry is a physical quantity divided by its
scale and clipped to its range, so no running normalisation is needed.

`backpost.envs.interface.observation.read(observations, name)` gives an entry back in physical units. Coaching rules and
policies see exactly this and nothing else.

The runner's own place is given in the frame of the pitch: metres from its centre, the attack towards +x. Everything
else is given relative to the runner. Velocities are those over the ground. With `wing="left"` the y axis is mirrored,
so the cross always comes from the same side."""


def write(folder: Path) -> None:
    """Write `observation.md`."""
    space = Crosses("OpenPlay").observation_space
    lines = f"Shape `{space.shape}`, type `{space.dtype}`, each entry within its own range."
    markdown.page(folder / "observation.md", "# Observation", ABOUT, lines, observation.table())
