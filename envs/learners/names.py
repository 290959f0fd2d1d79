"""Who can learn: names for the players of a cross, and for groups of them."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from backpost.envs.common.checks import one_of
from backpost.envs.common.errors import InvalidValue, quoted
from backpost.envs.world.record import (
    ATTACKERS,
    KEEPER,
    PLAYERS,
    PRESSER,
    ROLE_MARKER,
    ROLE_PRESSER,
    ROLE_TEAMMATE,
    ROLE_ZONAL,
    ROLES,
    RUNNER,
)

ANY_ROLE = 2 ** len(ROLES) - 1
"""All roles, as bits."""

PLAYER_OF: Mapping[str, int] = MappingProxyType(
    {
        "runner": RUNNER,
        **{f"teammate_{i - RUNNER}": i for i in range(RUNNER + 1, ATTACKERS)},
        "keeper": KEEPER,
        **{f"defender_{i - KEEPER}": i for i in range(PRESSER, PLAYERS)},
    }
)
"""The player in the record of every agent. The crosser does not learn."""

GROUPS: Mapping[str, tuple[str, int]] = MappingProxyType(
    {
        "teammates": ("teammate_", 1 << ROLE_TEAMMATE),
        "presser": ("defender_", 1 << ROLE_PRESSER),
        "markers": ("defender_", 1 << ROLE_MARKER),
        "zonal": ("defender_", 1 << ROLE_ZONAL),
        "defenders": ("defender_", 1 << ROLE_PRESSER | 1 << ROLE_MARKER | 1 << ROLE_ZONAL),
    }
)
"""Groups: how the names of their agents begin, and their roles as bits. Who is a marker differs between crosses."""


def learners_of(names: str | Iterable[str]) -> dict[str, int]:
    """The agents that these names and groups stand for, in order, each with the roles (bits) in which it learns.

    Raises:
        InvalidValue: for an unknown name, or without any.
    """
    given = [names] if isinstance(names, str) else names
    if not isinstance(given, Iterable) or not (chosen := list(given)):
        raise InvalidValue(f"learners must be names of agents or groups, got {quoted(names)}")
    roles: dict[str, int] = dict.fromkeys(PLAYER_OF, 0)
    for name in chosen:
        one_of("a learner", name, (*PLAYER_OF, *GROUPS))
        if name in PLAYER_OF:
            roles[name] = ANY_ROLE
            continue
        begins, bits = GROUPS[name]
        for agent in roles:
            if agent.startswith(begins):
                roles[agent] |= bits
    return {agent: bits for agent, bits in roles.items() if bits}
