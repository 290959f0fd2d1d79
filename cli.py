"""The command `backpost`: one thin function per verb, which parses, calls one room, prints and writes.

A room is imported inside its verb, so that `backpost --help` answers at once and a verb needs only its own extra.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from backpost.training.command_line import (
    MOST,
    Parser,
    add_crosses,
    add_set,
    complain,
    environment_options,
    measure,
    missing,
    progress_bar,
    report,
    say,
    whole,
    write_json,
)

ABOUT = """\
When and where should an attacker run for a cross?

backpost is a Gymnasium environment of one situation of football (a cross is
coming, and you are an attacker in the middle) and a bench around it: policies
are trained, compared with what coaches teach on the very same crosses, and
their runs are drawn so that a coach can judge them.
"""

NOTES = """\
In this order, for example:
  backpost agents
  backpost watch OpenPlay --agent flight-reader --seed 7
  backpost compare OpenPlay --agents flight-reader random --crosses 2000
  backpost train OpenPlay --steps 1000000 --seed 0 --out runs/first

ENV is OpenPlay, Transition, Corner, FreeKick, Match (their mixture), a drill
(DrillCrossing, DrillShadow, DrillSetPiece) or Situation (a real attack). An
agent is a name that `backpost agents` lists, the path of a policy file, or
best-rule; for all rules write rules. Crosses are numbered: `compare --seed 7`
begins with the one of `watch --seed 7`. `backpost VERB --help` has options.
In Python: gym.make("backpost.envs:backpost/OpenPlay-v0"), .../Corner-v0, ...
"""

OUTPUTS = ("json", "figure", "still", "video", "events")
"""Options that name a file to be written."""
STOPPED = 130
"""Exit code after a Ctrl-C, as shells have it."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns:
        The exit code: 0, 2 for bad input (one sentence on stderr), 130 after a Ctrl-C. As argparse does it, `--help`
        and a command line that cannot be parsed leave by SystemExit.
    """
    arguments = parser().parse_args(argv)
    try:
        return _run(arguments)
    except ModuleNotFoundError as error:
        return complain(missing(error))
    except BrokenPipeError:  # whoever read the table has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return complain(f"{error.filename or 'a file'}: {(error.strerror or str(error)).lower()}")
    except KeyboardInterrupt:
        complain("stopped; nothing more was written")
        return STOPPED


def _run(arguments: argparse.Namespace) -> int:
    """Check that every output can be written before any long work, then do the verb."""
    from backpost.envs.errors import BackpostError
    from backpost.envs.files import check_writable

    try:
        for path in (getattr(arguments, name, None) for name in OUTPUTS):
            if path is not None:
                check_writable(path)
        code: int = arguments.run(arguments) or 0
        sys.stdout.flush()
        return code
    except BackpostError as error:
        return complain(str(error))


def train(arguments: argparse.Namespace) -> int:
    """Train a policy into a run folder."""
    from backpost.envs.options import settings
    from backpost.envs.scenarios import scenario
    from backpost.training.configuration import configuration
    from backpost.training.train import train as run

    chosen = settings(arguments.set)
    given = {name: getattr(arguments, name) for name in ("algo", "steps", "seed")}
    chosen |= {name: value for name, value in given.items() if value is not None}
    chosen["env"] = scenario(arguments.env).name
    folder = run(configuration(arguments.config, chosen), arguments.out)
    how = json.loads((folder.path / "progress.json").read_text(encoding="utf-8"))
    write_json(arguments.json, how)
    worth = f", {how['best']['xg_per_100']:.2f} xG per 100 crosses when it was selected" if how.get("best") else ""
    print(f"{how['status']} after {how['steps']:,} decisions: {folder.policy}{worth}")
    return STOPPED if how["status"] == "interrupted" else 0


def compare(arguments: argparse.Namespace) -> None:
    """Compare agents on the same crosses."""
    from backpost.envs.scenarios import scenario
    from backpost.training import compare as room

    env = scenario(arguments.env).name
    agents = _expanded(arguments.agents, env)
    play = partial(room.compare, env, agents, arguments.crosses, arguments.seed, options=environment_options(arguments))
    measure(arguments, len(agents) * arguments.crosses, play, room.table)


def watch(arguments: argparse.Namespace) -> None:
    """Show one cross: in a window, or as a picture or a film."""
    from backpost.envs.scenarios import scenario
    from backpost.renders import film, watched, window

    env = scenario(arguments.env).name
    shown = watched.watch_cross(
        env,
        _expanded([arguments.agent, arguments.versus] if arguments.versus else [arguments.agent], env),
        arguments.seed,
        options=environment_options(arguments),
        same_ball=arguments.same_ball,
        until_shot=arguments.until_shot,
    )
    if arguments.still:
        film.still(arguments.still, shown.runs[0], **shown.drawing)
    if arguments.video:
        with progress_bar("frames", film.frames(shown.runs[0])) as bar:
            film.film(arguments.video, shown.runs[0], progress=bar.update, **shown.drawing)
    report(arguments, shown.result(), watched.table(shown.result()))
    if not (arguments.still or arguments.video):
        window.watch(shown.runs[0], **shown.drawing)


def timing(arguments: argparse.Namespace) -> None:
    """Measure what the start of the run is worth."""
    from backpost.envs.scenarios import scenario
    from backpost.training import timing as room

    envs = [scenario(name).name for name in arguments.env]
    played = len(envs) * len(room.SETTINGS) * (len(room.BALLS) * len(room.STARTS) + 1)
    with progress_bar("crosses", played * arguments.crosses) as bar:
        results = [room.timing_curve(env, arguments.crosses, arguments.seed, progress=bar.update) for env in envs]
    if arguments.figure:
        from backpost.renders.figures import timing_figures

        timing_figures(results, arguments.figure)
    report(arguments, {"environments": results}, "\n\n".join(room.table(result) for result in results))


def realism(arguments: argparse.Namespace) -> None:
    """Hold simulated crosses against published numbers."""
    from backpost.training import realism as room

    play = partial(room.realism, arguments.crosses, arguments.seed, events_path=arguments.events)
    measure(arguments, arguments.crosses, play, room.table)


def guide(arguments: argparse.Namespace) -> None:
    """Measure what a coaching guide to the back-post run claims."""
    from backpost.training import guide as room

    total = room.crosses_to_play(arguments.crosses)
    measure(arguments, total, partial(room.guide, arguments.crosses, arguments.seed), room.table)


def sensitivity(arguments: argparse.Namespace) -> None:
    """Show what hangs on numbers that no published statistic identifies."""
    from backpost.training import sensitivity_played as room
    from backpost.training.sensitivity import table

    play = partial(room.played_sensitivity, arguments.crosses)
    measure(arguments, room.crosses_to_play(arguments.crosses), play, table)


def calibrate(arguments: argparse.Namespace) -> None:
    """Calibrate the world against published numbers, stage by stage; the same folder goes on where it was."""
    from backpost.training import calibrate as room
    from backpost.training.calibration_report import apply, calibration_table

    budget = room.Budget(arguments.minutes, arguments.generations, arguments.crosses)
    result = room.calibrate(arguments.out, arguments.stage, budget, progress=say)
    if arguments.apply:
        apply(result, arguments.apply)
    report(arguments, result, calibration_table(result))


def bench(arguments: argparse.Namespace) -> None:
    """Measure speed on this machine."""
    from backpost.training import bench as room

    result = room.bench(progress=say)
    report(arguments, result, room.table(result))


def agents(arguments: argparse.Namespace) -> None:
    """List the agents that need no file."""
    from backpost.agents.registry import AGENTS, agent

    result = {name: agent(name).description for name in AGENTS}
    width = max(map(len, result))
    report(arguments, result, "\n".join(f"{name:{width}}  {text}" for name, text in result.items()))


def tune_rules(arguments: argparse.Namespace) -> None:
    """Tune the free numbers of every coaching rule with one budget."""
    from backpost.agents.rules import RULES
    from backpost.agents.tuning import Budget, tune_all, write_tuned
    from backpost.envs.scenarios import scenario

    budget = Budget()
    with progress_bar("crosses", len(RULES) * budget.crosses) as bar:
        content = tune_all(scenario(arguments.env).name, budget, progress=bar.update)
    write_tuned(content, Path(arguments.json))
    print(f"{arguments.json}: the tuned numbers of {len(RULES)} rules with their evidence")


def _expanded(names: Sequence[str], env: str) -> list[str]:
    """Agents with `rules` and `best-rule` spelled out; the best rule is chosen on crosses that are never reported."""
    from backpost.agents.rules import RULES

    found: list[str] = []
    for name in names:
        if name == "rules":
            found += RULES
        elif name == "best-rule":
            from backpost.training.compare import best_rule

            found.append(best_rule(env))
        else:
            found.append(name)
    return found


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = Parser("backpost", description=ABOUT, epilog=NOTES, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = top.add_subparsers(title="verbs", metavar="VERB", required=True)

    def verb(name: str, run: Any, told: str, *, env: bool = True) -> argparse.ArgumentParser:
        one = verbs.add_parser(name, help=told, description=f"{told.capitalize()}.")
        one.set_defaults(run=run)
        if env:
            one.add_argument(
                "env", metavar="ENV", help="environment: OpenPlay, Corner, ... (`backpost --help` names them all)"
            )
        one.add_argument("--json", metavar="FILE", required=name == "tune-rules", help="write the result to this file")
        return one

    one = verb("train", train, "train a policy into a run folder")
    one.add_argument("--algo", help="algorithm (ppo)")
    one.add_argument("--steps", type=whole(1, 10**12), metavar="N", help="decisions to train for")
    one.add_argument("--seed", type=whole(0, 2**31 - 1), metavar="S", help="training seed")
    one.add_argument("--out", required=True, metavar="DIR", help="run folder to make")
    one.add_argument("--config", metavar="F.yml", help="settings from a YAML file; flags come after it")
    add_set(one, "a setting of the training")

    one = verb("compare", compare, "compare agents on the same crosses")
    one.add_argument(
        "--agents", nargs="+", required=True, metavar="A", help="names or policy files; the first is tested"
    )
    add_crosses(one, 20_000)
    add_set(one, "an option of the environment")

    one = verb("watch", watch, "show one cross, in a window or as a picture or a film")
    one.add_argument("--agent", required=True, metavar="A", help="name or policy file")
    one.add_argument("--versus", metavar="B", help="another agent on the same cross, beside the first")
    one.add_argument("--seed", type=whole(0, MOST), default=0, metavar="N", help="number of the cross (%(default)s)")
    one.add_argument("--until-shot", action="store_true", help="the first cross from N on in which A's runner shoots")
    one.add_argument("--same-ball", action="store_true", help="give B the ball that A got")
    one.add_argument("--situation", metavar="FILE", help="situation file, for Situation")
    one.add_argument("--still", metavar="F.png", help="write a picture")
    one.add_argument("--video", metavar="F.mp4", help="write a film")
    add_set(one, "an option of the environment")

    one = verb("timing", timing, "measure what the start of the run is worth", env=False)
    one.add_argument("env", nargs="+", metavar="ENV", help="environment; several are drawn side by side")
    add_crosses(one, 20_000)
    one.add_argument("--figure", metavar="F.png", help="draw the curves")

    one = verb("realism", realism, "hold scripted play against published numbers", env=False)
    add_crosses(one, 200_000)
    one.add_argument("--events", metavar="F.csv", help="write one row for every cross")

    add_crosses(verb("guide", guide, "measure what a coaching guide claims", env=False), 20_000)

    one = verb("calibrate", calibrate, "calibrate the world against published numbers", env=False)
    one.add_argument("--out", required=True, metavar="DIR", help="folder to make, or to go on with")
    one.add_argument("--minutes", type=float, metavar="M", help="wall time, split over the stages")
    one.add_argument("--generations", type=whole(1, 10_000), metavar="N", help="of each stage (by stage)")
    one.add_argument("--stage", nargs="+", metavar="S", help="flight, first_contact, finish, movement, whole_attack")
    one.add_argument("--crosses", type=whole(1, MOST), metavar="N", help="of each candidate (by stage)")
    one.add_argument("--apply", metavar="F.py", help="write the chosen values into this file: envs/parameters.py")

    one = verb("sensitivity", sensitivity, "show what hangs on weak evidence", env=False)
    one.add_argument(
        "--crosses", type=whole(100, MOST), default=4000, metavar="N", help="of each setting (%(default)s)"
    )

    verb("bench", bench, "measure speed on this machine", env=False)
    verb("agents", agents, "list the agents that need no file", env=False)
    verb("tune-rules", tune_rules, "tune the coaching rules, one budget for each")
    return top


if __name__ == "__main__":
    sys.exit(main())
