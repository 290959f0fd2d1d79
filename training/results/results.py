"""The results: in every match scenario its policy, and the generalist, against all coaching rules on the same crosses.

All announced comparisons are corrected together, over all scenarios: Bonferroni for intervals, Holm for p-values. That
a policy beats every rule is an intersection-union test in its scenario. Finished crosses are kept in a folder, so a
stopped run resumes, and after a change to one policy only that policy plays again.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from backpost.agents.base.agent import Agent
from backpost.agents.base.play import Progress
from backpost.agents.policies.policy import SUFFIX, Policy
from backpost.agents.random_run import RandomRun
from backpost.agents.registry import GENERALIST, POLICIES
from backpost.agents.rules.registry import RULES
from backpost.agents.stand_still import StandStill
from backpost.envs.common.errors import InvalidFile, InvalidValue
from backpost.envs.world.chance import episode_seeds
from backpost.training.bench import statistics
from backpost.training.bench.compare import against, best_rule, corrected, played_by, summaries
from backpost.training.bench.comparison import LEVEL, ONE_SIDED
from backpost.training.bench.kept import Metrics
from backpost.training.bench.result_file import REPORTED

from .content import Claim, Claims, EnvironmentResults, GeneralistClaim, PolicyFile, Results

MATCH = ("OpenPlay", "Transition", "Corner", "FreeKick")
"""The match scenarios; each has a policy of its own."""
ENVIRONMENTS = (*MATCH, GENERALIST)
"""The match scenarios and their mixture, whose policy is the generalist and plays everywhere."""
CROSSES, SELECTED_ON = 20_000, 4000
"""Number of crosses of every agent in every environment, and of those on which the best rule is chosen."""
BASELINES = (*RULES, RandomRun.name, StandStill.name)
LEARNED, GENERAL = "learned", "generalist"
"""Names in tables of a scenario's own policy and of Match's policy."""


def policy_path(policies: Path, env: str) -> Path:
    """The file of an environment's policy, or the generalist's if it has none of its own.

    Raises:
        InvalidFile: if neither exists.
    """
    for name in (env, GENERALIST):
        if (policies / f"{name}{SUFFIX}").exists():
            return policies / f"{name}{SUFFIX}"
    raise InvalidFile(f"{policies} has no policy for {env}; train one with `backpost results --from-scratch`")


def contestants(policies: Path, env: str) -> dict[str, str | Agent]:
    """The agents compared in an environment, by name in tables; the first is tested."""
    own, general = policy_path(policies, env), policies / f"{GENERALIST}{SUFFIX}"
    has_another = general.exists() and own.read_bytes() != general.read_bytes()
    return {
        LEARNED: str(own),
        **({GENERAL: str(general)} if has_another else {}),
        **{name: name for name in BASELINES},
    }


def trained(policies: Path) -> tuple[str, ...]:
    """The environments that have a policy of their own in this folder.

    Raises:
        InvalidFile: if there are none.
    """
    names = tuple(env for env in ENVIRONMENTS if (policies / f"{env}{SUFFIX}").exists())
    if not names:
        raise InvalidFile(f"{policies} has no policy; train them with `backpost results --from-scratch`")
    return names


def crosses_to_play(policies: Path, environments: Sequence[str] | None = None, crosses: int = CROSSES) -> int:
    """The total number of crosses that `results` plays."""
    environments = trained(policies) if environments is None else environments
    return sum(len(contestants(policies, env)) * crosses + len(RULES) * SELECTED_ON for env in environments)


def results(
    keep: str | Path,
    policies: Path = POLICIES,
    crosses: int = CROSSES,
    *,
    environments: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> Results:
    """Compare the policies with all coaching rules.

    Args:
        keep: folder that keeps finished crosses; the same call resumes from it.
        policies: folder of the policies, `<Scenario>.safetensors`.
        crosses: number of crosses of every agent in every environment.
        environments: the environments; by default those that have a policy.
        progress: called with the number of crosses finished since the last call.

    Raises:
        InvalidFile: if a policy is missing or invalid, or the folder cannot be written.
        UnknownName: for an unknown environment.
        InvalidValue: for fewer than two crosses.
    """
    if crosses < 2:
        raise InvalidValue(f"results need at least 2 crosses, got {crosses}")
    asked = trained(policies) if environments is None else environments
    best = {env: best_rule(env, SELECTED_ON, keep=keep, progress=progress) for env in asked}
    compared_in = {env: contestants(policies, env) for env in asked}
    family = sum(len(agents) - 1 for agents in compared_in.values())
    seeds = episode_seeds(REPORTED, 0, 0, crosses)
    compared = []
    for env, agents in compared_in.items():
        played = played_by(env, list(agents.values()), seeds, progress=progress, keep=keep)
        compared.append(_environment(env, agents, best[env], played, family))
    return Results(
        crosses=crosses,
        label=REPORTED,
        ball="free",
        level=LEVEL,
        one_sided=ONE_SIDED,
        comparisons=family,
        environments=_corrected_together(compared),
    )


def _environment(
    env: str, agents: dict[str, str | Agent], rule: str, played: Sequence[Metrics], family: int
) -> EnvironmentResults:
    """One environment: its comparisons (out of `family`), each agent's lead over the best rule, and the claims."""
    by_name, names = dict(zip(agents, played, strict=True)), list(agents)
    rows = summaries(env, list(agents.values()), names, played)
    tests = against(played[0], played[1:], names[1:], family)
    level = statistics.bonferroni(LEVEL, 2 * family)
    return EnvironmentResults(
        environment=env,
        policy=about_policy(Path(str(agents[LEARNED]))),
        best_rule=rule,
        agents=tuple(replace(row, agent=Path(row.agent).name) for row in rows),
        against_first=replace(tests, beats_every=None),  # the claim is about coaching rules, not the generalist
        over_best_rule=over(by_name, rule),
        claims=claims(by_name, rule, level),
    )


def _corrected_together(compared: Sequence[EnvironmentResults]) -> tuple[EnvironmentResults, ...]:
    """The environments with p-values corrected by Holm's method over the rivals in all of them."""
    rivals = iter(corrected([rival for env in compared for rival in env.against_first.rivals]))
    return tuple(
        replace(
            env,
            against_first=replace(
                env.against_first, rivals=tuple(next(rivals) for _ in range(len(env.against_first.rivals)))
            ),
        )
        for env in compared
    )


def over(played: dict[str, Metrics], rule: str) -> dict[str, statistics.Interval]:
    """Every agent's paired lead in xG over the best rule, each interval on its own."""
    base = played[rule]["xg"]
    return {
        name: statistics.mean_interval(100 * (crosses["xg"] - base), LEVEL)
        for name, crosses in played.items()
        if name != rule
    }


def claims(played: dict[str, Metrics], rule: str, level: float) -> Claims:
    """The claims about the policies in one scenario, with their evidence.

    Leads over the best rule have intervals at this level, like all comparisons; the share has its own 95 % interval.
    """
    learned = _against_coaching(played, LEARNED, rule, level)
    if GENERAL not in played:
        return Claims(learned, None)
    share = statistics.share_of_gap(played[GENERAL]["xg"], played[rule]["xg"], played[LEARNED]["xg"], LEVEL)
    general = _against_coaching(played, GENERAL, rule, level)
    return Claims(learned, GeneralistClaim(**vars(general), share_of_gain=share))


def _against_coaching(played: dict[str, Metrics], name: str, rule: str, level: float) -> Claim:
    """The intersection-union test against every baseline, and the lead over the best rule (chosen on other crosses)."""
    gains = {base: 100 * (played[name]["xg"] - played[base]["xg"]) for base in BASELINES}
    bounds = {base: statistics.lower_bound(gain, ONE_SIDED) for base, gain in gains.items()}
    closest = min(bounds, key=lambda base: bounds[base])
    return Claim(
        beats_every_rule=statistics.beats_every(np.array(list(gains.values())), ONE_SIDED),
        closest=closest,
        lowest_bound=bounds[closest],
        over_best_rule=statistics.mean_interval(gains[rule], level),
    )


def about_policy(path: Path) -> PolicyFile:
    """What a policy file says about itself."""
    made_of = Policy.load(path).made_of
    return PolicyFile(
        file=path.name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        trained_in=made_of.environment,
        base_rule=made_of.base_rule,
        provenance=made_of.provenance,
    )
