"""The pages of other trainers show the code that their jobs run, and say what it needs."""

import re
from pathlib import Path

import integrations
import pytest
import yaml

from backpost import cli

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "trainers"
NAMES = integrations.names()


def test_every_trainer_has_a_page_and_a_job() -> None:
    assert {"stable_baselines3", "sbx", "torchrl", "rllib", "minari"} <= set(NAMES)
    assert sorted(page.stem for page in PAGES.glob("*.md") if page.stem != "index") == NAMES
    workflow = yaml.safe_load((ROOT / ".github/workflows/integrations.yml").read_text(encoding="utf-8"))
    assert workflow["jobs"]["trainer"]["strategy"]["matrix"]["trainer"] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_page_shows_the_script_of_its_job_and_what_that_needs(name: str) -> None:
    page = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    assert f"literalinclude}} ../examples/trainers/{integrations.example(name).name}\n" in page
    needs = integrations.requirements(integrations.example(name).read_text(encoding="utf-8"))
    shown = re.search(r"^pip install (.*)$", page, re.MULTILINE)
    assert shown is not None
    assert [word.strip("'") for word in shown[1].split()] == [re.sub("^backpost", ".", need) for need in needs]
    for heading in ("## What it asks of you", "## What to expect"):
        assert heading in page


@pytest.mark.parametrize("name", NAMES)
def test_every_package_that_a_script_needs_is_pinned(name: str) -> None:
    pinned = integrations.constraints(name).read_text(encoding="utf-8").splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[^ ;]+", line) for line in pinned)
    packages = {line.partition("==")[0].lower().replace("_", "-") for line in pinned}
    needs = integrations.requirements(integrations.example(name).read_text(encoding="utf-8"))
    asked = {re.split(r"[\[<>=]", need)[0].lower().replace("_", "-") for need in needs} - {"backpost"}
    assert {"gymnasium", "numba", "numpy", *asked} <= packages


def test_a_script_that_does_not_say_what_it_needs_is_noticed() -> None:
    with pytest.raises(ValueError, match="PEP 723"):
        integrations.requirements("import backpost\n")


def test_commands_in_the_scripts_exist() -> None:
    verbs = {"dataset", "export"}
    assert verbs <= set(cli.VERBS)
    scripts = "".join(integrations.example(name).read_text(encoding="utf-8") for name in NAMES)
    assert verbs <= set(re.findall(r"\"([a-z]+)\"", scripts))
