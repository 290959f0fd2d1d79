"""The documentation site: built without a warning, every link leads somewhere, and nothing comes from a network."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from backpost import cli
from backpost.agents.rules.registry import RULES
from backpost.envs import SCENARIOS
from backpost.envs.interface.information import KEYS
from backpost.envs.interface.observation import LAYOUT
from backpost.envs.interface.request import valid_at_reset
from backpost.training.bench.events import CSV_COLUMNS

ROOT = Path(__file__).parents[2]
GENERATED = ("_build", "environments", "tutorials", "reference")
LOADS = {"script": "src", "link": "href", "img": "src", "source": "src", "iframe": "src", "video": "src"}


class Page(HTMLParser):
    """What a page points at, what it loads, and the anchors in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value for name, value in attrs if value}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag in LOADS and LOADS[tag] in given:
            self.loads.append(given[LOADS[tag]])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(ROOT / "docs", folder / "docs", ignore=shutil.ignore_patterns(*GENERATED, "__pycache__"))
    for name in ("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"):
        shutil.copy(ROOT / name, folder)
    built = folder / "html"
    how = ("-q", "-W", "--keep-going", "-n", "-b", "html", "-d", str(folder / "doctrees"))
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *how, str(folder / "docs"), str(built)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"MPLBACKEND": "agg"},
    )
    assert done.returncode == 0, done.stderr
    return built


def pages(site: Path) -> Iterator[tuple[Path, Page]]:
    for path in sorted(site.rglob("*.html")):
        if path.parent.name != "pages":  # those are tested as what they are: pages for a coach
            yield path, Page(path.read_text(encoding="utf-8"))


def test_every_link_inside_the_site_leads_to_a_page_and_a_place_on_it(site: Path) -> None:
    read = dict(pages(site))
    assert len(read) > 40
    dead = []
    for path, page in read.items():
        for link in [*page.links, *page.loads]:
            parts = urlsplit(link)
            if parts.scheme or link.startswith("#!"):
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            exists = target.is_file() and (
                not parts.fragment or target not in read or unquote(parts.fragment) in read[target].anchors
            )
            if not exists:
                dead.append(f"{path.relative_to(site)} -> {link}")
    assert dead == []


def test_nothing_is_loaded_from_a_network(site: Path) -> None:
    outside = [
        f"{path.relative_to(site)}: {loaded}"
        for path, page in pages(site)
        for loaded in page.loads
        if urlsplit(loaded).scheme not in ("", "data")
    ]
    assert outside == []
    sheets = list((site / "_static").rglob("*.css"))
    assert sheets
    for sheet in sheets:
        assert not re.search(r"(url\(|@import)\s*['\"]?(https?:)?//", sheet.read_text(encoding="utf-8")), sheet


@pytest.mark.parametrize("name", SCENARIOS)
def test_an_environment_has_a_page_with_all_that_it_takes_and_tells(site: Path, name: str) -> None:
    text = (site / "environments" / f"{name}.html").read_text(encoding="utf-8")
    assert SCENARIOS[name].id in text
    for option in ("action_type", "vision", "reward", "wing", "difficulty", "gamma", *SCENARIOS[name].own):
        assert f">{option}</span>" in text
    for option in valid_at_reset(SCENARIOS[name].own):
        assert f">{option}</span>" in text
    assert 'href="../reference/info.html"' in text
    assert f"_images/{name}.png" in text


def test_the_reference_names_every_verb_rule_key_and_number_of_the_observation(site: Path) -> None:
    reference = {page.stem: page.read_text(encoding="utf-8") for page in (site / "reference").glob("*.html")}
    for verb in cli.VERBS:
        assert f'id="backpost-{verb}"' in reference["command-line"]
    for column in CSV_COLUMNS:
        assert f">{column}</span>" in reference["command-line"]
    for entry in LAYOUT:
        assert f">{entry.name}</span>" in reference["observation"]
    for key in KEYS:
        assert f">{key.name}</span>" in reference["info"].replace("&lt;", "<").replace("&gt;", ">")
    for rule in RULES:
        assert f'id="{rule}"' in reference["coaching-rules"]


def test_every_tutorial_was_run(site: Path) -> None:
    scripts = sorted(script.stem for script in (ROOT / "docs" / "examples").glob("*.py"))
    assert len(scripts) >= 5
    for script in scripts:
        assert "sphx-glr-script-out" in (site / "tutorials" / f"{script}.html").read_text(encoding="utf-8"), script
