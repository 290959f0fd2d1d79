"""Perceive: what players know before they decide.

A defender knows the exact position of the marked man while he is in view; the gaze follows the ball. Otherwise the
defender extrapolates from the last sighting until a shoulder check finds the man again (scanning rate: Jordet et al.
2020). How players read a flight: `read_flight.py`; who then goes for the ball: `claim.py`.
"""

import math

from backpost.envs.world.chance import WORLD, normal, uniform
from backpost.envs.world.compile import entry, kernel
from backpost.envs.world.draws import HIPS_CLASS, HIPS_X, HIPS_Y, NEXT_CHECK
from backpost.envs.world.geometry import TINY, clip, cosine, length, unit
from backpost.envs.world.laws import offside_line
from backpost.envs.world.record import (
    ATTACKERS,
    CROSS,
    CUTBACK,
    DECISION_TIME,
    KEEPER,
    LOOSE,
    LOW,
    NOBODY,
    PLAYERS,
    SWING,
)

from .claim import choose_who_attacks
from .read_flight import anticipate, expect_flight, forget_ball, look_at_ball


@kernel
def perceive(world, p):
    """Update everything players perceive at the start of a decision."""
    world.line_x = offside_line(world)
    for i in range(ATTACKERS, PLAYERS):
        if world.players[i].present != 0 and i != KEEPER:
            look(world, i, p)
            believe(world, i, p)
    if world.phase <= SWING:
        show_hips(world, p)
    in_flight = world.phase == CROSS or world.phase == LOOSE
    if in_flight:
        expect_flight(world, p)
        look_at_ball(world, p)
    else:
        world.path_length = 0
        forget_ball(world)
    for i in range(PLAYERS):
        world.players[i].attacks = 0
        if world.players[i].present != 0:
            anticipate(world, i, p)
    if in_flight:
        choose_who_attacks(world, p)


@entry
def look(world, i, p):
    """Gaze follows the ball; now and then, or on a call by the marked man, a marker checks over the shoulder."""
    me = world.players[i]
    target_x, target_y = world.ball.x, world.ball.y
    if me.man != NOBODY:
        hear(world, me, p)
        me.check_wait -= DECISION_TIME
        if me.check_wait < -p.check_time:
            me.checks += 1
            me.check_wait = -math.log(uniform(world.seed, NEXT_CHECK, i, me.checks)) / me.check_rate
        if me.check_wait < 0.0:
            target_x, target_y = me.belief_x, me.belief_y
    me.gaze_x, me.gaze_y = unit(target_x - me.x, target_y - me.y)


@kernel
def hear(world, me, p):
    """A call nearby gives the marked man's position away: the marker looks there at once."""
    man = world.players[me.man]
    dx, dy = man.x - me.x, man.y - me.y
    if man.intent.call > 0.0 and p.hearing_on != 0.0 and dx * dx + dy * dy < p.hearing * p.hearing:
        me.belief_x, me.belief_y = man.x, man.y
        me.check_wait = 0.0


@kernel
def believe(world, i, p):
    """A marker's belief about the marked man: seen, or extrapolated from the last sighting."""
    me = world.players[i]
    if me.man == NOBODY:
        return
    man = world.players[me.man]
    me.sees_man = 1
    if p.belief_limits_on != 0.0:
        dx, dy = man.x - me.x, man.y - me.y
        in_gaze = cosine(me.gaze_x, me.gaze_y, dx, dy) > p.gaze_cosine
        me.sees_man = 1 if in_gaze or length(dx, dy) + TINY < p.felt_distance else 0
    if me.sees_man != 0:
        me.belief_x, me.belief_y = man.x, man.y
        # Position is seen at once; velocity is perceived only after a reaction time.
        answer = 1.0 - math.exp(-DECISION_TIME / me.reaction) if p.belief_limits_on != 0.0 else 1.0
        me.belief_vx += answer * (man.vx - me.belief_vx)
        me.belief_vy += answer * (man.vy - me.belief_vy)
    else:
        me.belief_x += DECISION_TIME * me.belief_vx
        me.belief_y += DECISION_TIME * me.belief_vy
        fade = math.exp(-DECISION_TIME / p.belief_memory)
        me.belief_vx *= fade
        me.belief_vy *= fade


@kernel
def cue_miss(strength, p):
    """Error (m, sd) of the landing point suggested by a cue of this strength: 0, to 1 at the strike."""
    return p.cue_error_early + strength * (p.cue_error_late - p.cue_error_early)


@kernel
def cue_accuracy(strength, p):
    """P(a cue of this strength is right about whether the ball will be low)."""
    return p.cue_class_early + strength * (p.cue_class_late - p.cue_class_early)


@kernel
def show_hips(world, p):
    """Update what the crosser's body shows of the chosen delivery, more clearly towards the strike.

    The latest cue contains all earlier ones: an earlier cue is a later one with added noise (a Brownian bridge for the
    landing point, a flip for the class), so combining cues gains nothing.
    """
    delivery = world.delivery
    left = delivery.strike_at - world.time
    if delivery.chosen == 0 or p.cues_on == 0.0 or left > p.cue_time:
        return
    strength = clip(1.0 - left / p.cue_time, 0.0, 1.0)
    miss, accuracy = cue_miss(strength, p), cue_accuracy(strength, p)
    error_x, error_y, kept, truly = 0.0, 0.0, 0.0, accuracy
    low = 1.0 if delivery.kind == LOW or delivery.kind == CUTBACK else -1.0
    if delivery.hips_shown > 0.0:
        before = 2.0 * delivery.hips_shown - 1.0
        error_x, error_y = delivery.hips_x - delivery.aim_x, delivery.hips_y - delivery.aim_y
        was, likely = cue_miss(before, p), cue_accuracy(before, p)
        kept = min(miss * miss / (was * was), 1.0)
        # P(an earlier cue differs), then P(this one is true | that one).
        flip = (accuracy - likely) / (2.0 * accuracy - 1.0) if accuracy > likely else 0.0
        truly = accuracy * (1.0 - flip) / likely if delivery.hips_low == low else accuracy * flip / (1.0 - likely)
    seed, n = world.seed, world.decisions
    new = miss * math.sqrt(1.0 - kept)
    delivery.hips_x = delivery.aim_x + kept * error_x + new * normal(seed, HIPS_X, WORLD, n)
    delivery.hips_y = delivery.aim_y + kept * error_y + new * normal(seed, HIPS_Y, WORLD, n)
    delivery.hips_low = low if uniform(seed, HIPS_CLASS, WORLD, n) < truly else -low
    delivery.hips_shown = 0.5 + 0.5 * strength
