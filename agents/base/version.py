"""The version of how agents behave: with the same numbers and weights, in the same world, they do the same.

It is raised, by hand, when the code of a rule, a planner, a policy's network, a handicap or a search changes what one
of them does; `tests/test_golden_agents.py` refuses changed actions without a new version, and a new version without
changed actions. Tuned numbers and trained weights are no part of it: they belong to an agent's identity.
"""

AGENTS_VERSION = 1
