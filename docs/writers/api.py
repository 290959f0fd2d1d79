"""The pages of the API: the modules that a user imports, with what each of them offers."""

from pathlib import Path

from . import markdown

ABOUT = """\
What a user of the package imports. The text is that of the code itself. Whatever is not listed here may change
without a word in the changelog."""

GROUPS = {
    "Environments": {
        "backpost.envs.crossing": ["CrossingEnv", "SavedState"],
        "backpost.envs.crossing_vector": ["CrossingVectorEnv"],
        "backpost.envs.crosses": ["Crosses"],
        "backpost.envs.options": ["Options"],
        "backpost.envs.action": ["action_space"],
        "backpost.envs.observation": ["LAYOUT", "Entry", "read", "index"],
        "backpost.envs.outcome": ["metrics", "info"],
        "backpost.envs.errors": [],
    },
    "Agents": {
        "backpost.agents.agent": ["Agent", "Rule"],
        "backpost.agents.scene": ["Scene", "at", "wing"],
        "backpost.agents.free_numbers": ["number", "Numbers"],
        "backpost.agents.play": [],
        "backpost.agents.registry": ["agent", "descriptions"],
        "backpost.agents.policy": ["Policy"],
        "backpost.agents.recorded": ["Recorded"],
    },
    "Training and comparing": {
        "backpost.training.compare": ["compare", "best_rule", "table"],
        "backpost.training.statistics": [],
        "backpost.training.crossing_sb3": ["CrossingVecEnv"],
        "backpost.training.export": ["from_sb3"],
        "backpost.training.train": ["train", "resume"],
        "backpost.training.configuration": ["Configuration"],
    },
    "Pictures": {
        "backpost.renders.film": ["still", "stills"],
        "backpost.renders.watched": ["watch_cross", "Watched"],
    },
}
"""For each page its modules, and of each module the public names; all of them where none is listed."""


def write(folder: Path) -> None:
    """Write `api.md` and a page for each group of modules."""
    names = []
    for title, modules in GROUPS.items():
        names.append(f"api-{title.lower().replace(' ', '-')}")
        parts = [part for module, members in modules.items() for part in _module(module, members)]
        markdown.page(folder / f"{names[-1]}.md", f"# API: {title.lower()}", *parts)
    contents = "\n".join(names)
    markdown.page(folder / "api.md", "# API", ABOUT, f"```{{toctree}}\n{contents}\n```")


def _module(module: str, members: list[str]) -> list[str]:
    only = f"\n   :members: {', '.join(members)}" if members else ""
    return [f"## {module}", f"```{{eval-rst}}\n.. automodule:: {module}{only}\n```"]
