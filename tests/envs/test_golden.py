"""Golden runs: a change of behaviour is never an accident. `make golden` writes new hashes.

It refuses changed hashes without a new `WORLD_VERSION`, and a new version without changed hashes.
"""

import hashlib
from pathlib import Path
from typing import Any

import golden_versions
import numpy as np
import pytest

from backpost.envs import SCENARIOS, WORLD_VERSION, Crosses, Options
from backpost.envs.interface.outcome import metrics
from backpost.envs.world.chance import episode_seeds

GOLDEN = Path(__file__).with_name("golden.json")
EPISODES, PART = 1000, 100
FEW = 60
"""Episodes of each play with other options."""
VERSION = {"world": WORLD_VERSION}

OTHER: dict[str, Any] = {
    "marking": "zonal",
    "line_height": (6.0, 19.0),
    "compactness": 1.3,
    "defenders": (3, 9),
    "keeper_range": 10.0,
    "start": "byline",
    "set": 5,
    "ball": "simulated",
}
"""Values of the options that only some scenarios have."""


def hashes(name: str, options: Options | None = None, episodes: int = EPISODES) -> list[str]:
    """What 1,000 episodes of a scenario came to, a hash for every 100 of them."""
    final, traces = _played(name, options, episodes)
    for k, trace in enumerate(traces):
        trace.update(final[PART * k : PART * (k + 1)].tobytes())
    return [trace.hexdigest() for trace in traces]


def _played(name: str, options: Options | None, episodes: int) -> tuple[np.recarray, list[Any]]:
    """The final records (n,), and traces of all that was seen and paid."""
    crosses = Crosses(name, episodes, options=options)
    crosses.deal(episode_seeds("verify", 0, 0, episodes))
    luck, done = np.random.default_rng(0), np.zeros(episodes, bool)
    traces = [hashlib.sha256() for _ in range(-(-episodes // PART))]
    wanted = luck.uniform(-1.0, 1.0, (episodes, 4))
    while not done.all():
        # Runs that go somewhere: each holds its direction for a while.
        turns = luck.uniform(size=episodes) < 0.1
        wanted[turns] = luck.uniform(-1.0, 1.0, (int(turns.sum()), 4))
        observations = crosses.observe()
        rewards, done = crosses.step(wanted)
        for k, trace in enumerate(traces):
            part = slice(PART * k, PART * (k + 1))
            trace.update(observations[part].tobytes() + rewards[part].tobytes())
    return crosses.snapshot(), traces


def otherwise(name: str) -> list[str]:
    """What a few episodes with other options came to, and what the metrics say of them."""
    own = {option: OTHER[option] for option in SCENARIOS[name].own if option in OTHER}
    if name == "Situation":
        own["start"] = -1.0
    faces: dict[str, Any] = {"wing": "random", "vision": "full", "difficulty": 0.5, "reward": "shaped"}
    table = metrics(_played(name, Options(), FEW)[0])
    numbers = np.concatenate([np.asarray(table[column], np.float64).ravel() for column in table.dtype.names or ()])
    measured = hashlib.sha256(np.where(np.isnan(numbers), np.nan, numbers).tobytes()).hexdigest()
    return [*hashes(name, Options(**own), FEW), *hashes(name, Options(**own, **faces), FEW), measured]


def digest(golden: dict[str, Any], of: str) -> str:
    """One digest of all hashes of a scenario."""
    return hashlib.sha256("".join([*golden[of], *golden["otherwise"][of]]).encode()).hexdigest()


@pytest.mark.parametrize("name", list(SCENARIOS))
def test_a_thousand_episodes_are_what_they_were(name: str) -> None:
    golden = golden_versions.read(GOLDEN)
    assert hashes(name) == golden[SCENARIOS[name].id], "behaviour changed: raise WORLD_VERSION, then write new hashes"


@pytest.mark.parametrize("name", list(SCENARIOS))
def test_episodes_with_other_options_and_their_metrics_are_what_they_were(name: str) -> None:
    golden = golden_versions.read(GOLDEN)
    assert otherwise(name) == golden["otherwise"][SCENARIOS[name].id], "behaviour changed: raise WORLD_VERSION"


def test_the_version_of_the_world_is_raised_with_its_bits_and_never_without() -> None:
    golden = golden_versions.read(GOLDEN)
    assert golden_versions.fault(golden["history"], VERSION) is None
    ids = [scenario.id for scenario in SCENARIOS.values()]
    assert golden["history"][-1]["values"] == {name: digest(golden, name) for name in ids}


def test_changed_bits_need_a_new_version_and_a_new_version_needs_changed_bits() -> None:
    history = golden_versions.added([], {"world": 1}, {"a": "bits", "b": "bits"})
    for version, values, says in (
        (1, {"a": "other", "b": "bits"}, "a changed: raise the version of the world"),
        (1, {"b": "bits"}, "a changed: raise"),
        (2, {"a": "bits", "b": "bits"}, "nothing changed since world 1: keep the version"),
        (0, {"a": "other", "b": "bits"}, "version world 0 is older than world 1"),
    ):
        assert says in str(golden_versions.refusal(history, {"world": version}, values))
        with pytest.raises(SystemExit, match=says):
            golden_versions.added(history, {"world": version}, values)
    raised = golden_versions.added(history, {"world": 2}, {"a": "other", "b": "bits"})
    assert golden_versions.fault(raised, {"world": 2}) is None
    assert [entry["version"]["world"] for entry in raised] == [1, 2]
    grown = golden_versions.added(history, {"world": 1}, {"a": "bits", "b": "bits", "new": "bits"})
    assert [entry["version"]["world"] for entry in grown] == [1]
    assert golden_versions.fault(history, {"world": 2}) == "write the golden file anew by its command"


if __name__ == "__main__":
    made: dict[str, Any] = {scenario.id: hashes(name) for name, scenario in SCENARIOS.items()}
    made["otherwise"] = {scenario.id: otherwise(name) for name, scenario in SCENARIOS.items()}
    digests = {scenario.id: digest(made, scenario.id) for scenario in SCENARIOS.values()}
    made["history"] = golden_versions.added(golden_versions.read(GOLDEN)["history"], VERSION, digests)
    golden_versions.write(GOLDEN, made)
