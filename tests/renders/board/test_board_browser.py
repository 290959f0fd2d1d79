"""Promises of the board in a real browser: drag, draw, ask, watch, undo, save, load, share; by mouse, touch, keys."""

import json
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from a_board import PRESETS, changed, drawn
from a_server import serving
from playwright.sync_api import Browser, Page, expect

from backpost.envs.scenarios.board_file import read_board
from backpost.renders.board.page import BoardWords

DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SOON = 120_000
"""ms: a first answer may have to wait for the compiler."""
FEW = 100
WORDS = BoardWords()

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving() as port:
        yield port


@pytest.fixture
def opened(browser: Browser, port: int) -> Iterator[Open]:
    """Opens the board; at the end nothing may have been complained about, or asked of anybody else.

    A file that is no board is refused with status 422, which a browser notes by itself.
    """
    contexts, wrong = [], []
    address = f"http://127.0.0.1:{port}/"

    def open_board(view: dict[str, Any] = DESKTOP, path: str = "", **how: Any) -> Page:
        context = browser.new_context(**view, **how)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda line: wrong.append(line.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "request",
            lambda request: None if request.url.startswith((address, "data:", "blob:")) else wrong.append(request.url),
        )
        page.goto(address + path)
        page.evaluate(f"document.getElementById('crosses').add(new Option('few', '{FEW}'))")
        page.select_option("#crosses", str(FEW))
        return page

    yield open_board
    for context in contexts:
        context.close()
    assert [line for line in wrong if "status of 422" not in line] == []


def _saved(page: Page) -> dict[str, Any]:
    """The board as the page saves it."""
    with page.expect_download() as saved:
        page.locator("#save").click()
    content: dict[str, Any] = json.loads(Path(saved.value.path()).read_text(encoding="utf-8"))
    return content


def _place(board: dict[str, Any], who: str) -> list[float]:
    player = next(player for player in board["players"] if player["id"] == who)
    return [player["x"], player["y"]]


def _middle(page: Page, key: str) -> tuple[float, float]:
    matrix = page.locator(f"[data-key='{key}']").evaluate(
        "node => { const m = node.getScreenCTM(); return [m.e, m.f]; }"
    )
    return matrix[0], matrix[1]


def _drag(page: Page, key: str, right: float, down: float) -> None:
    x, y = _middle(page, key)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right / 2, y + down / 2)
    page.mouse.move(x + right, y + down)
    page.mouse.up()


def _ask(page: Page) -> None:
    page.locator("#ask").click()
    page.wait_for_selector("#headline:not(:empty)", timeout=SOON)
    page.wait_for_selector("#progress", state="hidden", timeout=SOON)


def test_a_defender_is_dragged_the_question_asked_again_and_all_undone(opened: Open) -> None:
    page = opened()
    _ask(page)
    before, headline = _saved(page), page.inner_text("#sure")
    _drag(page, "d2", 60, 30)
    page.wait_for_selector(".answer.stale")
    assert page.inner_text("#status") == WORDS("ask.stale")
    page.wait_for_selector(".answer:not(.stale)", timeout=SOON)
    after = _saved(page)
    (x, y), (new_x, new_y) = _place(before, "d2"), _place(after, "d2")
    assert new_x < x - 0.5
    assert new_y < y - 1.0
    assert page.inner_text("#sure") != headline
    page.keyboard.press("Control+z")
    assert _place(_saved(page), "d2") == [x, y]
    page.keyboard.press("Control+y")
    assert _place(_saved(page), "d2") == [new_x, new_y]


def test_a_run_is_drawn_and_is_then_among_those_compared(opened: Open) -> None:
    page = opened()
    page.locator("#run-to [data-value=none]").click()
    assert "my-run" not in _saved(page)["runners"]
    page.locator("#run-to [data-value=draw]").click()
    x, y = _middle(page, "a9")
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 20):
        page.mouse.move(x - 4 * step, y - 6 * step)
    page.mouse.up()
    board = _saved(page)
    assert board["runners"][0] == "my-run"
    assert board["run"]["path"][0] == _place(board, "a9")
    end = board["run"]["path"][-1]
    assert end[0] > board["run"]["path"][0][0] + 5
    assert end[1] > board["run"]["path"][0][1] + 3
    page.locator("#cue [data-value=after]").click()
    assert (_saved(page)["run"]["cue"], _saved(page)["run"]["delay"]) == ("strike", 0.5)


def test_the_answer_is_watched_and_left_again(opened: Open) -> None:
    page = opened()
    page.select_option("#presets", "break")
    _ask(page)
    assert page.locator("#pitch .map g").count() > 20
    page.locator("#examples button").first.click()
    page.wait_for_selector("#film:not([hidden])", timeout=SOON)
    assert WORDS("examples.good") in page.inner_text("#examples")
    first = _middle(page, "a9")
    page.wait_for_timeout(1500)
    assert _middle(page, "a9") != first
    page.locator("#film-time").press("End")
    assert "Ends" in page.inner_text("#film-facts")
    assert WORDS("film.play") in page.inner_text("#film-play")
    page.keyboard.press("Escape")
    assert page.locator("#film").is_hidden()
    assert _saved(page) == drawn("break")


def test_a_saved_board_opens_again_and_a_link_carries_it(opened: Open, tmp_path: Path) -> None:
    page = opened(permissions=["clipboard-read", "clipboard-write"])
    page.fill("#title", "Ours: <b>bold</b> & \u00fcber")
    _drag(page, "a11", 40, 10)
    board = _saved(page)
    path = tmp_path / "ours.json"
    path.write_text(json.dumps(board), encoding="utf-8")
    assert read_board(path).title == board["title"]  # every command takes it
    page.select_option("#presets", "corner")
    page.set_input_files("#file", path)
    expect(page.locator("#title")).to_have_value(board["title"])
    assert _saved(page) == board
    page.locator("#share").click()
    page.wait_for_url("**/#board=*")
    other = opened(path=page.evaluate("location.hash"))
    expect(other.locator("#title")).to_have_value(board["title"])
    assert _saved(other) == board
    path.write_text('{"backpost_board": 1}')
    page.set_input_files("#file", path)
    expect(page.locator("#status")).to_contain_text("lacks title")
    assert _saved(page) == board


def test_the_keyboard_alone_makes_a_board_and_asks(opened: Open) -> None:
    page = opened()
    before = _place(_saved(page), "d4")
    page.locator("[data-key=d4]").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowLeft")
    assert page.evaluate("document.activeElement.dataset.key") == "d4"
    assert _place(_saved(page), "d4") == pytest.approx([before[0] - 0.5, before[1] + 2.0], abs=0.06)
    page.locator("[data-key=d12]").focus()
    page.keyboard.press("Delete")
    assert page.locator("[data-key=d12]").count() == 0
    page.locator("[data-key=a9]").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "player-name"
    page.keyboard.type("Nina")
    page.keyboard.press("Tab")
    assert "Nina" in (page.locator("[data-key=a9]").get_attribute("aria-label") or "")
    page.locator("#run-to [data-value=near]").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("p")
    page.wait_for_selector("#headline:not(:empty)", timeout=SOON)


def test_a_phone_shows_the_pitch_and_the_button_first_and_is_drawn_on_by_finger(opened: Open) -> None:
    page = opened(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = page.locator("#ask").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 844
    x, y = _middle(page, "d5")
    before = _place(_saved(page), "d5")
    touch = page.context.new_cdp_session(page)
    for kind, at in (("touchStart", 0), ("touchMove", 20), ("touchMove", 40), ("touchEnd", None)):
        points = [] if at is None else [{"x": x + at, "y": y + at}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    after = _place(_saved(page), "d5")
    assert after[0] < before[0] - 3
    assert after[1] < before[1] - 3
    for button in page.locator("#cue button, #ask, #crosses").all():
        height = button.evaluate("node => node.getBoundingClientRect().height")
        assert height >= 44


def test_what_lies_outside_is_said_before_anything_is_played(opened: Open) -> None:
    page = opened()
    assert page.locator("#outside").is_hidden()
    _drag(page, "strike", -250, 60)
    page.wait_for_selector("#outside:not([hidden])")
    assert "where such crosses are not struck" in page.inner_text("#outside")


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("view", [DESKTOP, PHONE])
def test_nobody_is_shut_out(opened: Open, view: dict[str, Any], scheme: str) -> None:
    page = opened(view, color_scheme=scheme)
    _ask(page)
    page.evaluate((files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8"))
    violations = page.evaluate("axe.run()")["violations"]
    serious = [wrong["id"] for wrong in violations if wrong["impact"] in ("serious", "critical")]
    assert serious == []


def test_the_card_is_one_page_and_says_where_everybody_stands(opened: Open) -> None:
    page = opened()
    for name in PRESETS:
        page.select_option("#presets", name)
        printed = page.pdf(prefer_css_page_size=True)
        assert printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") == 1
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#card li").count() > len(drawn("liverpool")["players"])


def test_names_are_text(opened: Open) -> None:
    page = opened()
    page.evaluate("history.replaceState(null, '', location.pathname)")
    board = changed("wing", title="<img src=x onerror=alert(1)>")
    board["players"][1]["name"] = "<script>alert(1)</script>"
    page.set_input_files(
        "#file", {"name": "b.json", "mimeType": "application/json", "buffer": json.dumps(board).encode()}
    )
    expect(page.locator("#title")).to_have_value(board["title"])
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("main img, main script, #card img, #card script").count() == 0
