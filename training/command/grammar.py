"""The grammar of the command: every verb with its arguments. The verbs are implemented in `cli.py`."""

import argparse
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

ABOUT = """\
When and where should an attacker run for a cross? A Gymnasium environment of
this situation of football, and a bench: policies are trained, compared with
what coaches teach, and drawn for a coach.
"""

NOTES = """\
In this order, for example:
  backpost agents
  backpost watch OpenPlay --agent flight-reader --seed 7
  backpost compare OpenPlay --agents flight-reader random --crosses 2000
  backpost train OpenPlay --steps 1000000 --seed 0 --out runs/first

ENV is OpenPlay, Transition, Corner, FreeKick, Match (their mixture), a drill
(DrillCrossing, DrillShadow, DrillSetPiece) or Situation (a real attack). AGENT
is a name that `backpost agents` lists, the path of a policy file, best-rule, or
all-rules. Installed packages and `--import MODULE` may add more of all these.
`compare --seed 7` begins with the cross that `watch --seed 7` shows.
In Python: import backpost, then gym.make("backpost/OpenPlay-v0"), ...
"""

MOST = 10_000_000
"""Largest number of crosses and highest seed that the command accepts."""

Run = Callable[[argparse.Namespace], int | None]
Verb = Callable[..., argparse.ArgumentParser]


class Page(argparse.RawDescriptionHelpFormatter):
    """Help with a column wide enough for the longest verb and its summary on one line."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=20)


class Parser(argparse.ArgumentParser):
    """A parser whose error messages are one sentence."""

    def add_argument(self, *names: Any, **how: Any) -> argparse.Action:
        """Like `argparse`, but an argument that names a file or folder must not be empty."""
        if str(how.get("metavar")).startswith(("DIR", "F")):
            how.setdefault("type", place)
        return super().add_argument(*names, **how)

    def error(self, message: str) -> NoReturn:
        """Print the message and exit with code 2."""
        self.exit(2, f"backpost: {message} (`{self.prog} --help` explains)\n")


def parser(verbs: Mapping[str, Run]) -> argparse.ArgumentParser:
    """The whole command line; `verbs` maps each verb to its function."""
    top = Parser("backpost", description=ABOUT, epilog=NOTES, formatter_class=Page)
    subparsers = top.add_subparsers(title="verbs", metavar="VERB", required=True)

    def verb(name: str, summary: str, env: str | None = None, json: bool = True) -> argparse.ArgumentParser:
        sub = subparsers.add_parser(name, help=summary, description=f"{summary.capitalize()}.")
        sub.set_defaults(run=verbs[name])
        if env is not None:
            meant = "environment: OpenPlay, Corner, ... (`backpost --help` names them all)"
            sub.add_argument("env", metavar="ENV", help=meant, **({"nargs": env} if env else {}))
        sub.add_argument(
            "--import",
            dest="imports",
            action="append",
            default=[],
            metavar="MODULE",
            help="module or .py file that registers more scenarios, rewards or agents; repeatable",
        )
        if json:
            sub.add_argument("--json", metavar="FILE", help="write the result to this file")
        return sub

    add_agents(verb)
    add_bench(verb)
    add_faces(verb)
    add_world(verb)
    return top


def add_agents(verb: Verb) -> None:
    """Verbs for agents: the coaching rules and trained policies."""
    verb("agents", "list the agents that need no file")

    sub = verb("train", "train a policy into a run folder", env="?")
    sub.add_argument("--algo", help="algorithm: ppo, recurrent_ppo, sac or tqc (ppo)")
    sub.add_argument(
        "--steps", type=whole(1, 10**12), metavar="N", help="decisions to train for, rounded up to whole updates"
    )
    sub.add_argument("--seed", type=whole(0, 2**31 - 1), metavar="S", help="training seed")
    folder = sub.add_mutually_exclusive_group(required=True)
    folder.add_argument("--out", metavar="DIR", type=place, help="run folder to create")
    folder.add_argument("--resume", metavar="DIR", type=place, help="run folder to resume, with the settings in it")
    sub.add_argument("--config", metavar="F.yml", help="settings from a YAML file; the command line overrides them")
    add_set(sub, "a training setting, such as hidden=[64,64]")

    sub = verb("tune-rules", "tune the coaching rules, each with the same budget", env="+", json=False)
    sub.add_argument("--json", metavar="FILE", required=True, help="file of tuned rules to create or to continue")


def add_bench(verb: Verb) -> None:
    """Verbs that measure and compare agents."""
    sub = verb("compare", "compare agents on the same crosses", env="")
    sub.add_argument(
        "--agents", nargs="+", required=True, metavar="A", help="names or files; the first is tested against the others"
    )
    add_crosses(sub, 20_000)
    add_keep(sub)
    sub.add_argument("--events", metavar="F.csv", help="write one row for every cross and agent")
    add_set(sub, "an option of the environment, such as defenders=[3,5]")

    sub = verb("ceiling", "compare agents with the best run that a search can find", env="")
    sub.add_argument("--agents", nargs="+", default=["learned"], metavar="A", help="names or files (%(default)s)")
    add_crosses(sub, 2000)
    sub.add_argument(
        "--measured",
        type=whole(2, MOST),
        default=20_000,
        metavar="N",
        help="crosses that the agents play (%(default)s)",
    )
    sub.add_argument("--out", metavar="DIR", help="keep finished work in this folder, and continue from it")
    add_set(sub, "an option of the environment, such as defenders=[3,5]")

    sub = verb("explain", "report when, where and why an agent runs", env="")
    sub.add_argument("--agent", default="learned", metavar="A", help="name or policy file (%(default)s)")
    add_crosses(sub, 20_000)
    sub.add_argument("--figures", metavar="DIR", help="draw the figures into this folder")
    add_set(sub, "an option of the environment, such as defenders=[3,5]")

    sub = verb("results", "reproduce the results, from shipped policies or scratch")
    sub.add_argument(
        "--out", required=True, metavar="DIR", help="keep finished work in this folder, and continue from it"
    )
    sub.add_argument("--from-scratch", action="store_true", help="train the policies first, into DIR/runs (hours)")
    sub.add_argument("--ship", metavar="DIR", help="copy the policies and their model cards into this folder")
    sub.add_argument(
        "--crosses", type=whole(2, MOST), default=20_000, metavar="N", help="crosses per agent (%(default)s)"
    )
    sub.add_argument("--markdown", metavar="F.md", help="write the tables for the README and the site")
    sub.add_argument(
        "--ceilings",
        nargs="+",
        action="extend",
        default=[],
        metavar="F",
        help="files from `ceiling --json`, for the tables",
    )
    sub.add_argument("--figures", metavar="DIR", help="draw the figures into this folder")
    sub.add_argument("--pages", metavar="DIR", help="write a coach's page for every scenario into this folder")
    sub.add_argument(
        "--explained",
        nargs="+",
        action="extend",
        default=[],
        metavar="F",
        help="files from `explain --json`, for the pages",
    )

    sub = verb("trainings", "compare ways of training over many training seeds")
    sub.add_argument(
        "--runs", required=True, metavar="DIR", help="folder of the run folders, each called <group>-<seed>"
    )
    sub.add_argument(
        "--out", required=True, metavar="DIR", help="keep finished work in this folder, and continue from it"
    )
    sub.add_argument(
        "--crosses", type=whole(2, MOST), default=20_000, metavar="N", help="crosses per policy (%(default)s)"
    )
    sub.add_argument("--figures", metavar="DIR", help="draw the learning curves into this folder")

    sub = verb("robustness", "test agents against other defences and with weaker senses", env="+")
    sub.add_argument("--agents", nargs="+", default=["learned"], metavar="A", help="names or files (%(default)s)")
    add_crosses(sub, 20_000)
    add_keep(sub)
    sub.add_argument("--figure", metavar="F.png", help="draw the leads")

    sub = verb("aa", "compare an agent with itself under different luck", env="")
    sub.add_argument("--agent", required=True, metavar="A", help="name or policy file")
    sub.add_argument(
        "--crosses", type=whole(2, MOST), default=400, metavar="N", help="crosses per comparison (%(default)s)"
    )
    sub.add_argument(
        "--comparisons", type=whole(1, MOST), default=1000, metavar="K", help="number of comparisons (%(default)s)"
    )


def add_faces(verb: Verb) -> None:
    """Verbs that show runs to people."""
    sub = verb("report", "write a page for a coach, one HTML file", env="")
    sub.add_argument("--agent", required=True, metavar="A", help="name or policy file")
    sub.add_argument("--versus", default="best-rule", metavar="B", help="agent to compare it with (%(default)s)")
    sub.add_argument("--out", dest="page", required=True, metavar="F.html", help="the page")
    sub.add_argument("--crosses", type=whole(1, 200), default=40, metavar="N", help="crosses to show (%(default)s)")
    sub.add_argument(
        "--seed", type=whole(0, MOST), default=0, metavar="N", help="number of the first cross (%(default)s)"
    )
    sub.add_argument(
        "--measured", type=whole(2, MOST), default=20_000, metavar="N", help="crosses to count (%(default)s)"
    )
    sub.add_argument("--comparison", metavar="F.json", help="take the counts from a `compare --json` file")
    sub.add_argument(
        "--explain", dest="explained", metavar="F.json", help="add the findings of an `explain --json` file"
    )
    add_set(sub, "an option of the environment, such as defenders=[3,5]")

    sub = verb("session", "write a training plan for a coach, one HTML file")
    sub.add_argument("--out", dest="page", required=True, metavar="F.html", help="the page")
    add_crosses(sub, 1500)

    sub = verb("watch", "show one cross, in a window or as a picture", env="")
    add_cross(sub)
    sub.add_argument("--still", metavar="F.png", help="write a picture")

    sub = verb("film", "write one cross as a film, as pictures or as a printable sheet", env="")
    add_cross(sub)
    sub.add_argument("--out", dest="film", metavar="FILE", help="the film; .mp4, .gif or .webp")
    sub.add_argument("--stills", metavar="DIR", help="write its key moments as pictures into this folder")
    sub.add_argument("--sheet", metavar="F.pdf", help="the cross on a printable sheet for a coach")

    sub = verb("play", "run yourself, beside the learned run and the best rule", env="")
    sub.add_argument("--seed", type=whole(0, MOST), metavar="N", help="number of the first cross (the first new one)")
    sub.add_argument(
        "--versus", metavar="B", help="agent that runs the same crosses (the learned run, else the best rule)"
    )
    sub.add_argument("--scores", metavar="F.json", help="keep the scores in this file from session to session")
    sub.add_argument(
        "--record", metavar="F.json", help="record your runs in this file; `watch --agent F.json` shows them"
    )
    add_set(sub, "an option of the environment, such as defenders=[3,5]")


def add_world(verb: Verb) -> None:
    """Verbs that examine the simulated football."""
    sub = verb("timing", "measure how much the timing of the run matters", env="+")
    add_crosses(sub, 20_000)
    sub.add_argument("--figure", metavar="F.png", help="draw the curves")

    sub = verb("realism", "compare scripted play with published statistics")
    add_crosses(sub, 200_000)
    sub.add_argument("--events", metavar="F.csv", help="write one row for every cross")

    sub = verb("exploits", "search for ways to win that are not football", env="")
    sub.add_argument("--out", required=True, metavar="DIR", help="folder of policies and crosses; the same one goes on")
    sub.add_argument(
        "--decisions", type=whole(1, 10**9), default=500_000, metavar="N", help="of each policy (%(default)s)"
    )
    sub.add_argument("--crosses", type=whole(40, MOST), default=20_000, metavar="N", help="how many (%(default)s)")
    sub.add_argument(
        "--seed", type=whole(0, 2**31 - 1), default=0, metavar="S", help="training seed of the policies (%(default)s)"
    )

    sub = verb("guide", "test the claims of a coaching guide")
    add_crosses(sub, 20_000)
    sub.add_argument(
        "--explained", metavar="F.json", help="findings about a policy from `explain --json`, for claim G7"
    )
    sub.add_argument("--drilled", nargs="*", default=[], metavar="DIR", help="run folders with drills, for claim G11")
    sub.add_argument(
        "--undrilled", nargs="*", default=[], metavar="DIR", help="the matching run folders without drills"
    )

    sub = verb("calibrate", "calibrate the simulator against published statistics")
    sub.add_argument("--out", required=True, metavar="DIR", help="folder to create or to continue")
    sub.add_argument("--rounds", type=whole(1, 99), default=5, metavar="N", help="number of rounds (%(default)s)")
    sub.add_argument(
        "--points", type=whole(4, 10_000), default=180, metavar="N", help="points of a round, even (%(default)s)"
    )
    sub.add_argument(
        "--crosses", type=whole(1, MOST), default=5_000, metavar="N", help="crosses of a point (%(default)s)"
    )
    sub.add_argument(
        "--centre-crosses", type=whole(1, MOST), default=40_000, metavar="N", help="crosses of a centre (%(default)s)"
    )
    sub.add_argument(
        "--finishing-crosses",
        type=whole(1, MOST),
        default=40_000,
        metavar="N",
        help="crosses to whose first contacts finishing is fitted (%(default)s)",
    )
    sub.add_argument("--minutes", type=float, metavar="M", help="wall time after which no further round begins")
    sub.add_argument("--workers", type=whole(1, 1_000), default=2, metavar="N", help="processes (%(default)s)")
    sub.add_argument(
        "--seed", type=whole(0, 2**31 - 1), default=0, metavar="S", help="seed of the designs (%(default)s)"
    )
    sub.add_argument(
        "--apply", metavar="F.py", help="write the chosen values into this file: envs/world/parameter_table.py"
    )

    sub = verb("sensitivity", "show what depends on weakly supported parameters")
    sub.add_argument(
        "--crosses", type=whole(100, MOST), default=4000, metavar="N", help="crosses per setting (%(default)s)"
    )

    verb("bench", "measure speed on this machine")

    verb("warm-up", "compile what every environment needs, ahead of time")


def add_cross(verb: argparse.ArgumentParser) -> None:
    """Arguments for which cross is shown, and which agents run."""
    verb.add_argument("--agent", required=True, metavar="A", help="name or policy file")
    verb.add_argument("--versus", metavar="B", help="another agent on the same cross, beside the first")
    verb.add_argument("--seed", type=whole(0, MOST), default=0, metavar="N", help="number of the cross (%(default)s)")
    verb.add_argument(
        "--until-shot", action="store_true", help="show the first cross from N onwards in which A's runner shoots"
    )
    verb.add_argument("--same-ball", action="store_true", help="give B the same ball as A")
    verb.add_argument("--situation", metavar="FILE", help="situation file, for the environment Situation")
    add_set(verb, "an option of the environment, such as defenders=[3,5]")


def add_crosses(verb: argparse.ArgumentParser, default: int) -> None:
    """Add `--crosses N --seed FIRST`: which crosses are played."""
    verb.add_argument(
        "--crosses", type=whole(2, MOST), default=default, metavar="N", help="number of crosses (%(default)s)"
    )
    verb.add_argument(
        "--seed", type=whole(0, MOST), default=0, metavar="FIRST", help="number of the first cross (%(default)s)"
    )


def add_keep(verb: argparse.ArgumentParser) -> None:
    """Add `--keep DIR`: the folder that keeps finished crosses."""
    verb.add_argument("--keep", metavar="DIR", help="keep finished work in this folder, and continue from it")


def add_set(verb: argparse.ArgumentParser, what: str) -> None:
    """Add `--set KEY=VALUE`, which may be repeated."""
    verb.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help=f"{what}; repeatable")


def place(text: str) -> str:
    """The type of an argument that names a file or folder; an empty one would mean the current folder."""
    if not text:
        raise argparse.ArgumentTypeError("must name a file or folder, got ''")
    return text


def whole(low: int, high: int) -> Callable[[str], Any]:
    """The type of an argument that must be a whole number in a range."""

    def number(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = low - 1
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"must be a whole number from {low} to {high}, got {text!r}")
        return value

    return number
