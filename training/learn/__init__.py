"""Training of a policy: configuration, learners, checkpoints, selection; imports `bench`."""

from backpost.envs.common.extras import need

need("stable_baselines3", "torch")
