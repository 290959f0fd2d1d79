"""The guide's claims: effects with intervals, also without their mechanism and over its range, and verdicts.

A claim is tested on expected goals over all crosses, in pairs: every run that is compared plays the same seeds (label
"evaluate"). Free play: the crosser responds to the run he sees.
"""

import textwrap

from backpost.agents.base.play import Progress
from backpost.envs.common.errors import InvalidValue
from backpost.training.bench.statistics import Interval

from .claim import BASE, LEVEL, OFF, RANGE
from .claims import CLAIMS
from .content import Guide, MeasuredClaim, counted
from .played import LABEL, play_runs, to_play

CROSSES = 20_000
"""Default number of crosses of a cell."""
FEWEST = 40
WIDTH = 118
INDENT = 13


def guide(crosses: int = CROSSES, first_seed: int = 0, *, progress: Progress | None = None) -> Guide:
    """Measure every claim: its effects, its verdict and what published data say.

    Raises:
        InvalidValue: for fewer than 40 crosses or a negative first seed.
    """
    if crosses < FEWEST or first_seed < 0:
        raise InvalidValue(
            f"guide needs at least {FEWEST} crosses and a first seed from 0, got {crosses} and {first_seed}"
        )
    played = play_runs([run for claim in CLAIMS for run in claim.runs()], crosses, first_seed, progress)
    claims = tuple(claim.measured(played) for claim in CLAIMS)
    return Guide(
        crosses=crosses,
        first_seed=first_seed,
        label=LABEL,
        ball="free",
        level=LEVEL,
        claims=claims,
        verdicts=counted(claims),
    )


def crosses_to_play(crosses: int = CROSSES) -> int:
    """How many crosses `guide` plays in all, for a progress bar."""
    return sum(to_play([run for claim in CLAIMS for run in claim.runs()], crosses).values())


def table(result: Guide) -> str:
    """The claims as text: a summary, then each claim with everything behind it."""
    lines = [summary(result)]
    for claim in result.claims:
        lines += ["", *_claim_lines(claim)]
    return "\n".join(lines)


def summary(result: Guide) -> str:
    """Each claim in words, then its effect with interval, without the mechanism and over its range, and the verdict."""
    verdicts = ", ".join(f"{count} {name}" for name, count in result.verdicts.items() if count)
    lines = [
        f"The guide's claims on {result.crosses} crosses a run, paired, free play: "
        f"xG per 100 crosses (G3: per 100 shots), {100 * result.level:g} % intervals",
        f"{'':<5}{'effect':>7}{'interval':>18}{'off':>9}{'over the range':>19}   verdict",
    ]
    for claim in result.claims:
        effect = claim.effect
        off = _means(claim, OFF)
        ends = _means(claim, RANGE) + _means(claim, BASE)
        lines.append(f"{claim.claim:<5}{claim.words}")
        lines.append(
            f"{'':<5}"
            + (f"{'-':>7}{'-':>18}" if effect is None else f"{effect.mean:>+7.2f}{_between(effect, 2):>18}")
            + (f"{off[0]:>+9.2f}" if off else f"{'-':>9}")
            + (f"{f'{min(ends):+.2f} to {max(ends):+.2f}':>19}" if ends else f"{'-':>19}")
            + f"   {claim.verdict}"
        )
    return "\n".join([*lines, f"In all: {verdicts}."])


def _means(claim: MeasuredClaim, kind: str) -> list[float]:
    """The effects in the settings of a kind, where they could be measured."""
    return [row.effect.mean for row in claim.settings if row.kind == kind and row.effect is not None]


def _claim_lines(claim: MeasuredClaim) -> list[str]:
    lines = _entry(claim.claim, claim.words)
    lines += _entry("  verdict", f"{claim.verdict.upper()}: {claim.reason}")
    lines += _entry("  compared", claim.compared)
    lines += _entry("  mechanism", claim.mechanism)
    for row in claim.settings:
        name = f"in {claim.unit}" if row.kind == BASE else f"{row.kind}: {row.setting}"
        lines += _entry("  effect" if row.kind == BASE else "", f"{effect_text(row.effect)}  {name}")
    for name, part in claim.parts.items():
        lines += _entry("", f"{effect_text(part)}  part: {name}")
    for n, arm in enumerate(claim.arms):
        met = "-" if arm.xg_if_met is None else f"{arm.xg_if_met:.1f}"
        lines += _entry(
            "" if n else "  split",
            f"{arm.xg:6.3f} xG per 100; meets {arm.meets:.1f} of 100, and then xG per 100 is {met}: {arm.run}",
        )
    lines += _details(claim.details)
    if claim.note:
        lines += _entry("  note", claim.note)
    lines += _entry("  published", claim.published)
    return lines + _entry("  so", claim.says)


def _details(rows: dict[str, dict[str, float | None]]) -> list[str]:
    """A small table with the names of its columns in the first line."""
    if not rows:
        return []
    names = list(next(iter(rows.values())))
    first = max(map(len, rows)) + 2
    lines = [f"{'':<{first}}" + "  ".join(names)]
    for row, values in rows.items():
        cells = ("-" if values[name] is None else f"{values[name]:.2f}" for name in names)
        lines.append(
            f"{row:<{first}}" + "  ".join(f"{cell:>{len(name)}}" for cell, name in zip(cells, names, strict=True))
        )
    return [f"{'' if n else '  besides':<{INDENT}}{line}" for n, line in enumerate(lines)]


def effect_text(effect: Interval | None) -> str:
    """An effect with its interval, padded to a column."""
    if effect is None:
        return f"{'-':>6}  {'too few':<16}"
    return f"{effect.mean:+6.3f}  {_between(effect, 3):<16}"


def _between(effect: Interval, digits: int) -> str:
    return f"{effect.low:+.{digits}f} to {effect.high:+.{digits}f}"


def _entry(name: str, text: str) -> list[str]:
    """A name in the margin and its text, wrapped."""
    folded = textwrap.wrap(text, WIDTH - INDENT, drop_whitespace=True) or [""]
    return [f"{name:<{INDENT}}{folded[0]}", *(" " * INDENT + line for line in folded[1:])]
