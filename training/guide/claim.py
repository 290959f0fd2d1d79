"""A claim of the guide as an experiment: which runs are compared, in which settings, and how the effect is computed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from backpost.training.bench.statistics import Interval, mean_interval

from . import verdict as guide_verdict
from .content import MeasuredClaim, MeasuredRun, SettingEffect
from .played import Kept, Run
from .published import PUBLISHED

LEVEL = 0.99
BASE, OFF, RANGE, CONTROL = "default", "mechanism off", "range", "for comparison"
SETTING_SHARE = 0.5
"""Share of the crosses played in each setting other than the default, because there are many settings."""

Values = npt.NDArray[np.float64]
Arms = Mapping[str, Kept]
Details = Mapping[str, Mapping[str, float | None]]
"""A descriptive table: rows by name, all with the same columns, named in plain words with their unit."""


@dataclass(frozen=True)
class Setting:
    """A setting in which the runs of a claim are compared.

    Attributes:
        label: in plain words.
        kind: BASE, OFF (the mechanism is switched off), RANGE (an end of its range, or another setting the effect must
            survive) or CONTROL (a case that the claim does not cover; not part of the verdict).
        parameters, options: overrides of those declared in the runs.
        arms: the runs it applies to; empty: all of them.
    """

    label: str
    kind: str
    parameters: Mapping[str, float] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    arms: tuple[str, ...] = ()

    def of(self, arm: str, run: Run) -> Run:
        """A run in this setting; it is the run of the default setting where nothing changes."""
        if self.arms and arm not in self.arms:
            return run
        changed = run.having(self.parameters, self.options)
        return changed if changed == run else replace(changed, share=SETTING_SHARE * run.share)


DEFAULT = Setting("default", BASE)


def contrast(arms: Arms) -> Values:
    """Gain of the first run over the second, xG per 100 crosses on the same crosses, (n,)."""
    return gain(*list(arms.values())[:2])


def gain(first: Kept, second: Kept) -> Values:
    """Gain of one run over another, xG per 100 crosses, on each cross that both played, (n,)."""
    n = min(len(first), len(second))
    return np.asarray(100.0 * (first["xg"][:n] - second["xg"][:n]))


def no_parts(arms: Arms) -> Mapping[str, Values]:
    """No further assertions."""
    return {}


def no_details(arms: Arms) -> Details:
    """No details."""
    return {}


@dataclass(frozen=True)
class Claim:
    """One claim of the guide.

    Attributes:
        name: G1 to G12.
        words: the claim, in our words.
        compared: the runs, in words: "a against b, where".
        mechanism: what makes it true in the simulator, if it is true.
        arms: the runs by name; by default, `effect` compares the first with the second.
        settings: settings other than the default.
        effect: maps the runs of one setting to the effect on each cross, (n,); None if there are too few events.
        parts: maps the default runs and the extra ones to the claim's further assertions, (n,) by name.
        details: maps the same runs to descriptive numbers.
        extra: runs that only `parts` and `details` use.
        unit: unit of the effect.
        note: what the reader must know to interpret the effect.
    """

    name: str
    words: str
    compared: str
    mechanism: str
    arms: Mapping[str, Run]
    settings: tuple[Setting, ...]
    effect: Callable[[Arms], Values | None] = contrast
    parts: Callable[[Arms], Mapping[str, Values]] = no_parts
    details: Callable[[Arms], Details] = no_details
    extra: Mapping[str, Run] = field(default_factory=dict)
    unit: str = "xG per 100 crosses"
    note: str = ""

    def runs(self) -> list[Run]:
        """Every run that the claim needs."""
        runs = [setting.of(arm, run) for setting in (DEFAULT, *self.settings) for arm, run in self.arms.items()]
        return [*runs, *self.extra.values()]

    def measured(self, played: Mapping[Run, Kept]) -> MeasuredClaim:
        """The claim with its effects and verdict, given the crosses (n,) of its runs."""
        if not self.arms:
            return self._report(guide_verdict.NOT_YET, "it needs trained policies", (), {}, {}, ())
        settings = (DEFAULT, *self.settings)
        by_setting = {
            setting.label: {arm: played[setting.of(arm, run)] for arm, run in self.arms.items()} for setting in settings
        }
        values = {label: self.effect(arms) for label, arms in by_setting.items()}
        default = values[DEFAULT.label]
        all_arms = {**by_setting[DEFAULT.label], **{name: played[run] for name, run in self.extra.items()}}
        parts = {name: interval(part) for name, part in self.parts(all_arms).items()}
        off = next((setting.label for setting in self.settings if setting.kind == OFF), None)
        evidence = guide_verdict.Evidence(
            interval(default),
            off=None if off is None else interval(values[off]),
            lost=None if off is None else _difference(default, values[off]),
            over={setting.label: interval(values[setting.label]) for setting in self.settings if setting.kind == RANGE},
            parts=parts,
        )
        verdict, reason = guide_verdict.verdict(evidence)
        effects = tuple(
            SettingEffect(
                setting=setting.label,
                kind=setting.kind,
                crosses=min(map(len, by_setting[setting.label].values())),
                effect=interval(values[setting.label]),
            )
            for setting in settings
        )
        return self._report(verdict, reason, effects, parts, self.details(all_arms), split(by_setting[DEFAULT.label]))

    def _report(
        self,
        verdict: str,
        reason: str,
        effects: tuple[SettingEffect, ...],
        parts: dict[str, Interval | None],
        details: Details,
        arms: tuple[MeasuredRun, ...],
    ) -> MeasuredClaim:
        return MeasuredClaim(
            claim=self.name,
            words=self.words,
            verdict=verdict,
            reason=reason,
            compared=self.compared,
            mechanism=self.mechanism,
            unit=self.unit,
            level=LEVEL,
            effect=effects[0].effect if effects else None,
            settings=effects,
            parts=parts,
            arms=arms,
            details={row: dict(columns) for row, columns in details.items()},
            note=self.note,
            published=PUBLISHED[self.name].evidence,
            published_says=PUBLISHED[self.name].says,
        ).with_sentence()


def interval(values: Values | None) -> Interval | None:
    """Mean of an effect (n,) with its 99 % interval; None if there are too few values."""
    return None if values is None or len(values) < 2 else mean_interval(values, LEVEL)


def split(arms: Arms) -> tuple[MeasuredRun, ...]:
    """Description of each run: how often it meets the ball, and what a cross is worth when it does."""
    return tuple(
        MeasuredRun(
            run=name,
            xg=float(100.0 * of["xg"].mean()),
            meets=float(100.0 * of["meets"].mean()),
            xg_if_met=mean(100.0 * of["xg"], of["meets"]),
        )
        for name, of in arms.items()
    )


def mean(values: npt.NDArray[Any], where: npt.NDArray[np.bool_] | None = None) -> float | None:
    """Mean of the finite values (n,), on the crosses where `where` (n,) is true; None if there are none."""
    rows = np.isfinite(values) if where is None else np.isfinite(values) & where
    return float(values[rows].mean(dtype=np.float64)) if rows.any() else None


def _difference(first: Values | None, second: Values | None) -> Interval | None:
    """The first effect minus the second, on the crosses that both have."""
    if first is None or second is None:
        return None
    n = min(len(first), len(second))
    return interval(first[:n] - second[:n])
