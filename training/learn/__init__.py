"""Training of a policy: configuration, learners, checkpoints, selection; imports `bench`."""
