"""The pages of the API: the modules that a user imports, with what each of them offers."""

from pathlib import Path

from . import markdown

ABOUT = """\
What a user of the package imports. The text is that of the code itself. Whatever is not listed here may change
without a word in the changelog."""

GROUPS = {
    "Extending": {
        "backpost.envs": ["register_scenario", "register_reward", "register_parameters"],
        "backpost.agents": ["register_agent", "register_rule"],
        "backpost.envs.interface.script": ["Script"],
        "backpost.envs.scenarios.deal": [],
    },
    "Environments": {
        "backpost.envs.crossing": ["CrossingEnv", "SavedState"],
        "backpost.envs.crossing_vector": ["CrossingVectorEnv"],
        "backpost.envs.crosses": ["Crosses"],
        "backpost.envs.learners.crossing_parallel": ["CrossingParallelEnv"],
        "backpost.envs.learners.many_vector": ["ManyCrossingVector"],
        "backpost.envs.learners.many_crosses": ["ManyCrosses", "Plays"],
        "backpost.envs.interface.options": ["Options"],
        "backpost.envs.interface.action": ["action_space"],
        "backpost.envs.interface.observation": ["LAYOUT", "read", "index"],
        "backpost.envs.interface.entries": ["Entry", "Layout"],
        "backpost.envs.interface.outcome": ["metrics"],
        "backpost.envs.interface.information": ["in_words", "KEYS", "Key"],
        "backpost.envs.common.errors": [],
    },
    "Agents": {
        "backpost.agents.base.agent": ["Agent"],
        "backpost.agents.rules.rule": ["Rule"],
        "backpost.agents.base.view": ["View", "at", "wing"],
        "backpost.agents.rules.numbers": ["number", "Numbers"],
        "backpost.agents.base.play": [],
        "backpost.agents.registry": ["agent", "descriptions"],
        "backpost.agents.policies.policy": ["Policy"],
        "backpost.agents.policies.correction": ["CorrectRule", "CorrectRuleVector", "correction_space"],
        "backpost.agents.recorded": ["Recorded"],
    },
    "Training and comparing": {
        "backpost.training.bench.compare": ["compare", "best_rule"],
        "backpost.training.bench.comparison": ["Comparison", "AgentSummary", "Rival", "AgainstFirst", "table"],
        "backpost.training.bench.result_file": ["read_result"],
        "backpost.training.bench.statistics": [],
        "backpost.training.learn.crossing_sb3": ["CrossingVecEnv"],
        "backpost.training.exchange.sb3": ["from_sb3"],
        "backpost.training.exchange.dataset": ["collect", "Datasets", "Collected"],
        "backpost.training.exchange.onnx_file": ["export_onnx", "OnnxExport"],
        "backpost.training.learn.train": ["train", "resume"],
        "backpost.training.learn.configuration": ["Configuration"],
    },
    "Pictures": {
        "backpost.renders.film.film": ["still", "stills"],
        "backpost.renders.scene.watched": ["watch_cross", "Watched"],
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
    only = f"\n   :members: {', '.join(members)}"
    return [f"## {module}", f"```{{eval-rst}}\n.. automodule:: {module}{only}\n```"]
