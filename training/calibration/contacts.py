"""First contacts of attackers, and what comes of them with any parameters of finishing: as expectations, without luck.

A cross is played until somebody is about to play the first ball. Its record is then the situation itself: how probably
an attacker shoots, and his shot is on target, blocked or a goal, follows from the record and the parameters alone.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from backpost.agents.base.play import play
from backpost.agents.ordinary import Ordinary
from backpost.envs.dynamics.finish import MEMBERS, member_fate, member_launch, shot_aim, shot_error
from backpost.envs.dynamics.technique import choose_technique
from backpost.envs.interface.options import Options
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.compile import entry
from backpost.envs.world.parameters import parameters
from backpost.envs.world.record import ATTACKERS, FATE_BLOCKED, FATE_HELD, FATE_PARRIED, NEVER, NOBODY
from backpost.training.realism.events import SHOT_TYPES, Events, events
from backpost.training.realism.realism import SCENARIO

from .figures import LABEL, Array, Block, Values

SHOTS, GOALS, ON_TARGET, BLOCKED = range(4)
COLUMNS = 4
"""What is expected of a contact: that it is a shot, and a goal, on target or blocked by an outfield player."""
UNTIL_CONTACT = {"first_ball_played_on": 0.0}


class Contacts(NamedTuple):
    """The first contacts of attackers in m crosses that were struck.

    Attributes:
        table: the crosses, (m,); every first contact of an attacker counts as a header or a shot with the foot.
        which: those with such a contact, (n,).
        worlds: their records as the attacker is about to play the ball, (n,).
    """

    table: Events
    which: npt.NDArray[np.int64]
    worlds: npt.NDArray[Any]


def play_contacts(values: Values, block: Block) -> Contacts:
    """The first contacts of attackers in the crosses of a block, with the ordinary runner."""
    worlds = play(Ordinary(), SCENARIO, episode_seeds(LABEL, *block), Options(parameters={**values, **UNTIL_CONTACT}))
    worlds = worlds[worlds["delivery"]["struck_at"] < NEVER]
    table, first = events(worlds), worlds["first_contact"]
    which = np.flatnonzero((first["by"] != NOBODY) & (first["by"] < ATTACKERS))
    met = first[which]
    high = met["z"] > parameters(**values)["shoulder_height"][0]
    table["first_contact_is_shot"], table["shot_type"] = 0, SHOT_TYPES.index("none")
    table["first_contact_is_shot"][which] = 1
    table["shot_type"][which] = np.where(high, SHOT_TYPES.index("header"), SHOT_TYPES.index("foot"))
    table["shot_distance"][which] = np.hypot(table["depth"], table["first_contact_y"])[which]
    table["nearest_opponent"][which] = met["gap"]
    return Contacts(table, which, np.asarray(worlds[which]))


def expected(contacts: Contacts, values: Values) -> Array:
    """What is expected of each contact with these parameters, (n, COLUMNS)."""
    filled = np.zeros((len(contacts.which), COLUMNS))
    expect_batch(contacts.worlds.view(np.recarray), parameters(**values), filled)
    return filled


@entry
def expect_batch(worlds: Any, parameters: Any, expected: Any) -> None:
    """Write what is expected of each contact (n,) into `expected` (n, COLUMNS), which is zero."""
    p = parameters[0]
    for k in range(len(worlds)):
        world = worlds[k]
        i = world.first_contact.by
        technique, xg, clean = choose_technique(world, i, p)
        if xg <= 0.0:
            continue
        saved, blocked = 0, 0
        speed, azimuth, elevation = shot_aim(world, i, technique, p)
        error = shot_error(world, i, technique, p)
        for member in range(MEMBERS):
            vx, vy, vz = member_launch(member, speed, azimuth, elevation, error, p)
            fate, _, _ = member_fate(world, technique, member, vx, vy, vz, p)
            if fate == FATE_HELD or fate == FATE_PARRIED:
                saved += 1
            elif fate == FATE_BLOCKED:
                blocked += 1
        expected[k, SHOTS] = clean
        expected[k, GOALS] = clean * xg
        expected[k, ON_TARGET] = clean * (xg + saved / MEMBERS)
        expected[k, BLOCKED] = clean * blocked / MEMBERS
