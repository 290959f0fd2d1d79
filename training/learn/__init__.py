"""How a policy is trained: configuration, learners, checkpoints, selection; imports `bench`."""
