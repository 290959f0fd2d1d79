"""Model cards: what a shipped policy is, how it was trained and what it is worth, from its file and the results."""

from collections.abc import Mapping
from pathlib import Path

from backpost.agents.policies.policy import SUFFIX, Policy
from backpost.agents.registry import GENERALIST
from backpost.envs.common.errors import InvalidFile
from backpost.envs.common.files import write_atomically
from backpost.envs.world.version import WORLD_VERSION
from backpost.training.bench.comparison import named

from .content import Claim, EnvironmentResults, GeneralistClaim, Results
from .results import GENERAL, LEARNED, about_policy
from .table import interval, share, title

USE = """\
For research on runs in this simulator, and for pictures and pages that show a coach how a learned run compares with
familiar rules. The policy plays in every environment of this package and needs only NumPy.\
"""
LIMITS = """\
- It comes from one training seed: the results describe this policy, not the method that trained it.
- It was trained in a simulator that was compared with published statistics of men's professional football and nothing
  else. It is no evidence about real players, and no advice on whom to pick.
- It sees players in its field of view without error, and the ball in flight with a player's errors. `backpost
  robustness` measures what duller senses and other defences cost it.
- Other versions of its environment refuse to load it.\
"""


def card(path: Path, result: Results) -> str:
    """The model card of a policy file, in Markdown.

    Raises:
        InvalidFile: if the results are not about this policy.
    """
    about, made_of = about_policy(path), Policy.load(path).made_of
    made, base = made_of.provenance, made_of.base_rule
    scenario = path.stem
    rows = _rows(about.sha256, result)
    if not rows:
        raise InvalidFile(f"the results are not about the policy in {path}; make them again")
    facts = {
        "file": f"`{path.name}`, {path.stat().st_size:,} bytes",
        "sha256": f"`{about.sha256}`",
        "environment": f"`{about.trained_in}`",
        "command": (
            f"`backpost train {scenario} --config training/configs/{scenario}.yml --seed {made.get('seed', 0)} "
            f"--out runs/{scenario}`"
        ),
        "algorithm": "imitation alone" if made.get("steps") == 0 else made.get("algo", "unknown"),
        "seed": f"{made.get('seed', 'unknown')}",
        "decisions": f"{made['steps']:,}" if "steps" in made else "unknown",
        "network": f"{' x '.join(map(str, made_of.hidden))}, {made_of.activation}",
        "base rule": "none" if base is None else f"{base['name']}, with {_numbers(base['numbers'])}",
        "trained in": f"version {made.get('world', 'unknown')} of the world",
        "results from": f"version {WORLD_VERSION} of the world",
    }
    lines = [
        f"# {scenario}",
        "",
        f"A policy for the runner. Scenario: {title(scenario)}.",
        "",
        "| | |",
        "|---|---|",
    ]
    lines += [f"| {name} | {value} |" for name, value in facts.items()]
    lines += ["", "## Results", "", _told(result), "", *_HEAD, *rows]
    lines += ["", "## Intended use", "", USE, "", "## Limits", "", LIMITS]
    return "\n".join(lines) + "\n"


def write_cards(policies: Path, result: Results) -> list[Path]:
    """Write `<Scenario>.md` beside every policy in a folder; returns the cards.

    Raises:
        InvalidFile: if a card cannot be written or the results are not about one of the policies.
    """
    cards = {path.with_suffix(".md"): card(path, result) for path in sorted(policies.glob(f"*{SUFFIX}"))}
    for place, text in cards.items():
        write_atomically(place, text)
    return list(cards)


def ship(policies: Path, into: Path, result: Results) -> list[Path]:
    """Copy every policy into a folder, each atomically, and write its card there; returns the cards.

    Raises:
        InvalidFile: if that folder cannot be written or the results are not about one of the policies.
    """
    try:
        into.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidFile(f"cannot write {into}: {(error.strerror or str(error)).lower()}") from error
    strangers = [path for path in into.glob(f"*{SUFFIX}") if not (policies / path.name).exists()]
    for path in (*policies.glob(f"*{SUFFIX}"), *strangers):
        card(path, result)  # refuses policies that the results are not about, before anything is written
    for path in sorted(policies.glob(f"*{SUFFIX}")):
        write_atomically(into / path.name, path.read_bytes())
    return write_cards(into, result)


_HEAD = (
    "| environment | xG | best rule | lead over it | beats every rule (lowest 99 % bound) | "
    "share of the specialist's lead |",
    "|---|---|---|---|---|---|",
)


def _told(result: Results) -> str:
    return (
        f"Expected goals (xG) per 100 crosses, on {result.crosses:,} crosses that are the same for every agent and "
        f"were used for no training, tuning or selection. Intervals are at {100 * result.level:g} %; those of leads "
        "hold for all comparisons together."
    )


def _rows(sha256: str, result: Results) -> list[str]:
    """One row for every environment in which this policy played."""
    own = {env.environment: env.policy.sha256 for env in result.environments}
    rows = []
    for env in result.environments:
        if env.policy.sha256 == sha256:
            rows.append(_row(env, LEARNED, env.claims.learned))
        elif env.claims.generalist is not None and own.get(GENERALIST) == sha256:
            rows.append(_row(env, GENERAL, env.claims.generalist))
    return rows


def _row(env: EnvironmentResults, name: str, claim: Claim) -> str:
    """The row of a policy's claim in one environment."""
    xg = interval(named(env.agents, name).xg, 2, "")
    verdict = f"{'yes' if claim.beats_every_rule else 'no'} ({claim.lowest_bound:+.2f})"
    kept = share(claim.share_of_gain) if isinstance(claim, GeneralistClaim) else ""
    cells = (title(env.environment), xg, env.best_rule.replace("-", " "), interval(claim.over_best_rule, 2))
    return f"| {' | '.join(cells)} | {verdict} | {kept} |"


def _numbers(numbers: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in numbers.items())
