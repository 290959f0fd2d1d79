"""When and where should an attacker run for a cross? Importing this package registers its environments with Gymnasium.

Nothing else is imported here: `gymnasium.make` imports an environment once it is made. What there is to import are
`backpost.envs`, `backpost.agents`, `backpost.training` and `backpost.renders`.
"""

import gymnasium

__all__ = ["__version__", "register"]

__version__: str


def __getattr__(name: str) -> str:
    """The version, read only when it is asked for: reading it takes longer than everything else here."""
    if name != "__version__":
        raise AttributeError(f"module 'backpost' has no attribute {name!r}")
    from importlib.metadata import version

    return version("backpost")


def register(id: str, longest: int) -> None:
    """Let `gymnasium.make` and `gymnasium.make_vec` find a scenario; `backpost.envs.register_scenario` calls this.

    Args:
        id: `<namespace>/<Name>-v<number>` of a registered scenario.
        longest: decisions of its longest episode.
    """
    gymnasium.register(
        id=id,
        entry_point="backpost.envs.crossing:CrossingEnv",
        vector_entry_point="backpost.envs.crossing_vector:CrossingVectorEnv",
        max_episode_steps=longest,
        kwargs={"scenario": id.partition("/")[2].rpartition("-v")[0]},
    )


for _name, _longest in {
    "OpenPlay": 236,
    "Transition": 236,
    "Corner": 232,
    "FreeKick": 232,
    "Match": 236,
    "DrillCrossing": 236,
    "DrillShadow": 236,
    "DrillSetPiece": 232,
    "Situation": 241,
}.items():
    register(f"backpost/{_name}-v0", _longest)
