"""Perceive: what players know before they decide.

All players underestimate how a flight bends (Craig et al. 2006) and read it with an error that shrinks as the ball
comes nearer. A defender knows the exact position of the marked man while he is in view; the gaze follows the ball.
Otherwise the defender extrapolates from the last sighting until a shoulder check finds the man again (scanning rate:
Jordet et al. 2020).
"""

import math

from backpost.envs.world.chance import WORLD, normal, uniform
from backpost.envs.world.compile import entry, kernel
from backpost.envs.world.draws import HIPS_CLASS, HIPS_X, HIPS_Y, NEXT_CHECK, READ_X, READ_Y
from backpost.envs.world.geometry import TINY, clip, cosine, length, unit
from backpost.envs.world.laws import offside_line
from backpost.envs.world.pitch import HALF_LENGTH, HALF_WIDTH
from backpost.envs.world.record import (
    ATTACKERS,
    CROSS,
    CROSSER,
    CUTBACK,
    DECISION_TIME,
    KEEPER,
    LOOSE,
    LOW,
    NEVER,
    NOBODY,
    PATH_LENGTH,
    PATH_STEP,
    PLAYERS,
    SWING,
)

from .fly import fly_step

HORIZON = PATH_LENGTH * PATH_STEP
"""Seconds of flight that players predict."""


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
    else:
        world.path_length = 0
    for i in range(PLAYERS):
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


@kernel
def expect_flight(world, p):
    """The flight with part of its bend, every 50 ms, and the share of velocity a drifting body keeps until then."""
    ball, path = world.ball, world.path
    x, y, z, vx, vy, vz = ball.x, ball.y, ball.z, ball.vx, ball.vy, ball.vz
    pull = math.exp(-p.acceleration_rate * PATH_STEP)
    seen_spin = p.bend_foreseen * ball.wz
    decay = 1.0
    for k in range(PATH_LENGTH):
        x, y, z, vx, vy, vz = fly_step(x, y, z, vx, vy, vz, ball.wx, ball.wy, seen_spin, p, PATH_STEP)
        decay *= pull
        path[0, k], path[1, k], path[2, k], path[3, k] = x, y, z, decay
    world.path_length = PATH_LENGTH


@kernel
def new_readings(world):
    """After a touch, all players read the new flight with new errors."""
    n = world.ball.touches
    for i in range(PLAYERS):
        player = world.players[i]
        if player.present != 0:
            player.read_x = normal(world.seed, READ_X, i, n)
            player.read_y = normal(world.seed, READ_Y, i, n)


@kernel
def anticipate(world, i, p):
    """When and where a player can first touch the ball; out of reach, the player would have to chase it."""
    me = world.players[i]
    me.arrives = NEVER
    me.attacks = 0
    if world.path_length == 0:
        return
    k = first_reach(world, i, p)
    if k < PATH_LENGTH:
        me.arrives = (k + 1) * PATH_STEP
        miss = me.read_error * me.arrives
        me.meet_x, me.meet_y = world.path[0, k] + miss * me.read_x, world.path[1, k] + miss * me.read_y
        me.meet_z = world.path[2, k]
        return
    # To the end of the predicted flight.
    x, y = world.path[0, PATH_LENGTH - 1], world.path[1, PATH_LENGTH - 1]
    if abs(x) < HALF_LENGTH and abs(y) < HALF_WIDTH:
        me.arrives = max(HORIZON, p.chase_delay + length(x - me.x, y - me.y) / me.top_speed)
        me.meet_x, me.meet_y, me.meet_z = x, y, world.path[2, PATH_LENGTH - 1]


@kernel
def first_reach(world, i, p):
    """The first sample of the predicted flight within a player's reachable disc; PATH_LENGTH if there is none.

    The player drifts until reacting, then runs. Testing every sample without a branch is faster than stopping at the
    first.
    """
    me = world.players[i]
    path_x, path_y, path_z, decays = world.path[0], world.path[1], world.path[2], world.path[3]
    top = p.keeper_reach_height if i == KEEPER else p.head_reach_height
    arm = p.head_reach
    x, y, vx, vy, top_speed = me.x, me.y, me.vx, me.vy, me.top_speed
    miss_x, miss_y = me.read_error * me.read_x, me.read_error * me.read_y
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


@kernel
def is_passed_to(world, i):
    """Whether this player is the target of a cut-back under way."""
    return world.phase == CROSS and world.delivery.kind == CUTBACK and world.delivery.target == i


@kernel
def choose_who_attacks(world, p):
    """Set who goes for the ball: those expecting to be first, or nearly; only one per team once it is loose."""
    first_attacker, first_defender = NOBODY, NOBODY
    best_attack, best_defence = NEVER, NEVER
    for i in range(PLAYERS):
        player = world.players[i]
        if player.present == 0 or (i == CROSSER and world.phase == CROSS):
            continue
        if i < ATTACKERS and player.arrives < best_attack:
            best_attack, first_attacker = player.arrives, i
        if i >= ATTACKERS and i != KEEPER and player.arrives < best_defence:
            best_defence, first_defender = player.arrives, i
    loose = world.phase == LOOSE
    for i in range(PLAYERS):
        player = world.players[i]
        if player.present == 0 or player.arrives >= NEVER:
            continue
        if i == KEEPER:
            continue
        mine, theirs = (best_attack, best_defence) if i < ATTACKERS else (best_defence, best_attack)
        is_first = i == first_attacker or i == first_defender or is_passed_to(world, i)
        if loose:
            player.attacks = 1 if is_first else 0
        else:
            player.attacks = 1 if is_first or player.arrives < min(mine, theirs) + p.attack_margin else 0
