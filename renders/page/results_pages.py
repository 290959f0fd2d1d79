"""The finished pages: one coach's page for each scenario in the results, comparing its policy with its best rule."""

from collections.abc import Sequence
from pathlib import Path

from backpost.agents.base.play import Progress
from backpost.agents.registry import POLICIES
from backpost.training.explain.explanation import Explanation
from backpost.training.results.content import Results
from backpost.training.results.results import LEARNED, MATCH, policy_path

from .page import write_page
from .played import Amounts, play_page


def crosses_to_play(result: Results, amounts: Amounts | None = None) -> int:
    """How many crosses `write_pages` plays in all."""
    return len(_scenarios(result)) * (amounts or Amounts()).crosses(compared=False)


def write_pages(
    result: Results,
    policies: Path,
    folder: Path,
    explained: Sequence[Explanation] = (),
    amounts: Amounts | None = None,
    progress: Progress | None = None,
) -> list[Path]:
    """Write `<Scenario>.html` into a folder for each match scenario of the results.

    Args:
        result: results of the policies.
        policies: folder of the policies.
        folder: folder for the pages; created if it does not exist.
        explained: explanations of the policies; each is added to the page of its scenario.
        amounts: how many crosses are played for each purpose.
        progress: called with the number of crosses that have ended since the last call.

    Raises:
        InvalidFile: if a page cannot be written, or an explanation is of another agent.
    """
    folder.mkdir(parents=True, exist_ok=True)
    by_environment = {explanation.environment: explanation for explanation in explained}
    pages = []
    for env, rule in _scenarios(result).items():
        learned = LEARNED if policies == POLICIES else str(policy_path(policies, env))
        played = play_page(env, (learned, rule), amounts=amounts, explained=by_environment.get(env), progress=progress)
        pages.append(folder / f"{env}.html")
        write_page(pages[-1], played)
    return pages


def _scenarios(result: Results) -> dict[str, str]:
    """The match scenarios of the results, each with its best rule."""
    return {env.environment: env.best_rule for env in result.environments if env.environment in MATCH}
