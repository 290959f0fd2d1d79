"""The board says what `backpost compare` says of the saved file, and its sentences follow from the crosses."""

import json
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from a_board import changed, drawn, written

from backpost.cli import main
from backpost.envs.scenarios.board_file import MY_RUN, board_of
from backpost.renders.board.answer import answer, called, dots, examples, headline
from backpost.renders.board.film import film
from backpost.renders.board.page import BoardWords
from backpost.renders.board.question import Played, Questions
from backpost.training.bench.compare import compare

CROSSES = 40
SECONDS = 20.0
"""s of CPU for 1,000 crosses of three runners: ten seconds on two cores."""
FAR = {"path": [[90, 40], [94, 42], [99, 39]], "cue": "strike", "delay": 0.5, "pace": 0.8}
SET_UPS: dict[str, dict[str, Any]] = {
    "winger chooses, run as his head comes up": changed("wing"),
    "driven low, marked by zone, keeper stays": changed(
        "wing", ball={"kind": "low", "to": "far"}, marking="zonal", keeper_range=3.0
    ),
    "the ball is for the run, which starts late": changed("wing", run=FAR, ball={"kind": "high", "to": "a9"}),
    "cut-back to the edge of the box": changed("byline", ball={"kind": "cutback", "to": "spot"}, marking="mixed"),
    "deep, two rules and no run": changed("deep", run=None, runners=["near-post-sprint", "blind-side"]),
    "three against four": changed("break"),
    "corner, in-swinging, keeper comes": changed(
        "corner", keeper_range=11.0, ball={"kind": "high", "to": "near", "swing": "in"}
    ),
    "corner, the taker chooses": changed("corner", ball={"kind": "any"}),
    "free kick to a place": changed("free_kick", ball={"kind": "high", "to": [97.5, 36.0], "swing": "in"}),
    "nobody keeps goal, drawn after a real attack": changed("liverpool", keeper=None),
}
WORDS = BoardWords()


@pytest.fixture(scope="module")
def questions() -> Iterator[Questions]:
    questions = Questions()
    yield questions
    questions.close()


def _asked(questions: Questions, board: dict[str, Any], crosses: int = CROSSES) -> Played:
    return questions.ask(board_of(board), crosses, threading.Event(), lambda ended: None)


@pytest.mark.parametrize("name", SET_UPS)
def test_an_answer_is_that_of_compare_on_the_saved_board(tmp_path: Path, questions: Questions, name: str) -> None:
    board = SET_UPS[name]
    path = str(written(tmp_path, board))
    played = _asked(questions, board)
    agents = [path if who == MY_RUN else who for who in board["runners"]]
    compared = compare("Situation", agents, CROSSES, options={"file": path})
    for mine, theirs in zip(played.summaries, compared.agents, strict=True):
        assert (mine.name, mine.xg, mine.meets, mine.outcomes) == (
            theirs.name,
            theirs.xg,
            theirs.meets,
            theirs.outcomes,
        )
    assert played.against.rivals == compared.against_first.rivals


def test_every_command_takes_a_board_in_place_of_an_environment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(written(tmp_path, drawn("wing")))
    assert main(["compare", path, "--crosses", "20", "--json", str(tmp_path / "c.json")]) == 0
    names = [row["name"] for row in json.loads((tmp_path / "c.json").read_text())["agents"]]
    assert names == ["my-run", "early-back-post", "learned"]
    assert main(["watch", path, "--agent", "my-run", "--still", str(tmp_path / "still.png")]) == 0
    assert (tmp_path / "still.png").stat().st_size > 10_000
    capsys.readouterr()
    assert main(["compare", "Situation", "--agents", "my-run", "--crosses", "20"]) == 2
    assert "my-run is the run on a board" in capsys.readouterr().err
    assert main(["compare", "Situation", "--crosses", "20"]) == 2
    assert "name the agents to compare with --agents" in capsys.readouterr().err


def test_a_thousand_crosses_of_three_runners_take_ten_seconds_on_two_cores(questions: Questions) -> None:
    _asked(questions, drawn("deep"), 100)
    begun = time.process_time()
    played = _asked(questions, drawn("deep"), 1000)
    assert time.process_time() - begun < SECONDS
    assert played.crosses == 1000


def test_another_start_leaves_the_other_runners_crosses_alone(questions: Questions) -> None:
    board = drawn("wing")
    first = _asked(questions, board, 100)
    ended: list[int] = []
    later = board | {"run": board["run"] | {"cue": "strike"}, "title": "another"}
    second = questions.ask(board_of(later), 100, threading.Event(), ended.append)
    assert ended[0] == 200  # at once: they were there
    assert second.summaries[1:] == first.summaries[1:]
    assert not np.array_equal(second.first["xg"], first.first["xg"])


def test_a_question_that_is_stopped_ends(questions: Questions) -> None:
    stopped = threading.Event()
    stopped.set()
    with pytest.raises(InterruptedError):
        questions.ask(board_of(drawn("free_kick")), 1000, stopped, lambda ended: None)


def test_the_sentences_follow_from_the_crosses(questions: Questions) -> None:
    played = _asked(questions, drawn("break"), 200)
    content = answer(played, WORDS)
    best = max(played.summaries[1:], key=lambda summary: summary.xg.mean)
    for value in (played.summaries[0].xg.mean, best.xg.mean):
        assert WORDS.per_hundred(value) in content["headline"]
    assert called(best.name, WORDS) in content["headline"]
    meets, shoots = (100 * played.first[name].mean() for name in ("meets", "shoots"))
    assert (
        f"gets to the ball {WORDS.per_hundred(meets)} times and shoots {WORDS.per_hundred(shoots)} times"
        in content["does"]
    )
    assert [row["mine"] for row in content["runners"]] == [True, False, False]
    texts = [content["headline"], content["sure"], content["does"], content["where"]]
    texts += [value for example in content["examples"] for value in (example["label"], example["told"])]
    assert not [text for text in texts if not text or re.search(r"[{}]|None|nan", text)]


def test_a_headline_claims_no_more_than_the_intervals_do(questions: Questions) -> None:
    played = _asked(questions, drawn("deep"), 100)
    sure = all(rival.xg_gain.low > 0 for rival in played.against.rivals)
    worse = any(rival.xg_gain.high < 0 for rival in played.against.rivals)
    assert ("Too close to call" in headline(played, WORDS)) == (not sure and not worse)


def test_the_examples_are_what_they_are_called(questions: Questions) -> None:
    board = board_of(drawn("break"))
    played = _asked(questions, drawn("break"), 200)
    good, bad = examples(played.first, WORDS)
    first = played.first
    assert first["goal"][good["cross"]] == 1
    assert first["shoots"][good["cross"]] == 1
    assert first["meets"][bad["cross"]] == 0
    shown = film(board, questions.history(board, MY_RUN, good["cross"]))
    assert shown["meets"] == pytest.approx(float(first["arrival"][good["cross"]]), abs=0.01)
    assert ["Ends", "Goal"] in shown["facts"]


@pytest.mark.parametrize("side", ["right", "left"])
def test_a_film_and_the_map_show_the_board_as_it_was_drawn(questions: Questions, side: str) -> None:
    board = drawn("break")
    if side == "left":
        for player in board["players"]:
            player["y"] = round(68 - player["y"], 3)
            if player.get("run"):
                player["run"][1] = round(68 - player["run"][1], 3)
        board["run"]["path"] = [[x, round(68 - y, 3)] for x, y in board["run"]["path"]]
    shown = film(board_of(board), questions.history(board_of(board), MY_RUN, 0))
    first = dict(zip(shown["ids"], np.reshape(shown["places"][0], (-1, 2)).tolist(), strict=True))
    for player in board["players"]:
        if player["id"] != board["crosser"]:
            assert first[player["id"]] == pytest.approx([player["x"], player["y"]], abs=0.02)
    far = np.array([y for _, y, kind in dots(board_of(board), _asked(questions, board).first) if kind < 2])
    assert (np.median(far) > 34) == (side == "right")
