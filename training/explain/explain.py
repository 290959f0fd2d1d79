"""Explain an agent: when and where he runs, what his moment and his cues are worth, his rule in words, his tricks.

Everything is measured on crosses of the label "evaluate", on pairs, beside the best coaching rule (chosen on other
crosses). Parts that are finished are handed to `kept`, so a long explanation goes on where it was stopped.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from backpost.agents.base.agent import Agent
from backpost.agents.base.identity import identity_of
from backpost.agents.base.play import Progress, observer
from backpost.agents.registry import agent as by_name
from backpost.agents.rules.registry import RULES
from backpost.envs.common.errors import InvalidValue, UnknownName
from backpost.envs.common.files import write_atomically
from backpost.envs.interface.options import Options
from backpost.envs.scenarios.registry import scenario
from backpost.envs.world.chance import episode_seeds
from backpost.training.bench.compare import best_rule
from backpost.training.bench.made_with import files_of, made_with
from backpost.training.bench.runs import LEVEL, Make, Runs, paired, runs
from backpost.training.distil.distil import BUDGET, distilled_rule, kept_share, played_in_distilling

from .cues import GROUPS, cues
from .exploits import WRAPS, exploits, timing_verdict
from .shift import SHIFTS, sweep
from .where import maps, where

PARTS = ("where", "shift", "cues", "rule", "exploits")
"""Parts of an explanation, in their order."""
SHARES = {"others": 0.25, "shift": 0.25, "cues": 0.5}
"""Part of the crosses that the many plays of these take."""
FEWEST = 40
FORMAT = 1
"""Raised when the parts change, so that a file is not gone on with that was begun otherwise."""
BEST_RULE_CROSSES = 4000


def explain(
    env: str,
    agent: str,
    crosses: int = 20_000,
    first_seed: int = 0,
    *,
    options: Options | None = None,
    parts: tuple[str, ...] | None = None,
    rule: str | None = None,
    path: str | Path | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Everything about one agent (a name or a policy file), as a dict for JSON; see `explain_table.table`.

    Args:
        env: the scenario.
        agent: whom to explain.
        crosses: how many; parts that play them many times take a share of them.
        first_seed: number of the first.
        options: of the scenario.
        parts: which parts; all that there can be (`parts_of`) if left out.
        rule: the coaching rule beside him; the best one if left out.
        path: a file that keeps every finished part; if it holds some of this very explanation, they are not done again.
        progress: called with crosses that have been played.

    Raises:
        UnknownName: for an unknown environment, agent or part.
        InvalidFile: for a file that is no policy, or a path that cannot be written.
        InvalidValue: for fewer than 40 crosses, an agent who does not decide by observations, or a part that there
            cannot be with these options.
    """
    parts = parts_of(options) if parts is None else parts
    _check(crosses, first_seed, parts, options)
    env = scenario(env).name
    observer(by_name(agent, env))
    beside = rule or best_rule(env, BEST_RULE_CROSSES, options)
    work = _Work(env, agent, beside, episode_seeds("evaluate", 0, first_seed, crosses), options, progress)
    head = work.head(crosses, first_seed)
    done = _finished(path, head)
    doing: Mapping[str, Callable[[], Any]] = {
        "where": work.where,
        "shift": work.shift,
        "cues": work.cues,
        "rule": work.rule,
        "exploits": work.exploits,
    }
    for part in PARTS:
        if part in parts and part not in done:
            done[part] = doing[part]()
            if {"shift", "exploits"} <= set(done):
                lead = done["exploits"]["senses"]["as it is"]["lead"]
                swept = done["shift"]
                done["exploits"]["timing"] = timing_verdict(swept[head["agent"]], swept[beside], lead)
            if path is not None:
                write_atomically(path, json.dumps({**head, **done}, indent=1, allow_nan=False) + "\n")
    return {**head, **done}


def parts_of(options: Options | None) -> tuple[str, ...]:
    """The parts that there can be: a rule in words asks what is seen as a cross opens, so it needs eyes all round."""
    full = options is None or options.vision == "full"
    return tuple(part for part in PARTS if full or part != "rule")


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
    """The parts of one explanation; the plays that several need are kept."""

    def __init__(
        self, env: str, agent: str, rule: str, seeds: Any, options: Options | None, progress: Progress | None
    ) -> None:
        self.env, self.seeds, self.options, self.progress = env, seeds, options, progress
        self.names = (agent, rule)
        self._played: dict[str, Runs] = {}

    def head(self, crosses: int, first_seed: int) -> dict[str, Any]:
        """What an explanation is of, and all that decides what is in it."""
        return {
            "environment": self.env,
            "agent": self.suspect().name,
            "source": self.names[0],
            "best_rule": self.names[1],
            "options": asdict(self.options or Options()),
            "crosses": crosses,
            "first_seed": first_seed,
            "label": "evaluate",
            "level": LEVEL,
            "made_with": made_with(),
            "who": identity_of(self.suspect()),
            "beside": identity_of(by_name(self.names[1], self.env)),
            "files": files_of(self.options),
            "format": FORMAT,
        }

    def suspect(self) -> Agent:
        """A fresh copy of the agent."""
        return observer(by_name(self.names[0], self.env))

    def maker(self, name: str) -> Make:
        """Makes copies of an agent by its name."""
        return lambda: by_name(name, self.env)

    def played(self, name: str) -> Runs:
        """The runs (n,) of an agent in all crosses."""
        if name not in self._played:
            self._played[name] = runs(self.maker(name), self.env, self.seeds, self.options, self.progress)
        return self._played[name]

    def part(self, share: str) -> Any:
        """The first crosses, as many as a part takes."""
        return self.seeds[: _share(len(self.seeds), share)]

    def where(self) -> dict[str, Any]:
        """When and where he runs, beside the best rule; the other rules on a share of the crosses."""
        beside, both = self.names[1], {self.suspect().name: self.names[0], self.names[1]: self.names[1]}
        few = self.part("others")
        others = {
            name: where(runs(self.maker(name), self.env, few, self.options, self.progress))
            for name in RULES
            if name not in both
        }
        return {
            "runs": {name: where(self.played(source)) for name, source in both.items()},
            "others": {"crosses": len(few), "runs": others},
            "maps": {name: maps(self.played(source)) for name, source in both.items()},
            "gain": paired(self.played(self.names[0])["xg"], self.played(beside)["xg"]),
        }

    def shift(self) -> dict[str, Any]:
        """The same run earlier and later, his and the rule's."""
        seeds = self.part("shift")
        return {
            by_name(name, self.env).name: sweep(self.maker(name), self.env, seeds, self.options, progress=self.progress)
            for name in self.names
        }

    def cues(self) -> dict[str, Any]:
        """What he loses without each cue."""
        return cues(self.maker(self.names[0]), self.env, self.part("cues"), self.options, progress=self.progress)

    def rule(self) -> dict[str, Any]:
        """His rule in words, and how much of his gain it keeps."""
        found = distilled_rule(self.maker(self.names[0]), self.names[1], self.env, self.options, BUDGET, self.progress)
        kept = runs(found.agent, self.env, self.seeds, self.options, self.progress)
        return {
            **found.to_dict(),
            **kept_share(self.played(self.names[0]), self.played(self.names[1]), kept),
        }

    def exploits(self) -> dict[str, Any]:
        """His habits and how his lead bears worse senses, beside the best rule's."""
        makers = [self.maker(name) for name in self.names]
        played = (self.played(self.names[0]), self.played(self.names[1]))
        return exploits(makers[0], makers[1], played, self.env, self.seeds, self.options, self.progress)


def _check(crosses: int, first_seed: int, parts: tuple[str, ...], options: Options | None) -> None:
    if crosses < FEWEST or first_seed < 0:
        raise InvalidValue(
            f"explain needs at least {FEWEST} crosses and a first seed from 0, got {crosses} and {first_seed}"
        )
    for part in parts:
        if part not in PARTS:
            raise UnknownName("part", part, PARTS)
        if part not in parts_of(options):
            raise InvalidValue(f"with another vision than 'full' there is no {part}: leave that part out")


def _share(crosses: int, of: str) -> int:
    return max(int(crosses * SHARES[of]), min(crosses, FEWEST))


def _finished(path: str | Path | None, head: dict[str, Any]) -> dict[str, Any]:
    """The parts that a file holds of this very explanation."""
    if path is None or not Path(path).is_file():
        return {}
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"))
    except ValueError:
        return {}
    same = isinstance(found, dict) and {name: found.get(name) for name in head} == json.loads(json.dumps(head))
    return {part: found[part] for part in PARTS if part in found} if same else {}
