"""Explain an agent: when and where it runs, what its timing and its cues are worth, its rule in words, its exploits.

Everything is measured on crosses of the label "evaluate", paired with the best coaching rule, which is chosen on other
crosses. Each finished part is written at once, so an interrupted explanation resumes where it stopped.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from backpost.agents.base.agent import Agent
from backpost.agents.base.identity import identity_of
from backpost.agents.base.play import Progress, observer
from backpost.agents.registry import agent as by_name
from backpost.agents.rules.registry import RULES
from backpost.envs.common.errors import InvalidFile, InvalidValue, UnknownName
from backpost.envs.interface.options import Options
from backpost.envs.scenarios.registry import scenario
from backpost.envs.world.chance import episode_seeds
from backpost.training.bench.compare import best_rule
from backpost.training.bench.made_with import files_of
from backpost.training.bench.result_file import REPORTED, plain_options, read_result, write_result
from backpost.training.bench.runs import LEVEL, Make, Runs, paired, runs
from backpost.training.distil.distil import BUDGET, ExplainedRule, distilled_rule, kept_share, played_in_distilling
from backpost.training.distil.rule import in_words

from .cues import GROUPS, Cues, cues
from .explanation import PARTS, Explanation
from .exploits import AS_IT_IS, WRAPS, Exploits, exploits, timing_verdict
from .shift import SHIFTS, Sweep, sweep
from .where import Others, Where, maps, where

SHARES = {"others": 0.25, "shift": 0.25, "cues": 0.5}
"""Share of the crosses used by parts that play them many times."""
FEWEST = 40
FORMAT = 1
"""Increased when the parts change, so that a file in an older format is not continued."""
BEST_RULE_CROSSES = 4000


def explain(
    env: str,
    agent: str,
    crosses: int = 20_000,
    first_seed: int = 0,
    *,
    options: Options | None = None,
    parts: tuple[str, ...] = PARTS,
    rule: str | None = None,
    path: str | Path | None = None,
    progress: Progress | None = None,
) -> Explanation:
    """Explain one agent, given by name or as a policy file.

    Args:
        env: the scenario.
        agent: the agent to explain.
        crosses: number of crosses; parts that play them many times use a share of them.
        first_seed: number of the first seed.
        options: options of the scenario.
        parts: the parts to play; by default all of `PARTS`.
        rule: the coaching rule to compare with; by default the best one.
        path: file in which every finished part is saved; parts of the same explanation in it are not played again.
        progress: called with the number of crosses played.

    Raises:
        UnknownName: for an unknown environment, agent or part.
        InvalidFile: if the file is not a policy, or the path cannot be written.
        InvalidValue: for fewer than 40 crosses, an agent that does not decide from observations, or a path when the
            scenario has no version.
    """
    _check(crosses, first_seed, parts)
    env = scenario(env).name
    observer(by_name(agent, env))
    beside = rule or best_rule(env, BEST_RULE_CROSSES, options)
    work = _Work(env, agent, beside, episode_seeds(REPORTED, 0, first_seed, crosses), options, progress)
    if path is not None:
        scenario(env).identity()
    done = _finished(path, work.head(crosses, first_seed))
    doing: Mapping[str, Callable[[], Any]] = {
        "where": work.where,
        "shift": work.shift,
        "cues": work.cues,
        "rule": work.rule,
        "exploits": work.exploits,
    }
    for part in PARTS:
        if part in parts and getattr(done, part) is None:
            done = _with_timing(replace(done, **{part: doing[part]()}))
            if path is not None:
                write_result(path, done)
    return done


def crosses_to_play(crosses: int, parts: tuple[str, ...] = PARTS) -> int:
    """How many crosses `explain` plays in all, for a progress bar."""
    played = {
        "where": 2 * crosses + (len(RULES) - 1) * _share(crosses, "others"),
        "shift": 2 * (len(SHIFTS) + 1) * _share(crosses, "shift"),
        "cues": (len(GROUPS) + 2) * _share(crosses, "cues"),
        "rule": played_in_distilling(crosses),
        "exploits": 2 * (len(WRAPS) + 1) * crosses,
    }
    return sum(played[part] for part in parts)


class _Work:
    """The parts of one explanation; runs that several parts need are kept."""

    def __init__(
        self, env: str, agent: str, rule: str, seeds: Any, options: Options | None, progress: Progress | None
    ) -> None:
        self.env, self.seeds, self.options, self.progress = env, seeds, options, progress
        self.names = (agent, rule)
        self._played: dict[str, Runs] = {}

    def head(self, crosses: int, first_seed: int) -> Explanation:
        """The explanation without its parts: everything that determines their content."""
        return Explanation(
            environment=self.env,
            agent=self.suspect().name,
            source=self.names[0],
            best_rule=self.names[1],
            options=plain_options(self.options),
            crosses=crosses,
            first_seed=first_seed,
            label=REPORTED,
            level=LEVEL,
            who=identity_of(self.suspect()),
            beside=identity_of(by_name(self.names[1], self.env)),
            files=files_of(self.options),
            format=FORMAT,
            extension=scenario(self.env).behaviour(),
        )

    def suspect(self) -> Agent:
        """A fresh copy of the agent."""
        return observer(by_name(self.names[0], self.env))

    def maker(self, name: str) -> Make:
        """A function that makes copies of the agent with this name."""
        return lambda: by_name(name, self.env)

    def played(self, name: str) -> Runs:
        """The runs (n,) of an agent on all crosses."""
        if name not in self._played:
            self._played[name] = runs(self.maker(name), self.env, self.seeds, self.options, self.progress)
        return self._played[name]

    def part(self, share: str) -> Any:
        """Seeds of the first crosses, as many as a part uses."""
        return self.seeds[: _share(len(self.seeds), share)]

    def where(self) -> Where:
        """When and where the agent and the best rule run; the other rules on a share of the crosses."""
        beside, both = self.names[1], {self.suspect().name: self.names[0], self.names[1]: self.names[1]}
        few = self.part("others")
        others = {
            name: where(runs(self.maker(name), self.env, few, self.options, self.progress))
            for name in RULES
            if name not in both
        }
        return Where(
            runs={name: where(self.played(source)) for name, source in both.items()},
            others=Others(len(few), others),
            maps={name: maps(self.played(source)) for name, source in both.items()},
            gain=paired(self.played(self.names[0])["xg"], self.played(beside)["xg"]),
        )

    def shift(self) -> dict[str, Sweep]:
        """The runs of the agent and of the rule, repeated earlier and later."""
        seeds = self.part("shift")
        return {
            by_name(name, self.env).name: sweep(self.maker(name), self.env, seeds, self.options, progress=self.progress)
            for name in self.names
        }

    def cues(self) -> Cues:
        """What the agent loses without each cue."""
        return cues(self.maker(self.names[0]), self.env, self.part("cues"), self.options, progress=self.progress)

    def rule(self) -> ExplainedRule:
        """The agent as a rule in words, and how much of the agent's gain that rule keeps."""
        distilled = distilled_rule(
            self.maker(self.names[0]), self.names[1], self.env, self.options, BUDGET, self.progress
        )
        kept = runs(distilled.agent, self.env, self.seeds, self.options, self.progress)
        share = kept_share(self.played(self.names[0]), self.played(self.names[1]), kept)
        return ExplainedRule(**vars(in_words(distilled.rule)), **vars(share), tried=distilled.tried)

    def exploits(self) -> Exploits:
        """The habits of the agent and of the best rule, and whether the agent's lead survives worse senses."""
        makers = [self.maker(name) for name in self.names]
        played = (self.played(self.names[0]), self.played(self.names[1]))
        return exploits(makers[0], makers[1], played, self.env, self.seeds, self.options, self.progress)


def _check(crosses: int, first_seed: int, parts: tuple[str, ...]) -> None:
    if crosses < FEWEST or first_seed < 0:
        raise InvalidValue(
            f"explain needs at least {FEWEST} crosses and a first seed from 0, got {crosses} and {first_seed}"
        )
    for part in parts:
        if part not in PARTS:
            raise UnknownName("part", part, PARTS)


def _share(crosses: int, of: str) -> int:
    return max(int(crosses * SHARES[of]), min(crosses, FEWEST))


def _with_timing(explanation: Explanation) -> Explanation:
    """Add the verdict on timing once the parts that it needs are there."""
    swept, exploits = explanation.shift, explanation.exploits
    if swept is None or exploits is None:
        return explanation
    lead = exploits.senses[AS_IT_IS].lead
    timing = timing_verdict(swept[explanation.agent], swept[explanation.best_rule], lead)
    return replace(explanation, exploits=replace(exploits, timing=timing))


def _finished(path: str | Path | None, head: Explanation) -> Explanation:
    """The explanation with those of its parts that a file already holds.

    Nothing is reused where it cannot be shown to be the same: for agents without an identity, and for scenarios from
    outside this package.
    """
    identified = head.who is not None and head.beside is not None and not scenario(head.environment).fingerprint
    if path is None or not identified or not Path(path).is_file():
        return head
    try:
        stored = read_result(path, Explanation)
    except InvalidFile:
        return head
    return stored if stored.head() == head else head
