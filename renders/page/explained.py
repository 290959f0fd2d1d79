"""What an explanation adds to the page: the run as a rule, what he reads, and what the moment of his runs is worth.

It is the JSON of `backpost explain`; its sentences are taken as they are, everything else is checked and counted here.
"""

from collections.abc import Mapping
from typing import Any

from backpost.agents.base.agent import Agent
from backpost.agents.base.identity import identity_of
from backpost.envs.common.errors import InvalidFile
from backpost.envs.interface.options import Options
from backpost.training.bench.reporting import check_played_alike

from .figures import shift_figure
from .words import Words

Explained = Mapping[str, Any]
EXPLAINS = 0.5
"""Share of the lead below which a distilled rule is not told to a coach as what the learned runner does."""


def explanation(
    explained: Explained, env: str, runner: Agent, words: Words, options: Options | None = None
) -> dict[str, Any]:
    """The parts of the page that an explanation of this agent gives; those it lacks are None.

    Raises:
        InvalidFile: if it is of another environment, agent, options or crosses, or no explanation.
    """
    try:
        name, about = runner.name, (explained["environment"], explained["agent"])
        if about != (env, name):
            raise InvalidFile(f"the explanation must be of {name} in {env}, got {about[1]} in {about[0]}")
        if explained["who"] != identity_of(runner):
            raise InvalidFile(f"the explanation is of another {name}; `backpost explain {env}` makes a new one")
        check_played_alike(explained, "the explanation", options)
        return {
            "rule": _rule(explained["rule"], explained["best_rule"], words) if "rule" in explained else None,
            "cues": _cues(explained["cues"], words) if "cues" in explained else None,
            "shift": _shift(explained["shift"][name], words) if "shift" in explained else None,
        }
    except InvalidFile:
        raise
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        raise InvalidFile("the explanation is not one that `backpost explain --json` wrote") from error


def _rule(rule: Explained, beside: str, words: Words) -> dict[str, Any] | None:
    """The rule by moment, in brief and in whole sentences, and how much of the lead it keeps.

    None if that is too little to explain it.

    Where the lead itself may be nothing there is no share of it; then the rule must be ahead beyond doubt.
    """
    share = rule["share"]
    if (share["mean"] < EXPLAINS) if share is not None else rule["gain"]["low"] <= 0:
        return None
    groups = [
        {
            "moment": str(brief["moment"]),
            "always": str(brief["always"]),
            "cases": [str(case) for case in brief["cases"]],
            "sentences": [str(leaf["sentence"]) for leaf in rule["leaves"] if leaf["moment"] == brief["moment"]],
        }
        for brief in rule["brief"]
    ]
    name = beside.replace("-", " ")
    if share is None:
        gain = {end: words.number(rule["gain"][end], 2) for end in ("mean", "low", "high")}
        return {"groups": groups, "kept": words("rule.gain", name=name, **gain)}
    kept = {end: words.number(100 * share[end], 0) for end in ("mean", "low", "high")}
    return {"groups": groups, "kept": words("rule.kept", name=name, n=words.number(rule["crosses"], 0), **kept)}


def _cues(cues: Explained, words: Words) -> list[dict[str, Any]]:
    """What he would lose without each cue, the dearest first; those that may be worth nothing are left out."""
    rows = [
        {"name": str(name), "lost": float(cue["lost"]["mean"]), "told": words.number(cue["lost"]["mean"], 2)}
        for name, cue in cues["cues"].items()
        if cue["lost"]["low"] > 0
    ]
    return sorted(rows, key=lambda row: -row["lost"])


def _shift(swept: Explained, words: Words) -> dict[str, Any]:
    """What his runs are worth earlier and later."""
    points = swept["points"]
    best = max(points, key=lambda point: point["gain"]["mean"])
    when = "as_he_ran" if best["shift"] == 0 else "earlier" if best["shift"] < 0 else "later"
    if best["shift"] != 0 and best["gain"]["low"] <= 0:
        when = "unclear"
    told = words(
        f"shift.best_{when}",
        s=words.number(abs(best["shift"])),
        n=words.number(swept["with_a_run"], 0),
        gain=words.number(best["gain"]["mean"], 2),
    )
    told = f"{told} {words('shift.aimed')}"
    return {"figure": shift_figure(points, words("figures.shift_label"), words), "told": told}
