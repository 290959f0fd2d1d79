"""Checks that a deal fills its first records correctly."""

import hashlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from numba.core.errors import NumbaError

from backpost.envs.common.errors import InvalidAction, InvalidValue
from backpost.envs.interface.options import Options
from backpost.envs.interface.script import write_intents
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.parameters import parameters
from backpost.envs.world.pitch import HALF_LENGTH, HALF_WIDTH
from backpost.envs.world.record import (
    ATTACKERS,
    CARRY,
    CROSSER,
    MARKINGS,
    NOBODY,
    ROLE_CROSSER,
    ROLES,
    RUNNER,
    SCRIPT_LENGTH,
    SET_PIECES,
)

from .scenario import Scenario

DEALT = 32
"""Number of records dealt to check a deal, each twice."""
BEYOND_LINES = 5.0
"""m that a player may stand off the pitch: room for a corner taker's run-up."""
FASTEST = 13.0
"""Largest valid top speed, m/s."""

Worlds = npt.NDArray[Any]


def fingerprint(scenario: Scenario) -> str:
    """Deal some crosses and check them; returns a digest of their records, 16 hexadecimal digits.

    Raises:
        InvalidValue: if the deal does not compile or deals an unplayable cross, or if a script fails.
    """
    worlds, again = (_dealt(scenario) for _ in range(2))
    for fault, wrong in _faults(worlds, scenario):
        if wrong.any():
            seed = int(worlds["seed"][np.flatnonzero(wrong)[0]])
            raise InvalidValue(f"scenario {scenario.name} deals a cross that cannot be played: {fault} (seed {seed})")
    if worlds.tobytes() != again.tobytes():
        raise InvalidValue(
            f"scenario {scenario.name} deals a different cross when it is given the same seed again: draw luck from "
            "the record's seed with backpost.envs.world.chance alone"
        )
    _try_scripts(scenario, again)
    return hashlib.sha256(worlds.tobytes()).hexdigest()[:16]


def _dealt(scenario: Scenario) -> Worlds:
    numbers = parameters()
    worlds: Worlds = np.repeat(scenario.opened(Options(), numbers).view(np.ndarray), DEALT)
    worlds["seed"] = episode_seeds("verify", 0, 0, DEALT)
    try:
        scenario.deal(worlds, np.arange(DEALT), numbers.view(np.ndarray))
    except NumbaError as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        reason = lines[1] if len(lines) > 1 and lines[0].startswith("Failed in") else lines[0]
        raise InvalidValue(
            f"the deal of scenario {scenario.name} does not compile: {reason}; NUMBA_DISABLE_JIT=1 runs it as plain "
            "Python"
        ) from error
    except Exception as error:
        raise InvalidValue(f"the deal of scenario {scenario.name} fails: {type(error).__name__}: {error}") from error
    return worlds


def _try_scripts(scenario: Scenario, worlds: Worlds) -> None:
    before = worlds.tobytes()
    for player, script in scenario.scripts.items():
        what = f"the script of player {player} of scenario {scenario.name}"
        try:
            script(worlds, player)
            changed = worlds.tobytes() != before
            write_intents({player: script}, worlds.copy(), np.ones(DEALT, bool))
        except InvalidAction as error:
            raise InvalidValue(f"scenario {scenario.name}: {error}") from error
        except Exception as error:
            raise InvalidValue(f"{what} fails: {type(error).__name__}: {error}") from error
        if changed:
            raise InvalidValue(f"{what} must not write into the records; work on a copy")


def _faults(worlds: Worlds, scenario: Scenario) -> Iterator[tuple[str, npt.NDArray[np.bool_]]]:
    """Every rule in words, and a mask (n,) of the records that violate it."""
    for path, values in _floats("", worlds):
        finite = np.isfinite(values).reshape(len(worlds), -1).all(axis=1)
        yield f"{path} must be finite", np.asarray(~finite)
    players, ball, delivery = worlds["players"], worlds["ball"], worlds["delivery"]
    present = players["present"] != 0
    seeds = episode_seeds("verify", 0, 0, DEALT)
    yield "the record's seed must stay as it is", worlds["seed"] != seeds
    crosser = present[:, CROSSER] & (players["role"][:, CROSSER] == ROLE_CROSSER)
    yield f"player {CROSSER} must be present as the crosser", ~crosser
    yield f"player {RUNNER}, the runner, must be present", ~present[:, RUNNER]
    for player in scenario.scripts:
        yield f"player {player}, who has a script, must be present", ~present[:, player]
    for player in (RUNNER, *scenario.scripts):
        yield f"player {player} must stay controlled from outside", players["outside"][:, player] != 1
    opened = (worlds["phase"] == CARRY) & (ball["owner"] == CROSSER) & (worlds["time"] == 0.0)
    yield "the crosser must have the ball at time 0; end the deal with deal.open_cross", ~opened
    strike = (delivery["strike_at"] > 0.0) & (delivery["strike_at"] <= scenario.latest_strike)
    yield f"delivery.strike_at must be between 0 and {scenario.latest_strike:g} s", ~strike
    off = (np.abs(players["x"]) > HALF_LENGTH + BEYOND_LINES) | (np.abs(players["y"]) > HALF_WIDTH + BEYOND_LINES)
    yield "every player must stand on the pitch of 105 x 68 m", _anybody(off & present)
    ball_off = (np.abs(ball["x"]) > HALF_LENGTH) | (np.abs(ball["y"]) > HALF_WIDTH)
    yield "the ball must lie on the pitch of 105 x 68 m", ball_off
    facing = np.abs(np.hypot(players["fx"], players["fy"]) - 1.0) > 1e-6
    yield "players.fx, fy must be a unit vector", _anybody(facing & present)
    speed = (players["top_speed"] <= 0.0) | (players["top_speed"] > FASTEST)
    yield f"players.top_speed must be above 0 and at most {FASTEST:g} m/s", _anybody(speed & present)
    for name in ("reaction", "read_error"):
        yield f"players.{name} must not be negative", _anybody((players[name] < 0.0) & present)
    yield from _wrong_indices(worlds, present)


def _wrong_indices(worlds: Worlds, present: npt.NDArray[np.bool_]) -> Iterator[tuple[str, npt.NDArray[np.bool_]]]:
    """Rules for fields that the step uses as indices; an invalid index would read arbitrary memory."""
    players = worlds["players"]
    roles = (players["role"] < 0) | (players["role"] >= len(ROLES))
    yield f"players.role must be an index into {', '.join(ROLES)}", _anybody(roles & present)
    man = players["man"]
    marked = np.take_along_axis(present, np.clip(man, 0, ATTACKERS - 1), axis=1)
    right = (man == NOBODY) | ((man >= 0) & (man < ATTACKERS) & marked)
    yield "players.man must be an attacker who is present, or NOBODY", _anybody(~right & present)
    look = (man != NOBODY) & (players["check_rate"] <= 0.0)
    yield "players.check_rate of a marker must be above 0", _anybody(look & present)
    target = worlds["delivery"]["target"]
    yield "delivery.target must be an attacker or NOBODY", (target < NOBODY) | (target >= ATTACKERS)
    for name, valid in (("set_piece", SET_PIECES), ("script_length", range(SCRIPT_LENGTH + 1))):
        yield f"{name} must be from 0 to {len(valid) - 1}", (worlds[name] < 0) | (worlds[name] >= len(valid))
    marking = worlds["pattern"]["marking"]
    yield f"pattern.marking must be an index into {', '.join(MARKINGS)}", (marking < 0) | (marking >= len(MARKINGS))


def _anybody(wrong: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Whether it is wrong for any player: (n, players) -> (n,)."""
    return np.asarray(wrong.any(axis=1))


def _floats(path: str, values: Any) -> Iterator[tuple[str, npt.NDArray[np.float64]]]:
    """Every floating-point field, with its path, such as players.x."""
    if values.dtype.names is None:
        if values.dtype.kind == "f":
            yield path, values
        return
    for name in values.dtype.names:
        yield from _floats(f"{path}.{name}" if path else name, values[name])
