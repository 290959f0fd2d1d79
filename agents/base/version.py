"""The version of agent behaviour: with the same version, numbers, weights and world, agents act identically.

It is raised by hand when a change to the code of a rule, a planner, a policy's network, a handicap or a search alters
behaviour; `tests/test_golden_agents.py` rejects changed actions without a new version, and a new version without
changed actions. Tuned numbers and trained weights are not part of it: they belong to an agent's identity.
"""

AGENTS_VERSION = 3
