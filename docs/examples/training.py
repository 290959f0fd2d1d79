"""
Train with Stable-Baselines3
============================

Any library that trains on Gymnasium environments can train here. With Stable-Baselines3 there is a native ``VecEnv``,
so one call of the compiled kernel steps all crosses.

Be warned first: a cross is mostly luck. Plain PPO, with default settings, learned next to nothing from this reward in
the first world, and has not been measured in this one. This tutorial shows the mechanics. The last part starts from a
coaching rule.
"""

# sphinx_gallery_thumbnail_path = 'results_xg.png'
from pathlib import Path
from tempfile import mkdtemp

from stable_baselines3 import PPO

from backpost.training.bench.compare import compare
from backpost.training.bench.comparison import table
from backpost.training.exchange.sb3 import from_sb3
from backpost.training.learn.crossing_sb3 import CrossingVecEnv

environments = CrossingVecEnv("OpenPlay", count=64, seed=0, reward="own_xg")
model = PPO("MlpPolicy", environments, n_steps=16, batch_size=512, use_sde=True, seed=0)
model.learn(4_000)
print(model.num_timesteps, "decisions")

# %%
# The actor becomes an agent that needs no torch. Its file holds weights and nothing that could run. Every command
# takes the file as an agent.

folder = Path(mkdtemp())
mine = from_sb3(model, "OpenPlay")
mine.save(folder / "mine.safetensors")

# %%
# Ask it about crosses that it has never seen, beside a coaching rule on the very same crosses. A real comparison plays
# 20,000 of them; 500 take seconds.

print(table(compare("OpenPlay", [mine, "early-back-post", "stand-still"], crosses=500)))

# %%
# What does learn: the trainer of this package starts from the best coaching rule, first learns to read the flight, and
# then corrects the rule with PPO. In open play ten training seeds of 2.5 million decisions, some two minutes each, were
# all better than the best rule::
#
#     backpost train OpenPlay --steps 2500000 --seed 0 --out runs/first
#     backpost compare OpenPlay --agents runs/first/policy.safetensors all-rules
