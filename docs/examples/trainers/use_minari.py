"""Minari: the runs of coaching rules, policies and people as data sets, and a network that imitates one."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["backpost[train,minari]"]
# ///

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch

os.environ["MINARI_DATASETS_PATH"] = str(Path("data").resolve())
command = [str(Path(sys.executable).with_name("backpost")), "dataset", "OpenPlay", "--out", "data"]
subprocess.run([*command, "--agents", "early-back-post", "late-bend", "--crosses", "100"], check=True)

import minari

dataset = minari.load_dataset("backpost/OpenPlay/early-back-post-v0")
who = dataset.storage.metadata["algorithm_name"]
print(f"{dataset.total_episodes} crosses, {dataset.total_steps} decisions of {who}")
episodes = list(dataset.iterate_episodes())
print("expected goals in all of them:", sum(float(episode.infos["xg"][-1]) for episode in episodes))

# The lessons: what the rule saw and what it did.
seen = torch.as_tensor(np.concatenate([episode.observations[:-1] for episode in episodes]))
done = torch.as_tensor(np.concatenate([episode.actions for episode in episodes]))
torch.manual_seed(0)
network = torch.nn.Sequential(torch.nn.Linear(seen.shape[1], 64), torch.nn.Tanh(), torch.nn.Linear(64, 4))
optimiser = torch.optim.Adam(network.parameters(), 3e-3)
for step in range(301):
    loss = torch.nn.functional.mse_loss(network(seen), done)
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    if step % 100 == 0:
        print(f"after {step} steps of imitation: mean squared error {loss.item():.4f}")
assert loss.item() < done.var().item() / 2

env = dataset.recover_environment()  # the environment that the rule ran in, with its options
print(env.reset(seed=0)[0].shape)
