"""The page of the command line: every verb, from the grammar that the command itself reads."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from backpost import cli
from backpost.training.bench import events

from . import markdown

ABOUT = """\
One command, `backpost`, with a verb for each kind of work. `backpost --help` lists the verbs, `backpost VERB --help`
the arguments of one. Bad input gets one sentence and exit code 2.

`ENV` is the name of an [environment](../environments/index.md). An agent is a name that `backpost agents` lists, the
path of a policy file, or `best-rule`; `all-rules` means all coaching rules. Crosses are numbered, so
`compare --seed 7` begins with the very cross that `watch --seed 7` shows."""

EVENTS = """\
The file of `--events` is CSV with one row for every cross and agent, agent by agent in the order of the command, each
in the order of the crosses. It describes the runner's first shot; where he had none, its cells are empty."""
"""What follows the arguments of `compare`."""


def write(folder: Path) -> None:
    """Write `command-line.md`."""
    verbs = dict(_verbs(cli.parser()))
    summary = markdown.table(
        ("verb", "what it does"),
        ((f"[`{name}`](#backpost-{name})", verb.description or "") for name, verb in verbs.items()),
    )
    parts = [part for name, verb in verbs.items() for part in _verb(name, verb)]
    markdown.page(folder / "command-line.md", "# Command line", ABOUT, summary, *parts)


def _verbs(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


def _verb(name: str, parser: argparse.ArgumentParser) -> list[str]:
    """Heading, sentence, usage and arguments of one verb."""
    usage = parser.format_usage().removeprefix("usage: ").rstrip()
    rows = [(f"`{_called(action)}`", _help(action, parser)) for action in parser._actions if action.dest != "help"]
    parts = [f"## backpost {name}", parser.description or "", f"```text\n{usage}\n```"]
    if rows:
        parts.append(markdown.table(("argument", "meaning"), rows))
    if name == "compare":
        columns = [("`agent`", "-", "name of the agent, as in the table")]
        columns += [(f"`{column.name}`", column.unit, column.meaning) for column in events.COLUMNS]
        parts += [EVENTS, markdown.table(("column", "unit", "meaning"), columns)]
    return parts


def _called(action: argparse.Action) -> str:
    if not action.option_strings:
        return str(action.metavar or action.dest)
    takes = "" if action.nargs == 0 else f" {action.metavar or action.dest.upper()}"
    return ", ".join(action.option_strings) + takes


def _help(action: argparse.Action, parser: argparse.ArgumentParser) -> str:
    text = (action.help or "") % {**vars(action), "prog": parser.prog}
    return f"{text}; required" if action.required and action.option_strings else text
