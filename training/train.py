"""Training: PPO (Schulman et al. 2017) on many crosses side by side, started from a coaching rule.

White noise on a runner's velocity averages out within half a second, so exploration is correlated in time (gSDE,
Raffin et al. 2021). Learning uses the runner's own expected goals; what is selected, and later reported, is the
team's.
"""

import math
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.logger import configure
from tqdm import tqdm

from backpost.agents.agent import Rule
from backpost.agents.policy import Policy
from backpost.agents.rules import RULE_TYPES, RULES
from backpost.envs.errors import UnknownName
from backpost.envs.options import Options
from backpost.envs.scenarios import SCENARIOS

from .compare import best_rule
from .configuration import Configuration
from .corrections import Corrections
from .crossing_sb3 import CrossingVecEnv
from .export import exported
from .hindsight import Hindsight, HindsightPolicy, HindsightPPO
from .reading import learn_to_read
from .run_folder import RunFolder
from .selection import Selection
from .warm_up import explore, warm_up

BEST_RULE_CROSSES = 4000
"""Crosses of the label "select" on which the rule to start from is chosen."""


def train(config: Configuration, out: str | Path) -> RunFolder:
    """Train one policy into a new run folder; a Ctrl-C ends it early and leaves the best policy so far.

    Raises:
        InvalidFile: if the folder cannot be written or holds a run already.
        UnknownName: for an unknown environment or rule.
    """
    if config.env not in SCENARIOS:
        raise UnknownName("environment", config.env, SCENARIOS)
    if config.rule not in ("best", *RULES):
        raise UnknownName("coaching rule", config.rule, ("best", *RULES))
    folder = RunFolder(out)
    folder.open(config.to_yaml())
    folder.report("running", steps=0)
    torch.set_num_threads(config.threads)
    run, status = None, "failed"
    try:
        run = _Run(config, folder)
        run.prepare()
        run.learn()
        status = "finished"
    except KeyboardInterrupt:
        status = "interrupted"
    finally:
        if run is None:
            folder.report(status, steps=0)
        else:
            run.close(status)
    return folder


def new_model(config: Configuration, env: Corrections) -> HindsightPPO:
    """PPO with the choices of the configuration."""
    return HindsightPPO(
        HindsightPolicy,
        env,
        learning_rate=config.learning_rate,
        n_steps=config.rollout,
        batch_size=config.batch,
        n_epochs=config.epochs,
        gamma=config.gamma,
        gae_lambda=config.gae_lambda,
        clip_range=config.clip,
        ent_coef=config.entropy,
        target_kl=config.target_kl or None,
        use_sde=config.noise == "gsde",
        sde_sample_freq=config.noise_hold if config.noise == "gsde" else -1,
        stats_window_size=2000,
        policy_kwargs={"net_arch": list(config.hidden), "activation_fn": torch.nn.Tanh},
        seed=config.seed,
        device="cpu",
    )


class _Run:
    """One training run: the model, what it started from, and the selection of its checkpoints."""

    def __init__(self, config: Configuration, folder: RunFolder) -> None:
        self.config, self.folder = config, folder
        self.deadline = time.monotonic() + 60 * config.minutes if config.minutes > 0 else math.inf
        reported = Options(wing=config.wing, difficulty=config.difficulty, vision=config.vision)
        options = replace(reported, reward=config.reward, gamma=config.gamma)
        crosses = CrossingVecEnv(
            config.env,
            config.envs,
            seed=config.seed,
            options=options,
            parallel=config.threads > 1,
            reward_scale=config.reward_scale,
            second_balls=config.second_balls or config.start == "scratch",
        )
        self.selection = Selection(folder, config.env, reported, config.select_crosses)
        self.rule = self._rule()
        self.env = Corrections(crosses, self.rule, self._hindsight(crosses, options))
        self.model = new_model(config, self.env)
        self.model.set_logger(configure(str(folder.tensorboard), ["tensorboard"]))
        self.bar = tqdm(total=config.steps, unit=" decisions", unit_scale=True, disable=not config.progress)

    def prepare(self) -> None:
        """Set the scales of inputs and noise, learn to read the flight, and fit the critic."""
        self.bar.set_description("warming up")
        seen, _ = explore(self.model, self.env, self.config.warm_up // 4 + 1)
        self.model.policy.mlp_extractor.normalise(torch.as_tensor(seen))
        if self.rule is not None:
            for parameter in self.model.policy.action_net.parameters():
                torch.nn.init.zeros_(parameter)
            if self.config.reading > 0:
                teacher = RULE_TYPES[self.rule.name](self.rule.numbers)
                learn_to_read(self.model, self.env, teacher, self.config.reading, self.bar.refresh)
        _scale_noise(self.model, self.config)
        warm_up(self.model, self.env, self.config.warm_up)
        self.consider()

    def learn(self) -> None:
        """PPO, then the last candidates."""
        self.bar.set_description("training")
        self.model.lr_schedule = self._learning_rate(time.monotonic())
        self.model.learn(self.config.steps, callback=_Watch(self))
        self.consider()
        self.bar.set_description("selecting")
        self.selection.wait()

    def consider(self) -> None:
        """Make the policy as it is now a candidate."""
        steps = self.model.num_timesteps
        self.selection.consider(self.policy(), steps)
        self.selection.collect(steps)

    def policy(self) -> Policy:
        """The policy as it is now, without torch."""
        made = {"algo": self.config.algo, "seed": self.config.seed, "steps": self.model.num_timesteps}
        return exported(self.model.policy, SCENARIOS[self.config.env].id, self.rule, made)

    def close(self, status: str) -> None:
        """Leave a usable folder, whatever happened."""
        self.bar.close()
        if status == "interrupted":
            self.selection.consider(self.policy(), self.model.num_timesteps)
        self.selection.stop()
        self.selection.collect(self.model.num_timesteps, status)
        self.model.logger.close()

    def _rule(self) -> Rule | None:
        config = self.config
        if config.start == "scratch":
            return None
        name = best_rule(config.env, BEST_RULE_CROSSES) if config.rule == "best" else config.rule
        return RULE_TYPES[name](scenario=config.env)

    def _hindsight(self, crosses: CrossingVecEnv, options: Options) -> Hindsight | None:
        if not self.config.hindsight or self.rule is None:
            return None
        return Hindsight(self.config.env, options, RULE_TYPES[self.rule.name](self.rule.numbers), crosses.streams)

    def _learning_rate(self, started: float) -> Any:
        """Falls linearly to zero at the last step, or at the last minute if that comes first."""

        def rate(remaining: float) -> float:
            if math.isfinite(self.deadline):
                remaining = min(remaining, (self.deadline - time.monotonic()) / max(self.deadline - started, 1.0))
            return self.config.learning_rate * max(remaining, 0.0)

        return rate


class _Watch(BaseCallback):
    """Progress bar, curves, candidates, and the end by the clock."""

    def __init__(self, run: _Run) -> None:
        super().__init__()
        self.run = run
        self.updates = 0
        self.xg: list[float] = []

    def _on_step(self) -> bool:
        infos, dones = self.locals["infos"], self.locals["dones"]
        self.xg += [infos[i]["xg"] for i in dones.nonzero()[0]]
        self.run.bar.update(self.training_env.num_envs)
        return time.monotonic() < self.run.deadline

    def _on_rollout_end(self) -> None:
        selection = self.run.selection
        if self.xg:
            self.logger.record("rollout/xg_per_100", 100 * sum(self.xg) / len(self.xg))
            self.xg.clear()
        if selection.best is not None:
            self.logger.record("select/best_xg_per_100", 100 * selection.best[1])
            self.run.bar.set_postfix_str(f"best {100 * selection.best[1]:.2f} xG per 100 crosses")

    def _on_rollout_start(self) -> None:
        if self.updates and self.updates % self.run.config.select_every == 0:
            self.run.consider()
        self.updates += 1


def _scale_noise(model: HindsightPPO, config: Configuration) -> None:
    """Set the exploration's standard deviation; gSDE's also grows with the size of the last hidden layer."""
    size = math.sqrt(config.hidden[-1] / 3) if config.noise == "gsde" else 1.0
    torch.nn.init.constant_(model.policy.log_std, math.log(config.noise_scale / size))
