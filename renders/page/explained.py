"""What an explanation adds to the page: the run as a rule, the cues the runner uses, and the value of his timing.

Its sentences are used unchanged; all other content is computed here.
"""

from typing import Any

from backpost.agents.base.agent import Agent
from backpost.agents.base.identity import identity_of
from backpost.envs.common.errors import InvalidFile
from backpost.envs.interface.options import Options
from backpost.training.bench.result_file import check_played_with
from backpost.training.distil.distil import ExplainedRule
from backpost.training.explain.cues import Cues
from backpost.training.explain.explanation import Explanation
from backpost.training.explain.shift import Sweep

from .figures import shift_figure
from .words import Words

EXPLAINS = 0.5
"""Share of the lead below which a distilled rule does not explain the learned run to a coach."""


def check_explained(explained: Explanation, env: str, runner: Agent, options: Options | None = None) -> None:
    """Check that an explanation belongs to this exact agent.

    Raises:
        InvalidFile: if it belongs to another environment, agent, options or crosses.
    """
    if (explained.environment, explained.agent) != (env, runner.name):
        raise InvalidFile(
            f"the explanation must be of {runner.name} in {env}, got {explained.agent} in {explained.environment}"
        )
    if explained.who is None or explained.who != identity_of(runner):
        raise InvalidFile(f"the explanation is of another {runner.name}; `backpost explain {env}` makes a new one")
    check_played_with(explained, "the explanation", options)


def explanation(explained: Explanation, words: Words) -> dict[str, Any]:
    """The parts of the page that come from an explanation; None for missing ones."""
    return {
        "rule": None if explained.rule is None else _rule(explained.rule, explained.best_rule, words),
        "cues": None if explained.cues is None else _cues(explained.cues, words),
        "shift": None if explained.shift is None else _shift(explained.shift[explained.agent], words),
    }


def _rule(rule: ExplainedRule, beside: str, words: Words) -> dict[str, Any] | None:
    """The rule by moment, in brief and in full sentences, and the share of the lead it keeps.

    None if it keeps too little to be an explanation. If the lead itself may be zero, there is no share; the rule must
    then be significantly ahead.
    """
    share = rule.share
    if (share.mean < EXPLAINS) if share is not None else rule.gain.low <= 0:
        return None
    groups = [
        {
            "moment": brief.moment,
            "always": brief.always,
            "cases": brief.cases,
            "sentences": [leaf.sentence for leaf in rule.leaves if leaf.moment == brief.moment],
        }
        for brief in rule.brief
    ]
    name = beside.replace("-", " ")
    if share is None:
        gain = {end: words.number(value, 2) for end, value in vars(rule.gain).items()}
        return {"groups": groups, "kept": words("rule.gain", name=name, **gain)}
    kept = {end: words.number(100 * value, 0) for end, value in vars(share).items()}
    return {"groups": groups, "kept": words("rule.kept", name=name, n=words.number(rule.crosses, 0), **kept)}


def _cues(cues: Cues, words: Words) -> list[dict[str, Any]]:
    """What the runner would lose without each cue, largest first; cues that may be worth nothing are omitted."""
    rows = [
        {"name": name, "lost": cue.lost.mean, "told": words.number(cue.lost.mean, 2)}
        for name, cue in cues.cues.items()
        if cue.lost.low > 0
    ]
    return sorted(rows, key=lambda row: -row["lost"])


def _shift(swept: Sweep, words: Words) -> dict[str, Any]:
    """The value of starting the runs earlier or later."""
    best = max(swept.points, key=lambda point: point.gain.mean)
    when = "as_he_ran" if best.shift == 0 else "earlier" if best.shift < 0 else "later"
    if best.shift != 0 and best.gain.low <= 0:
        when = "unclear"
    phrase = words(
        f"shift.best_{when}",
        s=words.number(abs(best.shift)),
        n=words.number(swept.with_a_run, 0),
        gain=words.number(best.gain.mean, 2),
    )
    phrase = f"{phrase} {words('shift.aimed')}"
    return {"figure": shift_figure(swept.points, words("figures.shift_label"), words), "told": phrase}
