"""Agents by name or by file: everybody that this package registers, policies and recorded plays.

The coaching rules are registered in `rules/registry.py`, the others here.
"""

import os
from pathlib import Path

from backpost.agents.base.agent import Agent
from backpost.agents.base.registry import AGENTS, register_agent
from backpost.agents.policies.policy import SUFFIX, Policy
from backpost.agents.rules.numbers import TUNED_SCENARIO
from backpost.envs.common.errors import InvalidFile, UnknownName
from backpost.envs.common.extensions import load_installed
from backpost.envs.scenarios.registry import scenario as scenario_of

from .random_run import RandomRun
from .recorded import SUFFIX as PLAYS_SUFFIX
from .recorded import Recorded
from .stand_still import StandStill

POLICIES = Path(__file__).resolve().parent / "assets" / "policies"
"""Where the shipped policies lie, each in `<Scenario>.safetensors` beside its model card."""
GENERALIST = "Match"
"""Whose policy is asked in a scenario that has none of its own."""


def descriptions() -> dict[str, str]:
    """What every agent that has a name does, in a line each, those of installed packages too."""
    load_installed()
    return {name: registered.description for name, registered in AGENTS.items()}


def agent(name_or_path: str | os.PathLike[str], scenario: str = TUNED_SCENARIO) -> Agent:
    """The agent of this name, as it was tuned or trained for `scenario`, or what a file has.

    A `.safetensors` file has a policy, a `.json` file has recorded plays.

    Raises:
        UnknownName: if it is neither (the sentence lists the names), or for an unknown scenario.
        InvalidFile: if it is the path of a file that is no policy of this version, or a policy that is not shipped.
        InvalidValue: if what was registered under the name is not an agent.
    """
    name = os.fspath(name_or_path)
    scenario = scenario_of(scenario).name
    if Path(name).suffix == PLAYS_SUFFIX:
        return Recorded.load(name)
    if Path(name).suffix == SUFFIX:
        return Policy.load(name)
    if name in AGENTS:
        return AGENTS[name].made(scenario)
    if Path(name).is_file():
        return Policy.load(name)
    raise UnknownName("agent", name, (*AGENTS, f"or the path of a {SUFFIX} or {PLAYS_SUFFIX} file"))


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


def _planner(scenario: str) -> Agent:
    from backpost.agents.planners.planner import Planner  # nobody else needs it, and its kernels take time to load

    return Planner()


for _kind in (RandomRun, StandStill):
    register_agent(_kind.name, lambda scenario, kind=_kind: kind(), description=_kind.description)  # type: ignore[misc]
register_agent(
    "planner",
    _planner,
    description="plans his run on sampled futures of what he sees, without foresight and without learning",
)
register_agent(
    "learned",
    lambda scenario: _shipped("learned", scenario),
    description="the shipped policy of the environment that is played, else that of Match",
)
register_agent(
    "generalist",
    lambda scenario: _shipped("generalist", GENERALIST),
    description="the shipped policy of Match, wherever it is asked",
)
