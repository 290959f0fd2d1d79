"""RLlib: PPO, with the environments in this process or in those of Ray."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["backpost", "ray[rllib]", "torch"]
# ///

from typing import Any

import gymnasium as gym
from ray import tune
from ray.rllib.algorithms.ppo import PPOConfig


def make(settings: dict[str, Any]) -> gym.Env[Any, Any]:
    """The environment, made in a process of Ray's, which has to import the package itself."""
    import backpost

    gym.register_envs(backpost)
    return gym.make("backpost/DrillCrossing-v0", **settings)


tune.register_env("backpost", make)
config = (
    PPOConfig()
    .environment("backpost", env_config={"label": "train"})
    .env_runners(num_env_runners=0, num_envs_per_env_runner=8)  # more than 0: so many processes of Ray's own
    .training(train_batch_size_per_learner=2_000, minibatch_size=256, num_epochs=4, lr=3e-4)
    .debugging(seed=0)
)
algorithm = config.build_algo()
for _ in range(2):
    result = algorithm.train()
    print("mean return:", result["env_runners"]["episode_return_mean"])
algorithm.stop()
