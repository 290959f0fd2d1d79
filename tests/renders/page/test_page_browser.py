"""Promises of the page in a real browser: it plays, obeys, asks for nothing, and looks as it did.

`python tests/test_page_browser.py` writes new goldens, to be looked at.
"""

from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from backpost.renders.page.page import write_page
from backpost.renders.page.played import Amounts, play_page

PAIR = ("random", "stand-still")
"""Nothing of these is tuned: the page that is looked at changes with the world alone."""
GOLDENS = Path(__file__).parent
VIEWS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    "no_scripts": {"viewport": {"width": 1000, "height": 900}, "java_script_enabled": False},
}
SMALL = (200, 200)
NEAR = 6.0
"""Mean difference of a colour (0 to 255) that letters and smoothing may make."""
FRAME = 20.0
"""ms of CPU that a picture of both runs may take: 50 a second."""

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "page.html"
    write_page(path, play_page("OpenPlay", PAIR, 0, Amounts(shown=12, measured=200, paired=120, timed=10)))
    return path


@pytest.fixture
def opened(browser: Browser, path: Path) -> Iterator[Open]:
    """Opens the page; at the end nothing may have been complained about or asked for."""
    contexts, wrong = [], []

    def open_page(view: str = "desktop", **how: Any) -> Page:
        context = browser.new_context(**{**VIEWS[view], **how})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda line: wrong.append(line.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda request: wrong.append(request.url) if request.url != path.as_uri() else None)
        page.goto(path.as_uri())
        if VIEWS[view].get("java_script_enabled", True):
            page.evaluate("document.fonts.ready")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [line for line in wrong if not line.startswith("data:font/woff2") and "willReadFrequently" not in line] == []


def _player(page: Page, name: str) -> Any:
    return page.evaluate(f"document.getElementById('player').player.{name}")


def _pixels(page: Page) -> str:
    """What is drawn on the left, wherever the page is scrolled to."""
    return str(page.locator("canvas").first.evaluate("canvas => canvas.toDataURL()"))


def test_it_plays_to_the_end_and_again(opened: Open) -> None:
    page = opened()
    page.get_by_role("button", name="Real", exact=True).click()
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_timeout(700)
    first, between = _player(page, "times.first"), _player(page, "time")
    assert first + 0.3 < between < first + 1.4
    page.get_by_role("button", name="Pause", exact=True).click()
    held = _player(page, "time")
    page.wait_for_timeout(100)
    assert _player(page, "time") == held
    page.evaluate("document.getElementById('player').player.seek(99)")
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_timeout(150)
    assert _player(page, "time") < first + 1.0


def test_slow_motion_shows_a_new_picture_every_time(opened: Open) -> None:
    page = opened()
    pictures = set()
    for i in range(5):
        page.evaluate(f"document.getElementById('player').player.seek(0.4 + {i} / 120)")
        pictures.add(_pixels(page))
    assert len(pictures) == 5


def test_the_scrubber_moves_both_runs(opened: Open) -> None:
    page = opened()
    scrub = page.get_by_label("Moment of the cross")
    scrub.fill("40")
    assert _player(page, "time") == pytest.approx(0.4)
    assert page.locator("#clock").text_content() == "0.40 s after the cross is struck"
    scrub.press("ArrowLeft")
    assert _player(page, "time") < 0.4
    assert scrub.get_attribute("aria-valuetext") == page.locator("#clock").text_content()
    before = _pixels(page)
    box = scrub.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2)
    assert _player(page, "time") > 0.4
    assert _pixels(page) != before


def test_keys_play_step_jump_and_choose(opened: Open) -> None:
    page = opened()
    page.locator("#player").focus()
    page.keyboard.press("2")
    assert _player(page, "time") == 0
    page.keyboard.press("ArrowRight")
    assert _player(page, "time") == pytest.approx(0.1)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    assert (_player(page, "time"), _player(page, "speed")) == (0, 1)
    page.keyboard.press("3")
    assert _player(page, "time") > 0
    page.keyboard.press(" ")
    assert _player(page, "playing")
    page.keyboard.press(" ")
    assert not _player(page, "playing")
    chosen = page.locator("#cross").input_value()
    page.keyboard.press("n")
    assert page.locator("#cross").input_value() != chosen
    page.keyboard.press("p")
    assert page.locator("#cross").input_value() == chosen


def test_keys_are_the_players_only_while_the_focus_is_in_it(opened: Open) -> None:
    page = opened()
    time, chosen = _player(page, "time"), page.locator("#cross").input_value()
    for key in ("2", "n", " ", "ArrowRight", "ArrowUp"):
        page.keyboard.press(key)
    assert (_player(page, "time"), page.locator("#cross").input_value()) == (time, chosen)
    assert not _player(page, "playing")
    page.locator("canvas").first.click(position={"x": 20, "y": 200})
    page.keyboard.press(" ")
    page.keyboard.press("2")
    assert _player(page, "time") == 0
    page.locator("#cross").select_option(str(_with_a_slider(page)))
    shift = page.locator("#shift")
    before = int(shift.input_value())
    shift.focus()
    page.keyboard.press("ArrowRight")
    assert int(shift.input_value()) == before + 1
    assert "later" in str(page.locator(".run strong").first.text_content())


def test_a_moved_run_is_seen_and_named_on_a_phone(opened: Open) -> None:
    page = opened("phone")
    page.locator("#cross").select_option(str(_with_a_slider(page)))
    page.locator("button[data-which='1']").tap()
    shift = page.locator("#shift")
    shift.focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("canvas").first.is_visible()
    assert page.locator("button[data-which='0']").get_attribute("aria-pressed") == "true"
    title = str(page.locator(".run strong").first.text_content())
    assert title.endswith("later")
    assert str(page.locator("canvas").first.get_attribute("aria-label")).startswith(title)
    names = page.locator(".lane .name")
    for i in range(2):
        assert names.nth(i).evaluate("name => name.scrollWidth <= name.clientWidth + 1"), "a name is cut"


def test_the_clock_is_not_read_aloud_at_every_picture(opened: Open) -> None:
    assert opened().locator("#clock").get_attribute("aria-live") == "off"


def _with_a_slider(page: Page) -> int:
    """A cross in which the run can be started later."""
    moved = page.evaluate("JSON.parse(document.getElementById('data').textContent).crosses.map(c => c.moved.length)")
    return int(np.argmax(moved))


def test_named_moments_are_those_of_the_runs(opened: Open) -> None:
    page = opened()
    for i in range(12):
        page.locator("#cross").select_option(str(i))
        runs = page.evaluate("document.getElementById('player').player.cross.runs.map(r => [r.contact, r.until])")
        contact, until = runs[0]
        page.locator("[data-moment=contact]").click()
        assert _player(page, "time") == pytest.approx(contact if contact is not None else until, abs=0.006)
        page.locator("[data-moment=contact]").click()
        contact, until = runs[1]
        assert _player(page, "time") == pytest.approx(contact if contact is not None else until, abs=0.006)


@pytest.mark.parametrize("name", ["strip", "trails", "sight", "other", "distances", "close"])
def test_every_switch_takes_its_marks_away_and_brings_them_back(opened: Open, name: str) -> None:
    page = opened()
    # The first cross in which the ball is met or passes close by: there is a close-up of it.
    count = page.evaluate(
        """() => { const player = document.getElementById('player').player;
        return [...document.querySelectorAll('#cross option')].findIndex((_, i) => {
            player.open(i);
            const run = player.cross.runs[0];
            if (run.contact === null) return false;
            player.seek(run.contact);
            return player.views[0].close; }) }"""
    )
    assert count >= 0
    button = page.locator(f"[data-switch={name}]")
    with_it = _pixels(page)
    button.click()
    assert button.get_attribute("aria-pressed") == "false"
    assert _pixels(page) != with_it
    button.click()
    assert _pixels(page) == with_it


def test_a_start_is_moved_and_moved_back(opened: Open) -> None:
    page = opened()
    moved = page.evaluate("JSON.parse(document.getElementById('data').textContent).crosses.map(c => c.moved.length)")
    page.locator("#cross").select_option(str(moved.index(0)))
    assert not page.locator("#shift").is_visible()
    assert "no start to move" in str(page.locator(".why").text_content())
    page.locator("#cross").select_option(str(moved.index(6)))
    assert page.locator(".why").text_content() == ""
    title, result = page.locator(".run strong").first, page.locator(".told")
    own, before, said = _pixels(page), title.text_content(), result.text_content()
    page.locator("#shift").fill("0")
    assert title.text_content() == f"{before}, 1.0 s earlier"
    assert str(result.text_content()).startswith("1.0 s earlier: ")
    assert _pixels(page) != own
    page.locator("#shift").fill("3")
    assert (title.text_content(), result.text_content()) == (before, said)
    assert _pixels(page) == own


def test_filters_leave_crosses_of_one_kind(opened: Open) -> None:
    page = opened()
    kinds = page.evaluate("JSON.parse(document.getElementById('data').textContent).crosses.map(c => c.kind)")
    for kind in ("win", "loss", "tie"):
        button = page.locator(f"[data-filter={kind}]")
        assert str(kinds.count(kind)) in str(button.text_content())
        if kinds.count(kind) == 0:
            assert button.is_disabled()
            continue
        button.click()
        values = page.locator("#cross option").evaluate_all("all => all.map(one => Number(one.value))")
        assert values == [i for i, its in enumerate(kinds) if its == kind]
        assert _player(page, "cross.kind") == kind
    page.locator("[data-filter=all]").click()
    assert page.locator("#cross option").count() == len(kinds)


def test_a_phone_shows_one_run_at_a_time_numbers_can_be_read_and_nothing_sticks_out(opened: Open) -> None:
    page = opened("phone")
    assert _player(page, "views[0].layout.size") >= 9  # points of a radius; the number in it is as high or higher
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("canvas").nth(0).is_visible()
    assert not page.locator("canvas").nth(1).is_visible()
    page.locator("button[data-which='1']").tap()
    assert page.locator("canvas").nth(1).is_visible()
    assert not page.locator("canvas").nth(0).is_visible()
    page.locator("#play").tap()
    page.wait_for_timeout(200)
    assert _player(page, "playing")
    for button in page.locator("button:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 32, button.text_content()


def test_without_scripts_it_says_the_finding_and_shows_three_moments(opened: Open) -> None:
    page = opened("no_scripts")
    assert len(str(page.locator("h1").text_content())) > 20
    assert page.locator("svg.still:visible").count() == 6 * page.locator(".stills > h3").count() > 0
    assert page.get_by_text("Scripts are off").is_visible()
    assert not page.locator("canvas").first.is_visible()


def test_it_prints_on_few_pages_without_controls(opened: Open) -> None:
    page = opened()
    printed = page.pdf(format="A4", print_background=True)
    assert printed.startswith(b"%PDF")
    assert 2 <= printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") <= 6
    page.emulate_media(media="print")
    assert not page.locator("#play").is_visible()
    assert page.locator("svg.still:visible").count() == 6 * page.locator(".stills > h3").count() > 0


@pytest.mark.parametrize("view", ["desktop", "light", "phone"])
def test_axe_finds_nothing_serious(opened: Open, view: str) -> None:
    page = opened(view, bypass_csp=True)
    page.add_script_tag(content=(files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8"))
    report = page.evaluate("axe.run()")
    serious = [v for v in report["violations"] if v["impact"] in ("serious", "critical", "moderate")]
    assert [(v["id"], [node["html"][:120] for node in v["nodes"]][:3]) for v in serious] == []


def test_both_pitches_are_drawn_fifty_times_a_second(opened: Open) -> None:
    page = opened()
    costs = page.evaluate(
        """() => { const player = document.getElementById('player').player, costs = [];
        for (let i = 0; i < 12; i++) { player.open(i);
            for (let time = -1; time < 2.5; time += 0.11) {
                const begun = performance.now(); player.seek(time);
                document.querySelector('canvas').getContext('2d').getImageData(0, 0, 1, 1);
                costs.push(performance.now() - begun); } }
        return costs; }"""
    )
    print(f"{np.mean(costs):.1f} ms a picture of both pitches, 95 % within {np.percentile(costs, 95):.1f} ms")
    assert float(np.mean(costs)) < FRAME


def _small(picture: Path | Any) -> np.ndarray:
    return np.asarray(Image.open(picture).convert("RGB").resize(SMALL, Image.Resampling.BOX), float)


@pytest.mark.parametrize("view", list(VIEWS))
def test_it_looks_as_it_did(opened: Open, tmp_path: Path, view: str) -> None:
    page = opened(view)
    page.locator("section.film").screenshot(path=tmp_path / "now.png")
    golden = GOLDENS / f"golden_page_{view}.png"
    difference = np.abs(_small(tmp_path / "now.png") - _small(golden)).mean()
    assert difference < NEAR, f"the page looks different: if it is right, `python {Path(__file__).name}` writes it anew"


def write_goldens() -> None:
    """Write new goldens, to be looked at."""
    import tempfile

    from conftest import chromium

    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        path = Path(folder) / "page.html"
        write_page(path, play_page("OpenPlay", PAIR, 0, Amounts(shown=12, measured=200, paired=120, timed=10)))
        for view, how in VIEWS.items():
            page = browser.new_context(**how).new_page()
            page.goto(path.as_uri())
            page.wait_for_timeout(300)
            page.locator("section.film").screenshot(path=Path(folder) / "now.png")
            Image.fromarray(_small(Path(folder) / "now.png").astype(np.uint8)).save(GOLDENS / f"golden_page_{view}.png")


if __name__ == "__main__":
    write_goldens()
