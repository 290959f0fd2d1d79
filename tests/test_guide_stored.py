"""What stored runs add to the guide's table."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backpost.envs.errors import InvalidFile, InvalidValue
from backpost.training import guide as room
from backpost.training.explain_cues import GROUPS, NO_HIPS
from backpost.training.guide_claim import Claim
from backpost.training.guide_claims import CLAIMS
from backpost.training.guide_stored import CUES, curve, filled
from backpost.training.guide_verdict import NOT_SUPPORTED, NOT_YET, SUPPORTED


@pytest.fixture(scope="module")
def result() -> dict[str, Any]:
    """A guide's result whose claims have not been played."""
    claims = [Claim(c.name, c.words, c.compared, c.mechanism, {}, (), note=c.note).measured({}) for c in CLAIMS]
    claims = [{**claim, "says": room.says(claim)} for claim in claims]
    return {"crosses": 40, "level": 0.99, "claims": claims, "verdicts": {NOT_YET: len(claims)}}


def claim(result: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in result["claims"] if one["claim"] == name)


def folder(path: Path, gain: float, seed: int) -> Path:
    path.mkdir(parents=True)
    luck = np.random.default_rng(seed).normal(0, 0.01, 10)
    candidates = [{"steps": 1000 * k, "xg_per_100": 2.5 + 0.02 * k + gain + luck[k]} for k in range(10)]
    (path / "progress.json").write_text(json.dumps({"candidates": candidates}))
    return path


def test_the_guide_takes_the_policys_cues_from_an_explanation(result: dict[str, Any], tmp_path: Path) -> None:
    assert set(CUES) <= {*GROUPS, NO_HIPS}
    lost = {name: {"lost": {"mean": 0.1 * k, "low": 0.0, "high": 0.2 * k}} for k, name in enumerate((*GROUPS, NO_HIPS))}
    path = tmp_path / "explained.json"
    path.write_text(json.dumps({"agent": "learned", "cues": {"cues": lost}}))
    of = claim(filled(result, path), "G7")
    assert of["details"]["learned without the crosser's hips"]["xG per 100 lost"] == 0.0
    assert len(of["details"]) == len(CUES)
    assert "follows with the policies" not in of["note"]
    assert "learned without" in room.table({**filled(result, path), "first_seed": 0, "label": "", "ball": ""})
    path.write_text(json.dumps({"agent": "learned"}))
    with pytest.raises(InvalidFile):
        filled(result, path)


def test_drills_are_judged_with_training_seeds_as_the_unit(result: dict[str, Any], tmp_path: Path) -> None:
    drilled = [folder(tmp_path / f"with{s}", 0.3, s) for s in range(4)]
    undrilled = [folder(tmp_path / f"without{s}", 0.0, s + 9) for s in range(4)]
    of = filled(result, None, drilled, undrilled)
    assert claim(of, "G11")["verdict"] == SUPPORTED
    assert claim(of, "G11")["effect"]["mean"] == pytest.approx(0.3, abs=0.02)
    assert of["verdicts"][SUPPORTED] == 1
    assert claim(filled(result, None, undrilled, drilled), "G11")["verdict"] == NOT_SUPPORTED
    with pytest.raises(InvalidValue):
        filled(result, None, drilled[:1], undrilled[:1])
    with pytest.raises(InvalidFile):
        curve(tmp_path / "nowhere")
