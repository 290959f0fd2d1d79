"""`backpost play`: a person runs cross after cross, compares each run with those of others, and keeps the scores."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from backpost.agents import recorded
from backpost.agents.base.agent import Agent
from backpost.agents.base.play import Progress, record
from backpost.agents.recorded import Plays
from backpost.agents.registry import agent, is_shipped
from backpost.agents.rules.registry import RULES
from backpost.envs.common.errors import InvalidFile
from backpost.envs.interface.options import Options
from backpost.envs.scenarios.registry import scenario
from backpost.envs.world.chance import episode_seeds
from backpost.renders.frame.palette import KINDS
from backpost.renders.scene import captions
from backpost.renders.scene.moments import moments
from backpost.renders.scene.watched import Watched, title
from backpost.training.bench.compare import best_rule

from . import captions as words
from . import scores
from .live import Live
from .overlay import Row
from .scores import RUNNERS, Score, Scores
from .viewer import Card, Viewer
from .window import Window, require_display

LEARNED, BEST = "learned", "best-rule"
CHOSEN_ON = 4000
"""Crosses on which the best rule is chosen."""


@dataclass(frozen=True)
class Files:
    """Where a session is saved; None: not saved.

    Attributes:
        scores: JSON of `scores.write`.
        plays: JSON of `recorded.write`.
    """

    scores: str | os.PathLike[str] | None = None
    plays: str | os.PathLike[str] | None = None


class Replay:
    """Shown after a play: the person's run beside the learned one, or beside the rule.

    Attributes:
        shown: the comparison shown now.
        wanted: the cross requested next.
        card: the table of all runs on the cross.
    """

    def __init__(
        self, env: str, cross: int, runs: Mapping[str, np.recarray], others: Mapping[str, Agent], card: Card
    ) -> None:
        self.card = card
        self._runs = runs
        self._names = {RUNNERS[0]: RUNNERS[0]} | {name: runner.name for name, runner in others.items()}
        self._titles = {name: title(runner) for name, runner in others.items()}
        self._env, self._cross = env, cross
        self.wanted = cross
        self._done = False
        self.shown = self._beside(RUNNERS[1])

    def cross(self, by: int) -> None:
        """Request the next cross (1), or this one again (-1)."""
        self.wanted = self._cross + max(by, 0)
        self._done = True

    def agent(self, by: int) -> None:
        """Compare the person's run with the other one; the person stays."""
        self.rule(by)

    def rule(self, by: int) -> None:
        """Compare the person's run with the other one."""
        now = self.shown.agents[1]
        self.shown = self._beside(RUNNERS[2] if now == self._names[RUNNERS[1]] else RUNNERS[1])

    def viewer(self, window: Window) -> Viewer:
        """A viewer for it: the table first, then both runs side by side."""
        return Viewer(self, window, keys=words.REPLAY_KEYS, beside=True, card=self.card)

    def show(self, window: Window) -> None:
        """Show it until another cross is requested or the window is closed.

        Raises:
            NoDisplay: if there is no screen.
        """
        self.viewer(window).run_until(lambda: self._done)

    def _beside(self, other: str) -> Watched:
        drawing = {
            "title": words.PERSON,
            "kind": "learner",
            "other": self._runs[other],
            "other_title": self._titles[other],
            "other_kind": "rule",
        }
        agents = (RUNNERS[0], self._names[other])
        return Watched(self._env, self._cross, False, agents, (self._runs[RUNNERS[0]], self._runs[other]), drawing)


class Session:
    """A person's session in one environment.

    Args:
        env: scenario.
        versus: the first opponent on the same crosses: by default the learned policy, or the rule if there is none.
        files: where plays and scores are saved.
        options: options of the environment.
        rule: the name of the rule that runs them too; by default the best one is chosen (takes seconds).
        progress: called with the number of crosses played in that choice.

    Raises:
        NoDisplay: if there is no screen.
        UnknownName: for an unknown environment or agent.
        InvalidFile: for a file in another format, or with plays of another environment or options.
        InvalidValue: for an invalid option.
    """

    def __init__(
        self,
        env: str,
        versus: str | None = None,
        files: Files | None = None,
        options: Options | None = None,
        *,
        rule: str | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.env, self.options, self.files = scenario(env).name, options or Options(), files or Files()
        self.scores: Scores = scores.read(self.files.scores) if self.files.scores is not None else {}
        self.plays = _plays(self.files.plays, Plays(self.env, self.options))
        pairs = [f"{name}={value}" for name, value in sorted(recorded.chosen(self.options).items())]
        self.score = self.scores.setdefault(" ".join([self.env, *pairs]), Score())
        first = versus or (LEARNED if is_shipped(self.env) else BEST)
        if first != BEST:
            agent(first, self.env)  # reject a wrong name before anything is played
        require_display()
        rule = rule or best_rule(self.env, CHOSEN_ON, options=self.options, progress=progress)
        chosen = (rule if first == BEST else first, rule)
        self._others = {name: agent(runner, self.env) for name, runner in zip(RUNNERS[1:], chosen, strict=True)}

    @property
    def following(self) -> int:
        """The first cross after all counted ones."""
        return max(self.score.seeds, default=-1) + 1

    def result(self) -> scores.PlayResult:
        """The scores in the form in which they are written."""
        return scores.result(self.scores)

    def table(self) -> str:
        """The scores as text."""
        return scores.table(self.scores)

    def run(self, cross: int | None = None, window: Window | None = None) -> None:
        """Play from this cross on, or from the first new one, until the window is closed.

        Raises:
            NoDisplay: if there is no screen.
            InvalidFile: if plays or scores cannot be written.
        """
        window = window or Window()
        wanted = self.following if cross is None else cross
        try:
            while not window.closed:
                live = Live(self.env, wanted, window, self.options)
                live.run()
                if live.over:
                    replay = self.ended(live)
                    replay.show(window)
                    wanted = replay.wanted
        finally:
            window.close()

    def ended(self, live: Live) -> Replay:
        """Run the same cross with the other agents, count it and save it.

        Raises:
            InvalidFile: if plays or scores cannot be written.
        """
        seed = episode_seeds("evaluate", 0, live.cross, 1)[0]
        runs = {RUNNERS[0]: live.history()}
        runs |= {name: record(runner, self.env, seed, self.options) for name, runner in self._others.items()}
        worth = {name: float(moments(run).row["xg"]) for name, run in runs.items()}
        counts = self.score.add(live.cross, worth)
        if counts and self.files.scores is not None:
            scores.write(self.files.scores, self.scores)
        if self.files.plays is not None and live.cross not in self.plays.runs:
            self.plays = self.plays.added(live.cross, live.actions())
            recorded.write(self.files.plays, self.plays)
        card = self._card(live.cross, runs, counts)
        return Replay(self.env, live.cross, runs, self._others, card)

    def _card(self, cross: int, runs: Mapping[str, np.recarray], counts: bool) -> Card:
        """All runs on this cross, one per row, with the scores below."""
        names = {RUNNERS[0]: words.PERSON} | {name: title(runner) for name, runner in self._others.items()}
        shown = list(dict.fromkeys(names.values()))
        rows = [(name, *_told(runs[next(who for who in names if names[who] == name)])) for name in shown]
        sums = [(name, self.score.xg[next(who for who in names if names[who] == name)]) for name in shown]
        foot = [words.counted(len(self.score.seeds), sums), *([] if counts else [words.SECOND_TRY]), words.ANY_KEY]
        colours = [KINDS["learner"], *[KINDS["rule"]] * (len(rows) - 1)]
        return words.after_play(captions.scenario(self.env), cross), rows, foot, colours


def crosses_to_play() -> int:
    """Number of crosses played to choose a rule."""
    return len(RULES) * CHOSEN_ON


def _told(run: np.recarray) -> Row:
    """One run as a row: its value, how the runner met the ball, how it ended."""
    when = moments(run)
    met = words.NOT_MET
    if when.meets is not None:
        met = words.meets(captions.TECHNIQUES[int(when.row["technique"])], float(when.row["separation"]))
    return words.expected_goals(float(when.row["xg"])), met, captions.result(when)


def _plays(path: str | os.PathLike[str] | None, mine: Plays) -> Plays:
    """The plays already in a file, if they are of the same environment with the same options.

    Raises:
        InvalidFile: if they are not.
    """
    if path is None or not Path(path).exists():
        return mine
    kept = recorded.read(path)
    if (kept.environment, recorded.chosen(kept.options)) != (mine.environment, recorded.chosen(mine.options)):
        raise InvalidFile(f"{path} has plays of {kept.environment} with other options; name another file")
    return kept
