"""What every verb does besides its work: read options, show a bar, write files, complain in one sentence."""

import argparse
import contextlib
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .terminal import show

if TYPE_CHECKING:
    from .result_file import Result

EXTRAS = {
    "train": ("cma", "sb3_contrib", "scipy", "stable_baselines3", "tensorboard", "torch", "tqdm", "yaml"),
    "report": ("PIL", "av", "contourpy", "jinja2", "markupsafe", "matplotlib"),
}
"""What `pip install backpost[...]` adds, by the names that are imported."""
FILES = ("json", "figure", "still", "film", "sheet", "events", "markdown", "page", "scores", "record", "apply")
"""Options that name a file to be written."""
FOLDERS = ("figures", "pages", "ship", "stills")
"""Options that name a folder to be written into."""
WORKPLACES = ("out", "resume", "keep")
"""Options that name a folder in which work is kept."""
NEEDED = {
    "figure": ("matplotlib",),
    "figures": ("matplotlib",),
    "sheet": ("matplotlib",),
    "film": ("PIL", "av"),
    "page": ("contourpy", "jinja2", "markupsafe"),
    "pages": ("contourpy", "jinja2", "markupsafe"),
}
"""Optional packages without which an output cannot be made, found out before any work."""


def check_outputs(arguments: argparse.Namespace, output_is_closed: bool = False) -> None:
    """Find out before any work whether everything that is asked for can be written; folders are made.

    Raises:
        InvalidFile: if something cannot, or if standard output is closed and no file is to be written.
        InvalidValue: for a suffix that the file cannot have.
        ModuleNotFoundError: if a package that it needs is not installed.
    """
    from backpost.envs.common.errors import InvalidFile, InvalidValue
    from backpost.envs.common.files import PICTURES, check_writable

    if output_is_closed and not any(getattr(arguments, name, None) for name in (*FILES, *FOLDERS, *WORKPLACES)):
        raise InvalidFile("standard output is closed, so the table would be lost; open it, or write a file with --json")
    for package in (need for name, needs in NEEDED.items() if getattr(arguments, name, None) for need in needs):
        import_module(package)
    endings = {"figure": PICTURES, "still": (".png",), "sheet": (".pdf",), "page": (".html", ".htm")}
    for name in FILES:
        path, suffixes = getattr(arguments, name, None), endings.get(name)
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

    spelled_out: list[str] = []
    for name in names:
        if name == "all-rules":
            spelled_out += RULES
        elif name == "best-rule":
            from .compare import best_rule

            spelled_out.append(best_rule(env, options=options))
        else:
            spelled_out.append(name)
    return spelled_out


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


def report(arguments: argparse.Namespace, result: "Result", table: str) -> None:
    """Print the table of a result, and write the result where `--json` asks for it; neither is lost with the other.

    Raises:
        InvalidFile: if the file cannot be written, or standard output cannot take the table.
    """
    try:
        show(table)
    finally:
        if arguments.json is not None:
            from .result_file import write_result

            write_result(arguments.json, result)


def missing(error: ModuleNotFoundError) -> str:
    """The sentence for a package that is not installed; anything else that is missing is a defect of ours."""
    package = (error.name or "").partition(".")[0]
    for extra, packages in EXTRAS.items():
        if package in packages:
            return f"this needs {package}: install it with `pip install 'backpost[{extra}]'`"
    raise error


def alone(path: str | None, doing: str) -> AbstractContextManager[object]:
    """Keep other processes from writing a file again and again meanwhile, if there is a path.

    Raises:
        InvalidFile: if another one is at it, or nothing can be written beside it.
    """
    from backpost.envs.common.lock import Lock

    return nullcontext() if path is None else Lock.beside(Path(path), doing)


def complain(sentence: str) -> int:
    """One sentence on stderr, and the exit code for it."""
    with contextlib.suppress(OSError):  # the terminal may be gone, and with it whoever would read this
        print(f"backpost: {sentence}", file=sys.stderr)
    return 2
