"""A future: the record as the runner knows it, with everything that he cannot know resampled.

The runner knows what he sees (positions, velocities, facing, gaze, the ball, the phase and the clock), what a team
knows about itself and its opponent (roles, who marks whom, zones, where and when team-mates intend to run, where the
crosser intends to strike, a recorded build-up), how the game works (the step itself), and what he is shown of the
delivery at this moment. Before the strike he does not know the delivery or, in open play, the swing; nor, until the
crosser lifts his head, when the ball will be struck and whether the crosser will check back. After the strike he knows
the ball as he sees it, with the spin that he reads, and takes both for the truth. He never knows the luck
of what has not happened yet, how fast others can run, how high they jump, when a marker will next look over his
shoulder, how others misread the flight, or how far the keeper comes. What a marker believes follows from what can be
seen of marker and runner.
"""

import math
from typing import Any

import numpy as np

from backpost.envs.dynamics.claim import choose_who_attacks
from backpost.envs.dynamics.perceive import cue_accuracy, cue_miss
from backpost.envs.dynamics.read_flight import anticipate, expect_flight, look_at_ball, new_readings
from backpost.envs.roles.delivery import choose_delivery
from backpost.envs.scenarios.deal import defender_speed, varied_jump, varied_speed
from backpost.envs.world.chance import WORLD, Draw, between, mix, uniform, word
from backpost.envs.world.compile import entry, kernel
from backpost.envs.world.draws import CHECK_BACK, HIPS, KEEPER_RANGE, NEXT_CHECK, STRIKE_ERROR, STRIKE_TIME
from backpost.envs.world.laws import offside_line
from backpost.envs.world.record import (
    ATTACKERS,
    CARRY,
    CROSS,
    CUTBACK,
    KEEPER,
    LOOSE,
    LOW,
    NEVER,
    NO_SET_PIECE,
    NOBODY,
    PLAYERS,
    RUNNER,
    SWING,
)

CHOICES = 16
"""Deliveries drawn for a future; one that agrees with the crosser's body cues is kept."""
FIRST_STRIKE, LAST_STRIKE = 2.0, 3.4
"""Range of strike times, s after the start, set pieces included."""
EARLIEST_CHECK_BACK, LATEST_CHECK_BACK = 0.3, 1.2
"""A crosser checks back no earlier than this after the start, and no later than this before the strike, s."""
LEAST_WEIGHT = 1e-12
"""Added to the weight of every delivery, so that one is kept even if none agrees with the cues."""

# The luck of a future: the world's own draws, from another seed, and these.
IMAGINED_SWING = Draw(STRIKE_ERROR, 9, 0, 1, 1, 0, 1, 1)
IMAGINED_CHECK_BACK = Draw(CHECK_BACK, 0, 0, 1, 1, 0, 1, 1)
IMAGINED_CHECK_BACK_TIME = Draw(CHECK_BACK, 0, 1, 1, 1, 0, 1, 1)
KEPT_CHOICE = Draw(HIPS, 5, 0, 1, 1, 0, 1, CHOICES)


def as_seen(parameters: np.recarray) -> np.recarray:
    """These parameters (1,) for a world in which the runner sees the ball as it is, and everybody foresees its bend."""
    changed = parameters.copy()
    for name, value in (("look_depth", 0.0), ("look_across", 0.0), ("bend_error", 0.0), ("bend_foreseen", 1.0)):
        changed[name] = value
    return changed


@kernel
def imagine(world: Any, seed: Any, p: Any, foreseen: Any) -> None:
    """Turn this copy of a record into a future in place, with `seed` as its luck. See the module for what is kept.

    `foreseen`: these parameters `as_seen`, used once the ball has been struck.
    """
    world.seed = seed
    world.xg = world.own_xg = world.goals = 0.0
    low, high = world.pattern_low.keeper_range, world.pattern_high.keeper_range
    if low < 0.0:
        low, high = p.keeper_range - p.keeper_range_spread, p.keeper_range + p.keeper_range_spread
    world.pattern.keeper_range = between(seed, KEEPER_RANGE, WORLD, 0, low, high)
    forget_bodies(world, p)
    if world.phase <= SWING:
        forget_plan(world, seed, p)
        read_anew(world, p)
    else:
        trust_sight(world, p)
        read_anew(world, foreseen)


@kernel
def forget_bodies(world: Any, p: Any) -> None:
    """Resample how fast others run and how high they jump, and from a memoryless waiting time the shoulder checks."""
    seed = world.seed
    for i in range(PLAYERS):
        me = world.players[i]
        if me.present == 0 or i == RUNNER:
            continue
        usual = p.attacker_speed
        if i >= ATTACKERS:
            usual = defender_speed(i, world.difficulty, p)
        me.top_speed = varied_speed(seed, i, usual, p)
        me.jump = varied_jump(seed, i, p)
        if i > KEEPER and me.man != NOBODY and me.check_wait >= 0.0:
            me.check_wait = -math.log(uniform(seed, NEXT_CHECK, i, me.checks)) / me.check_rate


@kernel
def forget_plan(world: Any, seed: Any, p: Any) -> None:
    """Resample the crosser's plan: swing, check-back and delivery."""
    delivery = world.delivery
    delivery.given = 0
    forget_strike(world, seed, p)
    if world.set_piece == NO_SET_PIECE:
        delivery.swing = -1.0 if uniform(seed, IMAGINED_SWING, WORLD, 0) < p.share_inswing else 1.0
        forget_check_back(world, seed, p)
    if delivery.chosen != 0:
        delivery.chosen = 0
        if delivery.hips_shown > 0.0:
            choose_as_shown(world, seed, p)


@kernel
def forget_strike(world: Any, seed: Any, p: Any) -> None:
    """Resample the strike time while the crosser carries the ball; later his body shows it."""
    if world.phase == CARRY and world.script_length == 0:
        low, high = strike_range(world, p.look_time, p.check_back_time)
        world.delivery.strike_at = between(seed, STRIKE_TIME, WORLD, 0, low, high)


@entry
def strike_range(world: Any, look_time: float, check_back_time: float) -> tuple[float, float]:
    """Earliest and latest strike time of a ball that is still carried, s from the start."""
    delay = check_back_time if world.delivery.checked_back != 0 else 0.0
    low = max(FIRST_STRIKE + delay, world.time + look_time)
    return low, max(LAST_STRIKE + delay, low)


@kernel
def forget_check_back(world: Any, seed: Any, p: Any) -> None:
    """Resample the check-back: at most one, and less likely the longer it has not happened."""
    delivery = world.delivery
    earliest, latest = EARLIEST_CHECK_BACK, delivery.strike_at - LATEST_CHECK_BACK
    delivery.check_back_at = NEVER
    if delivery.checked_back != 0 or world.script_length > 0 or world.time >= latest:
        return
    left = (latest - max(world.time, earliest)) / (latest - earliest)
    chance = p.check_back_chance * left / (1.0 - p.check_back_chance * (1.0 - left))
    if uniform(seed, IMAGINED_CHECK_BACK, WORLD, 0) < chance:
        first = max(world.time, earliest)
        delivery.check_back_at = between(seed, IMAGINED_CHECK_BACK_TIME, WORLD, 0, first, latest)


@kernel
def choose_as_shown(world: Any, seed: Any, p: Any) -> None:
    """Draw one of several candidate deliveries, weighted by agreement with the crosser's body cues."""
    delivery = world.delivery
    strength = 2.0 * delivery.hips_shown - 1.0
    miss, accuracy = cue_miss(strength, p), cue_accuracy(strength, p)
    total, kept = 0.0, word(seed)
    for n in range(CHOICES):
        world.seed = mix(word(seed) ^ word(n))
        delivery.chosen = 0
        choose_delivery(world, p)
        dx, dy = (delivery.hips_x - delivery.aim_x) / miss, (delivery.hips_y - delivery.aim_y) / miss
        low = delivery.kind == LOW or delivery.kind == CUTBACK
        weight = accuracy if low == (delivery.hips_low > 0.0) else 1.0 - accuracy
        weight *= math.exp(-0.5 * (dx * dx + dy * dy)) + LEAST_WEIGHT
        total += weight
        if uniform(seed, KEPT_CHOICE, WORLD, n) * total < weight:
            kept = world.seed
    world.seed = kept
    delivery.chosen = 0
    choose_delivery(world, p)
    world.seed = seed


@kernel
def trust_sight(world: Any, p: Any) -> None:
    """Take the ball in flight as the runner sees it for the truth; from here on the runner reads it without error."""
    ball, sight = world.ball, world.sight
    if (world.phase == CROSS or world.phase == LOOSE) and ball.owner == NOBODY:
        ball.x, ball.y, ball.vx, ball.vy = sight.x, sight.y, sight.vx, sight.vy
        world.line_x = offside_line(world)
    ball.wz *= 1.0 + p.bend_error * sight.bend
    world.players[RUNNER].read_error = 0.0


@kernel
def read_anew(world: Any, p: Any) -> None:
    """Resample every player's reading of the flight, each as sharp as it has become."""
    doubts = np.empty(PLAYERS)
    for i in range(PLAYERS):
        doubts[i] = world.players[i].read_doubt
    new_readings(world, p)
    for i in range(PLAYERS):
        reader = world.players[i]
        reader.read_doubt = doubts[i]
        reader.read_depth *= math.sqrt(doubts[i])
        reader.read_across *= math.sqrt(doubts[i])
    in_flight = world.phase == CROSS or world.phase == LOOSE
    if in_flight:
        expect_flight(world, p)
        look_at_ball(world, p)
    for i in range(PLAYERS):
        world.players[i].attacks = 0
        if world.players[i].present != 0:
            anticipate(world, i, p)
    if in_flight:
        choose_who_attacks(world, p)


@entry
def imagine_all(worlds: Any, which: Any, seeds: Any, parameters: Any, foreseen: Any, futures: Any) -> None:
    """Write a future of the world `which[i]` with the luck `seeds[i]` to `futures[i]`, for every i."""
    for i in range(len(which)):
        futures[i] = worlds[which[i]]
        imagine(futures[i], seeds[i], parameters[0], foreseen[0])
