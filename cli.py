"""The command `backpost`: one thin function per verb, which parses, calls the package, prints and writes.

What a verb needs is imported inside it, so `backpost --help` does not wait for Numba and a verb needs only its extra.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from backpost.training.command import grammar
from backpost.training.command.reporting import (
    alone,
    complain,
    environment,
    environment_options,
    environments,
    expanded,
    measure,
    progress_bar,
    report,
    say,
    single,
)
from backpost.training.command.running import STOPPED, run
from backpost.training.command.terminal import show


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns its exit code (see `running.run`)."""
    return run(parser, argv)


def train(arguments: argparse.Namespace) -> int:
    """Train a policy into a run folder, or go on with a run that was stopped."""
    from backpost.training.command.training import run_training
    from backpost.training.learn.progress import read_progress
    from backpost.training.learn.resuming import resume_command

    folder = run_training(arguments)
    run = read_progress(folder.path)
    worth = "" if run.best is None else f", {run.best.xg_per_100:.2f} xG per 100 crosses when it was selected"
    command = resume_command(folder.path, folder.extensions())
    onward = f"\nto resume: {command}" if run.status == "interrupted" else ""
    policy = f"{folder.policy}{worth}" if folder.policy.exists() else "there is no policy yet"
    report(arguments, run, f"{run.status} after {run.steps or 0:,} decisions: {policy}{onward}")
    return STOPPED if onward else 0


def compare(arguments: argparse.Namespace) -> None:
    """Compare agents on the same crosses."""
    from backpost.training.bench.compare import compare as play_all
    from backpost.training.bench.comparison import table

    env = environment(arguments)
    options = environment_options(arguments)
    agents = expanded(arguments.agents, env, options)
    files = {"keep": arguments.keep, "events_path": arguments.events}
    play = partial(play_all, env, agents, arguments.crosses, arguments.seed, options=options, **files)
    measure(arguments, len(agents) * arguments.crosses, play, table)


def watch(arguments: argparse.Namespace) -> None:
    """Show one cross, in a window or as a picture."""
    from backpost.renders.film import film
    from backpost.renders.scene import watched
    from backpost.renders.window import browse, viewer

    shown = _played(arguments)
    if arguments.still:
        film.still(arguments.still, shown.runs[0], **shown.drawing)
    report(arguments, shown.result(), watched.table(shown.result()))
    if not arguments.still:
        viewer.Viewer(browse.Browse(shown, environment_options(arguments))).run()


def play(arguments: argparse.Namespace) -> None:
    """Let a person run, beside the learned run and the best rule."""
    from backpost.renders.window.play_session import Files, Session, crosses_to_play

    files = Files(arguments.scores, arguments.record)
    options = environment_options(arguments)
    with progress_bar("crosses", crosses_to_play()) as bar:
        session = Session(arguments.env, arguments.versus, files, options, progress=bar.update)
    session.run(arguments.seed)
    report(arguments, session.result(), session.table())


def film(arguments: argparse.Namespace) -> None:
    """Write one cross as a film, as pictures of its moments, as a sheet of paper."""
    from backpost.renders.film import filmed
    from backpost.renders.scene import watched

    shown = _played(arguments)
    with progress_bar("frames", filmed.frames(shown, arguments.film)) as bar:
        filmed.write(shown, arguments.film, arguments.stills, arguments.sheet, progress=bar.update)
    report(arguments, shown.result(), watched.table(shown.result()))


def session(arguments: argparse.Namespace) -> None:
    """Write a training plan for a coach: three drills on one HTML page."""
    from backpost.renders.plan.plan import write_session
    from backpost.renders.plan.played import play_examples
    from backpost.training.session import session as plan

    with progress_bar("crosses", plan.crosses_to_play(arguments.crosses)) as bar:
        result = plan.session(arguments.crosses, arguments.seed, progress=bar.update)
    report(arguments, result, plan.table(result))
    write_session(arguments.page, result, play_examples(result))


def _played(arguments: argparse.Namespace) -> Any:
    """One cross with one agent or two."""
    from backpost.renders.scene.watched import watch_cross

    env = environment(arguments)
    options = environment_options(arguments)
    agents = single([arguments.agent, arguments.versus] if arguments.versus else [arguments.agent], env, options)
    how = {"same_ball": arguments.same_ball, "until_shot": arguments.until_shot}
    return watch_cross(env, agents, arguments.seed, options=options, **how)


def timing(arguments: argparse.Namespace) -> None:
    """Measure what the start of the run is worth."""
    from backpost.training.bench.timing import BALLS, SETTINGS, STARTS, Timing, table, timing_curve

    envs = environments(arguments)
    played = len(envs) * len(SETTINGS) * (len(BALLS) * len(STARTS) + 1)
    with progress_bar("crosses", played * arguments.crosses) as bar:
        results = [timing_curve(env, arguments.crosses, arguments.seed, progress=bar.update) for env in envs]
    report(arguments, Timing(tuple(results)), "\n\n".join(map(table, results)))
    if arguments.figure:
        from backpost.renders.figures.figures import timing_figures

        timing_figures(results, arguments.figure)


def results(arguments: argparse.Namespace) -> int:
    """Make the results again: from the shipped policies, or from scratch."""
    from backpost.agents import registry
    from backpost.training.bench.result_file import read_result
    from backpost.training.explain.explanation import Explanation
    from backpost.training.results import card as results_card
    from backpost.training.results import results as played
    from backpost.training.results import table as results_table

    out, policies = Path(arguments.out), registry.POLICIES
    if arguments.from_scratch and (arguments.ceilings or arguments.explained):
        return complain("policies that are yet to be trained have no ceiling or explanation: name none")
    ceilings = results_table.read_ceilings(arguments.ceilings, policies)
    explained = [read_result(file, Explanation) for file in arguments.explained]
    if arguments.from_scratch:
        from backpost.training.results.scratch import train_policies

        policies = train_policies(out, say=say)
    with progress_bar("crosses", played.crosses_to_play(policies, crosses=arguments.crosses)) as bar:
        result = played.results(out / "played", policies, arguments.crosses, progress=bar.update)
    report(arguments, result, results_table.table(result))
    for folder in [policies] * arguments.from_scratch + [arguments.ship] * bool(arguments.ship):
        results_card.ship(policies, Path(folder), result)
    if arguments.markdown:
        results_table.write_markdown(arguments.markdown, result, ceilings)
    if arguments.figures:
        from backpost.renders.figures import results as figures_results

        figures_results.draw(result, Path(arguments.figures))
    if arguments.pages:
        from backpost.renders.page import results_pages

        with progress_bar("crosses", results_pages.crosses_to_play(result)) as bar:
            results_pages.write_pages(result, policies, Path(arguments.pages), explained, progress=bar.update)
    return 0


def trainings(arguments: argparse.Namespace) -> None:
    """Tell what many trainings brought, from their run folders."""
    from backpost.training.results.runs import crosses_to_play, evidence, table, training_runs

    runs = training_runs(Path(arguments.runs))
    with progress_bar("crosses", crosses_to_play(runs, arguments.crosses)) as bar:
        result = evidence(runs, Path(arguments.out) / "played", arguments.crosses, progress=bar.update)
    report(arguments, result, table(result))
    if arguments.figures:
        from backpost.renders.figures import results as figures_results

        figures_results.learning(result, Path(arguments.figures) / "learning.png")


def robustness(arguments: argparse.Namespace) -> None:
    """Play the same agents under other defences, in easier scenes, and with duller senses."""
    from backpost.training.bench import robustness as changed

    agents = {env: expanded(arguments.agents, env) for env in environments(arguments)}
    total = sum(changed.crosses_to_play(env, len(names), arguments.crosses) for env, names in agents.items())
    with progress_bar("crosses", total) as bar:
        how = {"keep": arguments.keep, "progress": bar.update}
        results = [
            changed.robustness(env, names, arguments.crosses, arguments.seed, **how) for env, names in agents.items()
        ]
    report(arguments, changed.Robustness(tuple(results)), "\n\n".join(map(changed.table, results)))
    if arguments.figure:
        from backpost.renders.figures.results import robust

        robust(results, arguments.figure)


def aa(arguments: argparse.Namespace) -> None:
    """Compare an agent with itself on different luck."""
    from backpost.training.bench.aa import aa_check, table

    env = environment(arguments)
    (name,) = single([arguments.agent], env)
    play = partial(aa_check, env, name, arguments.crosses, arguments.comparisons)
    measure(arguments, 2 * arguments.crosses * arguments.comparisons, play, table)


def realism(arguments: argparse.Namespace) -> None:
    """Hold simulated crosses against published numbers."""
    from backpost.training.realism.realism import realism as play_and_judge
    from backpost.training.realism.realism import table

    play = partial(play_and_judge, arguments.crosses, arguments.seed, events_path=arguments.events)
    measure(arguments, arguments.crosses, play, table)


def guide(arguments: argparse.Namespace) -> None:
    """Measure what a coaching guide to the back-post run claims; what needs policies comes from stored runs."""
    from backpost.training.guide.content import Guide
    from backpost.training.guide.guide import crosses_to_play, table
    from backpost.training.guide.guide import guide as measure_claims
    from backpost.training.guide.stored import filled, read_stored

    stored = read_stored(arguments.explained, arguments.drilled, arguments.undrilled)

    def play(progress: Callable[[int], None]) -> Guide:
        return filled(measure_claims(arguments.crosses, arguments.seed, progress=progress), stored)

    measure(arguments, crosses_to_play(arguments.crosses), play, table)


def sensitivity(arguments: argparse.Namespace) -> None:
    """Show what hangs on numbers that no published statistic identifies."""
    from backpost.training.sensitivity.played import crosses_to_play, played_sensitivity
    from backpost.training.sensitivity.sensitivity import table

    total = crosses_to_play(arguments.crosses)
    measure(arguments, total, partial(played_sensitivity, arguments.crosses), table)


def calibrate(arguments: argparse.Namespace) -> None:
    """Calibrate the world against published numbers, round by round; the same folder goes on where it was."""
    from backpost.training.calibration import calibrate as calibrating
    from backpost.training.calibration.report import apply, calibration_table

    names = ("rounds", "points", "crosses", "centre_crosses", "finishing_crosses", "minutes", "workers", "seed")
    settings = calibrating.Settings(**{name: getattr(arguments, name) for name in names})
    result = calibrating.calibrate(arguments.out, settings, progress=say)
    if arguments.apply:
        apply(result, arguments.apply)
    report(arguments, result, calibration_table(result))


def bench(arguments: argparse.Namespace) -> None:
    """Measure speed on this machine."""
    from backpost.training.speed import speed

    result = speed.bench(progress=say)
    report(arguments, result, speed.table(result))


def warm_up(arguments: argparse.Namespace) -> None:
    """Compile what every environment needs, ahead of time."""
    from backpost.training.speed import warm_up as ahead

    result = ahead.warm_up()
    report(arguments, result, ahead.table(result))


def agents(arguments: argparse.Namespace) -> None:
    """List the agents that need no file."""
    from backpost.agents.registry import descriptions
    from backpost.training.bench.agent_list import AgentList, table

    result = AgentList(descriptions())
    report(arguments, result, table(result))


def tune_rules(arguments: argparse.Namespace) -> None:
    """Tune the free numbers of every coaching rule with one budget; the same file goes on where it was."""
    from backpost.training.command.training import tune

    show(f"{arguments.json}: the tuned numbers of {tune(arguments)} rules with their evidence")


def ceiling(arguments: argparse.Namespace) -> None:
    """Compare agents with the best run that can be found."""
    from backpost.training.bench import ceiling as best
    from backpost.training.bench.ceiling_result import table

    env = environment(arguments)
    options = environment_options(arguments)
    names = expanded(arguments.agents, env, options)
    play = partial(best.ceiling, env, names, arguments.crosses, arguments.seed, options=options, out=arguments.out)
    total = best.crosses_to_play(len(names), arguments.crosses, measured=arguments.measured)
    measure(arguments, total, partial(play, measured=arguments.measured), table)


def explain(arguments: argparse.Namespace) -> None:
    """Tell when and where an agent runs, and why; the same file goes on where it was."""
    from backpost.training.explain import explain as explaining
    from backpost.training.explain.table import table

    env, options = environment(arguments), environment_options(arguments)
    (name,) = single([arguments.agent], env, options)
    total = explaining.crosses_to_play(arguments.crosses)
    with alone(arguments.json, "explaining into"), progress_bar("crosses", total) as bar:
        how = {"options": options, "path": arguments.json, "progress": bar.update}
        result = explaining.explain(env, name, arguments.crosses, arguments.seed, **how)
    show(table(result))
    if arguments.figures:
        from backpost.renders.explain import figures as explain_figures
        from backpost.renders.explain import stills as explain_stills

        explain_figures.draw(result, Path(arguments.figures))
        explain_stills.stills(result, Path(arguments.figures))


def exploits(arguments: argparse.Namespace) -> int:
    """Train short policies and tell which of them are outside published bands: whether a world can be released."""
    from backpost.training.command.training import search_exploits
    from backpost.training.exploits.table import table

    result = search_exploits(arguments)
    report(arguments, result, table(result))
    return 0 if result.releasable else 1


def page(arguments: argparse.Namespace) -> None:
    """Write a page for a coach: one HTML file."""
    from backpost.renders.page.page import table, write_page
    from backpost.renders.page.played import Amounts, play_page
    from backpost.training.bench.comparison import Comparison
    from backpost.training.bench.result_file import read_result
    from backpost.training.explain.explanation import Explanation

    env = environment(arguments)
    options = environment_options(arguments)
    agents = single([arguments.agent, arguments.versus], env, options)
    comparison = read_result(arguments.comparison, Comparison) if arguments.comparison else None
    explained = read_result(arguments.explained, Explanation) if arguments.explained else None
    amounts = Amounts(arguments.crosses, arguments.measured)
    play = partial(play_page, env, agents, arguments.seed, amounts, comparison=comparison, explained=explained)
    with progress_bar("crosses", amounts.crosses(compared=comparison is not None)) as bar:
        played = play(options=options, progress=bar.update)
    report(arguments, played.result(), table(played))
    write_page(arguments.page, played)


VERBS: dict[str, Callable[[argparse.Namespace], int | None]] = {
    "agents": agents,
    "train": train,
    "tune-rules": tune_rules,
    "compare": compare,
    "ceiling": ceiling,
    "explain": explain,
    "exploits": exploits,
    "results": results,
    "trainings": trainings,
    "robustness": robustness,
    "aa": aa,
    "report": page,
    "watch": watch,
    "film": film,
    "play": play,
    "session": session,
    "timing": timing,
    "realism": realism,
    "guide": guide,
    "calibrate": calibrate,
    "sensitivity": sensitivity,
    "bench": bench,
    "warm-up": warm_up,
}
"""What each verb does."""


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    return grammar.parser(VERBS)


if __name__ == "__main__":
    sys.exit(main())
