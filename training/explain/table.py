"""An explanation for people, in football words; rare events per 100 crosses, gets to the ball, shoots, scores."""

import textwrap
from typing import Any

WIDTH = 118
Result = dict[str, Any]


def table(result: Result) -> str:
    """Every part of an explanation that is there, a paragraph each."""
    lines = [
        f"{result['agent']} in {result['environment']}, beside {result['best_rule']}: {result['crosses']} crosses, "
        f"the same for both; {100 * result['level']:g} % intervals"
    ]
    writers = {"where": _where, "shift": _shift, "cues": _cues, "rule": _rule, "exploits": _exploits}
    for part, written in writers.items():
        if part in result:
            lines += ["", *written(result)]
    return "\n".join(lines)


def _where(result: Result) -> list[str]:
    part = result["where"]
    names = list(part["runs"])
    width = max(map(len, [*names, *part["others"]["runs"]])) + 2
    lines = [
        f"WHEN AND WHERE (free play). Per 100 crosses {result['agent']} is worth {_signed(part['gain'])} xG more "
        f"than {result['best_rule']}.",
        f"{'':<{width}}{'meets':>6}{'shoots':>8}{'goals':>7}{'xG':>7}{'offside':>9}   {'start, s':<16}"
        f"{'place at the strike':<22}{'place when the ball is there':<31}waits",
    ]
    rows = {name: part["runs"][name] for name in names} | part["others"]["runs"]
    for name, of in rows.items():
        lines.append(
            f"{name:<{width}}{of['meets']:>6.1f}{of['shoots']:>8.1f}{of['goals']:>7.2f}{of['xg']:>7.3f}"
            f"{of['offside']:>9.2f}   {_span(of['start']):<16}{_spot(of['places']['strike']):<22}"
            f"{_spot(of['places']['end']):<31}{_number(of['waited']['median'], 1)} s"
        )
    lines.append(
        f"start: middle half of the runs; places: medians, metres from the goal line and to the far (+) side; "
        f"rules below the first two on {part['others']['crosses']} crosses"
    )
    return [*lines, "", *_by_delivery(part, names)]


def _by_delivery(part: Result, names: list[str]) -> list[str]:
    """Kinds of run by delivery, the agent's over the rule's."""
    lines = [
        f"{'delivery':<18}{'of 100':>7}  {'':<6}{'meets':>6}{'shoots':>8}{'xG':>7}{'ball at, m':>12}{'free by, m':>12}"
        "   where he is when it is there"
    ]
    for delivery, of in part["runs"][names[0]]["by_delivery"].items():
        for name in names:
            row = part["runs"][name]["by_delivery"].get(delivery)
            if row is None:
                continue
            told = ", ".join(f"{kind} {share:.0f}" for kind, share in row["runs"].items() if share >= 1.0)
            first = f"{delivery:<18}{of['share']:>7.1f}" if name == names[0] else f"{'':<25}"
            who = "agent" if name == names[0] else "rule"
            met = f"{_number(row['height'], 1):>12}{_number(row['separation'], 1):>12}"
            lines.append(f"{first}  {who:<6}{row['meets']:>6.1f}{row['shoots']:>8.1f}{row['xg']:>7.2f}{met}   {told}")
    return [*lines, "ball at: its height as he meets it; free by: distance of the nearest opponent then; means"]


def _shift(result: Result) -> list[str]:
    lines = _folded(
        "THE SAME RUN, EARLIER OR LATER (same ball, crosses with a run only). xG per 100 gained against the run as it "
        "was; the path is kept, he does not answer what is different now."
    )
    names = list(result["shift"])
    points = [result["shift"][name]["points"] for name in names]
    lines.append("s from his own start" + "".join(f"{name:>30}" for name in names))
    for row in zip(*points, strict=True):
        cells = "".join(f"{_signed(point['gain']):>24}{point['meets']:>6.1f}" for point in row)
        lines.append(f"{row[0]['shift']:>+8.1f}{'':<12}{cells}")
    lines.append("last number of each: how many of 100 he meets")
    return lines


def _cues(result: Result) -> list[str]:
    part = result["cues"]
    width = max(map(len, part["cues"])) + 2
    lines = _folded(
        f"WHAT EACH CUE IS WORTH (free play, {part['crosses']} crosses). Hidden: he sees what is usual at that moment "
        f"instead. xG per 100 lost of {part['xg']:.2f}, and how often he still gets to the ball."
    )
    ranked = sorted(part["cues"].items(), key=lambda pair: -pair[1]["lost"]["mean"])
    return lines + [f"{name:<{width}}{_signed(of['lost']):>24}{of['meets']:>8.1f}" for name, of in ranked]


def _rule(result: Result) -> list[str]:
    part = result["rule"]
    share = part["share"]
    kept = (
        "no share can be told, because the gain itself may be nothing"
        if share is None
        else f"{100 * share['mean']:.0f} % of it ({100 * share['low']:.0f} to {100 * share['high']:.0f} %)"
    )
    lines = _folded(
        f"HIS RULE IN WORDS, {len(part['leaves'])} leaves. The policy gains {_signed(part['policy_gain'])} over "
        f"{result['best_rule']}, this rule {_signed(part['gain'])}: {kept}."
    )
    for brief in part["brief"]:
        moment = brief["moment"]
        lines.append(f"  {moment.capitalize()}, in brief:")
        always = [f"Always: {brief['always']}"] if brief["always"] else []
        lines += _listed([*always, *brief["cases"]])
        lines.append(f"  {moment.capitalize()}, with metres and seconds:")
        lines += _listed([leaf["sentence"] for leaf in part["leaves"] if leaf["moment"] == moment])
    return lines


def _listed(sentences: list[str]) -> list[str]:
    return [
        line
        for sentence in sentences
        for line in textwrap.wrap(sentence, WIDTH, initial_indent="  - ", subsequent_indent="    ")
    ]


def _exploits(result: Result) -> list[str]:
    part = result["exploits"]
    lines = ["TRICKS? Per 100 crosses.", f"{'':<34}{'agent':>7}{'rule':>7}   verdict"]
    for name, of in part["habits"].items():
        lines.append(f"{name:<34}{of['agent']:>7.2f}{of['rule']:>7.2f}   {of['verdict']}")
    room = part["room"]
    name = f"free at foot shots, m (real {room['published']:g})"
    both = "".join(f"{_number(room[who], 2):>7}" for who in ("agent", "rule"))
    lines.append(f"{name:<34}{both}   {room['verdict']}")
    for name, of in part["senses"].items():
        lines.append(
            f"{name + ', xG':<34}{of['agent']:>7.2f}{of['rule']:>7.2f}   {_signed(of['lead'])}: {of['verdict']}"
        )
    if "timing" in part:
        of = part["timing"]
        name = f"run {of['seconds']:g} s early or late, xG lost"
        lines.append(f"{name:<34}{-of['agent']:>7.2f}{-of['rule']:>7.2f}   {of['verdict']}")
    return lines


def _signed(interval: dict[str, float]) -> str:
    return f"{interval['mean']:+.2f} ({interval['low']:+.2f} to {interval['high']:+.2f})"


def _span(of: dict[str, float | None]) -> str:
    return f"{_number(of['low'], 1)} to {_number(of['high'], 1)}"


def _spot(place: dict[str, dict[str, float | None]]) -> str:
    return f"{_number(place['depth']['median'], 1)} m out, {_number(place['width']['median'], 1, signed=True)}"


def _number(value: float | None, digits: int, signed: bool = False) -> str:
    return "-" if value is None else f"{value:{'+' if signed else ''}.{digits}f}"


def _folded(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH)
