"""ONNX: the network of a policy in a runtime outside Python's trainers, with the same actions."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["backpost[train,onnx]"]
# ///

import subprocess
import sys
from pathlib import Path

import gymnasium as gym
import numpy as np
import onnxruntime
from stable_baselines3 import PPO

import backpost
from backpost.training.exchange.sb3 import from_sb3
from backpost.training.learn.crossing_sb3 import CrossingVecEnv

gym.register_envs(backpost)
command = str(Path(sys.executable).with_name("backpost"))

# A shipped policy corrects a coaching rule: the file holds the correction.
subprocess.run([command, "export", "OpenPlay", "--onnx", "learned.onnx", "--json", "learned.json"], check=True)

# A policy of one's own decides alone: the file holds its actions.
model = PPO("MlpPolicy", CrossingVecEnv("DrillCrossing", 16, seed=0), n_steps=32, device="cpu").learn(1_000)
from_sb3(model, "DrillCrossing").save("mine.safetensors")
export = [command, "export", "DrillCrossing", "--agent", "mine.safetensors", "--onnx", "mine.onnx"]
subprocess.run(export, check=True)

session = onnxruntime.InferenceSession("mine.onnx")
env = gym.make("backpost/DrillCrossing-v0")
observation, info = env.reset(seed=0)
over = False
while not over:
    (actions,) = session.run(["actions"], {"observations": observation[None]})
    assert np.abs(actions[0] - model.predict(observation, deterministic=True)[0]).max() < 1e-4
    observation, reward, terminated, truncated, info = env.step(actions[0])
    over = terminated or truncated
print("expected goals of the cross:", info["xg"])
