"""SBX, Stable-Baselines3 in JAX: the same code, and the model as an agent that needs no JAX."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["backpost[train]", "sbx-rl"]
# ///

import numpy as np
from sbx import PPO, SAC
from stable_baselines3.common.vec_env import VecNormalize

from backpost.training.exchange.sb3 import from_sb3
from backpost.training.learn.crossing_sb3 import CrossingVecEnv

for algorithm, settings in ((PPO, {"n_steps": 32, "batch_size": 512}), (SAC, {"learning_starts": 500})):
    env = VecNormalize(CrossingVecEnv("DrillCrossing", 16, seed=0))
    model = algorithm("MlpPolicy", env, seed=0, **settings).learn(2_000)
    policy = from_sb3(model, "DrillCrossing")
    policy.save(f"{algorithm.__name__}.safetensors")

    # The agent decides as the model does, here in 16 crosses at each of 200 decisions.
    crosses, furthest = CrossingVecEnv("DrillCrossing", 16, seed=1), 0.0
    seen = crosses.reset()
    policy.reset(crosses.episode_seeds())
    for _ in range(200):
        actions = policy.act(seen)
        wanted, _ = model.predict(env.normalize_obs(seen), deterministic=True)
        furthest = max(furthest, float(np.abs(actions - wanted).max()))
        seen, _, ended, _ = crosses.step(actions)
        policy.restart(ended, crosses.episode_seeds())
    print(algorithm.__name__, "and its agent differ by", furthest)
    assert furthest < 1e-3
