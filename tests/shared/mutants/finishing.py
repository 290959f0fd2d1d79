"""Faults of deliveries, contests and shots that show in their numbers."""

from mutants.mutant import Mutant

CONTEST = "tests/envs/dynamics/test_law_contest.py"
DELIVERY = "tests/envs/dynamics/test_law_delivery.py"
FINISH = "tests/envs/dynamics/test_finish.py"
PATTERNS = "tests/envs/scenarios/test_patterns.py"

MUTANTS = (
    Mutant(
        "pressure-spoils-all-alike",
        "envs/dynamics/finish.py",
        "pressure = p.header_pressure_error if technique == HEADER else p.foot_pressure_error",
        "pressure = p.foot_pressure_error",
        (f"{FINISH}::test_pressure_spoils_headers_and_kicks_each_by_a_share_of_its_own",),
        "pressure costs headers what it costs kicks",
    ),
    Mutant(
        "rising-balls-are-easy",
        "envs/dynamics/finish.py",
        "p.falling_error * abs(ball.vz)",
        "p.falling_error * max(-ball.vz, 0.0)",
        (f"{FINISH}::test_a_half_volley_is_harder_than_a_rolling_ball",),
        "a ball that bounces up is as easy as one that rolls",
    ),
    Mutant(
        "standing-headers-as-fast",
        "envs/dynamics/finish.py",
        "p.header_speed + p.header_own_speed * towards",
        "p.header_speed + 0.0 * towards",
        (f"{FINISH}::test_a_running_header_is_faster_than_a_standing_one",),
        "a running header is no faster than a standing one",
    ),
    Mutant(
        "nobody-jumps-at-a-header",
        "envs/dynamics/finish.py",
        "top = p.header_block_height if technique == HEADER else p.shot_block_height",
        "top = p.shot_block_height",
        (f"{FINISH}::test_beside_a_header_bodies_jump",),
        "nobody jumps to block a header",
    ),
    Mutant(
        "keeper-always-set",
        "envs/dynamics/finish.py",
        "late = 1.0 + p.keeper_unset * length(keeper.vx, keeper.vy)",
        "late = 1.0",
        (f"{FINISH}::test_a_keeper_who_is_still_moving_reacts_later",),
        "a keeper on the move saves like a set one",
    ),
    Mutant(
        "run-up-is-worth-nothing",
        "envs/dynamics/touch.py",
        "p.contest_run_up * run_up(me, p)",
        "0.0 * run_up(me, p)",
        (f"{CONTEST}::test_a_run_up_helps_in_the_air",),
        "a run-up is worth nothing in the air",
    ),
    Mutant(
        "jump-is-worth-nothing",
        "envs/dynamics/touch.py",
        "p.contest_jump * (me.jump - p.head_reach_height)",
        "0.0 * (me.jump - p.head_reach_height)",
        (f"{CONTEST}::test_the_higher_jump_has_the_better_of_it_in_the_air",),
        "who jumps higher has nothing from it",
    ),
    Mutant(
        "behind-is-better",
        "envs/dynamics/touch.py",
        "p.contest_front * (dx * vx + dy * vy)",
        "-p.contest_front * (dx * vx + dy * vy)",
        (f"{CONTEST}::test_who_stands_in_front_has_the_better_of_it",),
        "who stands behind has the better of it",
    ),
    Mutant(
        "run-up-lifts-nobody",
        "envs/dynamics/read_flight.py",
        "return me.jump + p.jump_run_up * run_up(me, p)",
        "return me.jump",
        (f"{CONTEST}::test_a_running_jump_reaches_higher_than_a_standing_one",),
        "a running jump is no higher than a standing one",
    ),
    Mutant(
        "all-jump-alike",
        "envs/dynamics/touch.py",
        "height = head_height(me, p)",
        "height = p.head_reach_height + p.jump_run_up * run_up(me, p)",
        (f"{CONTEST}::test_a_running_jump_reaches_higher_than_a_standing_one",),
        "everybody reaches as high",
    ),
    Mutant(
        "fast-balls-are-easy",
        "envs/dynamics/touch.py",
        "fast = math.exp(-p.touch_fast *",
        "fast = math.exp(-0.0 *",
        (f"{CONTEST}::test_a_fast_ball_is_missed_more_often_than_a_slow_one",),
        "a fast ball is missed no more often than a slow one",
    ),
    Mutant(
        "sliced-and-played-again",
        "envs/dynamics/release.py",
        "        ball.touches += 1\n        me.locked = p.pass_recover_time\n        take_offside",
        "        ball.touches += 1\n        take_offside",
        (f"{CONTEST}::test_who_shoots_a_ball_at_his_feet_does_not_play_it_again_at_once",),
        "who slices a shot plays it again at once",
    ),
    Mutant(
        "still-balls-are-struck-as-wildly",
        "envs/dynamics/strike.py",
        "precision = p.set_piece_precision if",
        "precision = 1.0 if",
        (f"{DELIVERY}::test_a_ball_that_lies_still_is_struck_more_precisely_by_a_share",),
        "a ball that lies still is struck no more precisely",
    ),
    Mutant(
        "low-balls-as-hard-as-high",
        "envs/dynamics/strike.py",
        "hardness = p.low_speed_error if delivery.kind == LOW else p.speed_error",
        "hardness = p.speed_error",
        (f"{DELIVERY}::test_low_and_high_crosses_vary_each_by_their_own_errors",),
        "low crosses vary in pace like high ones",
    ),
    Mutant(
        "low-balls-rise-as-high",
        "envs/dynamics/strike.py",
        "error = p.low_elevation_error if delivery.kind == LOW else p.elevation_error",
        "error = p.elevation_error",
        (f"{DELIVERY}::test_low_and_high_crosses_vary_each_by_their_own_errors",),
        "low crosses vary in height like high ones",
    ),
    Mutant(
        "corners-marked-like-open-play",
        "envs/scenarios/deal.py",
        "man, zonal = p.corner_share_man, p.corner_share_zonal",
        "man, zonal = p.share_man, p.share_zonal",
        (f"{PATTERNS}::test_corners_are_marked_by_shares_of_their_own",),
        "corners are marked by the shares of open play",
    ),
)
