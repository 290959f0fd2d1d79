"""A run in a few numbers: what the planners choose between, and how a run is played out on a record.

In a run the player waits somewhere facing the ball, goes to a place from some moment on, and attacks the ball once it
has been struck and can be met. Any record can be continued with a run, to the end or until some time after the first
contact.
"""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from backpost.agents.base.movement import RESPONSE, VIEW
from backpost.envs.dynamics.read_flight import HORIZON
from backpost.envs.dynamics.step import step
from backpost.envs.interface.action import intend
from backpost.envs.interface.mirroring import RIGHT
from backpost.envs.interface.options import ACTION_TYPES
from backpost.envs.roles.steer import face, run_to
from backpost.envs.world.compile import entry, kernel
from backpost.envs.world.geometry import TINY, length, unit
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import CROSS, DECISION_TIME, LOOSE, NOBODY, OVER, RUNNER, SWING, TIME_TOLERANCE

Array = npt.NDArray[np.float64]

NUMBERS = ("wait_x", "wait_y", "start", "x", "y", "meets", "later", "open", "margin")
"""The numbers of a run: where the runner waits (m), when he goes (s from the start of the episode), where to (m), how
long after the strike he attacks the ball (s; `NEVER` to leave it to others), how much longer than necessary he lets it
come (s), how he opens his body to meet it (0 to the ball, 1 to the goal), and how far he keeps from the offside line
(m)."""
WAIT_X, WAIT_Y, START, X, Y, MEETS, LATER, OPEN, MARGIN = range(len(NUMBERS))
LOW = np.array([25.0, -20.0, 0.0, 34.0, -12.0, 0.0, 0.0, 0.0, 0.0])
HIGH = np.array([52.0, 20.0, 20.0, 52.0, 14.0, 99.0, 0.6, 1.0, 2.0])
"""Lowest and highest value of each number in a search."""

ARRIVED = 1.5
"""Distance from his target at which the runner opens his body to the ball, m."""
OPEN_TIME = 0.3
"""Time before he meets the ball at which the runner opens his body, s."""
CONTINUOUS = ACTION_TYPES.index("continuous")
AHEAD, ASIDE = math.cos(VIEW), math.sin(VIEW)
"""A facing from which the ball is just in view: its share towards the ball, and across."""


@kernel
def run_action(world: Any, run: Any, action: Any) -> None:
    """Write this run's current action to `action` (4,), wanted velocity and facing in the world frame."""
    me, ball = world.players[RUNNER], world.ball
    struck = world.phase == CROSS or world.phase == LOOSE
    since = world.time - world.delivery.struck_at
    if struck and me.arrives <= HORIZON and since >= run[MEETS]:
        later = run[LATER]
        meet_at(me, me.meet_x + later * ball.vx, me.meet_y + later * ball.vy, me.arrives + later)
        if me.arrives + later < OPEN_TIME:
            open_body(me, ball, run[OPEN])
    else:
        going = world.time >= run[START] - TIME_TOLERANCE
        x, y = (run[X], run[Y]) if going else (run[WAIT_X], run[WAIT_Y])
        if world.phase <= SWING:
            x = min(x, world.line_x - run[MARGIN])
        run_to(me, x, y, 1.0)
        dx, dy = x - me.x, y - me.y
        if dx * dx + dy * dy < ARRIVED * ARRIVED:
            face(me, ball.x, ball.y)
    keep_in_view(me, ball)
    action[0], action[1], action[2], action[3] = me.intent.vx, me.intent.vy, me.intent.fx, me.intent.fy


@kernel
def keep_in_view(me: Any, ball: Any) -> None:
    """Turn the wanted facing towards the ball just so far that the runner sees it (`movement.keep_in_view`)."""
    fx, fy = me.intent.fx, me.intent.fy
    if fx == 0.0 and fy == 0.0:
        fx, fy = unit(me.intent.vx, me.intent.vy)
    bx, by = unit(ball.x - me.x, ball.y - me.y)
    if fx * bx + fy * by < AHEAD:
        aside = -ASIDE if fy * bx - fx * by < 0.0 else ASIDE
        me.intent.fx, me.intent.fy = AHEAD * bx - aside * by, AHEAD * by + aside * bx


@kernel
def meet_at(me: Any, x: float, y: float, seconds: float) -> None:
    """Be at this place in `seconds` and run through it (`movement.meet`)."""
    seconds = max(seconds, DECISION_TIME)
    coast = (1.0 - math.exp(-RESPONSE * seconds)) / RESPONSE
    pace = 1.0 / (me.top_speed * (seconds - coast))
    wx, wy = pace * (x - me.x - coast * me.vx), pace * (y - me.y - coast * me.vy)
    size = max(length(wx, wy), 1.0)
    me.intent.vx, me.intent.vy = wx / size, wy / size
    me.intent.fx = me.intent.fy = 0.0


@kernel
def open_body(me: Any, ball: Any, share: float) -> None:
    """Face a direction between the ball (0) and the goal (1)."""
    bx, by = ball.x - me.x, ball.y - me.y
    gx, gy = HALF_LENGTH - me.x, -me.y
    to_ball = (1.0 - share) / (length(bx, by) + TINY)
    to_goal = share / (length(gx, gy) + TINY)
    face(me, me.x + to_ball * bx + to_goal * gx, me.y + to_ball * by + to_goal * gy)


@entry
def advance(world: Any, action: Any, parameters: Any) -> None:
    """Advance this record (1,) by one decision with an action (4,) in the world frame."""
    intend(world[0], action, CONTINUOUS, RIGHT)
    step(world[0], parameters[0])


@kernel
def is_settled(world: Any, end: float, after: float) -> bool:
    """True once the cross is over, or `after` seconds have passed since the first contact and the moment `end`."""
    if world.phase == OVER:
        return True
    first = world.first_contact
    return bool(first.by != NOBODY and world.time > max(first.time, end) + after)


@entry
def play_runs(futures: Any, runs: Any, parameters: Any, after: float, others: float, world: Any, values: Any) -> None:
    """Play every run (c, numbers) on every future (k,) and write its xG to `values` (c, k).

    `after`: seconds of second balls that count. `others`: weight of team-mates' xG relative to the runner's own.
    `world` (1,) is the scratch record for playing; the futures are not changed.
    """
    action = np.zeros(4)
    now = futures[0].time
    for c in range(len(runs)):
        for k in range(len(futures)):
            world[0] = futures[k]
            while not is_settled(world[0], now, after):
                run_action(world[0], runs[c], action)
                advance(world, action, parameters)
            own = world[0].own_xg
            values[c, k] = own + others * (world[0].xg - own)


@entry
def run_actions(worlds: Any, runs: Any, actions: Any) -> None:
    """Write the current action of each run (n, numbers) in its world (n,) to `actions` (n, 4), in the world frame."""
    row = np.zeros(4)
    for i in range(len(runs)):
        run_action(worlds[i], runs[i], row)
        for k in range(4):
            actions[i, k] = row[k]
