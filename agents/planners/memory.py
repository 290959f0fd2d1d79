"""Memory: a cross as the runner knows it, who does not see everything.

Whoever is out of the runner's sight is expected where he would be had he gone on as he was last seen; whoever has not
been seen at all is left out. A ball out of sight flies on, and before the strike it is at the crosser's feet.
"""

from typing import Any

from backpost.envs.dynamics.fly import fly_step
from backpost.envs.interface.observe import sees
from backpost.envs.world.compile import entry, kernel
from backpost.envs.world.record import CROSS, CROSSER, DECISION_TIME, LOOSE, NOBODY, PLAYERS, RUNNER, SWING


@entry
def remember(worlds: Any, which: Any, cone: Any, parameters: Any, remembered: Any, before: Any) -> None:
    """Bring `remembered` up to date with what the runner sees in the worlds `which`, once in every decision.

    With `cone` 0 he sees all round. `before` (1,) is a scratch record. A cross of which nothing
    is remembered has nobody in it.
    """
    for i in which:
        before[0] = remembered[i]
        remembered[i] = worlds[i]
        recall(remembered[i], before[0], cone, parameters[0])


@kernel
def recall(now: Any, was: Any, cone: Any, p: Any) -> None:
    """Replace what the runner does not see by what follows from what he knew one decision ago."""
    me, ball, sight = now.players[RUNNER], now.ball, now.sight
    sees_ball = sees(me, ball.x, ball.y, cone, p)
    crosser = now.players[CROSSER]
    if not sees(me, crosser.x, crosser.y, cone, p):
        delivery = now.delivery
        delivery.hips_shown, delivery.hips_low = was.delivery.hips_shown, was.delivery.hips_low
        delivery.hips_x, delivery.hips_y = was.delivery.hips_x, was.delivery.hips_y
    for i in range(PLAYERS):
        if now.players[i].present != 0 and i != RUNNER:
            recall_player(now, was, i, sees_ball, cone, p)
    if sees_ball:
        if (now.phase == CROSS or now.phase == LOOSE) and ball.owner == NOBODY:
            ball.x, ball.y, ball.vx, ball.vy = sight.x, sight.y, sight.vx, sight.vy
        return
    if now.phase <= SWING or ball.owner != NOBODY:
        owner = now.players[CROSSER if ball.owner == NOBODY else ball.owner]
        ball.x, ball.y, ball.vx, ball.vy = owner.x, owner.y, owner.vx, owner.vy
    else:
        last = was.ball
        x, y, z, vx, vy, vz = last.x, last.y, last.z, last.vx, last.vy, last.vz
        ball.x, ball.y, ball.z, ball.vx, ball.vy, ball.vz = fly_step(
            x, y, z, vx, vy, vz, 0.0, 0.0, 0.0, p, DECISION_TIME
        )
        ball.wx = ball.wy = ball.wz = 0.0
    sight.x, sight.y, sight.vx, sight.vy = ball.x, ball.y, ball.vx, ball.vy


@kernel
def recall_player(now: Any, was: Any, i: Any, sees_ball: Any, cone: Any, p: Any) -> None:
    """One other player: as seen, or going on as last seen; a marker out of sight is taken to know where the man is.

    The crosser is where the ball is, until the strike.
    """
    me, other, last = now.players[RUNNER], now.players[i], was.players[i]
    if sees(me, other.x, other.y, cone, p):
        return
    if last.present == 0 and i != CROSSER:
        other.present = 0
        return
    other.x, other.y = last.x + DECISION_TIME * last.vx, last.y + DECISION_TIME * last.vy
    if i == CROSSER and sees_ball and now.phase <= SWING:
        other.x, other.y = now.ball.x, now.ball.y
    other.vx, other.vy, other.fx, other.fy = last.vx, last.vy, last.fx, last.fy
    other.gaze_x, other.gaze_y = last.gaze_x, last.gaze_y
    other.check_wait, other.checks = 0.0, last.checks
    if other.man != NOBODY:
        man = now.players[other.man]
        other.belief_x, other.belief_y, other.belief_vx, other.belief_vy = man.x, man.y, man.vx, man.vy
