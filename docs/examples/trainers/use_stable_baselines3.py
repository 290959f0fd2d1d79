"""Stable-Baselines3: any of its vectors, or one that plays all crosses in one call, and the model as an agent."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["backpost[train]"]
# ///

import gymnasium as gym
from stable_baselines3 import PPO
from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.evaluation import evaluate_policy
from stable_baselines3.common.vec_env import VecNormalize

import backpost
from backpost.agents.policies.correction import CorrectRule
from backpost.training.bench.compare import compare
from backpost.training.bench.comparison import table
from backpost.training.exchange.sb3 import from_sb3
from backpost.training.learn.crossing_sb3 import CrossingVecEnv

gym.register_envs(backpost)

# As in every other environment; VecNormalize scales the small returns.
plain = VecNormalize(make_vec_env("backpost/DrillCrossing-v0", n_envs=4, seed=0))
drill = PPO("MlpPolicy", plain, n_steps=128, batch_size=128, seed=0, device="cpu").learn(2_000)
plain.training = False
print("mean return and deviation:", evaluate_policy(drill, plain, n_eval_episodes=8))

# Much faster: 64 crosses that the compiled simulator plays in one call.
fast = VecNormalize(CrossingVecEnv("DrillCrossing", 64, seed=0))
drill = PPO("MlpPolicy", fast, n_steps=32, batch_size=512, seed=0, device="cpu").learn(10_000)

# A correction of a coaching rule, which learns from the first update on.
correcting = make_vec_env(
    "backpost/OpenPlay-v0", n_envs=4, wrapper_class=CorrectRule, wrapper_kwargs={"rule": "early-back-post"}
)
corrected = PPO("MlpPolicy", correcting, n_steps=128, batch_size=128, seed=0, device="cpu").learn(1_000)

# Both models are agents now: saved as files that hold no code, and compared on crosses that nobody has learned from.
for model, env in ((drill, "DrillCrossing"), (corrected, "OpenPlay")):
    policy = from_sb3(model, env)
    policy.save(f"{env}.safetensors")
    print(table(compare(env, [policy, "early-back-post", "stand-still"], crosses=50)))
