"""TorchRL: its three ways to an environment, and PPO on the native vector."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["backpost", "torchrl", "torch"]
# ///

import gymnasium as gym
import torch
from gymnasium.vector import AutoresetMode
from tensordict.nn import NormalParamExtractor, TensorDictModule
from torchrl.collectors import Collector
from torchrl.envs import GymEnv, GymWrapper, StepCounter, TransformedEnv
from torchrl.envs.utils import check_env_specs
from torchrl.modules import ProbabilisticActor, TanhNormal, ValueOperator
from torchrl.objectives import ClipPPOLoss
from torchrl.objectives.value import GAE

import backpost

gym.register_envs(backpost)
torch.manual_seed(0)

# By name, around a made environment, and around the native vector.
single = TransformedEnv(GymEnv("backpost/OpenPlay-v0"), StepCounter())
check_env_specs(single)
print("by name:", single.rollout(20)["next", "reward"].shape)
print("made:", GymWrapper(gym.make("backpost/OpenPlay-v0", label="train")).rollout(20)["next", "reward"].shape)
vector = gym.make_vec(
    "backpost/DrillCrossing-v0",
    num_envs=32,
    vectorization_mode="vector_entry_point",
    autoreset_mode=AutoresetMode.DISABLED,  # TorchRL resets the environments that have ended itself
    label="train",
)
envs = GymWrapper(vector)
envs.set_seed(0)

inputs, outputs = envs.observation_spec["observation"].shape[-1], envs.action_spec.shape[-1]
layers = [torch.nn.Linear(inputs, 64), torch.nn.Tanh(), torch.nn.Linear(64, 64), torch.nn.Tanh()]
mean = torch.nn.Sequential(*layers, torch.nn.Linear(64, 2 * outputs), NormalParamExtractor())
actor = ProbabilisticActor(
    TensorDictModule(mean, in_keys=["observation"], out_keys=["loc", "scale"]),
    in_keys=["loc", "scale"],
    distribution_class=TanhNormal,
    return_log_prob=True,
)
critic = ValueOperator(
    torch.nn.Sequential(torch.nn.Linear(inputs, 64), torch.nn.Tanh(), torch.nn.Linear(64, 1)), in_keys=["observation"]
)
advantage = GAE(gamma=0.99, lmbda=0.95, value_network=critic)
loss_of = ClipPPOLoss(actor, critic)
optimizer = torch.optim.Adam(loss_of.parameters(), 3e-4)

for update, played in enumerate(Collector(envs, actor, frames_per_batch=2_048, total_frames=10_240)):
    with torch.no_grad():
        advantage(played)
    for _ in range(4):
        for rows in torch.randperm(played.numel()).chunk(4):
            losses = loss_of(played.reshape(-1)[rows])
            loss = losses["loss_objective"] + losses["loss_critic"] + losses["loss_entropy"]
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    print(f"update {update}: {played.numel()} decisions, mean reward {played['next', 'reward'].mean():.5f}")
