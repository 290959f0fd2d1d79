"""A page for each environment: picture, spaces, options, rewards, info and versions, all asked of the code."""

import inspect
from pathlib import Path

import gymnasium as gym

from backpost.agents.base.play import play
from backpost.agents.registry import agent
from backpost.envs import SCENARIOS, CrossingEnv
from backpost.envs.interface import action, reward
from backpost.envs.interface.options import Options
from backpost.envs.interface.outcome import metrics
from backpost.envs.interface.request import valid_at_reset
from backpost.envs.scenarios.scenario import COMMON_OPTIONS, Scenario
from backpost.envs.world.chance import LABELS, episode_seeds
from backpost.renders.film import film
from backpost.renders.scene.watched import watch_cross

from . import markdown

ABOUT = """\
All environments have the same observation, the same actions and the same rewards, so any agent can be asked in any of
them. They differ in what is dealt: where the crosser is, who stands where, and how the defence plays."""

MAKE = """\
```python
import backpost
import gymnasium as gym

gym.register_envs(backpost)
env = gym.make("{id}")
```

Many crosses side by side, in one call of the compiled kernel: `gym.make_vec("{id}", num_envs=64)`."""

EPISODE = """\
An episode is one cross, with a decision every 0.1 s. `reset(seed=n)` opens stream n; its k-th episode is the same cross
everywhere. `reset(options={"cross": n})` opens evaluation cross n, the one that `backpost compare` reports and
`backpost watch --seed n` shows.

`terminated` is true at a goal, a save, a claim, a clearance, a flag, when the ball is out, and when time is up. The
environment never truncates by itself: no cross lasts for the {longest} decisions of `spec.max_episode_steps`."""

LABELLED = f"""\
Streams of different labels have no cross in common: `gym.make(id, label="train")` to train, `label="select"` to
choose a checkpoint, and `label="evaluate"` to report. The labels are {", ".join(f"`{label}`" for label in LABELS)};
`reset` is the default."""

AT_RESET = """\
`reset(options={...})` takes the options below in place of what `gym.make` was given, **until the next reset**. So
the same seed and the same options are the same episode, whatever was played before. In a native vector they hold
for all environments, and for the episodes that autoreset opens, until the next reset of all; a reset with
`reset_mask` keeps them. With `label`, `cross` is a cross of that label."""

IMPLAUSIBLE = """\
`allow_implausible=True`, here or at `gym.make`, accepts `parameters` outside their plausible range: from a quarter
of the smallest plausible value to four times the largest, the range that the computation is tested with."""

INFO = """\
Numbers alone, with the same keys and types at reset, after every decision and at the end. [What each key means, and
what it is before it is known](../reference/info.md)."""

SEARCHED = 100
"""Crosses that are looked through for a shot."""
SIZE = (960, 640)
"""Pixels of a picture."""


def write(folder: Path) -> None:
    """Write `index.md`, and for every scenario its page and its picture."""
    folder.mkdir(parents=True, exist_ok=True)
    cards = []
    for scenario in SCENARIOS.values():
        picture = folder / f"{scenario.name}.png"
        caption = _draw(scenario, picture)
        markdown.page(folder / f"{scenario.name}.md", *_parts(scenario, picture.name, caption))
        cards.append(
            f":::{{grid-item-card}} {scenario.name}\n:link: {scenario.name}\n:link-type: doc\n"
            f":img-top: {picture.name}\n:img-alt: {caption}\n\n{_sentence(scenario)}\n:::"
        )
    grid = "::::{grid} 1 2 3 3\n:gutter: 3\n\n" + "\n".join(cards) + "\n::::"
    contents = "```{toctree}\n:hidden:\n\n" + "\n".join(SCENARIOS) + "\n```"
    markdown.page(folder / "index.md", "# Environments", ABOUT, grid, contents)


def _draw(scenario: Scenario, path: Path) -> str:
    """Draw the first evaluation cross in which the shipped policy shoots; which one it is, in words."""
    seeds = episode_seeds("evaluate", 0, 0, SEARCHED)
    shoots = metrics(play(agent("learned", scenario.name), scenario.name, seeds))["shoots"]
    shown = watch_cross(scenario.name, ["learned"], int(shoots.argmax()))
    film.still(path, shown.runs[0], size=SIZE, **shown.drawing)
    return f"Evaluation cross {shown.cross}: the shipped policy runs"


def _parts(scenario: Scenario, picture: str, caption: str) -> list[str]:
    env = gym.make(scenario.id)
    seen, longest = env.observation_space, gym.spec(scenario.id).max_episode_steps
    return [
        f"# {scenario.name}",
        _sentence(scenario),
        f"```{{figure}} {picture}\n:alt: {caption}\n\n{caption}.\n```",
        MAKE.format(id=scenario.id),
        "## Observation",
        f"A `Box` of shape `{seen.shape}` and type `{seen.dtype}`, the same in every environment. "
        "[What each entry means](../reference/observation.md).",
        "## Actions",
        markdown.docstring_table(inspect.getdoc(action) or ""),
        'The default is `action_type="continuous"`. Values outside the box are clipped; one that is not finite, or has '
        "the wrong shape, raises `InvalidAction`.",
        "## Episode",
        EPISODE.replace("{longest}", str(longest)),
        "### Labels",
        LABELLED,
        "### Options of a reset",
        AT_RESET,
        ", ".join(f"`{name}`" for name in valid_at_reset(scenario.own)) + ".",
        IMPLAUSIBLE,
        "## Rewards",
        markdown.docstring_table(inspect.getdoc(reward) or ""),
        "## Options",
        _options(scenario),
        "## Info",
        INFO,
        "## Versions",
        _versions(),
    ]


def _options(scenario: Scenario) -> str:
    """The options that this scenario takes, its own ones last."""
    meanings = markdown.attributes(Options.__doc__ or "")
    usual = scenario.chosen({})
    rows = [(f"`{name}`", f"`{getattr(usual, name)!r}`", meanings[name]) for name in COMMON_OPTIONS]
    rows += [(f"`{name}`", "drawn or given by the scenario", meanings[name]) for name in scenario.own]
    return markdown.table(("option", "default", "meaning"), rows)


def _sentence(scenario: Scenario) -> str:
    """What is coming, with a capital and a full stop."""
    return f"{scenario.description[0].upper()}{scenario.description[1:]}."


def _versions() -> str:
    """What the docstring of the environment says of its versions."""
    section = (inspect.getdoc(CrossingEnv) or "").split("## Versions\n")[1].split("\n\n")[0]
    return "\n".join(f"* {line}" for line in section.splitlines())
