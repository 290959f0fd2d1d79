"""What is shipped is what the documents speak of: these policies, these rules, this simulator."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from backpost.agents.base.play import play
from backpost.agents.registry import POLICIES, agent
from backpost.envs.world.chance import episode_seeds
from backpost.training.bench.result_file import is_measured, not_measured
from backpost.training.results.results import ENVIRONMENTS

DOCS = Path(__file__).parents[3] / "docs"
NEEDED = ("results", "realism")
"""What is published of every world; the other results may not have been measured yet."""


@pytest.mark.parametrize("name", sorted({*NEEDED, *(path.stem for path in DOCS.glob("*.json"))}))
def test_what_is_published_was_measured_in_this_simulator_with_these_rules(name: str) -> None:
    assert is_measured(DOCS / f"{name}.json") or name not in NEEDED, not_measured(name)


@pytest.mark.parametrize("env", ENVIRONMENTS)
def test_results_and_cards_are_of_the_shipped_policies(env: str) -> None:
    digest = hashlib.sha256((POLICIES / f"{env}.safetensors").read_bytes()).hexdigest()
    results = json.loads((DOCS / "results.json").read_text(encoding="utf-8"))
    (stored,) = [row["policy"]["sha256"] for row in results["environments"] if row["environment"] == env]
    assert stored == digest
    assert digest in (POLICIES / f"{env}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("env", ["OpenPlay", "Transition"])
def test_the_published_lead_of_a_policy_is_found_again_on_crosses_that_nobody_has_seen(env: str) -> None:
    """Over the best rule, in xG per 100 crosses: two measurements differ by luck alone, by a 99.9 % interval."""
    results = json.loads((DOCS / "results.json").read_text(encoding="utf-8"))
    (row,) = [row for row in results["environments"] if row["environment"] == env]
    stored = row["over_best_rule"]["learned"]
    seeds = episode_seeds("verify", 23, 0, 4000)
    learned, rule = (play(agent(name, env), env, seeds)["xg"] for name in ("learned", row["best_rule"]))
    lead = 100.0 * (learned - rule)
    published = (stored["high"] - stored["low"]) / (2.0 * 1.96)
    assert abs(lead.mean() - stored["mean"]) < 3.3 * np.hypot(lead.std() / np.sqrt(len(lead)), published)
