"""Independent PPO for many learners: one network for each kind of player, paid as `ManyCrossingVector` pays.

python docs/examples/many/independent_ppo.py --learners defender_3 --runner learned --json found.json
"""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from backpost.agents.registry import agent
from backpost.envs.learners.many_vector import ManyCrossingVector
from backpost.envs.world.chance import episode_seeds

STEPS, EPOCHS, ROWS, GAMMA, LAMBDA, CLIP = 32, 4, 4096, 0.995, 0.95, 0.2
PAID = 20.0
"""Rewards are multiplied by this: a cross is worth a few hundredths of a goal."""


def kind(name: str) -> str:
    """The kind of player, which shares a network: runner, teammate, keeper or defender."""
    return name.split("_")[0]


class ActorCritic(nn.Module):
    """A Gaussian policy and a value."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.actor, self.critic = (
            nn.Sequential(nn.Linear(size, 128), nn.Tanh(), nn.Linear(128, 128), nn.Tanh(), nn.Linear(128, out))
            for out in (4, 1)
        )
        nn.init.normal_(self.actor[-1].weight, std=0.01)
        self.log_std = nn.Parameter(torch.full((4,), -1.2))

    def forward(self, seen: torch.Tensor) -> tuple[torch.distributions.Normal, torch.Tensor]:
        """The distribution of actions (n, 4), and the values (n,)."""
        return torch.distributions.Normal(self.actor(seen), self.log_std.exp()), self.critic(seen)[:, 0]


class Learners:
    """The networks of all kinds of players in a vector, and their optimizers."""

    def __init__(self, vector: ManyCrossingVector) -> None:
        self.vector = vector
        self.networks = {
            kind(name): ActorCritic(space.shape[0]) for name, space in vector.observation_spaces.items() if space.shape
        }
        self.optimizers = {name: torch.optim.Adam(net.parameters(), 3e-4) for name, net in self.networks.items()}

    def act(self, seen: dict[str, Any], sample: bool = True) -> dict[str, Any]:
        """Actions, their log probabilities and values by agent."""
        decided = {}
        with torch.no_grad():
            for name, rows in seen.items():
                policy, value = self.networks[kind(name)](torch.as_tensor(rows))
                action = policy.sample() if sample else policy.mean
                decided[name] = (action, policy.log_prob(action).sum(1), value)
        return decided

    def learn(self, seen: dict[str, Any]) -> dict[str, Any]:
        """Play `STEPS` decisions of every cross and learn from them; returns the observations to go on from."""
        played: list[Any] = []
        for _ in range(STEPS):
            part, decided = self.vector.take_part(), self.act(seen)
            after, rewards, over = self.vector.step({name: each[0].numpy() for name, each in decided.items()})
            played.append((seen, decided, rewards, over, part))
            seen = after
        last = self.act(seen)
        gathered: dict[str, list[Any]] = {name: [] for name in self.networks}
        for k, name in enumerate(self.vector.agents):
            value, advantage = last[name][2], torch.zeros(self.vector.num_envs)
            for before, decided, rewards, over, part in reversed(played):
                action, log_prob, expected = decided[name]
                goes_on = torch.as_tensor(~over).float()
                delta = PAID * torch.as_tensor(rewards[name]).float() + GAMMA * goes_on * value - expected
                advantage = delta + GAMMA * LAMBDA * goes_on * advantage
                value, here = expected, torch.as_tensor(part[:, k])
                rows = (torch.as_tensor(before[name]), action, log_prob, advantage, advantage + expected)
                gathered[kind(name)].append([each[here] for each in rows])
        for name, parts in gathered.items():
            self._update(name, [torch.cat(column) for column in zip(*parts, strict=True)])
        return seen

    def _update(self, name: str, rows: list[torch.Tensor]) -> None:
        seen, action, log_prob, advantage, target = rows
        network, optimizer = self.networks[name], self.optimizers[name]
        for _ in range(EPOCHS):
            for chosen in torch.randperm(len(seen)).split(ROWS):
                policy, value = network(seen[chosen])
                gain = advantage[chosen]
                gain = (gain - gain.mean()) / (gain.std() + 1e-8)
                ratio = (policy.log_prob(action[chosen]).sum(1) - log_prob[chosen]).exp()
                clipped = torch.minimum(ratio * gain, ratio.clamp(1 - CLIP, 1 + CLIP) * gain).mean()
                loss = 0.5 * (value - target[chosen]).pow(2).mean() - clipped
                optimizer.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(network.parameters(), 0.5)
                optimizer.step()


def worth(vector: ManyCrossingVector, learners: Learners | None, crosses: int) -> np.ndarray:
    """The team's xG in each of the first evaluation crosses (m,); without learners their players follow the scripts."""
    many, played = vector.many, []
    for first in range(0, crosses, vector.num_envs):
        many.deal(episode_seeds("evaluate", 0, first, vector.num_envs))
        if learners is None:
            many.crosses.worlds["players"]["outside"][:, many.players] = 0
        while not many.over.all():
            seen = many.observe()
            still = {name: np.zeros((vector.num_envs, 4)) for name in seen}
            acted = still if learners is None else {n: a[0].numpy() for n, a in learners.act(seen, False).items()}
            many.step(acted)
        played.append(many.crosses.worlds["xg"].copy())
    return np.concatenate(played)


def main() -> None:
    """Train, then measure on fresh crosses what it changed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--env", default="OpenPlay")
    parser.add_argument("--learners", nargs="+", default=["defender_3"])
    parser.add_argument("--runner", help="an agent that plays the runner, if the runner does not learn")
    parser.add_argument("--decisions", type=int, default=2_000_000, help="of all learners together")
    parser.add_argument("--crosses", type=int, default=4_096, help="on which the result is measured")
    parser.add_argument("--correct-scripts", action="store_true", help="begin with what the scripts do")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path, help="write what was found")
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    runner = agent(args.runner, args.env) if args.runner else None
    vector = ManyCrossingVector(
        256, args.env, args.learners, runner, label="train", correct_scripts=args.correct_scripts, marking="man"
    )
    learners, seen, decided = Learners(vector), vector.reset(seed=args.seed), 0
    while decided < args.decisions:
        seen = learners.learn(seen)
        decided += STEPS * int(vector.take_part().sum())
        print(f"\r{decided:,} of {args.decisions:,} decisions", end="", flush=True)
    before, after = worth(vector, None, args.crosses), worth(vector, learners, args.crosses)
    change = 100 * (after - before)
    error = float(change.std(ddof=1) / np.sqrt(len(change)))
    result = {
        "learners": args.learners,
        "correct_scripts": args.correct_scripts,
        "decisions": decided,
        "seed": args.seed,
        "crosses": len(change),
        "xg_per_100_scripted": 100 * float(before.mean()),
        "xg_per_100_learned": 100 * float(after.mean()),
        "change": float(change.mean()),
        "standard_error": error,
    }
    print(f"\nthe team's xG per 100 crosses: {result['xg_per_100_scripted']:.2f} before, ", end="")
    print(f"{result['xg_per_100_learned']:.2f} after: {change.mean():+.2f}, standard error {error:.2f}")
    if args.json:
        args.json.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
