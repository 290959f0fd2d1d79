"""An agent whose actions do not fit the environment is told so by name."""

from typing import Any

import pytest

from backpost.agents.base.play import play, record
from backpost.agents.registry import agent
from backpost.envs.common.errors import InvalidAction
from backpost.envs.interface.options import Options
from backpost.envs.world.chance import episode_seeds
from backpost.training.bench.compare import compare

FOREIGN = ("discrete", "zones", "call")


@pytest.mark.parametrize("kind", FOREIGN)
def test_actions_of_another_type_are_refused_with_the_agent_and_the_type(kind: str) -> None:
    seeds = episode_seeds("verify", 3, 0, 4)
    options = Options(action_type=kind)
    attempts: list[Any] = [
        lambda: play(agent("late-bend"), "OpenPlay", seeds, options),
        lambda: record(agent("late-bend"), "OpenPlay", seeds[0], options),
        lambda: compare("OpenPlay", ["late-bend", "random"], 4, options=options),
    ]
    for attempt in attempts:
        with pytest.raises(InvalidAction, match=f"late-bend do not fit action_type '{kind}'.* continuous") as refused:
            attempt()
        assert "\n" not in str(refused.value)
