"""A scenario: its deal, its options, and the players besides the runner that scripts control."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from backpost.envs.common.errors import InvalidValue
from backpost.envs.interface.options import PATTERN_RANGES, Options
from backpost.envs.interface.script import Script
from backpost.envs.world.record import RUNNER

from .deal_loop import Deal, deal_loop
from .opening import Opening

PATTERN_OPTIONS = ("marking", *PATTERN_RANGES)
"""The options of the defensive set-up, for deals that call `deal.draw_pattern`."""
OWN_OPTIONS = tuple(option.name for option in fields(Options) if option.default is None)
"""The options that only some scenarios have."""
COMMON_OPTIONS = tuple(option.name for option in fields(Options) if option.default is not None)
"""The options that every scenario has."""


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
    version: str | None
    fingerprint: str = ""

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

    def checked(self, options: Options) -> Options:
        """The options, checked to be options of this scenario.

        Raises:
            InvalidValue: if one is not.
        """
        valid = [*COMMON_OPTIONS, *self.own]
        for name in OWN_OPTIONS:
            if name not in valid and getattr(options, name) is not None:
                raise InvalidValue(f"{self.name} has no option {name!r}; valid options are {', '.join(valid)}")
        return options

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
