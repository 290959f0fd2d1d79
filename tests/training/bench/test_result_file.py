"""Results in files: what is written is read back as it was, and whatever does not fit is refused in one sentence."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from backpost.envs.common.errors import InvalidFile
from backpost.envs.common.reading import read_record
from backpost.envs.interface.options import Options
from backpost.training.bench.ceiling_result import Ceiling
from backpost.training.bench.comparison import Comparison
from backpost.training.bench.made_with import made_with
from backpost.training.bench.result_file import Result, plain_options, read_result, write_result
from backpost.training.bench.robustness import Robustness
from backpost.training.bench.timing import Timing
from backpost.training.explain.explanation import Explanation
from backpost.training.exploits.content import ExploitSearch
from backpost.training.guide.content import Guide
from backpost.training.learn.progress import Candidate, RunProgress
from backpost.training.realism.realism import Realism
from backpost.training.results.content import Results
from backpost.training.results.runs import Trainings
from backpost.training.sensitivity.sensitivity import Sensitivity

DOCS = Path(__file__).parents[3] / "docs"
STORED: dict[str, type[Result]] = {
    "results": Results,
    "trainings": Trainings,
    "robustness": Robustness,
    "timing": Timing,
    "guide": Guide,
    "realism": Realism,
    "sensitivity": Sensitivity,
    **{f"ceiling-{env}": Ceiling for env in ("OpenPlay", "Corner", "FreeKick", "Transition")},
    **{f"explain{env}": Explanation for env in ("", "-Corner", "-FreeKick", "-Transition")},
    **{path.stem: ExploitSearch for path in sorted(DOCS.glob("exploits-*.json"))},
}
RUN = RunProgress("finished", steps=20, seconds=1.5, best=Candidate(10, 2.5), candidates=(Candidate(10, 2.5),))


@pytest.mark.parametrize("name", [name for name in STORED if (DOCS / f"{name}.json").exists()])
def test_a_published_result_is_all_that_its_type_says_and_nothing_else(name: str) -> None:
    content = json.loads((DOCS / f"{name}.json").read_text(encoding="utf-8"))
    result = read_record(DOCS / f"{name}.json", STORED[name], "result")
    assert content.pop("command") == STORED[name].command
    del content["made_with"]
    assert json.loads(json.dumps(asdict(result))) == content


def test_what_is_written_is_read_back_as_it_was(tmp_path: Path) -> None:
    write_result(tmp_path / "run.json", RUN)
    assert read_result(tmp_path / "run.json", RunProgress) == RUN
    content = json.loads((tmp_path / "run.json").read_text())
    assert content["command"] == "train"
    assert content["made_with"] == made_with()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"command": "compare"}, "run.json is not what `backpost train --json` writes"),
        ({"command": None}, "run.json is not what `backpost train --json` writes"),
        ({"made_with": made_with() | {"world": 0}}, "another version of the world"),
        ({"made_with": made_with() | {"rules": "others"}}, "with rules tuned otherwise"),
        ({"made_with": [1]}, "another version of the world"),
        ({"steps": "many"}, "steps must be a whole number, got 'many'"),
        ({"steps": 1.5}, "steps must be a whole number, got 1.5"),
        ({"seconds": True}, "seconds must be a number, got True"),
        ({"status": None}, "status must be one of failed, finished, interrupted, running, got None"),
        ({"candidates": [{"steps": 1}]}, r"candidates\[0\] lacks xg_per_100"),
        ({"best": []}, "best must be"),
    ],
    ids=str,
)
def test_a_file_that_does_not_fit_is_refused_in_one_sentence(
    wrong: dict[str, object], says: str, tmp_path: Path
) -> None:
    file = tmp_path / "run.json"
    write_result(file, RUN)
    file.write_text(json.dumps({**json.loads(file.read_text()), **wrong}))
    with pytest.raises(InvalidFile, match=says) as refused:
        read_result(file, RunProgress)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("text", ["", "[1]", "{", '{"command": "train", "command": "train"}', '{"steps": NaN}', "null"])
def test_what_is_no_result_is_refused_in_one_sentence(text: str, tmp_path: Path) -> None:
    (tmp_path / "some.json").write_text(text)
    with pytest.raises(InvalidFile, match=r"some\.json"):
        read_result(tmp_path / "some.json", RunProgress)
    with pytest.raises(InvalidFile, match="no such file"):
        read_result(tmp_path / "none.json", Comparison)


def test_options_of_a_result_are_what_json_can_hold(tmp_path: Path) -> None:
    options = Options(defenders=(3, 5), file=tmp_path / "attack.json", parameters={"reaction": 0.3})
    plain = plain_options(options)
    assert json.loads(json.dumps(plain)) == plain
    assert (plain["defenders"], plain["file"]) == ([3, 5], str(tmp_path / "attack.json"))
    assert plain_options(None) == plain_options(Options())
