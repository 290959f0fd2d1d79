"""Data sets hold what agents did, and Minari reads them."""

from pathlib import Path

import minari
import numpy as np
import pytest
from a_policy import a_policy

from backpost.agents import recorded
from backpost.agents.base.play import play
from backpost.agents.recorded import Plays
from backpost.agents.registry import agent
from backpost.envs.common.errors import BackpostError, InvalidFile, InvalidValue
from backpost.envs.interface.information import KEYS
from backpost.envs.interface.options import Options
from backpost.envs.interface.outcome import metrics
from backpost.envs.world.chance import episode_seeds
from backpost.training.exchange.dataset import ROOT, collect


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which Minari looks for data sets."""
    monkeypatch.setenv(ROOT, str(tmp_path / "data"))
    return tmp_path / "data"


def test_a_data_set_has_the_very_crosses_that_the_agent_plays_with_info_at_every_step(
    folder: Path, tmp_path: Path
) -> None:
    a_policy().save(tmp_path / "my.policy.safetensors")
    files = ["late-bend", str(tmp_path / "my.policy.safetensors")]
    result = collect("OpenPlay", files, 6, 3, out=folder, options=Options(difficulty=0.5))
    assert [row.id for row in result.datasets] == ["backpost/OpenPlay/late-bend-v0", "backpost/OpenPlay/my-policy-v0"]
    seeds = episode_seeds("train", 0, 3, 6)
    for name, row in zip(files, result.datasets, strict=True):
        dataset = minari.load_dataset(row.id)
        played = metrics(play(agent(name), "OpenPlay", seeds, Options(difficulty=0.5)))
        episodes = list(dataset.iterate_episodes())
        assert len(episodes) == dataset.total_episodes == row.episodes == 6
        assert dataset.total_steps == row.steps
        for episode, seed, of in zip(episodes, seeds, played, strict=True):
            steps = len(episode.actions)
            assert len(episode.observations) == steps + 1
            named = {key.name for key in KEYS if "<" not in key.name and key.name != "reward_shaping"}
            assert named <= set(episode.infos)
            assert all(len(values) == steps + 1 for values in episode.infos.values())
            assert set(episode.infos["seed"].tolist()) == {int(seed)}
            assert episode.infos["xg"][-1] == of["xg"] == pytest.approx(episode.rewards.sum())
        assert dataset.recover_environment().unwrapped.crosses.options.difficulty == 0.5
        assert dataset.storage.metadata["algorithm_name"] == row.agent


def test_a_persons_plays_are_kept_as_they_were_played(folder: Path, tmp_path: Path) -> None:
    luck = np.random.default_rng(0)
    plays = Plays("OpenPlay", Options(), {k: luck.uniform(-1, 1, (90, 4)).astype(np.float32) for k in (2, 5)})
    recorded.write(tmp_path / "me.json", plays)
    (row,) = collect("OpenPlay", [str(tmp_path / "me.json")], 100, out=folder).datasets
    assert (row.id, row.label, row.episodes) == ("backpost/OpenPlay/me-v0", "evaluate", 2)
    for episode, number in zip(minari.load_dataset(row.id).iterate_episodes(), (2, 5), strict=True):
        shown = min(len(episode.actions), 90)
        assert (episode.actions[:shown] == plays.runs[number][:shown]).all()
        assert int(episode.infos["seed"][0]) == int(episode_seeds("evaluate", 0, number, 1)[0])


def test_what_cannot_be_written_is_refused_before_anything_is(folder: Path) -> None:
    collect("DrillCrossing", ["stand-still"], 2, out=folder)
    with pytest.raises(InvalidFile, match="has a data set backpost/DrillCrossing/stand-still-v0 already"):
        collect("DrillCrossing", ["late-bend", "stand-still"], 2, out=folder)
    with pytest.raises(InvalidValue, match="agents need distinct names"):
        collect("DrillCrossing", ["random", "random"], 2, out=folder)
    for changed, says in (({"label": "exam"}, "reset, train, tune"), ({"options": Options(marking="man")}, "marking")):
        with pytest.raises(BackpostError, match=says):
            collect("DrillCrossing", ["random"], 2, out=folder, **changed)
    kept = sorted(path.name for path in (folder / "backpost" / "DrillCrossing").iterdir() if path.is_dir())
    assert kept == ["stand-still-v0"]
