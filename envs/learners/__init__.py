"""Many learners: several players of one cross learn at once, the others follow their scripts.

`ManyCrosses` is the native batch, `CrossingParallelEnv` one cross as a PettingZoo environment. They stand on
`crosses.py` and change nothing in the world: a learner's intent is set from outside, as the runner's always is.

Imports from the rest of `envs`; nothing in `envs` imports from here.
"""
