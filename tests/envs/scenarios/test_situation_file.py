"""A situation file that is malformed is refused in one sentence that says what is valid, and the page says it all."""

import json
import math
import re
from pathlib import Path
from typing import Any

import pytest
from a_situation import DATA, change, mapped, opened, play_to_the_end, with_frame, with_player, without, written

from backpost.envs import Crosses, InvalidFile, Options
from backpost.envs.scenarios.situation_file import _File, _Frame, _Player

PAGE = Path(__file__).parents[3] / "docs" / "start" / "situations.md"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is not JSON"),
        ("[1, 2", "is not JSON"),
        ("[]", "must be an object"),
        ("[" * 100_000, "deeper than 40"),
        (json.dumps(DATA)[:4000], "is not JSON"),
        (json.dumps(DATA).replace('"t": -2.5,', '"t": -2.5, "t": -2.5,'), "the key 't' twice"),
        (b"\xff\xfe\x00", "UTF-8"),
        ("1" * 4_100_000, "too large"),
        (without("frames"), "it lacks frames"),
        (change(wings=2), "unknown key 'wings'"),
        (change(pitch=[80, 68]), "pitch[0] must be a number from 90 to 120 (m)"),
        (change(pitch=[105, 100]), "pitch[1] must be a number from 45 to 90 (m)"),
        (change(pitch=[120, 80]), "the units of a provider"),
        (change(pitch=None), "pitch must be a list of 2"),
        (change(frame="origin = centre"), "origin = bottom-left"),
        (change(pitch=[110, 68]), "attack towards x=110"),
        (change(description=7), "description must be text"),
        (change(frames=[]), "2 to 600 items"),
        (change(frames=DATA["frames"][:20]), "show t = 0"),
        (change(frames=DATA["frames"][29:]), "0.3 s before the strike"),
        (change(frames=DATA["frames"][:31], t_contact=None), "must go on after the strike"),
        (change(crosser_id=999), "crosser_id 999 is not in team"),
        (change(scorer_id=3343), "scorer_id 3343 is not in team"),
        (change(keeper_id=12), "keeper_id 12 is not in team"),
        (change(scorer_id="Mane"), "scorer_id 'Mane' is not in team"),
        (change(scorer_id=1.5), "scorer_id must be a whole number"),
        (change(runner_id="x" * 41), "text of 1 to 40 characters"),
        (change(t_contact=9.0), "t_contact 9.0 lies outside"),
        (change(t_contact=0.0), "t_contact 0.0 lies outside its frames after the strike"),
        (change(t_contact="soon"), "t_contact must be a number"),
        (change(ball="bouncing"), "recorded, simulated"),
        (change(start="early"), "start must be a number"),
        (with_player(x=math.nan), "nan"),
        (with_player(vx=1e400), "inf"),
        (with_player(y=10**400), "finite"),
        (with_player(x="far"), "frames[3].players[2].x must be a number from -6 to 126 (m"),
        (with_player(x="far" * 10_000), "frames[3].players[2].x must be a number"),
        (with_player(x=112), "player 1622 is at (112.0, 38.3) at -2.7 s, outside the pitch of 105 x 68 m"),
        (with_player(vx=800.0), "m/s"),
        (with_player(team="red"), "frames[3].players[2].team must be one of att, def"),
        (with_player(team="def"), "changes teams"),
        (with_player(id=12), "every id once"),
        (with_player(id="12"), "every id once"),
        (with_player(id=True), "id must be a whole number"),
        (with_player(id=""), "or text of 1 to 40 characters"),
        (with_player(id="a\nb"), r"ids must be printable, got 'a\nb'"),
        (with_frame(ball=[1.0, 2.0]), "frames[3].ball must be a list of 4 (x, y, vx, vy) or 6 numbers"),
        (with_frame(ball=[77, 7, 0.1, 13, 4]), "frames[3].ball must be a list of 4 (x, y, vx, vy) or 6 numbers"),
        (
            with_frame(ball=[77, 7, 99, 13, 4, 0]),
            "frames[3].ball[2] must be a number from -1 to 60 (m above the grass)",
        ),
        (with_frame(ball=[77, 7, None, 13, 4, 0]), "frames[3].ball[2] must be a number"),
        (with_frame(ball="high"), "frames[3].ball must be a list"),
        (with_frame(players={}), "players must be a list"),
        (with_frame(t="now"), "t must be a number"),
        (mapped(lambda x, y, vx, vy: (x - 52.5, y - 34, vx, vy)), "must be a number from -6"),
        (
            change(
                frames=[
                    f | {"players": f["players"] + [f["players"][0] | {"id": 90 + k} for k in range(5)]}
                    for f in DATA["frames"]
                ]
            ),
            'players of team "att"',
        ),
    ],
)
def test_a_malformed_file_is_refused_in_one_sentence(content: Any, says: str, tmp_path: Path) -> None:
    path = written(tmp_path, content)
    with pytest.raises(InvalidFile) as refused:
        Crosses("Situation", options=Options(file=path))
    message = str(refused.value)
    assert says in message
    assert path in message
    assert "\n" not in message
    assert len(message) < 500


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="no such file"):
        Crosses("Situation", options=Options(file=str(tmp_path / "nowhere.json")))
    with pytest.raises(InvalidFile, match="cannot read"):
        Crosses("Situation", options=Options(file=str(tmp_path)))


def test_the_page_of_the_format_names_every_key() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for part in (_File, _Frame, _Player):
        for key in part.__struct_fields__:
            assert f"`{key}`" in page, key


def test_the_example_on_the_page_writes_a_situation_that_plays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(compile(example, str(PAGE), "exec"), {})
    (file,) = tmp_path.glob("*.json")
    assert play_to_the_end(opened(4, file=str(file)))
