"""rl_zoo3: training by name, with a file of hyperparameters."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["backpost[train]", "rl_zoo3"]
# ///

import subprocess
import sys
from pathlib import Path

# The shipped hyperparameters are in rl_zoo3.yml beside this script.
hyperparameters = Path(__file__).with_name("rl_zoo3.yml")
where = ["--algo", "ppo", "--env", "backpost/DrillCrossing-v0", "--gym-packages", "backpost"]
train = ["--conf-file", hyperparameters, "--n-timesteps", "4000", "--eval-freq", "-1", "--seed", "0", "-f", "logs"]
subprocess.run([sys.executable, "-m", "rl_zoo3.train", *where, *train], check=True)
look = ["--no-render", "--n-timesteps", "500", "-f", "logs", "--exp-id", "1"]
subprocess.run([sys.executable, "-m", "rl_zoo3.enjoy", *where, *look], check=True)
