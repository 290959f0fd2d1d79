"""Faults of agents: rules, delays, and what planners know."""

from mutants.mutant import Mutant

LAW = "tests/agents/rules/test_law_rules.py"
RULES = "tests/agents/rules/test_rules.py"
BASE = "tests/agents/base/test_play.py"
FUTURE = "tests/agents/planners/test_law_future.py"

MUTANTS = (
    Mutant(
        "runs-on-in-the-next-cross",
        "agents/rules/rule.py",
        "self._running[which] = False",
        "self._running[which] = self._running[which]",
        (f"{LAW}::test_a_rule_that_ran_in_one_cross_waits_in_the_next",),
        "a rule begins a cross on the run of the last one",
    ),
    Mutant(
        "wing-of-the-cross-before",
        "agents/rules/rule.py",
        "self._side[which] = 0.0",
        "self._side[which] *= 1.0",
        (f"{LAW}::test_a_rule_in_a_restarted_row_takes_the_wing_of_its_new_cross",),
        "a rule runs for the far post of the cross before",
    ),
    Mutant(
        "a-check-back-changes-nothing",
        "agents/rules/rule.py",
        'already = self._running[rows] & ~view.is_on("carry")',
        "already = self._running[rows]",
        (f"{RULES}::test_a_check_back_stops_the_run",),
        "a run goes on while the crosser checks back",
    ),
    Mutant(
        "short-balls-are-long",
        "agents/rules/flight_reader.py",
        "carries_past < self.numbers.short",
        "carries_past > self.numbers.short",
        (f"{RULES}::test_the_flight_reader_turns_a_short_ball_into_a_near_post_run",),
        "a long ball is run for at the near post",
    ),
    Mutant(
        "sees-the-cross-before",
        "agents/handicaps/delayed.py",
        "self._fresh |= which",
        "self._fresh &= which",
        (f"{BASE}::test_a_delayed_agent_sees_the_past_of_this_cross_and_of_no_other",),
        "a slow agent sees the end of the cross before",
    ),
    Mutant(
        "planner-knows-the-luck",
        "agents/planners/future.py",
        "    world.seed = seed\n    world.xg =",
        "    world.xg =",
        (f"{FUTURE}::test_a_future_does_not_depend_on_what_nobody_can_know",),
        "a planner knows the luck that is to come",
    ),
    Mutant(
        "planner-knows-the-strike",
        "agents/planners/future.py",
        "world.delivery.strike_at = between(seed, STRIKE_TIME, WORLD, 0, low, high)",
        "low = between(seed, STRIKE_TIME, WORLD, 0, low, high)",
        (f"{FUTURE}::test_a_future_does_not_depend_on_what_nobody_can_know",),
        "a planner knows when the ball will be struck",
    ),
    Mutant(
        "planner-knows-the-swing",
        "agents/planners/future.py",
        "delivery.swing = -1.0 if",
        "swing = -1.0 if",
        (f"{FUTURE}::test_a_future_does_not_depend_on_what_nobody_can_know",),
        "a planner knows how the ball will bend",
    ),
    Mutant(
        "planner-knows-the-check-back",
        "agents/planners/future.py",
        "delivery.check_back_at = NEVER",
        "delivery.check_back_at = delivery.check_back_at",
        (f"{FUTURE}::test_a_future_does_not_depend_on_what_nobody_can_know",),
        "a planner knows that the crosser will check back",
    ),
    Mutant(
        "planner-knows-the-keeper",
        "agents/planners/future.py",
        "world.pattern.keeper_range = between(seed, KEEPER_RANGE, WORLD, 0, low, high)",
        "low = between(seed, KEEPER_RANGE, WORLD, 0, low, high)",
        (f"{FUTURE}::test_a_future_does_not_depend_on_what_nobody_can_know",),
        "a planner knows how far the keeper comes",
    ),
    Mutant(
        "planner-knows-the-spin",
        "agents/planners/future.py",
        "ball.wz *= 1.0 + p.bend_error * sight.bend",
        "ball.wz *= 1.0",
        (f"{FUTURE}::test_after_the_strike_a_planner_takes_for_true_the_bend_that_the_runner_reads",),
        "a planner sees all the spin of a ball",
    ),
)
