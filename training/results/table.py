"""The results for readers: all of them as text, and as two tables: one row per environment, and every agent."""

from collections.abc import Sequence
from pathlib import Path

from backpost.agents.base.identity import identity_of
from backpost.agents.policies.policy import Policy
from backpost.envs.common.errors import InvalidFile
from backpost.envs.common.files import write_atomically
from backpost.envs.world.version import WORLD_VERSION
from backpost.training.bench.ceiling_result import Ceiling, MeasuredAgent
from backpost.training.bench.comparison import tested_table
from backpost.training.bench.result_file import check_played_with, read_result
from backpost.training.bench.statistics import Interval

from .content import EnvironmentResults, Results
from .results import GENERAL, LEARNED, MATCH, policy_path

TITLES = {"OpenPlay": "open play", "Transition": "fast break", "Corner": "corner", "FreeKick": "free kick"}
"""Names of the scenarios for readers; Match is "match"."""
EVERY_AGENT = "<!-- every agent -->"
"""Separates the two tables in a file, so that a page can show either."""
SAME = "the same"
"""The generalist's cell where it is itself the learned policy."""
HEADED = {LEARNED: "**learned**", GENERAL: "**generalist**"}
"""The rows above the coaching rules, with their labels."""


def table(result: Results) -> str:
    """Every environment's comparison, and the claims in it."""
    head = (
        f"{result.comparisons} comparisons in all: their intervals hold together at {100 * result.level:g} %, "
        f"p-values are Holm's over all of them; version {WORLD_VERSION} of the world"
    )
    parts = [head]
    for env in result.environments:
        tests = tested_table(env.environment, result.crosses, env.agents, env.against_first)
        parts.append("\n".join([tests, *sentences(env)]))
    return "\n\n".join(parts)


def sentences(env: EnvironmentResults) -> list[str]:
    """The claims in one environment, in words."""
    lines = []
    for name, claim in ((LEARNED, env.claims.learned), (GENERAL, env.claims.generalist)):
        if claim is None:
            continue
        beats = "beats every rule" if claim.beats_every_rule else "does not beat every rule"
        lines.append(
            f"{name} {beats} (lowest one-sided 99 % bound {claim.lowest_bound:+.3f}, over {claim.closest}); "
            f"its lead over the best rule, {env.best_rule}, is {interval(claim.over_best_rule, 3)}"
        )
    if env.claims.generalist is not None:
        kept = share(env.claims.generalist.share_of_gain)
        lines.append(f"share of the policy's lead kept by the generalist: {kept}, at 95 % on its own")
    return lines


def summary(result: Results) -> str:
    """The README table, one row per environment: policy, best rule and lead, in xG per 100 crosses."""
    lines = ["| | learned run | best coaching rule | lead |", "|---|---|---|---|"]
    for env in result.environments:
        xg = {row.name: f"{row.xg.mean:.2f}" for row in env.agents}
        best, lead = env.best_rule, interval(env.claims.learned.over_best_rule, 2)
        called = TITLES.get(env.environment, "mixture of the four")
        lines.append(f"| {called} | {xg[LEARNED]} | {xg[best]}, {best.replace('-', ' ')} | {lead} |")
    return "\n".join(lines)


def markdown(result: Results, ceilings: Sequence[Ceiling] = ()) -> str:
    """The table of every agent: xG per 100 crosses, and in brackets the interval of the policy's lead.

    `ceilings` are ceilings of some of the environments, with the agent "learned".
    """
    environments = result.environments
    columns = [_cells(env) for env in environments]
    names = [name for name in HEADED if any(name in column for column in columns)]
    names += _in_order(environments)
    lines = ["| | " + " | ".join(title(env.environment) for env in environments) + " |"]
    lines.append("|---" * (len(environments) + 1) + "|")
    for name in names:
        called = HEADED.get(name, name.replace("-", " "))
        lines.append(f"| {called} | " + " | ".join(column.get(name, SAME) for column in columns) + " |")
    for called, row in _claim_rows(environments) + _ceiling_rows(environments, ceilings):
        lines.append(f"| {called} | " + " | ".join(row) + " |")
    return "\n".join(lines)


def write_markdown(path: str | Path, result: Results, ceilings: Sequence[Ceiling] = ()) -> None:
    """Write `summary`, then `markdown`, into a file.

    Raises:
        InvalidFile: if it cannot be written.
    """
    write_atomically(path, f"{summary(result)}\n\n{EVERY_AGENT}\n\n{markdown(result, ceilings)}\n")


def read_ceilings(files: Sequence[str], policies: Path) -> list[Ceiling]:
    """What `backpost ceiling --json` wrote about the policies in this folder, for `markdown`.

    Raises:
        InvalidFile: for a file that is not a ceiling, is of another policy, other versions or options, or lacks the
            agent "learned".
    """
    ceilings = []
    for file in files:
        ceiling = read_result(file, Ceiling)
        _learned(ceiling)
        check_played_with(ceiling, str(file))
        if ceiling.who[LEARNED] != identity_of(Policy.load(policy_path(policies, ceiling.environment))):
            raise InvalidFile(f"{file} is of another policy; make it again with `backpost ceiling`")
        ceilings.append(ceiling)
    return ceilings


def title(env: str) -> str:
    """Name of an environment for readers."""
    return TITLES.get(env, "match")


def _in_order(environments: Sequence[EnvironmentResults]) -> list[str]:
    """The rules and the two naive baselines, by mean xG over the match scenarios, highest first."""
    worth: dict[str, list[float]] = {}
    for env in environments:
        for row in env.agents:
            if row.name not in HEADED and (env.environment in MATCH or len(environments) == 1):
                worth.setdefault(row.name, []).append(row.xg.mean)
    return sorted(worth, key=lambda name: -sum(worth[name]) / len(worth[name]))


def _cells(env: EnvironmentResults) -> dict[str, str]:
    """Each agent's cell: its xG, and for all but the policy the interval of the policy's lead."""
    leads = {row.name: row.xg_gain for row in env.against_first.rivals}
    cells = {}
    for row in env.agents:
        if row.name == LEARNED:
            cells[LEARNED] = f"**{row.xg.mean:.2f}**"
        else:
            lead = leads[row.name]
            mark = "**" if row.name == env.best_rule else ""
            cells[row.name] = f"{mark}{row.xg.mean:.2f}{mark} ({lead.low:+.2f} to {lead.high:+.2f})"
    return cells


def _claim_rows(environments: Sequence[EnvironmentResults]) -> list[tuple[str, list[str]]]:
    """The claims, one row each."""
    learned = [env.claims.learned for env in environments]
    general = [env.claims.generalist for env in environments]
    rows = [
        ("lead over the best rule", [interval(claim.over_best_rule, 2) for claim in learned]),
        (
            "beats every rule (lowest 99 % bound)",
            [f"{'yes' if claim.beats_every_rule else 'no'} ({claim.lowest_bound:+.2f})" for claim in learned],
        ),
    ]
    if any(claim is not None for claim in general):
        kept = [SAME if claim is None else share(claim.share_of_gain) for claim in general]
        rows.append(("share of that lead kept by the generalist (95 % each)", kept))
    return rows


def _ceiling_rows(
    environments: Sequence[EnvironmentResults], ceilings: Sequence[Ceiling]
) -> list[tuple[str, list[str]]]:
    """What the two references are worth, and the share of the gap to the planner that the policy closes."""
    if not ceilings:
        return []
    by_name = {ceiling.environment: ceiling for ceiling in ceilings}
    columns = [by_name.get(env.environment) for env in environments]
    closed = "share of the gap from best rule to planner closed by the policy"
    return [
        (closed, ["" if column is None else share(_learned(column).share_of_planner) for column in columns]),
        (
            "planner without foresight",
            ["" if column is None else interval(column.planner.xg, 2, "") for column in columns],
        ),
        ("best run found", ["" if column is None else interval(column.clairvoyant.xg, 2, "") for column in columns]),
        ("crosses played by these two", ["" if column is None else f"{column.crosses:,}" for column in columns]),
    ]


def _learned(ceiling: Ceiling) -> MeasuredAgent:
    """The policy's row in a ceiling.

    Raises:
        InvalidFile: if it has none.
    """
    row = ceiling.agent(LEARNED)
    if row is None:
        raise InvalidFile(f"the ceiling of {ceiling.environment} has no agent {LEARNED!r}; make it with that one")
    return row


def interval(of: Interval, digits: int, sign: str = "+") -> str:
    """A mean with its interval; differences are shown with their sign."""
    mean, low, high = (format(end, f"{sign}.{digits}f") for end in (of.mean, of.low, of.high))
    return f"{mean} ({low} to {high})"


def share(of: Interval | None) -> str:
    """A share in per cent; a note if the gap itself may be zero."""
    if of is None:
        return "no share: the lead may be zero"
    return f"{100 * of.mean:.0f} % ({100 * of.low:.0f} to {100 * of.high:.0f})"
