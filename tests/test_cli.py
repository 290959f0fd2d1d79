"""Promises of the command: bad input gets one clear sentence and exit code 2, and outputs are whole."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import backpost.cli as cli
from backpost.agents.registry import agent, descriptions
from backpost.envs.interface.observation import SIZE
from backpost.training.learn import run as training_run

COMPARE = ["compare", "OpenPlay", "--agents", "random", "stand-still", "--crosses", "3"]


def run(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of one command, in this process."""
    try:
        code = cli.main(arguments)
    except SystemExit as left:
        code = int(left.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["compre"], ["'compre'", "train", "compare", "watch"]),
        ([], ["VERB"]),
        (["compare", "Nope", "--agents", "random"], ["'Nope'", "backpost/OpenPlay-v0", "backpost/Situation-v0"]),
        (["compare", "OpenPlay", "--agents", "ronaldo"], ["'ronaldo'", "flight-reader", "stand-still"]),
        (["compare", "OpenPlay", "--agents"], ["--agents"]),
        ([*COMPARE, "--crosses", "1"], ["--crosses", "'1'", "2"]),
        ([*COMPARE, "--crosses", "many"], ["--crosses", "'many'"]),
        ([*COMPARE, "--seed", "-1"], ["--seed"]),
        ([*COMPARE, "--crosess", "3"], ["--crosess"]),
        ([*COMPARE, "--set", "difficulty=2"], ["difficulty", "0 to 1"]),
        ([*COMPARE, "--set", "wings=left"], ["'wings'", "wing", "vision"]),
        ([*COMPARE, "--set", "difficulty"], ["KEY=VALUE", "'difficulty'"]),
        ([*COMPARE, "--set", 'parameters={"reaction": 9}'], ["reaction", "0.2", "0.45"]),
        ([*COMPARE[:4], "missing.safetensors"], ["missing.safetensors", "no such file"]),
        (["watch", "Situation", "--agent", "random", "--situation", "missing.json"], ["missing.json", "no such file"]),
        (["watch", "OpenPlay", "--agent", "random", "--situation", "missing.json"], ["OpenPlay", "'file'"]),
        (["watch", "OpenPlay", "--agent", "random", "--seed", "x", "--still", "x.png"], ["--seed", "'x'"]),
        (["train", "OpenPlay", "--out", "x", "--steps", "0"], ["--steps", "'0'"]),
        (["train", "OpenPlay", "--out", "x", "--algo", "dqn"], ["algo", "ppo", "'dqn'"]),
        (["train", "OpenPlay", "--out", "x", "--set", "gama=1"], ["'gama'", "gamma"]),
        (["train", "OpenPlay", "--out", "x", "--set", "gamma=1.5"], ["gamma", "1.5"]),
        (["train", "OpenPlay", "--out", "x", "--config", "missing.yml"], ["missing.yml", "no such file"]),
        (["train", "Nope", "--out", "x"], ["'Nope'", "backpost/OpenPlay-v0"]),
        (["results", "--out", "x", "--from-scratch", "--ceilings", "old.json"], ["yet to be trained"]),
        (["results", "--out", "x", "--explained", "missing.json"], ["missing.json", "no such file"]),
    ],
    ids=" ".join,
)
def test_bad_input_gets_one_sentence_and_exit_code_2(
    arguments: list[str],
    says: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(arguments, capsys)
    assert (code, out) == (2, "")
    assert err.startswith("backpost: ")
    assert err.count("\n") == 1
    for words in says:
        assert words in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["compare", "OpenPlay", "--agents", "broken.safetensors"],
        ["watch", "OpenPlay", "--agent", "random", "--versus", "broken.safetensors", "--still", "run.png"],
        ["watch", "Situation", "--agent", "random", "--situation", "broken.json", "--still", "run.png"],
        ["train", "OpenPlay", "--out", "run", "--config", "broken.yml"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("content", [b"", b"\x10\x00\x00\x00\x00\x00\x00\x00{", b"[1, 2", b"\xff\xfe\x00"])
def test_a_broken_file_gets_one_sentence_that_names_it(
    arguments: list[str],
    content: bytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if content == b"" and "broken.yml" in arguments:
        content = b"- a list"  # an empty configuration is a valid one
    monkeypatch.chdir(tmp_path)
    name = next(argument for argument in arguments if argument.startswith("broken"))
    Path(name).write_bytes(content)
    code, out, err = run(arguments, capsys)
    assert (code, out) == (2, "")
    assert name in err
    assert err.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("timing OpenPlay --json {file}/result.json", "cannot write {file}/result.json: not a directory"),
        ("timing OpenPlay --figure {file}/result.png", "cannot write {file}/result.png: not a directory"),
        ("timing OpenPlay --figure curve", "curve must end in .png, .svg, .pdf"),
        ("timing OpenPlay --figure curve.foo", "curve.foo must end in .png, .svg, .pdf"),
        ("watch OpenPlay --agent random --still run.jpg", "run.jpg must end in .png"),
        ("results --out x --pages {file}/pages", "{file}/pages: not a directory"),
        ("results --out x --figures {file}/figures", "{file}/figures: not a directory"),
    ],
)
def test_an_output_that_cannot_be_written_is_refused_before_the_work(
    line: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def work(*_: object) -> int:
        raise AssertionError("the work began")

    for verb in ("timing", "watch", "results"):
        monkeypatch.setattr(cli, verb, work)
        monkeypatch.setitem(cli.VERBS, verb, work)
    file = tmp_path / "file"
    file.write_text("not a folder")
    code, out, err = run(line.format(file=file).split(), capsys)
    assert (code, out) == (2, "")
    assert err == f"backpost: {says.format(file=file)}\n"


@pytest.mark.parametrize(
    "line",
    ["train OpenPlay --out {}", "train --resume {}", "results --out {}", "compare OpenPlay --agents random --json {}"],
)
def test_an_empty_path_is_refused_before_it_becomes_the_folder_one_stands_in(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as left:
        cli.main(["" if word == "{}" else word for word in line.split()])
    assert left.value.code == 2
    assert "must name a file or folder, got ''" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("line", "package", "extra"),
    [
        ("timing OpenPlay --figure {}/a.png", "matplotlib", "report"),
        ("explain OpenPlay --figures {}/a", "matplotlib", "report"),
        ("report OpenPlay --agent random --out {}/a.html", "jinja2", "report"),
        ("film OpenPlay --agent random --out {}/a.mp4", "av", "report"),
        ("train OpenPlay --steps 1000 --out {}/a", "tensorboard", "train"),
    ],
)
def test_a_package_that_an_output_needs_is_missed_before_the_work(
    line: str,
    package: str,
    extra: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    code, out, err = run(line.format(tmp_path).split(), capsys)
    assert (code, out) == (2, "")
    assert err == f"backpost: this needs {package}: install it with `pip install 'backpost[{extra}]'`\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("hears_signals")
@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_every_signal_ends_a_verb_with_one_sentence(
    name: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def work(*_: object) -> int:
        os.kill(os.getpid(), getattr(signal, name))
        time.sleep(1.0)
        return 0

    monkeypatch.setitem(cli.VERBS, "compare", work)
    assert run(COMPARE, capsys) == (code, "", "backpost: stopped; nothing more was written\n")


@pytest.mark.usefixtures("hears_signals", "unregistered")
def test_a_training_that_is_stopped_before_it_has_a_policy_names_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(1.0)

    monkeypatch.setattr(training_run, "copied", stopped)
    small = ["envs=8", "rollout=16", "batch=64", "progress=false"]
    sets = [word for setting in small for word in ("--set", setting)]
    folder = tmp_path / "run"
    code, out, _ = run(["train", "OpenPlay", "--set", "start=scratch", *sets, "--out", str(folder)], capsys)
    assert code == 143
    assert out.splitlines() == [
        "interrupted after 0 decisions: there is no policy yet",
        f"to resume: backpost train --resume {folder}",
    ]
    assert json.loads((folder / "progress.json").read_text(encoding="utf-8"))["status"] == "interrupted"


def test_a_run_folder_that_cannot_be_made_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("not a folder")
    code, _, err = run(["train", "OpenPlay", "--out", str(tmp_path / "file" / "run")], capsys)
    assert code == 2
    assert "cannot write" in err
    assert err.count("\n") == 1


def test_a_ctrl_c_ends_with_one_sentence_and_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setitem(cli.VERBS, "compare", interrupted)
    code, out, err = run([*COMPARE, "--json", str(tmp_path / "table.json")], capsys)
    assert (code, out) == (130, "")
    assert err.startswith("backpost: stopped")
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_ctrl_c_during_training_leaves_a_usable_run_folder(tmp_path: Path, start: Any) -> None:
    small = {"start": "scratch", "envs": 8, "rollout": 16, "batch": 64, "select_every": 1}
    small |= {"select_crosses": 8, "warm_up": 16}
    command = [sys.executable, "-m", "backpost.cli", "train", "OpenPlay", "--steps", "100000000", "--out", "run"]
    for key, value in small.items():
        command += ["--set", f"{key}={value}"]
    training = start(command, cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    checkpoints = tmp_path / "run" / "checkpoints"
    deadline = time.monotonic() + 120
    while len(list(checkpoints.glob("*.safetensors"))) < 2 and time.monotonic() < deadline:
        assert training.poll() is None, training.communicate()
        time.sleep(0.1)
    training.send_signal(signal.SIGINT)
    out, err = training.communicate(timeout=60)
    assert training.returncode == 130, err
    assert out.startswith("interrupted after ")
    assert out.splitlines()[-1] == "to resume: backpost train --resume run"
    assert json.loads((tmp_path / "run" / "progress.json").read_text(encoding="utf-8"))["status"] == "interrupted"
    policy = agent(tmp_path / "run" / "policy.safetensors")
    policy.reset(np.zeros(2, np.uint64))
    assert policy.act(np.zeros((2, SIZE), np.float32)).shape == (2, 4)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def needs_torch(*_: object) -> int:
        raise ModuleNotFoundError("No module named 'torch'", name="torch.nn")

    monkeypatch.setitem(cli.VERBS, "compare", needs_torch)
    code, _, err = run(COMPARE, capsys)
    assert (code, err) == (2, "backpost: this needs torch: install it with `pip install 'backpost[train]'`\n")


def test_a_defect_of_ours_is_not_dressed_up_as_a_missing_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    def defect(*_: object) -> int:
        raise ModuleNotFoundError("No module named 'backpost.envs.nothing'", name="backpost.envs.nothing")

    monkeypatch.setitem(cli.VERBS, "compare", defect)
    with pytest.raises(ModuleNotFoundError):
        cli.main(COMPARE)


@pytest.mark.parametrize(
    ("arguments", "prints", "key", "files"),
    [
        (COMPARE, "stand-still", "agents", {"--events": b"agent,seed,k"}),
        ([*COMPARE, "--set", "wing=left", "--set", "difficulty=0.5"], "stand-still", "agents", {}),
        (
            [*COMPARE, "--set", "allow_implausible=true", "--set", 'parameters={"reaction": 0.1}'],
            "stand-still",
            "agents",
            {},
        ),
        (
            ["compare", "backpost/Situation-v0", "--agents", "all-rules", "--crosses", "2"],
            "flight-reader",
            "agents",
            {},
        ),
        (["realism", "--crosses", "40"], "statistic", "rows", {}),
        (["timing", "OpenPlay-v0", "Corner", "--crosses", "2"], "same ball", "environments", {"--figure": b"\x89PNG"}),
        (["watch", "Situation", "--agent", "hold-for-cutback"], "outcome", "runs", {"--still": b"\x89PNG"}),
        (
            ["watch", "OpenPlay", "--agent", "flight-reader", "--versus", "near-post-sprint", "--same-ball"],
            "near-post-sprint",
            "runs",
            {"--still": b"\x89PNG"},
        ),
        (["film", "OpenPlay", "--agent", "flight-reader"], "outcome", "runs", {"--out": b"GIF89a", "--sheet": b"%PDF"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_verb_prints_a_table_and_writes_what_it_is_asked_for(
    arguments: list[str],
    prints: str,
    key: str,
    files: dict[str, bytes],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    suffixes = {"--figure": ".png", "--still": ".png", "--out": ".gif", "--sheet": ".pdf", "--events": ".csv"}
    asked = {option: tmp_path / f"picture{option[1:]}{suffixes[option]}" for option in files}
    outputs = [text for option, path in asked.items() for text in (option, str(path))]
    code, out, err = run([*arguments, "--json", str(tmp_path / "result.json"), *outputs], capsys)
    assert code == 0, err
    assert prints in out
    assert json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))[key]
    for option, magic in files.items():
        assert magic in asked[option].read_bytes()[:12]
    assert len(list(tmp_path.iterdir())) == 1 + len(files)


def test_a_comparison_counts_the_crosses_that_watch_shows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["compare", "OpenPlay", "--agents", "flight-reader", "--crosses", "2", "--json", str(tmp_path / "c")], capsys)
    worth = []
    for cross in ("0", "1"):
        still = ["--still", str(tmp_path / "s.png"), "--json", str(tmp_path / "w")]
        run(["watch", "OpenPlay", "--agent", "flight-reader", "--seed", cross, *still], capsys)
        worth.append(json.loads((tmp_path / "w").read_text(encoding="utf-8"))["runs"][0]["metrics"]["xg"])
    compared = json.loads((tmp_path / "c").read_text(encoding="utf-8"))["agents"][0]["xg"]["mean"]
    assert compared == pytest.approx(100 * sum(worth) / 2)


def test_every_agent_is_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(["agents", "--json", str(tmp_path / "agents.json")], capsys)
    assert code == 0
    assert json.loads((tmp_path / "agents.json").read_text(encoding="utf-8"))["agents"] == descriptions()
    assert [line.split()[0] for line in out.splitlines()] == list(descriptions())


def test_files_named_one_option_at_a_time_all_count() -> None:
    """make names them so; once only the last counted, and three pages lost their explanations without a word."""
    for option in ("explained", "ceilings"):
        asked = cli.parser().parse_args(["results", "--out", "x", f"--{option}", "a", "b", f"--{option}", "c"])
        assert getattr(asked, option) == ["a", "b", "c"]


def test_help_fits_a_screen_and_loads_nothing_heavy() -> None:
    code = (
        "import sys; from backpost import cli; cli.parser().print_help();"
        "print([name for name in ('numba', 'torch', 'pygame') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"COLUMNS": "80"}
    )
    *page, heavy = done.stdout.splitlines()
    assert heavy == "[]"
    assert len(page) <= 50
    assert max(map(len, page)) <= 80
