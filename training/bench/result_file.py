"""Result files: write what a command measures, and read it back.

A result is a frozen dataclass that derives from `Result`. Its file is one JSON object: the command, what the result was
made with, then the fields of the dataclass. The field types are the schema. A file that does not match is refused when
it is read, so every result that has been read is valid.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar

from backpost.envs.common.errors import InvalidFile
from backpost.envs.common.files import write_atomically
from backpost.envs.common.reading import read_json, shown, typed
from backpost.envs.interface.options import PERMISSIONS, Options

from .made_with import files_of, is_of_now, made_with

REPORTED = "evaluate"
"""Label of the crosses used in every report; nothing is tuned, trained or selected on them."""
LARGEST = 50_000_000
"""Largest result file that is read, bytes."""


@dataclass(frozen=True)
class Result:
    """What a command measures and `--json` writes; `command` is the verb."""

    command: ClassVar[str]


AnyResult = TypeVar("AnyResult", bound=Result)


class OnCrosses(Protocol):
    """A result that was played with options of an environment, on crosses of a label."""

    @property
    def options(self) -> Mapping[str, Any]:
        """The options, as `plain_options` returns them."""

    @property
    def files(self) -> Mapping[str, str]:
        """SHA-256 of the files that the options name."""

    @property
    def label(self) -> str:
        """Label of the crosses."""


def write_result(path: str | os.PathLike[str], result: Result) -> None:
    """Write a result, its command and what it was made with.

    Raises:
        InvalidFile: if the file cannot be written.
    """
    content = {"made_with": made_with(), "command": result.command, **asdict(result)}
    write_atomically(path, json.dumps(content, indent=2, allow_nan=False) + "\n")


def read_result(path: str | os.PathLike[str], kind: type[AnyResult]) -> AnyResult:
    """Read a result of this kind that was made with the current world, agents and rules.

    Raises:
        InvalidFile: if the file cannot be read, is from another command, version or rules, or does not match.
    """
    content, what = read_json(path, "result", LARGEST), f"what `backpost {kind.command} --json` writes"
    if not isinstance(content, dict) or content.get("command") != kind.command:
        raise InvalidFile(f"{shown(path)} is not {what}")
    _check_of_now(content, path)
    return typed(content, kind, f"result {shown(path)}")


def is_measured(path: str | os.PathLike[str]) -> bool:
    """Whether this result is stored; one that has not been measured in this world yet has no file.

    Raises:
        InvalidFile: if it was made with another world, other agents or other rules, or cannot be read.
    """
    if not Path(path).exists():
        return False
    _check_of_now(read_json(path, "result", LARGEST), path)
    return True


def not_measured(target: str) -> str:
    """What documents say in place of a result that is not stored; `make target` measures it."""
    return f"Not measured in this world yet: `make {target}` does it."


def _check_of_now(content: Any, path: str | os.PathLike[str]) -> None:
    """Refuse what was made with another world, other agents or other rules."""
    if not isinstance(content, dict) or not is_of_now(content.get("made_with")):
        raise InvalidFile(
            f"{shown(path)} was made in another version of the world or of the agents, or with rules tuned otherwise; "
            "make it again"
        )


def plain_options(options: Options | None) -> dict[str, Any]:
    """Environment options in the form that results hold: numbers, strings and lists; the defaults if None."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(options or Options()), default=os.fspath))
    return {name: value for name, value in plain.items() if name not in PERMISSIONS}


def check_played_with(result: OnCrosses, what: str, options: Options | None = None) -> None:
    """Check that a result was played with these options, on crosses with the reported label.

    Raises:
        InvalidFile: if it was not, or a file that the options name cannot be read.
    """
    asked, played = plain_options(options), result.options
    other = sorted(name for name in {*asked, *played} if asked.get(name) != played.get(name))
    if result.files != files_of(options):
        other.append("content of the file")
    if other:
        raise InvalidFile(f"{what} must be of the options asked for here, got another {', '.join(other)}")
    if result.label != REPORTED:
        raise InvalidFile(f"{what} must be of crosses of the label {REPORTED}, got {result.label}")
