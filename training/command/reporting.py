"""What every verb shares: reading options, a progress bar, writing files, one-sentence error messages."""

import argparse
import contextlib
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .terminal import show

if TYPE_CHECKING:
    from backpost.training.bench.result_file import Result

FILES = ("json", "onnx", "figure", "still", "film", "sheet", "events", "markdown", "page", "scores", "record", "apply")
"""Options that name a file to write."""
FOLDERS = ("figures", "pages", "ship", "stills")
"""Options that name a folder to write into."""
WORKPLACES = ("out", "resume", "keep")
"""Options that name a folder that keeps work."""
NEEDED = {
    "figure": ("matplotlib",),
    "figures": ("matplotlib",),
    "sheet": ("matplotlib",),
    "film": ("PIL", "av"),
    "page": ("contourpy", "jinja2", "markupsafe"),
    "pages": ("contourpy", "jinja2", "markupsafe"),
}
"""Optional packages that an output needs, checked before any work."""


def check_outputs(arguments: argparse.Namespace, output_is_closed: bool = False) -> None:
    """Check before any work that every requested output can be written; folders are created.

    Raises:
        InvalidFile: if an output cannot be written, or standard output is closed and no file is requested.
        InvalidValue: for a suffix that the file cannot have.
        MissingExtra: if a package that an output needs is not installed.
    """
    from backpost.envs.common.errors import InvalidFile, InvalidValue
    from backpost.envs.common.extras import need
    from backpost.envs.common.files import PICTURES, check_writable

    if output_is_closed and not any(getattr(arguments, name, None) for name in (*FILES, *FOLDERS, *WORKPLACES)):
        raise InvalidFile("standard output is closed, so the table would be lost; open it, or write a file with --json")
    need(*(package for name, packages in NEEDED.items() if getattr(arguments, name, None) for package in packages))
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
    """The short name of the requested environment; a board is played in `Situation`.

    Raises:
        UnknownName: if it does not exist.
    """
    from backpost.envs.scenarios.registry import scenario

    return scenario("Situation" if _board(arguments) else arguments.env).name


def _board(arguments: argparse.Namespace) -> str | None:
    """The board that is named in place of an environment, if one is."""
    return arguments.env if isinstance(arguments.env, str) and Path(arguments.env).suffix == ".json" else None


def environments(arguments: argparse.Namespace) -> list[str]:
    """The short names of the requested environments.

    Raises:
        UnknownName: if one does not exist.
    """
    from backpost.envs.scenarios.registry import scenario

    return [scenario(name).name for name in arguments.env]


def environment_options(arguments: argparse.Namespace) -> Any:
    """The environment options from `--set`, from `--situation` if the verb has it, and from a board.

    Raises:
        UnknownName: for an option that does not exist.
        InvalidValue: for a value that an option cannot have.
        InvalidFile: for a file in place of an environment that is no board.
    """
    from backpost.envs.interface.options import Options, settings

    chosen = settings(arguments.set)
    if getattr(arguments, "situation", None) is not None:
        chosen["file"] = arguments.situation
    if _board(arguments):
        from backpost.envs.scenarios.board_file import read_board

        read_board(arguments.env)
        chosen["file"] = arguments.env
    return Options.of(**chosen)


def requested(arguments: argparse.Namespace) -> list[str]:
    """The agents that were requested, or those of the board.

    Raises:
        InvalidValue: if none were, and no board names any.
    """
    from backpost.envs.common.errors import InvalidValue
    from backpost.envs.scenarios.board_file import read_board

    if arguments.agents:
        return list(arguments.agents)
    board = _board(arguments)
    if board is None:
        raise InvalidValue("name the agents to compare with --agents; `backpost agents` lists them")
    return list(read_board(board).runners)


def expanded(names: Sequence[str], env: str, options: Any = None) -> list[str]:
    """The agents with `all-rules`, `best-rule` and `my-run` expanded.

    The best rule is chosen on crosses never reported; `my-run` is the run on the board that is played.

    Raises:
        InvalidValue: for `my-run` without a board.
    """
    from backpost.agents.rules.registry import RULES
    from backpost.envs.common.errors import InvalidValue
    from backpost.envs.scenarios.board_file import MY_RUN

    spelled_out: list[str] = []
    for name in names:
        if name == "all-rules":
            spelled_out += RULES
        elif name == "best-rule":
            from backpost.training.bench.compare import best_rule

            spelled_out.append(best_rule(env, options=options))
        elif name == MY_RUN:
            if options is None or options.file is None:
                raise InvalidValue(f"{MY_RUN} is the run on a board: name the board's file in place of the environment")
            spelled_out.append(str(options.file))
        else:
            spelled_out.append(name)
    return spelled_out


def single(names: Sequence[str], env: str, options: Any = None) -> list[str]:
    """Like `expanded`, but every name must stand for one agent.

    Raises:
        InvalidValue: for `all-rules`.
    """
    from backpost.envs.common.errors import InvalidValue

    if "all-rules" in names:
        raise InvalidValue("all-rules are many agents, and one is needed here; `backpost agents` lists them")
    return expanded(names, env, options)


def progress_bar(unit: str, total: int) -> Any:
    """A bar on stderr for work that takes longer than a second; updated less often if stderr is not a terminal."""
    from tqdm import tqdm

    every = 0.2 if sys.stderr.isatty() else 10.0
    return tqdm(total=total, unit=f" {unit}", unit_scale=True, delay=1.0, mininterval=every)


def say(line: str) -> None:
    """Print a line about the work to stderr, separate from the table."""
    print(line, file=sys.stderr, flush=True)


def measure(arguments: argparse.Namespace, crosses: int, play: Callable[..., Any], table: Callable[[Any], str]) -> None:
    """Play the crosses with a progress bar, then print and write the result."""
    with progress_bar("crosses", crosses) as bar:
        result = play(progress=bar.update)
    report(arguments, result, table(result))


def report(arguments: argparse.Namespace, result: "Result", table: str) -> None:
    """Print the table of a result, and write the result to the `--json` file; a failure of one does not lose the other.

    Raises:
        InvalidFile: if the file cannot be written, or the table cannot be printed.
    """
    try:
        show(table)
    finally:
        if arguments.json is not None:
            from backpost.training.bench.result_file import write_result

            write_result(arguments.json, result)


def alone(path: str | None, doing: str) -> AbstractContextManager[object]:
    """Lock a file that is rewritten repeatedly against other processes, if there is a path.

    Raises:
        InvalidFile: if another process holds the lock, or the lock file cannot be written.
    """
    from backpost.envs.common.lock import Lock

    return nullcontext() if path is None else Lock.beside(Path(path), doing)


def complain(sentence: str) -> int:
    """Print one sentence to stderr and return its exit code."""
    with contextlib.suppress(OSError):  # the terminal may be gone
        print(f"backpost: {sentence}", file=sys.stderr)
    return 2
