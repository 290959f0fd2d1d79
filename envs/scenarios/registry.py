"""The registry of scenarios, and how to register one.

A deal fills opening records from their seeds. After the deal, nothing depends on the scenario's name.
"""

import copyreg
import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import gymnasium as gym

from backpost import register
from backpost.envs.common.checks import number, one_of, whole
from backpost.envs.common.errors import InvalidValue, UnknownName, quoted
from backpost.envs.common.extensions import import_modules, is_ours
from backpost.envs.common.registry import (
    Registry,
    calling_module,
    checked_function,
    checked_name,
    checked_text,
)
from backpost.envs.interface.reward import REWARDS
from backpost.envs.interface.script import Script
from backpost.envs.world.record import PLAYERS, RUNNER

from .deal_check import fingerprint
from .opening import ANY, Opening, pattern_opening
from .scenario import LATEST_STRIKE, OWN_OPTIONS, PATTERN_OPTIONS, Scenario

OURS = "backpost"
"""The namespace of this package's ids."""
_ID = re.compile(r"(?:(?P<namespace>[\w:-]+)/)?(?P<name>[\w-]+?)(?:-v(?P<version>\d+))?")

SCENARIOS: Registry[Scenario] = Registry("environment")
"""All scenarios by name."""


def scenario(name: str) -> Scenario:
    """The scenario with a name such as `OpenPlay`, `OpenPlay-v0` or `backpost/OpenPlay-v0`.

    Raises:
        UnknownName: if there is none.
    """
    parts = _ID.fullmatch(str(name))
    if parts is not None and parts["name"] in SCENARIOS:
        registered = SCENARIOS[parts["name"]]
        namespace, version = registered.id.partition("/")[0], registered.id.rpartition("-v")[2]
        if parts["namespace"] in (None, namespace) and parts["version"] in (None, version):
            return registered
    raise UnknownName("environment", name, [entry.id for entry in SCENARIOS.values()])


def register_scenario(
    id: str,
    deal: Callable[[Any, Any], None],
    *,
    description: str,
    options: Sequence[str] = (),
    starts: Sequence[str] = (),
    sets: int = 0,
    opening: Opening | None = None,
    scripts: Mapping[int, Script] | None = None,
    reward: str = "xg",
    latest_strike: float = LATEST_STRIKE,
    version: str | None = None,
    replace: bool = False,
) -> None:
    """Register a scenario. Its name is then accepted wherever a scenario is named, and its id by `gym.make(id)`.

    Args:
        id: `<namespace>/<Name>-v<number>`. Choose your own namespace; the name must be unique among all scenarios.
            Raise the number when the behaviour of a released environment changes.
        deal: (world, p) -> None, decorated with `backpost.envs.kernel`: fills one record (`record.world_type`) whose
            seed, difficulty, `variant` and ranges of `pattern` are set, with the parameters p. `scenarios/deal.py` has
            the building blocks. A deal draws luck from `world.seed` alone, with the functions of `world/chance.py` and
            the draws of `world/draws.py`; a `chance.Draw` of its own has a purpose of 1,000 or more. It ends with
            `deal.open_cross(world, p)`. Afterwards player 0 is the crosser and has the ball, player 1 is the runner,
            players 2 to 10 are the other attackers, player 11 is the keeper and players 12 to 21 are the defenders.
            Every player present is on the pitch and has a role, a facing, a top speed and a reaction time;
            `delivery.strike_at` is the time of the strike.
        description: one line.
        options: the `PATTERN_OPTIONS` that the deal supports (it does if it calls `deal.draw_pattern`).
        starts: values of the option `start`; the deal reads the index from `world.variant` and draws one for NOBODY.
        sets: number of values of the option `set`; the deal reads it from `world.variant` in the same way.
        opening: (options, parameters (1,)) -> the record (1,) that the deal starts from, instead of the default one.
        scripts: by player (0 to 21, not the runner), a Python function that controls that player instead of the
            scripted role; see `backpost.envs.interface.script.Script`. The planner assumes that such players continue
            as they are moving; such a scenario has no ceiling.
        reward: name of a registered reward: what the environment pays where its user chooses none.
        latest_strike: the latest `delivery.strike_at` that is dealt, s, above 0 and at most 20. `max_episode_steps` of
            the id follows from it.
        version: change it whenever the behaviour of the scenario changes; required to store work (`--keep`).
        replace: replace a scenario that another extension, or an earlier notebook cell, registered under this name.

    A few records are dealt immediately to check the deal, so the first registration compiles it (seconds); the compiled
    code is cached.

    Raises:
        InvalidValue: for an id that is taken or invalid, or a deal that does not compile or deals an unplayable cross.

    Example:
        A deep cross to one attacker, with a defender pressing the crosser:

        >>> from backpost.envs import PATTERN_OPTIONS, Crosses, kernel, register_scenario
        >>> from backpost.envs.scenarios.deal import Attacker, deal_attacker, deal_keeper, draw_pattern, open_cross
        >>> from backpost.envs.scenarios.open_play import DEEP, deal_presser, deal_winger
        >>> from backpost.envs.world.pitch import HALF_LENGTH
        >>> from backpost.envs.world.record import RUNNER
        >>> ALONE = Attacker(RUNNER, (0.5, 4.0), (0.0, 6.0), 47.0, (4.0, 6.0), (-1.0, 0.0))
        >>> @kernel
        ... def deal_two_against_two(world, p):
        ...     draw_pattern(world, 10.0, 14.0, 1, 1, p)
        ...     deal_winger(world, DEEP, 4.0, p)
        ...     deal_attacker(world, HALF_LENGTH - world.pattern.line_height, ALONE, p)
        ...     deal_keeper(world, p)
        ...     deal_presser(world, p)
        ...     open_cross(world, p)
        >>> register_scenario(
        ...     "mylab/TwoAgainstTwo-v0",
        ...     deal_two_against_two,
        ...     description="a deep cross to one attacker, a defender on the crosser and the keeper",
        ...     options=PATTERN_OPTIONS,
        ...     version="1",
        ... )
        >>> crosses = Crosses("TwoAgainstTwo", 8)
    """
    origin = calling_module()
    name = _checked_id(id, origin)
    SCENARIOS.check_free(name, replace)
    checked_text(f"the description of scenario {name}", description)
    if version is not None:
        checked_text(f"the version of scenario {name}", version)
    checked_function(f"the deal of scenario {name}", deal, "world", "p")
    own = _checked_options(name, options, starts, sets, opening)
    one_of(f"reward of scenario {name}", reward, tuple(REWARDS))
    if not number(latest_strike) or not 0.0 < latest_strike <= LATEST_STRIKE:
        raise InvalidValue(
            f"latest_strike of scenario {name} must be above 0 and at most {LATEST_STRIKE:g} s, "
            f"got {quoted(latest_strike)}"
        )
    made = Scenario(
        name=name,
        id=id,
        description=description,
        own=own,
        opening=pattern_opening(tuple(starts), sets) if opening is None else opening,
        deal_one=deal,
        scripts=_checked_scripts(name, scripts or {}),
        reward=reward,
        latest_strike=float(latest_strike),
        version=version,
    )
    if not is_ours(origin):  # built-in deals are tested; compiling them here would delay every start
        made = dataclasses.replace(made, fingerprint=fingerprint(made))
    if replace and name in SCENARIOS:
        gym.registry.pop(SCENARIOS[name].id, None)
    SCENARIOS.add(name, made, origin, replace)
    if not is_ours(origin):  # ours are registered by `import backpost`, before anything of theirs is imported
        register(id, made.longest)


def _checked_id(id: object, origin: str) -> str:
    """The name part of an id."""
    parts = _ID.fullmatch(id) if isinstance(id, str) else None
    if parts is None or None in parts.groups():
        raise InvalidValue(f"the id of a scenario must be like mylab/Overlap-v0, got {quoted(id)}")
    if parts["namespace"] == OURS and not is_ours(origin):
        raise InvalidValue(f"the namespace {OURS} belongs to the package itself: choose one of your own for {id}")
    return checked_name("scenario", parts["name"])


def _checked_options(
    name: str, options: Sequence[str], starts: Sequence[str], sets: int, opening: Opening | None
) -> tuple[str, ...]:
    """The options of the scenario beyond those that every scenario has."""
    if not all(isinstance(start, str) and start and start != ANY for start in starts) or len(set(starts)) < len(starts):
        raise InvalidValue(f"starts of scenario {name} must be different texts other than {ANY}, got {quoted(starts)}")
    whole(f"sets of scenario {name}", sets, 2**31)
    valid = PATTERN_OPTIONS if opening is None else OWN_OPTIONS
    for option in options:
        if option not in valid:
            raise InvalidValue(
                f"options of scenario {name} must be among {', '.join(valid)}, got {quoted(option)}; start and set "
                "come with starts and sets"
            )
    return tuple(dict.fromkeys([*["start"] * bool(starts), *["set"] * bool(sets), *options]))


def _checked_scripts(name: str, scripts: Mapping[int, Script]) -> Mapping[int, Script]:
    for player, script in scripts.items():
        whole(f"a scripted player of scenario {name}", player, PLAYERS)
        if player == RUNNER:
            raise InvalidValue(f"player {RUNNER} of scenario {name} is the runner, whom agents control")
        checked_function(f"the script of player {player} of scenario {name}", script, "worlds", "player")
    return dict(scripts)


def _registered(name: str, origin: str) -> Scenario:
    """The scenario of this name, importing its module first if needed, as when unpickled in another process."""
    if name not in SCENARIOS:
        import_modules([origin])
    return SCENARIOS[name]


def _reduced(made: Scenario) -> tuple[Callable[[str, str], Scenario], tuple[str, str]]:
    return _registered, (made.name, SCENARIOS.origin(made.name))


copyreg.pickle(Scenario, _reduced)  # a compiled deal cannot be pickled; its name and module are enough
