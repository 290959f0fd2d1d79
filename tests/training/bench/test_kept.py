"""What is kept is found again by exactly the same question, and a piece with anything wrong is played again."""

import json
import shutil
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backpost.agents.base.agent import Agent
from backpost.agents.planners.planner import Budget
from backpost.agents.registry import agent
from backpost.envs.common.errors import InvalidFile
from backpost.envs.interface.options import Options
from backpost.envs.interface.outcome import metrics_type
from backpost.envs.scenarios.situation_file import SHIPPED
from backpost.envs.world.chance import episode_seeds
from backpost.training.bench import compare as compare
from backpost.training.bench import kept
from backpost.training.bench.ceiling import Effort, ceiling
from backpost.training.bench.events import event_type
from backpost.training.bench.made_with import files_of, is_of_now, made_with
from backpost.training.bench.result_file import write_result
from backpost.training.explain.explain import _finished, explain

SEEDS = episode_seeds("evaluate", 0, 0, 10)


def crosses(count: int, xg: float = 0.0) -> kept.Played:
    """What is kept of so many crosses, each worth this."""
    played = kept.Played(np.zeros(count, metrics_type), np.zeros(count, event_type))
    for table in played:
        table["xg"] = xg
    return played


def test_a_piece_is_asked_for_only_by_the_same_agent_on_the_same_crosses(monkeypatch: pytest.MonkeyPatch) -> None:
    rule: Agent = agent("flight-reader", "OpenPlay")
    first = kept.key(rule, "OpenPlay", None, SEEDS)
    assert kept.key(agent("flight-reader"), "backpost/OpenPlay-v0", Options(), SEEDS) == first
    others = [
        kept.key(agent("near-post-sprint"), "OpenPlay", None, SEEDS),
        kept.key(rule, "Corner", None, SEEDS),
        kept.key(rule, "OpenPlay", None, SEEDS + np.uint64(1)),
        *(
            kept.key(rule, "OpenPlay", options, SEEDS)
            for options in (
                Options(difficulty=0.5),
                Options(vision="full"),
                Options(wing="left"),
                Options(marking="man"),
                Options(line_height=9.0),
                Options(start="wide"),
                Options(parameters={"clean": 0.5}),
            )
        ),
    ]
    for name in ("WORLD_VERSION", "AGENTS_VERSION"):
        with monkeypatch.context() as patch:
            patch.setattr(kept, name, getattr(kept, name) + 1)
            others.append(kept.key(rule, "OpenPlay", None, SEEDS))
    assert len({first, *others}) == len(others) + 1


def edited(source: Path, to: Path, later: float) -> Path:
    """The situation of a file with its ball some metres on."""
    content = json.loads(source.read_text(encoding="utf-8"))
    content["start"] = -1.0 - later
    to.write_text(json.dumps(content), encoding="utf-8")
    return to


def test_of_a_file_that_options_name_the_content_decides_and_not_the_place(tmp_path: Path) -> None:
    file = Path(shutil.copy(SHIPPED, tmp_path / "a.json"))
    rule = agent("flight-reader")
    first = kept.key(rule, "Situation", Options(file=file), SEEDS)
    elsewhere = Path(shutil.copy(SHIPPED, tmp_path / "b.json"))
    assert kept.key(rule, "Situation", Options(file=str(elsewhere)), SEEDS) == first
    edited(file, file, 0.5)
    assert kept.key(rule, "Situation", Options(file=file), SEEDS) != first
    for wrong in (tmp_path, tmp_path / "missing.json", Path("/dev/zero")):
        with pytest.raises(InvalidFile):
            kept.key(rule, "Situation", Options(file=wrong), SEEDS)


def test_no_face_tells_numbers_of_a_file_that_has_changed(tmp_path: Path) -> None:
    file = Path(shutil.copy(SHIPPED, tmp_path / "a.json"))
    options = Options(file=str(file))
    quick = Effort(Budget(rounds=((2, 1),)), tries=64)

    def compared_lines() -> list[str]:
        compared = compare.compare("Situation", ["flight-reader"], 6, options=options, keep=tmp_path / "kept")
        path = tmp_path / "explained.json"
        rule = "early-back-post"
        explained = explain("Situation", "flight-reader", 40, options=options, parts=("where",), rule=rule, path=path)
        reached = ceiling(
            "Situation", ["stand-still"], 2, options=options, out=tmp_path / "ceiling", effort=quick, rule=rule
        )
        assert compared.files == explained.files == reached.files == files_of(options)
        return [json.dumps(asdict(result)) for result in (compared, explained, reached)]

    before = compared_lines()
    assert compared_lines() == before
    edited(file, file, 0.5)
    after = compared_lines()
    assert all(old != new for old, new in zip(before, after, strict=True))
    shutil.rmtree(tmp_path / "kept")
    shutil.rmtree(tmp_path / "ceiling")
    (tmp_path / "explained.json").unlink()
    assert compared_lines() == after


def test_whatever_is_wrong_with_a_piece_it_is_played_again(tmp_path: Path) -> None:
    pieces, rows = kept.Kept(tmp_path), crosses(3, 0.25)
    pieces.get("name", 3, lambda: rows)
    file = tmp_path / f"name{kept.SUFFIX}"
    whole = file.read_bytes()
    random = np.random.default_rng(0)
    harmed = [whole[: len(whole) // 2], b"", b"something else", whole + b"x", whole[:-1]]
    for place in [*range(64), *random.integers(0, len(whole), 300)]:
        flipped = bytearray(whole)
        flipped[place] ^= 1 << int(random.integers(8))
        harmed.append(bytes(flipped))
    for content in harmed:
        file.write_bytes(content)
        assert pieces.read("name", "metrics") is None
        assert pieces.get("name", 3, lambda: rows)[1] is False
    assert file.read_bytes() == whole
    piece, was_there = pieces.get("name", 3, lambda: crosses(1))
    assert was_there
    assert all(map(np.array_equal, piece, rows))


def test_a_piece_under_another_name_or_of_another_shape_is_played_again(tmp_path: Path) -> None:
    pieces, rows = kept.Kept(tmp_path), crosses(3)
    pieces.get("name", 3, lambda: rows)
    (tmp_path / f"name{kept.SUFFIX}").rename(tmp_path / f"other{kept.SUFFIX}")
    assert pieces.get("other", 3, lambda: rows)[1] is False
    assert pieces.get("other", 2, lambda: crosses(2))[1] is False
    pieces.write("bare", something=np.zeros(3))
    assert pieces.get("bare", 3, lambda: rows)[1] is False
    for bare in ({"metrics": rows.metrics}, {"metrics": rows.metrics, "events": np.zeros(3)}):
        pieces.write("bare", **bare)
        assert pieces.get("bare", 3, lambda: rows)[1] is False


def test_a_piece_that_is_whole_but_no_archive_is_played_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pieces = kept.Kept(tmp_path)
    monkeypatch.setattr(np, "savez_compressed", lambda stream, **_: stream.write(b"PK\x03\x04" + bytes(40)))
    pieces.write("name", metrics=np.zeros(3))
    assert pieces.read("name", "metrics") is None


def test_what_is_stored_is_of_now_only_with_the_same_world_agents_and_rules() -> None:
    now = made_with()
    assert is_of_now(now)
    assert is_of_now({**now, "backpost": "0.0.9"})
    later = int(now["agents"]) + 1
    for name, other in (("world", 0), ("world", "1"), ("world", True), ("agents", later), ("rules", "other")):
        assert not is_of_now({**now, name: other})
    assert not is_of_now({})
    assert not is_of_now(None)


def test_an_explanation_of_an_agent_that_does_not_say_who_it_is_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "explained.json"
    explained = explain("OpenPlay", "flight-reader", 40, parts=("where",), rule="early-back-post", path=path)
    assert _finished(path, explained.head()).where is not None
    silences: tuple[dict[str, Any], ...] = ({"who": None}, {"beside": None})
    for silent in silences:
        write_result(path, replace(explained, **silent))
        assert _finished(path, replace(explained, **silent).head()).where is None
