"""Agents by name or by file: all agents that this package registers, policies, recorded plays and drawn runs.

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
from backpost.envs.scenarios.board_file import is_board
from backpost.envs.scenarios.registry import scenario as scenario_of

from .drawn_run import DrawnRun
from .random_run import RandomRun
from .recorded import SUFFIX as PLAYS_SUFFIX
from .recorded import Recorded
from .stand_still import StandStill

POLICIES = Path(__file__).resolve().parent / "assets" / "policies"
"""Folder of the shipped policies, each in `<Scenario>.safetensors` beside its model card."""
GENERALIST = "Match"
"""The scenario whose policy is used where a scenario has none of its own."""


def descriptions() -> dict[str, str]:
    """A one-line description of every registered agent, including those of installed packages."""
    load_installed()
    return {name: registered.description for name, registered in AGENTS.items()}


def agent(name_or_path: str | os.PathLike[str], scenario: str = TUNED_SCENARIO) -> Agent:
    """The agent of this name, as tuned or trained for `scenario`, or the agent in a file.

    A `.safetensors` file holds a policy, a `.json` file recorded plays, or the run that is drawn on a board.

    Raises:
        UnknownName: if it is neither (the message lists the names), or for an unknown scenario.
        InvalidFile: for a file that is not a policy of this version, or a policy that is not shipped.
        InvalidValue: if the object registered under the name is not an agent.
    """
    name = os.fspath(name_or_path)
    scenario = scenario_of(scenario).name
    if Path(name).suffix == PLAYS_SUFFIX:
        return DrawnRun.load(name) if is_board(name) else Recorded.load(name)
    if Path(name).suffix == SUFFIX:
        return Policy.load(name)
    if name in AGENTS:
        return AGENTS[name].made(scenario)
    if Path(name).is_file():
        return Policy.load(name)
    raise UnknownName("agent", name, (*AGENTS, f"or the path of a {SUFFIX} or {PLAYS_SUFFIX} file"))


def is_shipped(scenario: str) -> bool:
    """Whether a shipped policy exists for `learned` in this scenario."""
    return any((POLICIES / f"{owner}{SUFFIX}").is_file() for owner in (scenario, GENERALIST))


def _shipped(name: str, scenario: str) -> Policy:
    """The shipped policy of a scenario, or else the generalist, under this name."""
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
    from backpost.agents.planners.planner import Planner  # imported here because its kernels take time to load

    return Planner()


for _kind in (RandomRun, StandStill):
    register_agent(_kind.name, lambda scenario, kind=_kind: kind(), description=_kind.description)  # type: ignore[misc]
register_agent(
    "planner",
    _planner,
    description="plans the run on futures sampled from what the runner sees, without foresight or learning",
)
register_agent(
    "learned",
    lambda scenario: _shipped("learned", scenario),
    description="the shipped policy for the environment played, or Match's if it has none",
)
register_agent(
    "generalist",
    lambda scenario: _shipped("generalist", GENERALIST),
    description="the shipped policy for Match, in every environment",
)
