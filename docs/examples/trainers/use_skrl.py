"""skrl: PPO on the native vector."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["backpost", "skrl[torch]", "torch"]
# ///

from typing import Any

import gymnasium as gym
import torch
from gymnasium.vector import AutoresetMode
from skrl.agents.torch.ppo import PPO, PPO_CFG
from skrl.envs.wrappers.torch import wrap_env
from skrl.memories.torch import RandomMemory
from skrl.models.torch import DeterministicMixin, GaussianMixin, Model
from skrl.resources.preprocessors.torch import RunningStandardScaler
from skrl.trainers.torch import SequentialTrainer, SequentialTrainerCfg
from skrl.utils import set_seed

import backpost

gym.register_envs(backpost)
set_seed(0)

# SAME_STEP: skrl stores every step, and with NEXT_STEP one step of each episode would only be the reset.
vector = gym.make_vec(
    "backpost/DrillCrossing-v0",
    num_envs=64,
    vectorization_mode="vector_entry_point",
    autoreset_mode=AutoresetMode.SAME_STEP,
    label="train",
)
env = wrap_env(vector)


def network(out: int) -> torch.nn.Sequential:
    """Two hidden layers."""
    inputs = env.observation_space.shape[0]
    return torch.nn.Sequential(
        torch.nn.Linear(inputs, 64), torch.nn.Tanh(), torch.nn.Linear(64, 64), torch.nn.Tanh(), torch.nn.Linear(64, out)
    )


spaces = {"observation_space": env.observation_space, "action_space": env.action_space, "device": env.device}


class Policy(GaussianMixin, Model):
    """The distribution of actions."""

    def __init__(self) -> None:
        Model.__init__(self, **spaces)
        GaussianMixin.__init__(self, clip_actions=True)
        self.network, self.log_std = network(4), torch.nn.Parameter(torch.zeros(4))

    def compute(self, inputs: dict[str, Any], role: str = "") -> Any:
        """Its mean and the logarithm of its deviation."""
        return self.network(inputs["observations"]), {"log_std": self.log_std}


class Value(DeterministicMixin, Model):
    """The value of what is seen."""

    def __init__(self) -> None:
        Model.__init__(self, **spaces)
        DeterministicMixin.__init__(self)
        self.network = network(1)

    def compute(self, inputs: dict[str, Any], role: str = "") -> Any:
        """One number for each observation."""
        return self.network(inputs["observations"]), {}


settings = PPO_CFG(
    rollouts=32,
    mini_batches=4,
    learning_rate=3e-4,
    observation_preprocessor=RunningStandardScaler,
    observation_preprocessor_kwargs={"size": env.observation_space, "device": env.device},
    value_preprocessor=RunningStandardScaler,
    value_preprocessor_kwargs={"size": 1, "device": env.device},
)
agent = PPO(
    models={"policy": Policy(), "value": Value()},
    memory=RandomMemory(memory_size=32, num_envs=env.num_envs, device=env.device),
    cfg=settings,
    **spaces,
)
trainer = SequentialTrainer(env=env, agents=agent, cfg=SequentialTrainerCfg(timesteps=320, headless=True))
trainer.train()
agent.save("agent.pt")
