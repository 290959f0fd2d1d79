"""Read the flight: where and when each player expects to meet the ball.

All players know how a ball falls, drags and bounces, and underestimate how it bends (Craig et al. 2006). They read its
flight with an error that grows with how far ahead they look, mostly along the line of sight: how fast a ball comes is
harder to see than where it goes. The error shrinks as the ball comes nearer, and a later reading contains all that
earlier ones showed, so averaging readings gains nothing.

The runner is a player like the others, but an agent decides for the runner. So the runner also has a `sight` of the
ball, with errors that grow with its distance, and expects the flight of the ball in that sight: whatever an agent can
work out from what is observed is the runner's own reading. The runner misjudges a bend either way: a bias that is
always the same could be unlearned.
"""

import math

from backpost.envs.roles.sight import reading_error
from backpost.envs.world.chance import WORLD, normal, normal_pair, uniform
from backpost.envs.world.compile import kernel
from backpost.envs.world.draws import (
    JUDGE_MATES,
    JUDGE_RIVALS,
    LOOK_AT_BALL,
    LOOK_BEND,
    READ_ACROSS,
    READ_DEPTH,
    SHARPER_READING,
    VOLLEYS,
)
from backpost.envs.world.geometry import TINY, length, unit
from backpost.envs.world.pitch import HALF_LENGTH, HALF_WIDTH
from backpost.envs.world.record import ATTACKERS, KEEPER, NEVER, PATH_LENGTH, PATH_STEP, PLAYERS, RUNNER

from .fly import fly_step

HORIZON = PATH_LENGTH * PATH_STEP
"""Seconds of flight that players predict."""


@kernel
def new_readings(world, p):
    """After a touch, all players read the new flight, and judge when others reach it, with new errors."""
    n = world.ball.touches
    world.sight.bend = normal(world.seed, LOOK_BEND, WORLD, n)
    for i in range(PLAYERS):
        player = world.players[i]
        if player.present != 0:
            player.read_depth = normal(world.seed, READ_DEPTH, i, n)
            player.read_across = normal(world.seed, READ_ACROSS, i, n)
            player.read_doubt = 1.0
            player.judge_mates = normal(world.seed, JUDGE_MATES, i, n)
            player.judge_rivals = normal(world.seed, JUDGE_RIVALS, i, n)
            player.volleys = 1 if uniform(world.seed, VOLLEYS, i, n) < p.share_volleying else 0
            player.arrives = NEVER


@kernel
def expect_flight(world, p):
    """The flight with part of its bend, every 50 ms, and the share of velocity a drifting body keeps until then."""
    ball, path = world.ball, world.path
    x, y, z, vx, vy, vz = ball.x, ball.y, ball.z, ball.vx, ball.vy, ball.vz
    pull = math.exp(-p.acceleration_rate * PATH_STEP)
    seen_spin = p.bend_foreseen * ball.wz
    decay = 1.0
    world.drop = PATH_LENGTH
    for k in range(PATH_LENGTH):
        x, y, z, vx, vy, vz = fly_step(x, y, z, vx, vy, vz, ball.wx, ball.wy, seen_spin, p, PATH_STEP)
        decay *= pull
        path[0, k], path[1, k], path[2, k], path[3, k] = x, y, z, decay
        if z <= p.knee_height and world.drop == PATH_LENGTH:
            world.drop = k
    world.path_length = PATH_LENGTH


@kernel
def look_at_ball(world, p):
    """The runner looks at the ball in flight: place and velocity as seen, and the flight to be expected from them."""
    me, ball, sight = world.players[RUNNER], world.ball, world.sight
    ux, uy = unit(ball.x - me.x, ball.y - me.y)
    distance = length(ball.x - me.x, ball.y - me.y)
    n = world.decisions
    kept = min(distance / (sight.distance + TINY), 1.0)
    new = math.sqrt(1.0 - kept * kept)
    depth, across = normal_pair(world.seed, LOOK_AT_BALL, WORLD, n)
    sight.depth, sight.across = kept * sight.depth + new * depth, kept * sight.across + new * across
    sight.distance = min(distance, sight.distance)
    along, across = p.look_depth * distance * sight.depth, p.look_across * distance * sight.across
    sight.x, sight.y = ball.x + along * ux - across * uy, ball.y + along * uy + across * ux
    ex, ey = reading_error(world, RUNNER, p)
    sight.vx, sight.vy = ball.vx + ex, ball.vy + ey
    x, y, z, vx, vy, vz = sight.x, sight.y, ball.z, sight.vx, sight.vy, ball.vz
    seen_spin = (1.0 + p.bend_error * sight.bend) * ball.wz
    for k in range(PATH_LENGTH):
        x, y, z, vx, vy, vz = fly_step(x, y, z, vx, vy, vz, ball.wx, ball.wy, seen_spin, p, PATH_STEP)
        sight.path[0, k], sight.path[1, k], sight.path[2, k] = x, y, z


@kernel
def forget_ball(world):
    """With the ball at somebody's feet, the runner knows where it is: the next flight is looked at afresh."""
    sight = world.sight
    sight.distance = NEVER
    sight.drop_time = NEVER
    sight.x, sight.y, sight.vx, sight.vy = world.ball.x, world.ball.y, world.ball.vx, world.ball.vy


@kernel
def anticipate(world, i, p):
    """When and where a player can first touch the ball; out of reach, the player would have to chase it."""
    me = world.players[i]
    before = me.arrives
    me.arrives = NEVER
    if world.path_length == 0:
        return
    if i == RUNNER:
        # The runner's errors are in the sight of the ball.
        meet(world, i, world.sight.path, 0.0, 0.0, p)
        expect_drop(world, p)
    else:
        miss_x, miss_y = reading_error(world, i, p)
        meet(world, i, world.path, miss_x, miss_y, p)
    sharpen(world, i, before)


@kernel
def meet(world, i, path, miss_x, miss_y, p):
    """Note when and where player i can first meet a ball on this path; `miss_x`, `miss_y` as in `first_reach`."""
    me = world.players[i]
    top = p.keeper_reach_height if i == KEEPER else head_height(me, p)
    if i < ATTACKERS and me.outside != 1 and me.volleys != 0:
        top = p.volley_height
    k = first_reach(world, i, path, miss_x, miss_y, top, p)
    if k < PATH_LENGTH:
        me.arrives = (k + 1) * PATH_STEP
        me.meet_x, me.meet_y = path[0, k] + miss_x * me.arrives, path[1, k] + miss_y * me.arrives
        me.meet_z = path[2, k]
        return
    # To the end of the predicted flight.
    x, y = path[0, PATH_LENGTH - 1], path[1, PATH_LENGTH - 1]
    if abs(x) < HALF_LENGTH and abs(y) < HALF_WIDTH:
        me.arrives = max(HORIZON, p.chase_delay + length(x - me.x, y - me.y) / me.top_speed)
        me.meet_x, me.meet_y, me.meet_z = x, y, path[2, PATH_LENGTH - 1]


@kernel
def expect_drop(world, p):
    """When and where the runner can first meet the ball at the feet."""
    sight = world.sight
    sight.drop_time = NEVER
    k = first_reach(world, RUNNER, sight.path, 0.0, 0.0, p.knee_height, p)
    if k < PATH_LENGTH:
        sight.drop_time = (k + 1) * PATH_STEP
        sight.drop_x, sight.drop_y = sight.path[0, k], sight.path[1, k]


@kernel
def sharpen(world, i, before):
    """A nearer ball is read better: of the error of the next reading, the earlier one was a duller copy.

    The variance of the error falls with the time to contact, so the latest reading contains all earlier ones.
    """
    me, n = world.players[i], world.decisions
    if before >= NEVER or me.arrives >= before:
        return
    kept = me.arrives / before
    new = math.sqrt(me.read_doubt * kept * (1.0 - kept))
    depth, across = normal_pair(world.seed, SHARPER_READING, i, n)
    me.read_depth, me.read_across = kept * me.read_depth + new * depth, kept * me.read_across + new * across
    me.read_doubt *= kept


@kernel
def head_height(me, p):
    """Height (m) that a player's head reaches: higher from a run than from a standing jump."""
    return me.jump + p.jump_run_up * run_up(me, p)


@kernel
def run_up(me, p):
    """0 for a standing player, rising to 1 at the speed at which a run-up helps a jump most."""
    return min(length(me.vx, me.vy) / p.run_up_speed, 1.0)


@kernel
def first_reach(world, i, path, miss_x, miss_y, top, p):
    """The first sample of a flight, no higher than `top`, within a player's reachable disc; PATH_LENGTH if none.

    `miss_x`, `miss_y` (m/s) are added to the path for each second ahead. The player drifts until reacting, then runs.
    Testing every sample without a branch is faster than stopping at the first.
    """
    me = world.players[i]
    path_x, path_y, path_z, decays = path[0], path[1], path[2], world.path[3]
    arm = p.head_reach
    x, y, vx, vy, top_speed = me.x, me.y, me.vx, me.vy, me.top_speed
    wait = max(me.reaction - (world.time - world.phase_since), 0.0)
    late = math.exp(p.acceleration_rate * wait)
    slack = 1.0 / p.acceleration_rate
    first = PATH_LENGTH
    for k in range(PATH_LENGTH):
        seconds = (k + 1) * PATH_STEP
        drift = slack * (1.0 - decays[k])
        running = seconds - wait - slack * (1.0 - late * decays[k])
        radius = top_speed * running + arm
        dx = path_x[k] + seconds * miss_x - x - vx * drift
        dy = path_y[k] + seconds * miss_y - y - vy * drift
        reached = (seconds > wait) & (path_z[k] <= top) & (dx * dx + dy * dy <= radius * radius)
        first = min(first, k if reached else PATH_LENGTH)
    return first
