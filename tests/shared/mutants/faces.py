"""Faults between the world and its user: rewards, histories, mirroring, episodes, metrics."""

from mutants.mutant import Mutant

AUTORESET = "tests/envs/test_law_autoreset.py"
REWARD = "tests/envs/interface/test_law_reward.py"
HISTORY = "tests/envs/test_law_history.py"
OUTCOME = "tests/envs/interface/test_law_outcome.py"
CROSSES = "tests/envs/test_crosses.py"
PLAY = "tests/envs/dynamics/test_law_play.py"

MUTANTS = (
    Mutant(
        "paid-at-autoreset",
        "envs/crossing_vector.py",
        "rewards[again] = 0.0",
        "rewards[again & over] = 0.0",
        (f"{AUTORESET}::test_the_step_that_opens_the_next_episode_pays_nothing_though_the_cut_one_could_have_gone_on",),
        "the step that opens an episode pays for one that was cut",
    ),
    Mutant(
        "reset-keeps-ended",
        "envs/crossing_vector.py",
        "self._ended &= ~which",
        "self._ended &= which | ~which",
        (f"{AUTORESET}::test_an_environment_that_was_reset_by_hand_after_its_end_is_not_opened_a_second_time",),
        "a cross that was reset by hand is reset again",
    ),
    Mutant(
        "final-observation-of-the-next",
        "envs/crossing_vector.py",
        "observations[rows] = self.crosses.observe(rows)",
        "observations[rows] = final[rows[0]]",
        (f"{AUTORESET}::test_where_the_last_step_opens_the_next_episode_it_pays_for_the_last_decision",),
        "the opening of the next episode is not shown",
    ),
    Mutant(
        "shaping-misses-the-strike",
        "envs/interface/reward.py",
        "    if world.phase == CROSS:",
        "    if world.phase > CROSS:",
        (f"{REWARD}::test_the_strike_itself_pays_the_step_between_the_two_places",),
        "shaping goes on as if the ball had not been struck",
    ),
    Mutant(
        "shaping-tells-the-aim",
        "envs/interface/reward.py",
        "    if world.phase == CROSS:",
        "    if world.phase <= CROSS:",
        (f"{REWARD}::test_before_the_strike_shaping_tells_nothing_of_where_the_ball_will_go",),
        "shaping tells the aim before the strike",
    ),
    Mutant(
        "shaping-keeps-what-was-paid",
        "envs/interface/reward.py",
        "    if world.phase > CROSS:",
        "    if world.phase > CROSS + 9:",
        (f"{REWARD}::test_a_ball_that_has_been_touched_is_worth_no_potential",),
        "a potential outlives the cross",
    ),
    Mutant(
        "shaping-undiscounted",
        "envs/crosses.py",
        "self.options.gamma * self._potentials()",
        "self._potentials()",
        (f"{REWARD}::test_shaping_discounts_what_comes_next",),
        "shaping forgets the discount",
    ),
    Mutant(
        "own-xg-is-the-teams",
        "envs/interface/reward.py",
        '"own_xg": "own_xg_now"',
        '"own_xg": "xg_now"',
        (f"{REWARD}::test_each_reward_pays_its_own_term",),
        "the runner's own reward is the team's",
    ),
    Mutant(
        "history-is-the-live-record",
        "envs/crossing.py",
        "self._history.append(self.crosses.snapshot())",
        "self._history.append(self.crosses.worlds)",
        (f"{HISTORY}::test_a_picture_is_drawn_from_what_was_and_not_from_what_is",),
        "the trails of a picture are the present",
    ),
    Mutant(
        "recording-is-the-live-record",
        "agents/base/play.py",
        "        moments.append(crosses.snapshot())",
        "        moments.append(crosses.worlds)",
        (f"{HISTORY}::test_a_recorded_cross_holds_every_moment_as_it_was",),
        "every moment of a recording is its last",
    ),
    Mutant(
        "snapshot-is-the-live-record",
        "envs/crosses.py",
        "        return saved",
        "        return self.worlds",
        (f"{HISTORY}::test_a_snapshot_stays_as_it_was_while_the_cross_goes_on_and_gives_it_back",),
        "a snapshot goes on with the cross",
    ),
    Mutant(
        "facing-not-mirrored",
        "envs/interface/action.py",
        "vx, side * vy, fx, side * fy",
        "vx, side * vy, fx, fy",
        (f"{OUTCOME}::test_towards_the_near_post_means_towards_the_crosser_on_either_wing",),
        "on the left wing a runner faces the other way",
    ),
    Mutant(
        "place-not-mirrored",
        "envs/interface/observe.py",
        "at = put(row, 0, me.x, me.y, mirror)",
        "at = put(row, 0, me.x, me.y, 1.0)",
        (f"{OUTCOME}::test_towards_the_near_post_means_towards_the_crosser_on_either_wing",),
        "on the left wing a runner sees himself on the right",
    ),
    Mutant(
        "wings-swapped",
        "envs/interface/mirroring.py",
        "if wing == LEFT else 1.0",
        "if wing != LEFT else 1.0",
        (f"{OUTCOME}::test_towards_the_near_post_means_towards_the_crosser_on_either_wing",),
        "left is right",
    ),
    Mutant(
        "arrival-from-the-start",
        "envs/interface/outcome.py",
        "np.where(passed, worlds.pass_time, math.nan)) - struck",
        "np.where(passed, worlds.pass_time, math.nan))",
        (f"{OUTCOME}::test_times_of_a_run_are_counted_from_the_strike",),
        "arrivals are counted from the start of the episode",
    ),
    Mutant(
        "near-is-far",
        "envs/interface/outcome.py",
        "np.where(y < -GOAL_HALF_WIDTH, 0, np.where(y > GOAL_HALF_WIDTH, 2, 1))",
        "np.where(y < -GOAL_HALF_WIDTH, 2, np.where(y > GOAL_HALF_WIDTH, 0, 1))",
        (f"{OUTCOME}::test_the_near_zone_is_on_the_crossers_side_of_the_goal",),
        "near and far post change places",
    ),
    Mutant(
        "streams-move-together",
        "envs/interface/streams.py",
        "self.episodes += which",
        "self.episodes += np.uint64(1)",
        (f"{CROSSES}::test_streams_walk_through_their_own_episodes",),
        "a reset of one environment moves the streams of all",
    ),
    Mutant(
        "over-and-played-on",
        "envs/interface/batch.py",
        "        if world.phase != OVER:\n            step(world, p)\n",
        "        step(world, p)\n",
        (f"{PLAY}::test_nothing_happens_to_a_cross_that_is_over",),
        "a cross that is over is played on",
    ),
)
