"""An explanation as text in football terms; events (gets to the ball, shoots, scores) are per 100 crosses."""

import textwrap

from backpost.training.bench.statistics import Interval, Quartiles
from backpost.training.distil.distil import ExplainedRule

from .cues import Cues
from .explanation import Explanation
from .exploits import Exploits
from .shift import Sweep
from .where import Place, Where

WIDTH = 118


def table(result: Explanation) -> str:
    """The parts of an explanation that have been played, one paragraph each."""
    lines = [
        f"{result.agent} in {result.environment}, beside {result.best_rule}: {result.crosses} crosses, "
        f"the same for both; {100 * result.level:g} % intervals"
    ]
    if result.where is not None:
        lines += ["", *_where(result.where, result.agent, result.best_rule)]
    if result.shift is not None:
        lines += ["", *_shift(result.shift)]
    if result.cues is not None:
        lines += ["", *_cues(result.cues)]
    if result.rule is not None:
        lines += ["", *_rule(result.rule, result.best_rule)]
    if result.exploits is not None:
        lines += ["", *_exploits(result.exploits)]
    return "\n".join(lines)


def _where(part: Where, agent: str, best_rule: str) -> list[str]:
    rows = {name: part.runs[name] for name in (agent, best_rule)} | part.others.runs
    width = max(map(len, rows)) + 2
    lines = [
        f"WHEN AND WHERE (free play). Per 100 crosses {agent} is worth {_signed(part.gain)} xG more than {best_rule}.",
        f"{'':<{width}}{'meets':>6}{'shoots':>8}{'goals':>7}{'xG':>7}{'offside':>9}   {'start, s':<16}"
        f"{'place at the strike':<22}{'place when the ball is there':<31}waits",
    ]
    for name, row in rows.items():
        lines.append(
            f"{name:<{width}}{row.meets:>6.1f}{row.shoots:>8.1f}{row.goals:>7.2f}{row.xg:>7.3f}"
            f"{row.offside:>9.2f}   {_span(row.start):<16}{_spot(row.places['strike']):<22}"
            f"{_spot(row.places['end']):<31}{_number(row.waited.median, 1)} s"
        )
    lines.append(
        f"start: middle half of the runs; places: medians, metres from the goal line and to the far (+) side; "
        f"rules below the first two on {part.others.crosses} crosses"
    )
    return [*lines, "", *_by_delivery(part, agent, best_rule)]


def _by_delivery(part: Where, agent: str, best_rule: str) -> list[str]:
    """Kinds of run by delivery, the agent's above the rule's."""
    lines = [
        f"{'delivery':<18}{'of 100':>7}  {'':<6}{'meets':>6}{'shoots':>8}{'xG':>7}{'ball at, m':>12}{'free by, m':>12}"
        "   where he is when it is there"
    ]
    for delivery, of in part.runs[agent].by_delivery.items():
        for name in dict.fromkeys((agent, best_rule)):
            row = part.runs[name].by_delivery.get(delivery)
            if row is None:
                continue
            runs = ", ".join(f"{kind} {share:.0f}" for kind, share in row.runs.items() if share >= 1.0)
            first = f"{delivery:<18}{of.share:>7.1f}" if name == agent else f"{'':<25}"
            who = "agent" if name == agent else "rule"
            met = f"{_number(row.height, 1):>12}{_number(row.separation, 1):>12}"
            lines.append(f"{first}  {who:<6}{row.meets:>6.1f}{row.shoots:>8.1f}{row.xg:>7.2f}{met}   {runs}")
    return [*lines, "ball at: its height as he meets it; free by: distance of the nearest opponent then; means"]


def _shift(swept: dict[str, Sweep]) -> list[str]:
    lines = _folded(
        "THE SAME RUN, EARLIER OR LATER (same ball, crosses with a run only). xG per 100 gained against the run as it "
        "was; the path is kept; the runner does not react to what has changed."
    )
    lines.append("s from his own start" + "".join(f"{name:>30}" for name in swept))
    for row in zip(*(sweep.points for sweep in swept.values()), strict=True):
        cells = "".join(f"{_signed(point.gain):>24}{point.meets:>6.1f}" for point in row)
        lines.append(f"{row[0].shift:>+8.1f}{'':<12}{cells}")
    lines.append("last number of each: how many of 100 he meets")
    return lines


def _cues(part: Cues) -> list[str]:
    width = max(map(len, part.cues)) + 2
    lines = _folded(
        f"WHAT EACH CUE IS WORTH (free play, {part.crosses} crosses). Hidden: he sees what is usual at that moment "
        f"instead. xG per 100 lost of {part.xg:.2f}, and how often he still gets to the ball."
    )
    ranked = sorted(part.cues.items(), key=lambda pair: -pair[1].lost.mean)
    return lines + [f"{name:<{width}}{_signed(cue.lost):>24}{cue.meets:>8.1f}" for name, cue in ranked]


def _rule(part: ExplainedRule, best_rule: str) -> list[str]:
    share = part.share
    kept = (
        "no share is given, because the gain itself may be zero"
        if share is None
        else f"{100 * share.mean:.0f} % of it ({100 * share.low:.0f} to {100 * share.high:.0f} %)"
    )
    lines = _folded(
        f"HIS RULE IN WORDS, {len(part.leaves)} leaves. The policy gains {_signed(part.policy_gain)} over "
        f"{best_rule}, this rule {_signed(part.gain)}: {kept}."
    )
    for brief in part.brief:
        lines.append(f"  {brief.moment.capitalize()}, in brief:")
        always = [f"Always: {brief.always}"] if brief.always else []
        lines += _listed([*always, *brief.cases])
        lines.append(f"  {brief.moment.capitalize()}, with metres and seconds:")
        lines += _listed([leaf.sentence for leaf in part.leaves if leaf.moment == brief.moment])
    return lines


def _listed(sentences: list[str]) -> list[str]:
    return [
        line
        for sentence in sentences
        for line in textwrap.wrap(sentence, WIDTH, initial_indent="  - ", subsequent_indent="    ")
    ]


def _exploits(part: Exploits) -> list[str]:
    lines = ["TRICKS? Per 100 crosses.", f"{'':<34}{'agent':>7}{'rule':>7}   verdict"]
    for name, habit in part.habits.items():
        lines.append(f"{name:<34}{habit.agent:>7.2f}{habit.rule:>7.2f}   {habit.verdict}")
    freedom = part.freedom
    name = f"free at foot shots, m (real {freedom.published:g})"
    lines.append(f"{name:<34}{_number(freedom.agent, 2):>7}{_number(freedom.rule, 2):>7}   {freedom.verdict}")
    for name, senses in part.senses.items():
        lines.append(
            f"{name + ', xG':<34}{senses.agent:>7.2f}{senses.rule:>7.2f}   {_signed(senses.lead)}: {senses.verdict}"
        )
    if part.timing is not None:
        timing = part.timing
        name = f"run {timing.seconds:g} s early or late, xG lost"
        lines.append(f"{name:<34}{-timing.agent:>7.2f}{-timing.rule:>7.2f}   {timing.verdict}")
    return lines


def _signed(interval: Interval) -> str:
    return f"{interval.mean:+.2f} ({interval.low:+.2f} to {interval.high:+.2f})"


def _span(of: Quartiles) -> str:
    return f"{_number(of.low, 1)} to {_number(of.high, 1)}"


def _spot(place: Place) -> str:
    return f"{_number(place.depth.median, 1)} m out, {_number(place.width.median, 1, signed=True)}"


def _number(value: float | None, digits: int, signed: bool = False) -> str:
    return "-" if value is None else f"{value:{'+' if signed else ''}.{digits}f}"


def _folded(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH)
