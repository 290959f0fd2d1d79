"""Promises of the session plan in a real browser: it plays in every drill, fits a phone, prints, asks for nothing."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from a_plan import its_examples, the_plan
from playwright.sync_api import Browser, Page

from backpost.renders.plan.plan import write_session

DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("session") / "plan.html"
    write_session(path, the_plan(), its_examples())
    return path


@pytest.fixture
def wrong() -> Iterator[list[str]]:
    """What was complained about or asked for; at the end there must be nothing."""
    heard: list[str] = []
    yield heard
    assert [line for line in heard if not line.startswith("data:font/woff2") and "willReadFrequently" not in line] == []


def _open(browser: Browser, path: Path, wrong: list[str], **how: Any) -> Page:
    page = browser.new_context(**how).new_page()
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: wrong.append(request.url) if request.url != path.as_uri() else None)
    page.goto(path.as_uri())
    return page


def test_the_player_comes_to_every_drill_and_plays(browser: Browser, path: Path, wrong: list[str]) -> None:
    page = _open(browser, path, wrong, **DESKTOP)
    for name in ("shadow", "set_piece", "crossing"):
        page.locator(f"#{name}-example .show").click()
        assert page.locator(f"#{name}-example #player").count() == 1
        page.wait_for_timeout(200)
        first, time = page.evaluate("(p => [p.times.first, p.time])(document.getElementById('player').player)")
        assert time > first
        assert page.locator(".stills:visible").count() == 2
    page.locator("#cross").select_option("1")
    assert page.locator("#shadow-example #player").count() == 1
    result = page.locator("#player .told").text_content()
    page.locator("#shift").fill("6" if page.locator("#shift").input_value() != "6" else "0")
    assert page.locator("#player .told").text_content() != result


@pytest.mark.parametrize("how", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_nothing_sticks_out_and_axe_finds_nothing_serious(
    browser: Browser, path: Path, wrong: list[str], how: dict[str, Any]
) -> None:
    page = _open(browser, path, wrong, bypass_csp=True, **how)
    assert page.evaluate("document.documentElement.scrollWidth") <= how["viewport"]["width"]
    page.add_script_tag(content=(files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8"))
    report = page.evaluate("axe.run()")
    serious = [v for v in report["violations"] if v["impact"] in ("serious", "critical", "moderate")]
    assert [(v["id"], [node["html"][:120] for node in v["nodes"]][:3]) for v in serious] == []


def test_it_prints_and_says_everything_without_scripts(browser: Browser, path: Path, wrong: list[str]) -> None:
    page = _open(browser, path, wrong, **DESKTOP)
    printed = page.pdf(format="A4", print_background=True)
    assert 4 <= printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") <= 10
    page.emulate_media(media="print")
    assert not page.locator("#play").is_visible()
    assert page.locator("svg.plan:visible").count() == 3
    still = _open(browser, path, wrong, java_script_enabled=False, **DESKTOP)
    assert still.locator("svg.plan:visible").count() == 3
    assert still.locator("svg.still:visible").count() == 18
    assert still.get_by_text("Scripts are off").is_visible()
