"""Agents by name: coaching rules, two that know nothing, the planner, and policies, shipped or by their file.

A person's plays are named by their file too.
"""

import os
from pathlib import Path

from backpost.agents.base.agent import Agent
from backpost.agents.policies.policy import SUFFIX, Policy
from backpost.agents.rules.numbers import TUNED_SCENARIO
from backpost.agents.rules.registry import RULE_TYPES, RULES
from backpost.envs.common.errors import InvalidFile, UnknownName
from backpost.envs.scenarios.registry import scenario as scenario_of

from .random_run import RandomRun
from .recorded import SUFFIX as PLAYS_SUFFIX
from .recorded import Recorded
from .stand_still import StandStill

POLICIES = Path(__file__).resolve().parent / "assets" / "policies"
"""Where the shipped policies lie, each in `<Scenario>.safetensors` beside its model card."""
GENERALIST = "Match"
"""Whose policy is asked in a scenario that has none of its own."""

PLANNER = "planner"
AGENTS = (RandomRun.name, StandStill.name, *RULES, PLANNER)
"""Names of all agents that need no file."""
SHIPPED = {
    "learned": "the shipped policy of the environment that is played, else that of Match",
    "generalist": "the shipped policy of Match, wherever it is asked",
}
"""Policies that are asked for by name, and what each is."""


def descriptions() -> dict[str, str]:
    """What every agent that has a name does, in a line each; a shipped policy need not be there."""
    return {name: agent(name).description for name in AGENTS} | SHIPPED


def agent(name_or_path: str | os.PathLike[str], scenario: str = TUNED_SCENARIO) -> Agent:
    """The agent of this name, as it was tuned or trained for `scenario`, or what a file has.

    A `.safetensors` file has a policy, a `.json` file has recorded plays.

    Raises:
        UnknownName: if it is neither (the sentence lists the names), or for an unknown scenario.
        InvalidFile: if it is the path of a file that is no policy of this version, or a policy that is not shipped.
    """
    name = os.fspath(name_or_path)
    scenario = scenario_of(scenario).name
    if name in RULE_TYPES:
        return RULE_TYPES[name](scenario=scenario)
    if name == RandomRun.name:
        return RandomRun()
    if name == StandStill.name:
        return StandStill()
    if name == PLANNER:
        from backpost.agents.planners.planner import Planner  # nobody else needs it, and it brings a world of its own

        return Planner()
    if name == "learned":
        return _shipped(name, scenario)
    if name == "generalist":
        return _shipped(name, GENERALIST)
    if Path(name).suffix == PLAYS_SUFFIX:
        return Recorded.load(name)
    if Path(name).suffix == SUFFIX or Path(name).is_file():
        return Policy.load(name)
    raise UnknownName("agent", name, (*AGENTS, *SHIPPED, f"or the path of a {SUFFIX} or {PLAYS_SUFFIX} file"))


def is_shipped(scenario: str) -> bool:
    """Whether there is a policy that `learned` means in this scenario."""
    return any((POLICIES / f"{owner}{SUFFIX}").is_file() for owner in (scenario, GENERALIST))


def _shipped(name: str, scenario: str) -> Policy:
    """The shipped policy of a scenario, else the generalist, under this name."""
    for owner in (scenario, GENERALIST):
        path = POLICIES / f"{owner}{SUFFIX}"
        if path.is_file():
            policy = Policy.load(path)
            policy.name = name
            return policy
    raise InvalidFile(
        f"no policy for {scenario} is shipped; `backpost train {scenario} --out runs/{scenario}` trains one, which can "
        "then be named by its path"
    )
