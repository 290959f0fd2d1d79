"""The verdict on a claim: what its measured effects support, and nothing more.

An effect counts if its 99 % interval lies above zero. The rules below were fixed before anything was measured.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from backpost.training.bench.statistics import Interval

SUPPORTED = "supported"
FOLLOWS = "follows from our assumption"
DEPENDS = "depends"
NOT_SUPPORTED = "not supported"
NOT_YET = "not yet measured"
TOO_FEW = "too few crosses"
VERDICTS = (SUPPORTED, FOLLOWS, DEPENDS, NOT_SUPPORTED, NOT_YET, TOO_FEW)


@dataclass(frozen=True)
class Evidence:
    """The effects behind one verdict.

    Attributes:
        effect: the effect at the default parameters; None if it could not be measured.
        off: the effect with the mechanism switched off; None if nothing can be switched off.
        lost: how much of the effect that removes, on the same crosses.
        over: the effect by setting: at the ends of the mechanism's range, and in other settings it must survive.
        parts: the claim's further assertions by name; if one shows no effect, the claim as a whole is not supported.
    """

    effect: Interval | None
    off: Interval | None = None
    lost: Interval | None = None
    over: Mapping[str, Interval | None] = field(default_factory=dict)
    parts: Mapping[str, Interval | None] = field(default_factory=dict)


def verdict(evidence: Evidence) -> tuple[str, str]:
    """One of `VERDICTS`, and the reason in a few words.

    * supported: above zero, over the whole range, without the mechanism, and in every part;
    * follows from our assumption: above zero over the whole range, and gone without the mechanism;
    * depends: above zero in some settings or parts and not in others, or not distinguishable from the effect without
      the mechanism;
    * not supported: above zero nowhere.
    """
    effect, off = evidence.effect, evidence.off
    if effect is None or any(interval is None for interval in (*evidence.over.values(), *evidence.parts.values())):
        return TOO_FEW, "a cell has too few events"
    over = {name: interval for name, interval in evidence.over.items() if interval is not None}
    parts = {name: interval for name, interval in evidence.parts.items() if interval is not None}
    if not counts(effect):
        return _without_effect(effect, off, over, parts)
    failing = [_how(name, interval) for name, interval in over.items() if not counts(interval)]
    failing += [_how(name, interval) for name, interval in parts.items() if not counts(interval)]
    if failing:
        return DEPENDS, f"it holds, except here: {_listed(failing)}"
    if off is not None and not counts(off):
        if evidence.lost is not None and counts(evidence.lost):
            return FOLLOWS, "it vanishes when the mechanism is switched off"
        return DEPENDS, "without the mechanism neither an effect nor its absence is certain"
    held = ["over the range"] * bool(over) + ["without the mechanism"] * (off is not None)
    return SUPPORTED, f"it holds {' and '.join(held) or 'beyond luck'}"


def counts(interval: Interval) -> bool:
    """Whether an effect is above zero beyond chance."""
    return interval.low > 0


def _without_effect(
    effect: Interval, off: Interval | None, over: Mapping[str, Interval], parts: Mapping[str, Interval]
) -> tuple[str, str]:
    """The verdict on a claim whose effect does not count at the default parameters."""
    elsewhere = [name for name, interval in (*over.items(), *parts.items()) if counts(interval)]
    if off is not None and counts(off):
        elsewhere.append("without the mechanism")
    here = "the opposite is true" if effect.high < 0 else "no effect beyond luck"
    if elsewhere:
        return DEPENDS, f"{here}, except here: {_listed(elsewhere)}"
    return NOT_SUPPORTED, here


def _how(name: str, interval: Interval) -> str:
    return f"{name} (the opposite)" if interval.high < 0 else name


def _listed(names: list[str]) -> str:
    return "; ".join(names)
