"""With the core alone, everything works or says in one sentence which extra it needs."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from backpost import cli
from backpost.envs.common.extras import EXTRAS

LINES = {
    "agents": "",
    "train": "OpenPlay --out run --steps 1000",
    "tune-rules": "OpenPlay --json tuned.json",
    "compare": "OpenPlay --agents random stand-still --crosses 2",
    "ceiling": "OpenPlay --agents stand-still --crosses 2",
    "explain": "OpenPlay --agent stand-still --crosses 2",
    "exploits": "OpenPlay --out found",
    "results": "--out results --crosses 2",
    "trainings": "--runs . --out results",
    "robustness": "OpenPlay --agents stand-still --crosses 2",
    "aa": "OpenPlay --agent stand-still --crosses 2 --comparisons 1",
    "report": "OpenPlay --agent stand-still --versus random --out page.html",
    "watch": "OpenPlay --agent stand-still --still run.png",
    "film": "OpenPlay --agent stand-still --out run.mp4",
    "play": "OpenPlay",
    "session": "--out plan.html --crosses 2",
    "timing": "OpenPlay --crosses 2",
    "realism": "--crosses 2",
    "guide": "--crosses 2",
    "calibrate": "--out calibration",
    "sensitivity": "--crosses 100",
    "bench": "",
    "warm-up": "",
    "board": "",
    "dataset": "OpenPlay --agents stand-still --crosses 2 --out data",
    "export": "OpenPlay --onnx learned.onnx",
}
"""A short command for every verb."""
WORK = {"agents", "warm-up", "watch"}
"""The verbs that need no extra."""
MODULES = ("learn.crossing_sb3", "learn.train", "exchange.sb3", "bench.compare", "bench.aa")
SENTENCE = re.compile(r"this needs (\w+): install it with `pip install 'backpost\[(\w+)\]'`")

CORE_ALONE = """
import contextlib, importlib, io, json, sys
blocked, lines, modules = json.loads(sys.argv[1])

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in blocked:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Blocked())
from backpost import cli

said, imported = {}, {}
for verb, line in lines.items():
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = cli.main([verb, *line.split()])
        except SystemExit as left:
            code = left.code
    said[verb] = code, out.getvalue(), err.getvalue()
for module in modules:
    try:
        importlib.import_module(f"backpost.{module}")
        imported[module] = ""
    except ModuleNotFoundError as error:
        imported[module] = str(error)
print(json.dumps([said, imported]))
"""


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What every verb said, and what every module did, in a process that cannot import a package of an extra."""
    modules = [*(f"training.{name}" for name in MODULES), "renders.page.page", "renders.plan.plan"]
    given = json.dumps([[package for extra in EXTRAS.values() for package in extra], LINES, modules])
    done = subprocess.run(
        [sys.executable, "-c", CORE_ALONE, given],
        cwd=tmp_path_factory.mktemp("alone"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_every_verb_works_or_names_its_extra_in_one_sentence(alone: Any) -> None:
    assert set(LINES) == set(cli.VERBS)
    said = alone[0]
    assert {verb for verb, (code, _, _) in said.items() if code == 0} == WORK
    for verb, (code, out, err) in said.items():
        if verb in WORK:
            assert out, verb
            continue
        sentence = SENTENCE.fullmatch(err.removeprefix("backpost: ").removesuffix("\n"))
        assert (code, out) == (2, ""), verb
        assert sentence, f"{verb}: {err}"
        assert sentence[1] in EXTRAS[sentence[2]], verb


def test_what_python_cannot_import_names_its_extra_in_the_same_sentence(alone: Any) -> None:
    for module, said in alone[1].items():
        assert SENTENCE.fullmatch(said), f"{module}: {said}"


def test_the_extras_are_those_of_the_package() -> None:
    project = (Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8")
    assert [extra for extra in EXTRAS if not re.search(rf"^{extra} = \[", project, re.MULTILINE)] == []
