"""Puts players into the hands of learners, and their actions into the record."""

from typing import Any

from backpost.envs.dynamics.step import decide_role
from backpost.envs.interface.action import cut_at_one, mirrored, move_freely
from backpost.envs.interface.mirroring import side_of
from backpost.envs.world.compile import entry
from backpost.envs.world.record import OVER, RUNNER


@entry
def take_batch(
    worlds: Any, which: Any, players: Any, roles: Any, scripted_runner: bool, corrects: bool, present: Any
) -> None:
    """After the deal of the crosses `which` (m,): hand over the players (k,) whose role is among their `roles` (bits).

    `present` (n, k) says who learns in each cross. A runner whom nobody plays follows a script like a team-mate.
    """
    for c in which:
        world = worlds[c]
        if scripted_runner:
            world.players[RUNNER].outside = 0
        for k in range(len(players)):
            player = world.players[players[k]]
            learns = player.present != 0 and (roles[k] >> player.role) & 1 == 1
            present[c, k] = learns
            if learns:
                player.outside = 2 if corrects and players[k] != RUNNER else 1


@entry
def intend_batch(
    worlds: Any, parameters: Any, player: int, column: int, present: Any, actions: Any, corrects: bool, wing: int
) -> None:
    """Set the intents of one player from checked actions (n, 4), wherever the player learns.

    With `corrects` an action is added to what the player's script wants, and the sums are cut like an action.
    """
    for c in range(len(worlds)):
        world = worlds[c]
        if world.phase == OVER or not present[c, column]:
            continue
        intent, action, side = world.players[player].intent, actions[c], side_of(world.seed, wing)
        if corrects:
            decide_role(world, player, parameters[0])
            vx, vy = cut_at_one(intent.vx + action[0], intent.vy + mirrored(side, action[1]))
            fx, fy = cut_at_one(intent.fx + action[2], intent.fy + mirrored(side, action[3]))
            intent.vx, intent.vy, intent.fx, intent.fy = vx, vy, fx, fy
        else:
            move_freely(intent, action, side)
