"""Pictures for checking the sentences of a distilled rule by eye: crosses played by the rule, leaf by leaf."""

from pathlib import Path

import numpy as np

from backpost.agents.base.play import record
from backpost.envs.common.files import write_atomically
from backpost.envs.crosses import Crosses
from backpost.envs.interface.options import Options
from backpost.envs.interface.outcome import metrics
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import RUNNER
from backpost.renders.figures.figures import Target
from backpost.renders.film import film
from backpost.training.bench.result_file import REPORTED
from backpost.training.distil.rule import DistilledRule, RuleInWords, from_words
from backpost.training.distil.seen import AFTER, BEFORE
from backpost.training.explain.explanation import Explanation

PICTURES = 10
SEARCHED = 300
"""Crosses searched for those in which the runner meets the ball."""
TITLE = "Distilled rule"


def stills(result: Explanation, folder: Target, pictures: int = PICTURES) -> list[str]:
    """Write crosses of the distilled rule of an explanation, leaf by leaf, and a page with their sentences.

    In each leaf, crosses in which the runner is first to the ball come first. Returns the file names, the page last;
    an explanation without such a rule has none.

    Raises:
        InvalidFile: if a file cannot be written.
    """
    if result.rule is None:
        return []
    rule, env = from_words(result.rule), result.environment
    options = Options.of(**{name: _frozen(value) for name, value in result.options.items()})
    Path(folder).mkdir(parents=True, exist_ok=True)
    lines = [f"# The distilled rule of {result.agent} in {env}, cross by cross", ""]
    files = []
    for number, held, met in _chosen(rule, env, options, pictures):
        seed = episode_seeds(REPORTED, 0, number, 1)[0]
        history = record(from_words(result.rule), env, seed, options)
        path = Path(folder) / f"rule-cross-{number:03d}.png"
        film.still(path, history, title=TITLE, kind="rule")
        files.append(str(path))
        lines += [f"## Cross {number}", "", f"![cross {number}]({path.name})", ""]
        lines += [f"- {sentence}" for sentence in _sentences(result.rule, held, met)] + [f"- {_ran(history)}", ""]
    page = Path(folder) / "rule-crosses.md"
    write_atomically(page, "\n".join(lines))
    for old in Path(folder).glob("rule-cross-*.png"):
        if str(old) not in files:
            old.unlink()  # from a rule that the page no longer describes
    return [*files, str(page)]


def _chosen(rule: DistilledRule, env: str, options: Options, pictures: int) -> list[tuple[int, int, int]]:
    """Cross numbers with the leaf at each moment, taking the leaves after the strike in turn."""
    seeds = episode_seeds(REPORTED, 0, 0, SEARCHED)
    crosses = Crosses(env, SEARCHED, options=options)
    crosses.deal(seeds)
    rule.reset(seeds)
    over = np.zeros(SEARCHED, bool)
    while not over.all():
        _, over = crosses.step(rule.act(crosses.observe()))
    leaves = rule.leaves_now()
    order = np.argsort(crosses.worlds["first_contact"]["by"] != RUNNER, kind="stable")
    queues = [[int(n) for n in order if leaves[n, 1] == leaf] for leaf in range(int(leaves[:, 1].max()) + 1)]
    longest = max(map(len, queues))
    turns = [queue[turn] for turn in range(longest) for queue in queues if turn < len(queue)]
    return [(n, int(leaves[n, 0]), int(leaves[n, 1])) for n in turns[:pictures]]


def _sentences(rule: RuleInWords, held: int, met: int) -> list[str]:
    return [
        [leaf.sentence for leaf in rule.leaves if leaf.moment == moment][k]
        for moment, k in ((BEFORE, held), (AFTER, met))
    ]


def _ran(history: np.recarray) -> str:
    """What the runner then did, in one sentence with numbers."""
    of = metrics(history[-1:].view(np.recarray))[0]
    start = "he made no run" if np.isnan(of["start"]) else f"his run started {of['start']:+.1f} s from the strike"
    if of["meets"]:
        depth = HALF_LENGTH - of["place_x"]
        where = f"{depth:.1f} m out, {of['place_y']:+.1f} m from the middle"
        end = f"he met the ball {where}, {of['arrival']:.1f} s after it"
    else:
        end = "he did not meet the ball"
    return f"In fact {start}; {end}."


def _frozen(value: object) -> object:
    """Converts JSON lists to the tuples used in options."""
    return tuple(value) if isinstance(value, list) else value
