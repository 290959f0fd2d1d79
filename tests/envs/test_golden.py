"""Golden runs: a change of behaviour is never an accident. `python tests/test_golden.py` writes new hashes."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from backpost.envs import SCENARIOS, Crosses
from backpost.envs.world.chance import episode_seeds

GOLDEN = Path(__file__).with_name("golden.json")
EPISODES, PART = 1000, 100


def hashes(name: str) -> list[str]:
    """What 1,000 episodes of a scenario came to, a hash for every 100 of them."""
    crosses = Crosses(name, EPISODES)
    crosses.deal(episode_seeds("verify", 0, 0, EPISODES))
    luck, done = np.random.default_rng(0), np.zeros(EPISODES, bool)
    traces = [hashlib.sha256() for _ in range(EPISODES // PART)]
    wanted = luck.uniform(-1.0, 1.0, (EPISODES, 4))
    while not done.all():
        # Runs that go somewhere: each holds its direction for a while.
        turns = luck.uniform(size=EPISODES) < 0.1
        wanted[turns] = luck.uniform(-1.0, 1.0, (int(turns.sum()), 4))
        observations = crosses.observe()
        rewards, done = crosses.step(wanted)
        for k, trace in enumerate(traces):
            part = slice(PART * k, PART * (k + 1))
            trace.update(observations[part].tobytes() + rewards[part].tobytes())
    final = crosses.snapshot()
    for k, trace in enumerate(traces):
        trace.update(final[PART * k : PART * (k + 1)].tobytes())
    return [trace.hexdigest() for trace in traces]


@pytest.mark.parametrize("name", list(SCENARIOS))
def test_a_thousand_episodes_are_what_they_were(name: str) -> None:
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert hashes(name) == golden[SCENARIOS[name].id], "behaviour changed: raise the version, then write new hashes"


if __name__ == "__main__":
    made = {scenario.id: hashes(name) for name, scenario in SCENARIOS.items()}
    GOLDEN.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
