"""The content of the guide's table: every claim with its effects, its verdict, and what published data say."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from backpost.training.bench.result_file import Result
from backpost.training.bench.statistics import Interval

from .verdict import FOLLOWS, SUPPORTED, VERDICTS


@dataclass(frozen=True)
class SettingEffect:
    """The effect of a claim in one setting.

    Attributes:
        setting: in plain words.
        kind: one of `claim.BASE`, `OFF`, `RANGE` and `CONTROL`.
        crosses: number of crosses of the run that played the fewest.
        effect: the effect in the claim's unit; None if there are too few events.
    """

    setting: str
    kind: str
    crosses: int
    effect: Interval | None


@dataclass(frozen=True)
class MeasuredRun:
    """A run that a claim compares: xG and balls met per 100 crosses, and xG per 100 crosses where it meets the ball."""

    run: str
    xg: float
    meets: float
    xg_if_met: float | None


@dataclass(frozen=True)
class MeasuredClaim:
    """One claim with everything behind it.

    Attributes:
        claim: its name, G1 to G12.
        words: the claim, in words.
        verdict: one of `verdict.VERDICTS`.
        reason: reason for the verdict.
        compared: the runs, in words.
        mechanism: what makes it true in the simulator, if it is true.
        unit: unit of its effects.
        level: confidence level of each interval on its own.
        effect: the effect in the default setting; None if it was not measured.
        settings: the effect in each setting, the default one first.
        parts: the claim's further assertions, by name.
        arms: the runs in the default setting.
        details: a descriptive table: rows by name, all with the same columns.
        note: what the reader must know to interpret the effect.
        published: what published data say.
        published_says: the same as the end of a sentence.
        says: what the simulator says, in one sentence; see `with_sentence`.
    """

    claim: str
    words: str
    verdict: str
    reason: str
    compared: str
    mechanism: str
    unit: str
    level: float
    effect: Interval | None
    settings: tuple[SettingEffect, ...]
    parts: dict[str, Interval | None]
    arms: tuple[MeasuredRun, ...]
    details: dict[str, dict[str, float | None]]
    note: str
    published: str
    published_says: str
    says: str = ""

    def with_sentence(self) -> "MeasuredClaim":
        """Add the sentence on what the simulator says and whether published data agree."""
        return replace(self, says=self._sentence())

    def _sentence(self) -> str:
        if self.effect is None:
            return f"The simulator has no answer yet: {self.reason}."
        if self.effect.high < 0:
            here = "The simulator contradicts the guide"
        elif self.effect.low <= 0:
            here = "The simulator shows no such effect"
        else:
            here = {
                SUPPORTED: "The simulator agrees with the guide",
                FOLLOWS: "The simulator agrees with the guide only because of our assumption",
            }.get(self.verdict, "The simulator agrees with the guide in part")
        return f"{here}; {self.published_says}."


@dataclass(frozen=True)
class Guide(Result):
    """The result of `guide`.

    Attributes:
        crosses: number of crosses of each run.
        first_seed: number of the first seed.
        label: label of the crosses.
        ball: "free": the crosser responds to the run.
        level: confidence level of each interval on its own.
        claims: the claims, in order.
        verdicts: number of claims with each verdict.
    """

    command: ClassVar[str] = "guide"

    crosses: int
    first_seed: int
    label: str
    ball: str
    level: float
    claims: tuple[MeasuredClaim, ...]
    verdicts: dict[str, int]


def counted(claims: Sequence[MeasuredClaim]) -> dict[str, int]:
    """Number of claims with each verdict."""
    return {name: sum(claim.verdict == name for claim in claims) for name in VERDICTS}
