"""What stored runs add to the guide's table."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backpost.envs.common.errors import InvalidFile, InvalidValue
from backpost.envs.interface.options import Options
from backpost.training.bench.made_with import made_with
from backpost.training.explain.cues import GROUPS, NO_HIPS
from backpost.training.guide import guide
from backpost.training.guide.claim import Claim
from backpost.training.guide.claims import CLAIMS
from backpost.training.guide.stored import CUES, Stored, curve, filled, read_stored
from backpost.training.guide.verdict import NOT_SUPPORTED, NOT_YET, SUPPORTED
from backpost.training.learn.configuration import configuration


@pytest.fixture(scope="module")
def result() -> dict[str, Any]:
    """A guide's result whose claims have not been played."""
    claims = [Claim(c.name, c.words, c.compared, c.mechanism, {}, (), note=c.note).measured({}) for c in CLAIMS]
    claims = [{**claim, "says": guide.says(claim)} for claim in claims]
    return {"crosses": 40, "level": 0.99, "claims": claims, "verdicts": {NOT_YET: len(claims)}}


def claim(result: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in result["claims"] if one["claim"] == name)


def folder(path: Path, gain: float, seed: int, **chosen: Any) -> Path:
    path.mkdir(parents=True)
    (path / "config.yml").write_text(configuration(overrides={"seed": seed, **chosen}).to_yaml())
    luck = np.random.default_rng(seed).normal(0, 0.01, 10)
    candidates = [{"steps": 1000 * k, "xg_per_100": 2.5 + 0.02 * k + gain + luck[k]} for k in range(10)]
    (path / "progress.json").write_text(json.dumps({"status": "finished", "candidates": candidates}))
    (path / "versions.json").write_text(json.dumps({"world": 1, "agents": 1, "rules": "2"}))
    return path


def test_the_guide_takes_the_policys_cues_from_an_explanation(result: dict[str, Any], tmp_path: Path) -> None:
    assert set(CUES) <= {*GROUPS, NO_HIPS}
    lost = {name: {"lost": {"mean": 0.1 * k, "low": 0.0, "high": 0.2 * k}} for k, name in enumerate((*GROUPS, NO_HIPS))}
    path = tmp_path / "explained.json"
    played = {"made_with": made_with(), "options": asdict(Options()), "label": "evaluate"}
    told = played | {"environment": "OpenPlay", "agent": "learned", "who": {"weights": ""}, "cues": {"cues": lost}}
    path.write_text(json.dumps(told))
    of = claim(filled(result, read_stored(path)), "G7")
    assert of["details"]["learned without the crosser's hips"]["xG per 100 lost"] == 0.0
    assert len(of["details"]) == len(CUES)
    assert "follows with the policies" not in of["note"]
    assert "learned without" in guide.table(
        {**filled(result, read_stored(path)), "first_seed": 0, "label": "", "ball": ""}
    )
    for wrong, says in (
        (played | {"agent": "learned"}, "is an explanation without cues"),
        (told | {"cues": {"cues": {}}}, "is an explanation without cues"),
        (told | {"environment": "Corner"}, "must be an explanation of a policy in OpenPlay"),
        (told | {"who": {"numbers": {}}}, "must be an explanation of a policy in OpenPlay"),
        (told | {"options": asdict(Options(vision="cone"))}, "options asked for here, got another vision"),
    ):
        path.write_text(json.dumps(wrong))
        with pytest.raises(InvalidFile, match=says):
            read_stored(path)
    path.write_text(json.dumps({**told, "made_with": {}}))
    with pytest.raises(InvalidFile, match="another version of the world"):
        read_stored(path)


def test_drills_are_judged_with_training_seeds_as_the_unit(result: dict[str, Any], tmp_path: Path) -> None:
    drills = {"curriculum": {"DrillShadow": 0.2}}
    drilled = [folder(tmp_path / f"with{s}", 0.3, s, **drills) for s in range(4)]
    undrilled = [folder(tmp_path / f"without{s}", 0.0, s) for s in range(4)]
    of = filled(result, read_stored(None, drilled, undrilled))
    assert claim(of, "G11")["verdict"] == SUPPORTED
    assert claim(of, "G11")["effect"]["mean"] == pytest.approx(0.3, abs=0.02)
    assert of["verdicts"][SUPPORTED] == 1
    stored = read_stored(None, drilled, undrilled)
    other_way = Stored(None, stored.undrilled, stored.drilled)
    assert claim(filled(result, other_way), "G11")["verdict"] == NOT_SUPPORTED
    for wrong in ((drilled[:1], undrilled[:1]), (drilled, undrilled[::-1]), (undrilled, drilled)):
        with pytest.raises(InvalidValue):
            read_stored(None, *wrong)
    twice = [drilled[0], drilled[0]], [undrilled[0], undrilled[0]]
    otherwise = folder(tmp_path / "otherwise", 0.0, 0, gamma=0.9)
    elsewhere = folder(tmp_path / "elsewhere", 0.0, 0)
    (elsewhere / "versions.json").write_text(json.dumps({"world": 0, "agents": 1, "rules": "2"}))
    for wrong in (twice, (drilled[:2], [otherwise, undrilled[1]]), (drilled[:2], [elsewhere, undrilled[1]])):
        with pytest.raises(InvalidValue):
            read_stored(None, *wrong)
    (drilled[0] / "progress.json").write_text(json.dumps({"status": "interrupted", "candidates": []}))
    with pytest.raises(InvalidFile, match="has not finished"):
        read_stored(None, drilled, undrilled)
    with pytest.raises(InvalidFile):
        curve(tmp_path / "nowhere")
