"""What every verb does besides its work: read options, show a bar, write files, complain in one sentence."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .terminal import show

if TYPE_CHECKING:
    from backpost.envs.interface.options import Options

EXTRAS = {
    "train": ("cma", "sb3_contrib", "scipy", "stable_baselines3", "tensorboard", "torch", "tqdm", "yaml"),
    "report": ("PIL", "av", "contourpy", "jinja2", "markupsafe", "matplotlib"),
}
"""What `pip install backpost[...]` adds, by the names that are imported."""
REPORTED = "evaluate"
"""Label of the crosses that all reports are of."""
PICTURES = (".png", ".svg", ".pdf")
FILES: dict[str, tuple[str, ...]] = {
    "json": (),
    "figure": PICTURES,
    "still": (".png",),
    "film": (),
    "sheet": (".pdf",),
    "events": (),
    "markdown": (),
    "page": (".html", ".htm"),
    "scores": (),
    "record": (),
    "apply": (),
}
"""Options that name a file to be written, with the suffixes it may have; none: any, or the verb itself asks."""
FOLDERS = ("figures", "pages", "ship", "stills")
"""Options that name a folder to be written into."""
KEPT = ("out", "resume", "keep")
"""Options that name a folder in which work is kept."""
LARGEST = 50_000_000
"""Bytes of a result that is read."""


def check_outputs(arguments: argparse.Namespace, output_is_closed: bool = False) -> None:
    """Find out before any work whether everything that is asked for can be written; folders are made.

    Raises:
        InvalidFile: if something cannot, or if standard output is closed and no file is to be written.
        InvalidValue: for a suffix that the file cannot have.
    """
    from backpost.envs.common.errors import InvalidFile, InvalidValue
    from backpost.envs.common.files import check_writable

    if output_is_closed and not any(getattr(arguments, name, None) for name in (*FILES, *FOLDERS, *KEPT)):
        raise InvalidFile("standard output is closed, so the table would be lost; open it, or write a file with --json")
    for name, suffixes in FILES.items():
        path = getattr(arguments, name, None)
        if path is not None:
            if suffixes and Path(path).suffix.lower() not in suffixes:
                raise InvalidValue(f"{path} must end in {', '.join(suffixes)}")
            check_writable(path)
    for path in (getattr(arguments, name, None) for name in FOLDERS):
        if path is not None:
            Path(path).mkdir(parents=True, exist_ok=True)
            check_writable(Path(path) / "made.part")


def environment(arguments: argparse.Namespace) -> str:
    """The environment that is named, by its short name.

    Raises:
        UnknownName: if there is none of that name.
    """
    from backpost.envs.scenarios.registry import scenario

    return scenario(arguments.env).name


def environments(arguments: argparse.Namespace) -> list[str]:
    """The environments that are named, by their short names.

    Raises:
        UnknownName: if there is none of a name.
    """
    from backpost.envs.scenarios.registry import scenario

    return [scenario(name).name for name in arguments.env]


def environment_options(arguments: argparse.Namespace) -> Any:
    """The environment's options from `--set`, and from `--situation` where a verb has it.

    Raises:
        UnknownName: for an option that does not exist.
        InvalidValue: for a value that an option cannot have.
    """
    from backpost.envs.interface.options import Options, settings

    chosen = settings(arguments.set)
    if getattr(arguments, "situation", None) is not None:
        chosen["file"] = arguments.situation
    return Options.of(**chosen)


def expanded(names: Sequence[str], env: str, options: Any = None) -> list[str]:
    """Agents with `all-rules` and `best-rule` spelled out; the best is chosen on crosses that are never reported."""
    from backpost.agents.rules.registry import RULES

    found: list[str] = []
    for name in names:
        if name == "all-rules":
            found += RULES
        elif name == "best-rule":
            from .compare import best_rule

            found.append(best_rule(env, options=options))
        else:
            found.append(name)
    return found


def single(names: Sequence[str], env: str, options: Any = None) -> list[str]:
    """The same where every name must stand for one agent.

    Raises:
        InvalidValue: for `all-rules`.
    """
    from backpost.envs.common.errors import InvalidValue

    if "all-rules" in names:
        raise InvalidValue("all-rules are many agents, and one is needed here; `backpost agents` lists them")
    return expanded(names, env, options)


def progress_bar(unit: str, total: int) -> Any:
    """A bar on stderr for work that takes longer than a second; a line now and then where nobody watches."""
    from tqdm import tqdm

    every = 0.2 if sys.stderr.isatty() else 10.0
    return tqdm(total=total, unit=f" {unit}", unit_scale=True, delay=1.0, mininterval=every)


def say(line: str) -> None:
    """A line about the work, beside the table."""
    print(line, file=sys.stderr, flush=True)


def measure(arguments: argparse.Namespace, crosses: int, play: Callable[..., Any], table: Callable[[Any], str]) -> None:
    """Play so many crosses with a bar, then write and print what came out."""
    with progress_bar("crosses", crosses) as bar:
        result = play(progress=bar.update)
    report(arguments, result, table(result))


def report(arguments: argparse.Namespace, result: Any, table: str) -> None:
    """Print the table of a result, and write the result where `--json` asks for it; neither is lost with the other."""
    try:
        show(table)
    finally:
        write_json(arguments.json, result)


def write_json(path: str | None, result: Any) -> None:
    """Write the result and what it was made with, if there is a path.

    Raises:
        InvalidFile: if the file cannot be written.
    """
    if path is not None:
        from backpost.envs.common.files import write_atomically

        from .made_with import made_with

        write_atomically(path, json.dumps({"made_with": made_with(), **result}, indent=2, allow_nan=False) + "\n")


def read_json(path: str) -> dict[str, Any]:
    """What another command wrote with `--json`.

    Raises:
        InvalidFile: if there is no such file, it is too large, or it holds no JSON object.
    """
    from backpost.envs.common.errors import InvalidFile

    try:
        file = Path(path)
        if file.stat().st_size > LARGEST:
            raise InvalidFile(f"{path} is larger than {LARGEST // 10**6} MB")
        held = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InvalidFile(f"{path} cannot be read as JSON: {error}") from error
    if not isinstance(held, dict):
        raise InvalidFile(f"{path} holds no result of a command")
    return held


def read_result(path: str) -> dict[str, Any]:
    """The same, if it was made with the simulator and the rules of now: what was measured elsewhere is no news of here.

    Raises:
        InvalidFile: see `read_json`; or if it was made elsewhere, or does not tell.
    """
    from backpost.envs.common.errors import InvalidFile

    from .made_with import is_of_now

    held = read_json(path)
    if not is_of_now(held.get("made_with")):
        raise InvalidFile(
            f"{path} was made in another version of the world or of the agents, or with rules tuned otherwise; make it "
            "again"
        )
    return held


def check_played_alike(held: Mapping[str, Any], what: str, options: "Options | None" = None) -> None:
    """That what a file holds was played with these options, on crosses that nothing was tuned, trained or selected on.

    Raises:
        InvalidFile: if it was not.
        KeyError: if it does not tell.
    """
    from backpost.envs.common.errors import InvalidFile
    from backpost.envs.interface.options import Options

    from .made_with import files_of

    asked = json.loads(json.dumps(asdict(options or Options())))
    found = json.loads(json.dumps(held["options"]))
    other = sorted(name for name in asked | found if asked.get(name) != found.get(name))
    if held.get("files", {}) != files_of(options):
        other.append("content of the file")
    if other:
        raise InvalidFile(f"{what} must be of the options asked for here, got another {', '.join(other)}")
    if held["label"] != REPORTED:
        raise InvalidFile(f"{what} must be of crosses of the label {REPORTED}, got {held['label']}")


def missing(error: ModuleNotFoundError) -> str:
    """The sentence for a package that is not installed; anything else that is missing is a defect of ours."""
    package = (error.name or "").partition(".")[0]
    for extra, packages in EXTRAS.items():
        if package in packages:
            return f"this needs {package}: install it with `pip install 'backpost[{extra}]'`"
    raise error


def complain(sentence: str) -> int:
    """One sentence on stderr, and the exit code for it."""
    print(f"backpost: {sentence}", file=sys.stderr)
    return 2
