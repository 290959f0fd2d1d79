"""The page of `info`: its keys as a table, and its codes."""

from pathlib import Path

from backpost.envs.interface.information import KEYS, MEASURES, UNKNOWN_ZONE
from backpost.envs.interface.outcome import WORDS
from backpost.envs.world.record import NEVER

from . import markdown

ABOUT = """\
Every environment gives the same `info`: the same keys and types at reset, after every decision and at the end,
numbers alone. So it can be stacked, stored and averaged. In a native vector each key is an array `(n,)`, with
Gymnasium's mask under the same name with an underscore.

Places are in the frame of the pitch: metres from its centre, the attack towards +x, the cross from negative y, on
either wing. Times are in seconds from the strike."""

UNKNOWN = f"""\
Values of the kind "so far" tell what has happened up to now: sums, counts and flags start at 0, codes at "playing"
or "none". Values of the kind "at the end" are known when `terminated` is true. Before that a measure is {NEVER:g},
which no cross can reach, and so it stays if there is nothing to measure: a runner who does not meet the ball has no
height of contact. A measure cannot be 0 or -1 while it is unknown, because a run may start at the strike or one
second before it. The zone is {UNKNOWN_ZONE} while there is no place. A truncated episode ends without the values of
its end."""

CODES = """\
`backpost.envs.in_words(info)` returns a copy with words in place of the codes, for one environment or a vector."""


def write(folder: Path) -> None:
    """Write `info.md`."""
    rows = [(f"`{key.name}`", key.unit, key.meaning, key.when, _before(key.name)) for key in KEYS]
    codes = [
        (f"`{name}`", ", ".join([*["-1 none"] * (name == "zone"), *(f"{n} {word}" for n, word in enumerate(words))]))
        for name, words in WORDS.items()
    ]
    markdown.page(
        folder / "info.md",
        "# Info",
        ABOUT,
        "## Keys",
        markdown.table(("key", "unit", "meaning", "known", "before"), rows),
        UNKNOWN,
        "## Codes",
        markdown.table(("key", "codes"), codes),
        CODES,
    )


def _before(name: str) -> str:
    """The value while nothing is known."""
    if name == "seed":
        return "-"
    return f"{NEVER:g}" if name in MEASURES else str(UNKNOWN_ZONE) if name == "zone" else "0"
