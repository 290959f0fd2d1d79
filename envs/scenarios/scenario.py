"""A scenario: its deal, its options, and the players besides the runner that scripts control."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from backpost.envs.common.errors import InvalidValue, UnknownOption, quoted
from backpost.envs.interface.options import PATTERN_RANGES, Options
from backpost.envs.interface.script import Script
from backpost.envs.world.parameter_table import TABLE
from backpost.envs.world.record import DECISION_RATE, RUNNER

from .deal_loop import Deal, deal_loop
from .opening import Opening

PATTERN_OPTIONS = ("marking", *PATTERN_RANGES)
"""The options of the defensive set-up, for deals that call `deal.draw_pattern`."""
OWN_OPTIONS = tuple(option.name for option in fields(Options) if option.default is None)
"""The options that only some scenarios have."""
COMMON_OPTIONS = tuple(option.name for option in fields(Options) if option.default is not None)
"""The options that every scenario has."""


LATEST_STRIKE = 20.0
"""Latest planned strike of any scenario, s from the opening."""
LONGEST_SHOT = 5.0
"""s for which a shot under way is played on when time is up: 45 m, across half the pitch, at the pace of the slowest
header (9 m/s)."""
_HIGHEST = {parameter.name: parameter.high for parameter in TABLE}


@dataclass(frozen=True)
class Scenario:
    """One registered scenario; `register_scenario` describes its parts.

    Attributes:
        name: name as in `Crosses(name)`.
        id: id of its environment, `<namespace>/<name>-v<number>`.
        description: one line.
        own: its options beyond those of every scenario.
        opening: makes the record that every deal starts from.
        deal_one: fills one record from its seed.
        scripts: by player, the script that controls that player instead of the role.
        reward: name of the reward where none is chosen.
        latest_strike: latest planned strike, s from the opening.
        version: version of its behaviour, saved with stored work; None: storing work is refused.
        fingerprint: digest of the first records dealt; "" for built-in scenarios.
    """

    name: str
    id: str
    description: str
    own: tuple[str, ...]
    opening: Opening
    deal_one: Any
    scripts: Mapping[int, Script]
    reward: str
    latest_strike: float
    version: str | None
    fingerprint: str = ""

    @property
    def longest(self) -> int:
        """Decisions of the longest episode that this scenario can have, whatever its parameters."""
        late = _HIGHEST["check_back_time"] + _HIGHEST["limit_after_strike"]
        return math.ceil((self.latest_strike + late + LONGEST_SHOT) * DECISION_RATE)

    @property
    def deal(self) -> Deal:
        """Fills records from their seeds. Its loop is made at the first deal: most programs play one scenario."""
        return deal_loop(self.deal_one)

    def opened(self, options: Options, parameters: np.recarray) -> np.recarray:
        """The record (1,) that every cross with these options starts from, before its deal.

        Raises:
            InvalidValue: for an invalid value of one of its own options.
            InvalidFile: for a malformed situation.
        """
        worlds = self.opening(options, parameters)
        worlds["players"]["outside"][0, [RUNNER, *self.scripts]] = 1
        return worlds

    def chosen(self, keywords: Mapping[str, Any], *others: str) -> Options:
        """The options that an environment's keyword arguments choose; the reward is the scenario's unless chosen.

        Args:
            keywords: options by name.
            others: names of the environment's other keyword arguments, for the message.

        Raises:
            UnknownOption: for an option that this scenario does not have.
            InvalidValue: for an invalid value.
        """
        names = {option.name for option in fields(Options)}
        for name in keywords:
            if name not in names:
                raise self._unknown(name, others)
        options = Options(**{"reward": self.reward, **keywords})
        return self.checked(options, *others)

    def checked(self, options: Options, *others: str) -> Options:
        """The options, checked to be options of this scenario.

        Raises:
            UnknownOption: if one is not; the message lists `others` as valid, too.
        """
        for name in OWN_OPTIONS:
            if name not in self.own and getattr(options, name) is not None:
                raise self._unknown(name, others)
        return options

    def _unknown(self, name: str, others: Sequence[str]) -> UnknownOption:
        """The error in Python's own words, by which trainers recognise what they may leave out."""
        valid = ", ".join([*others, *COMMON_OPTIONS, *self.own])
        said = f"{self.name} got an unexpected keyword argument {quoted(name)}"
        return UnknownOption(f"{said}; valid options are {valid}")

    def identity(self) -> str:
        """Text that distinguishes its crosses from those of every other scenario of this world.

        Raises:
            InvalidValue: if it was registered without a version.
        """
        if not self.fingerprint:
            return self.name
        if self.version is None:
            raise InvalidValue(
                f"crosses of scenario {self.name} cannot be kept, because it has no version: register it with "
                'version="1", and raise the version whenever its deal or its scripts change'
            )
        return f"{self.id}, {self.behaviour()}"

    def behaviour(self) -> str | None:
        """Version and fingerprint of a scenario from another package; None for built-in scenarios."""
        return f"version {self.version}, deals {self.fingerprint}" if self.fingerprint else None
