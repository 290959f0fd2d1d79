"""What stored runs add to the guide's table."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from some_results import AN_EXPLANATION

from backpost.envs.common.errors import InvalidFile, InvalidValue
from backpost.envs.interface.options import Options
from backpost.training.bench.result_file import plain_options, write_result
from backpost.training.bench.statistics import Interval
from backpost.training.explain.cues import GROUPS, NO_HIPS, Cue, Cues
from backpost.training.guide import guide
from backpost.training.guide.claim import Claim
from backpost.training.guide.claims import CLAIMS
from backpost.training.guide.content import Guide, MeasuredClaim
from backpost.training.guide.stored import CUES, Stored, curve, filled, read_stored
from backpost.training.guide.verdict import NOT_SUPPORTED, NOT_YET, SUPPORTED
from backpost.training.learn.configuration import configuration


@pytest.fixture(scope="module")
def result() -> Guide:
    """A guide's result whose claims have not been played."""
    claims = [Claim(c.name, c.words, c.compared, c.mechanism, {}, (), note=c.note).measured({}) for c in CLAIMS]
    return Guide(40, 0, "evaluate", "free", 0.99, tuple(claims), {NOT_YET: len(claims)})


def claim(result: Guide, name: str) -> MeasuredClaim:
    return next(claim for claim in result.claims if claim.claim == name)


def folder(path: Path, gain: float, seed: int, **chosen: Any) -> Path:
    path.mkdir(parents=True)
    (path / "config.yml").write_text(configuration(overrides={"seed": seed, **chosen}).to_yaml())
    luck = np.random.default_rng(seed).normal(0, 0.01, 10)
    candidates = [{"steps": 1000 * k, "xg_per_100": 2.5 + 0.02 * k + gain + luck[k]} for k in range(10)]
    (path / "progress.json").write_text(json.dumps({"status": "finished", "candidates": candidates}))
    (path / "versions.json").write_text(json.dumps({"world": 1, "agents": 1, "rules": "2"}))
    return path


def test_the_guide_takes_the_policys_cues_from_an_explanation(result: Guide, tmp_path: Path) -> None:
    assert set(CUES) <= {*GROUPS, NO_HIPS}
    lost = {name: Interval(0.1 * k, 0.0, 0.2 * k) for k, name in enumerate((*GROUPS, NO_HIPS))}
    cues = Cues(100, "free", 3.0, {name: Cue(its, 50.0, its) for name, its in lost.items()})
    path = tmp_path / "explained.json"
    explanation = replace(AN_EXPLANATION, cues=cues)
    write_result(path, explanation)
    of = claim(filled(result, read_stored(path)), "G7")
    assert of.details["learned without the crosser's hips"]["xG per 100 lost"] == 0.0
    assert len(of.details) == len(CUES)
    assert "follows with the policies" not in of.note
    assert "learned without" in guide.table(filled(result, read_stored(path)))
    for wrong, says in (
        (replace(explanation, cues=None), "says nothing about G7"),
        (replace(explanation, cues=replace(cues, cues={})), "an explanation without the crosser's hips"),
        (replace(explanation, environment="Corner"), "must be an explanation of a policy in OpenPlay"),
        (replace(explanation, who={"numbers": {}}), "must be an explanation of a policy in OpenPlay"),
        (
            replace(explanation, options=plain_options(Options(vision="full"))),
            "options asked for here, got another vision",
        ),
    ):
        write_result(path, wrong)
        with pytest.raises(InvalidFile, match=says):
            read_stored(path)
    path.write_text(json.dumps({"command": "explain", "made_with": {}}))
    with pytest.raises(InvalidFile, match="another version of the world"):
        read_stored(path)


def test_drills_are_judged_with_training_seeds_as_the_unit(result: Guide, tmp_path: Path) -> None:
    drills = {"curriculum": {"DrillShadow": 0.2}}
    drilled = [folder(tmp_path / f"with{s}", 0.3, s, **drills) for s in range(4)]
    undrilled = [folder(tmp_path / f"without{s}", 0.0, s) for s in range(4)]
    of = filled(result, read_stored(None, drilled, undrilled))
    assert claim(of, "G11").verdict == SUPPORTED
    effect = claim(of, "G11").effect
    assert effect is not None
    assert effect.mean == pytest.approx(0.3, abs=0.02)
    assert of.verdicts[SUPPORTED] == 1
    stored = read_stored(None, drilled, undrilled)
    other_way = Stored(None, stored.undrilled, stored.drilled)
    assert claim(filled(result, other_way), "G11").verdict == NOT_SUPPORTED
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
