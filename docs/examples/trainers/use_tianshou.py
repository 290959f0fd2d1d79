"""Tianshou: its high-level interface, which makes the environments by name."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["backpost", "tianshou[eval]", "torch"]
# ///

import gymnasium as gym
from tianshou.highlevel.config import OnPolicyTrainingConfig
from tianshou.highlevel.env import EnvFactoryRegistered, VectorEnvType
from tianshou.highlevel.experiment import ExperimentConfig, PPOExperimentBuilder
from tianshou.highlevel.params.algorithm_params import PPOParams

import backpost

gym.register_envs(backpost)

environments = EnvFactoryRegistered(task="backpost/DrillCrossing-v0", venv_type=VectorEnvType.DUMMY)
training = OnPolicyTrainingConfig(
    max_epochs=2,
    epoch_num_steps=2_000,
    num_training_envs=8,
    num_test_envs=4,
    test_step_num_episodes=20,
    collection_step_num_env_steps=1_000,
    batch_size=128,
    update_step_num_repetitions=4,
)
experiment = (
    PPOExperimentBuilder(environments, ExperimentConfig(watch=False, persistence_enabled=False, device="cpu"), training)
    .with_ppo_params(PPOParams(gamma=0.99, gae_lambda=0.95, return_scaling=True, lr=3e-4))
    .with_actor_factory_default(hidden_sizes=(64, 64))
    .with_critic_factory_default(hidden_sizes=(64, 64))
    .build()
)
result = experiment.run()
assert result.trainer_result is not None
print("best mean return on the test environments:", result.trainer_result.best_reward)
