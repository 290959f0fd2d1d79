"""CleanRL's way: PPO in one file, on the native vector. Copy it and change what you like."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["backpost", "torch"]
# ///

import argparse

import gymnasium as gym
import numpy as np
import torch
from torch import nn
from torch.distributions import Normal

import backpost

gym.register_envs(backpost)
parser = argparse.ArgumentParser()
parser.add_argument("--env-id", default="backpost/DrillCrossing-v0")
parser.add_argument("--seed", type=int, default=0)
parser.add_argument("--total-timesteps", type=int, default=50_000)
parser.add_argument("--num-envs", type=int, default=64)
parser.add_argument("--num-steps", type=int, default=64)
parser.add_argument("--learning-rate", type=float, default=3e-4)
parser.add_argument("--gamma", type=float, default=0.99)
parser.add_argument("--gae-lambda", type=float, default=0.95)
parser.add_argument("--update-epochs", type=int, default=5)
parser.add_argument("--minibatches", type=int, default=8)
parser.add_argument("--clip-coef", type=float, default=0.2)
parser.add_argument("--max-grad-norm", type=float, default=0.5)
args = parser.parse_args()
torch.manual_seed(args.seed)

envs = gym.make_vec(args.env_id, num_envs=args.num_envs, vectorization_mode="vector_entry_point", label="train")
envs = gym.wrappers.vector.RecordEpisodeStatistics(envs)
envs = gym.wrappers.vector.NormalizeObservation(envs)
envs = gym.wrappers.vector.NormalizeReward(envs, gamma=args.gamma)
inputs, outputs = envs.single_observation_space.shape[0], envs.single_action_space.shape[0]


def network(out: int, deviation: float) -> nn.Sequential:
    """Two hidden layers, orthogonally initialised."""
    layers: list[nn.Module] = []
    for size_in, size_out, gain in ((inputs, 64, 2**0.5), (64, 64, 2**0.5), (64, out, deviation)):
        layer = nn.Linear(size_in, size_out)
        nn.init.orthogonal_(layer.weight, gain)
        nn.init.zeros_(layer.bias)
        layers += [layer, nn.Tanh()]
    return nn.Sequential(*layers[:-1])


actor, critic = network(outputs, 0.01), network(1, 1.0)
log_std = nn.Parameter(torch.zeros(outputs))
parameters = [*actor.parameters(), *critic.parameters(), log_std]
optimizer = torch.optim.Adam(parameters, args.learning_rate, eps=1e-5)

batch = args.num_envs * args.num_steps
shape = (args.num_steps, args.num_envs)
observations, actions = torch.zeros(*shape, inputs), torch.zeros(*shape, outputs)
logprobs, rewards, dones, values = (torch.zeros(shape) for _ in range(4))
# After the step that ends an episode, Gymnasium spends one on the reset: its action has no effect and teaches nothing.
played, ended = torch.zeros(shape, dtype=torch.bool), np.zeros(args.num_envs, bool)
seen = torch.as_tensor(envs.reset(seed=args.seed)[0], dtype=torch.float32)
returns: list[float] = []

for update in range(max(1, args.total_timesteps // batch)):
    for step in range(args.num_steps):
        with torch.no_grad():
            policy = Normal(actor(seen), log_std.exp())
            action = policy.sample()
            observations[step], actions[step], values[step] = seen, action, critic(seen).squeeze(-1)
            logprobs[step] = policy.log_prob(action).sum(-1)
        following, reward, terminated, truncated, info = envs.step(action.numpy())
        rewards[step] = torch.as_tensor(reward, dtype=torch.float32)
        played[step] = torch.as_tensor(~ended)
        ended = terminated | truncated
        dones[step] = torch.as_tensor(ended, dtype=torch.float32)
        seen = torch.as_tensor(following, dtype=torch.float32)
        if "episode" in info:
            returns += info["episode"]["r"][info["_episode"]].tolist()

    with torch.no_grad():
        advantages, later, value = torch.zeros(shape), torch.zeros(args.num_envs), critic(seen).squeeze(-1)
        for step in reversed(range(args.num_steps)):
            onward = 1.0 - dones[step]
            error = rewards[step] + args.gamma * value * onward - values[step]
            later = error + args.gamma * args.gae_lambda * onward * later
            advantages[step], value = later, values[step]

    flat = [array[played] for array in (observations, actions, logprobs, advantages)]
    goals = (advantages + values)[played]
    for _ in range(args.update_epochs):
        for rows in torch.randperm(len(goals)).chunk(args.minibatches):
            some, taken, before, gain = (array[rows] for array in flat)
            policy = Normal(actor(some), log_std.exp())
            ratio = (policy.log_prob(taken).sum(-1) - before).exp()
            gain = (gain - gain.mean()) / (gain.std() + 1e-8)
            clipped = ratio.clamp(1.0 - args.clip_coef, 1.0 + args.clip_coef)
            loss = -torch.min(ratio * gain, clipped * gain).mean()
            loss = loss + 0.5 * (critic(some).squeeze(-1) - goals[rows]).pow(2).mean()
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, args.max_grad_norm)
            optimizer.step()
    latest = np.mean(returns[-1000:]) if returns else float("nan")
    print(f"{(update + 1) * batch:>9,} decisions: mean return of the last 1,000 crosses {100 * latest:.2f} xG per 100")
