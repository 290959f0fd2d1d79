"""One training run: the learner, the crosses it learns on, its candidates and its checkpoints."""

import contextlib
import math
import shutil
import time
from dataclasses import asdict, replace

import torch
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.logger import configure
from tqdm import tqdm

from backpost.agents.base.version import AGENTS_VERSION
from backpost.agents.policies.correction import ANY
from backpost.agents.policies.policy import Policy
from backpost.agents.rules.registry import RULE_TYPES, rule
from backpost.agents.rules.rule import Rule
from backpost.envs.interface.options import Options
from backpost.envs.scenarios.registry import SCENARIOS
from backpost.envs.world.version import WORLD_VERSION
from backpost.training.bench.compare import best_rule

from .checkpoint import Say, State, save_checkpoint
from .checkpoint_state import model_state, random_state, restore_model, restore_random
from .configuration import AS_TUNED, OFF_POLICY, Configuration
from .corrections import Corrections
from .crossing_sb3 import CrossingVecEnv
from .export import exported
from .hindsight import Hindsight
from .imitation import imitate
from .learner import Learner
from .learner_memory import MemoryLearner
from .learner_ppo import PPOLearner
from .learner_soft import WIDEST, SACLearner, TQCLearner
from .resuming import settings_of
from .run_folder import RunFolder, versions
from .selection import Selection
from .teachers import teacher_of
from .warm_up import explore, warm_up

LEARNERS: dict[str, type[Learner]] = {
    "ppo": PPOLearner,
    "recurrent_ppo": MemoryLearner,
    "sac": SACLearner,
    "tqc": TQCLearner,
}
BEST_RULE_CROSSES = 2000
"""Crosses for choosing the rule to start from, where the rules have not been tuned."""
WRITING = 0.05
"""Largest share of time spent writing checkpoints."""


class Run:
    """One training run.

    Args:
        config: its settings.
        folder: its folder.
        state: state of the checkpoint to resume from. It names the rule that the run started from, because by now
            another rule may be the best, or its numbers may have changed. The policy it started from is not needed.
        say: called with a message about a damaged candidate.

    Raises:
        InvalidFile: if the policy to start from cannot be read.
    """

    def __init__(
        self, config: Configuration, folder: RunFolder, state: State | None = None, say: Say = lambda _: None
    ) -> None:
        self.config, self.folder = config, folder
        self.clock = Clock(config.minutes)
        self.reported = Options(difficulty=config.difficulty, vision=config.vision)
        self.selection = Selection(folder, config.env, self.reported, config.select_crosses, say)
        self.begun_from = Policy.load(config.policy) if config.start == "policy" and state is None else None
        self.rule = self._rule(config.rule) if state is None else _rule_of(state)
        self.stage = 0
        self.updates = 0
        self._whole = True  # False while restoring: then no state may be written
        self.learner = LEARNERS[config.algo](config, self._crosses(config.env))
        self.model = self.learner.model
        self.mean = copied(self.model.policy)
        self.model.set_logger(configure(str(folder.tensorboard), ["tensorboard"]))
        self.model.after_update = self.after_update
        self.bar = tqdm(total=config.steps, unit=" decisions", unit_scale=True, disable=not config.progress)
        self._saved, self._took = time.monotonic(), 0.0

    def prepare(self) -> None:
        """Set the scales of inputs and noise, imitate teachers, and fit the critic.

        Scales and lessons come from the environment itself, whatever the first stage is: a stage without opponents
        says nothing about the scale of the inputs that describe them.
        """
        learner, config = self.learner, self.config
        self.bar.set_description("warming up")
        seen = explore(learner, config.warm_up // 4 + 1)[0]
        learner.normalise(seen)
        if self.begun_from is not None and isinstance(learner, PPOLearner):
            learner.take_over(self.begun_from)
        elif self.rule is not None:
            for parameter in learner.output().parameters():
                torch.nn.init.zeros_(parameter)
            if config.start == "teachers" and isinstance(learner, PPOLearner):
                lessons = [(self._crosses(env), teacher_of(env, config.taught_by)) for env in config.teachers]
                imitate(learner, lessons, config.lessons, self.bar.refresh)
        learner.scale_noise(torch.as_tensor(seen))
        if config.curriculum:
            self._enter(self._stages()[0][0])
        warm_up(learner, config.warm_up)
        self.consider()
        self.clock.begin()
        self.save()

    def learn(self) -> None:
        """Train through every stage of the curriculum, then wait for the last candidates."""
        self.bar.set_description("training")
        self.model.lr_schedule = self._learning_rate
        for stage, (env, last) in enumerate(self._stages()):
            if stage < self.stage:
                continue
            if stage > self.stage:
                self.stage = stage
                self._enter(env)
            if self.model.num_timesteps < last:
                self.model.learn(
                    last - self.model.num_timesteps,
                    callback=_Watch(self),
                    log_interval=self.learner.log_interval,
                    reset_num_timesteps=False,
                )
        self.consider()
        self.bar.set_description("selecting")
        self.selection.wait()

    def after_update(self) -> None:
        """Update the mean weights; make a candidate or a checkpoint when one is due."""
        self.updates += 1
        # A mean of few updates forgets faster: the first update replaces it, since nothing was learned before.
        kept = min(self.config.average, (self.updates - 1) / (self.updates + 8))
        for name, now in self.model.policy.state_dict().items():
            self.mean[name].lerp_(now, 1.0 - kept)
        if self.updates % self.config.select_every == 0:
            self.consider()
        every = self.config.checkpoint_every
        if every == 0 or time.monotonic() - self._saved >= max(every, self._took / WRITING):
            self.save()

    def consider(self) -> None:
        """Make the current policy a candidate."""
        steps = self.model.num_timesteps
        self.selection.consider(self.policy(), steps)
        self.selection.collect(steps, self.clock.spent())

    def policy(self) -> Policy:
        """The policy with the mean of its recent weights (Polyak & Juditsky 1992), without torch.

        A single update rests on a few hundred crosses and is mostly luck; the mean of many is not.
        """
        made = {"algo": self.config.algo, "seed": self.config.seed, "steps": self.model.num_timesteps}
        made |= {"world": WORLD_VERSION, "agents": AGENTS_VERSION}
        now = copied(self.model.policy)
        if self.updates:
            self.model.policy.load_state_dict(self.mean)
        policy = exported(self.learner, SCENARIOS[self.config.env].id, self.rule, made)
        self.model.policy.load_state_dict(now)
        return policy

    def save(self) -> None:
        """Write a checkpoint; call only at the end of the preparation or of an update."""
        started = time.monotonic()
        state = {
            "settings": settings_of(self.config),
            "rule": None if self.rule is None else {"name": self.rule.name, "numbers": asdict(self.rule.numbers)},
            "stage": self.stage,
            "updates": self.updates,
            "clock": self.clock.state(),
            "selection": self.selection.state(),
            "env": self.learner.env.state(),
            "model": model_state(self.model),
            "mean": self.mean,
            "random": random_state(),
        }
        save_checkpoint(self.folder.resume, self.model.num_timesteps, state, versions())
        self._saved = time.monotonic()
        self._took = self._saved - started

    def restore(self, state: State) -> None:
        """Restore a saved state.

        Raises:
            InvalidValue: if the layout of its crosses differs from this version's.
        """
        self._whole = False
        self.stage, self.updates = state["stage"], state["updates"]
        if self.config.curriculum:
            self._enter(self._stages()[self.stage][0])
        self.clock.restore(state["clock"])
        self.learner.env.restore(state["env"])
        restore_model(self.model, state["model"])
        self.mean = state["mean"]
        self.selection.restore(state["selection"])
        self.bar.update(self.model.num_timesteps)
        restore_random(state["random"])
        self._whole = True

    def close(self, status: str) -> None:
        """Leave a usable folder, whatever happened."""
        self.bar.close()
        if not self._whole:
            self.selection.stop()
            self.folder.mark(status)
            return
        if status == "interrupted":
            self.selection.consider(self.policy(), self.model.num_timesteps)
        self.selection.stop()
        self.selection.collect(self.model.num_timesteps, self.clock.spent(), status)
        with contextlib.suppress(OSError):  # losing the last curves must not fail the run
            self.model.logger.close()
        if status == "finished":
            shutil.rmtree(self.folder.resume, ignore_errors=True)

    def _stages(self) -> list[tuple[str, int]]:
        """Environments in order, each with its last decision."""
        ends, passed = [], 0.0
        for env, share in self.config.curriculum:
            passed += share
            ends.append((env, round(passed * self.config.steps)))
        return [*ends, (self.config.env, self.config.steps)]

    def _enter(self, env: str) -> None:
        """Continue in another environment, from the next cross."""
        self.learner.env = self._crosses(env)
        self.model.set_env(self.learner.env)

    def _crosses(self, env: str) -> Corrections:
        config = self.config
        options = replace(self.reported, reward=config.reward, gamma=config.gamma)
        crosses = CrossingVecEnv(
            env,
            config.envs,
            seed=config.seed,
            parallel=config.threads > 1,
            reward_scale=config.reward_scale,
            second_balls=config.second_balls or self.rule is None,
            **vars(options),
        )
        hindsight = None
        if config.hindsight and self.rule is not None:
            hindsight = Hindsight(env, options, self._copy(self.rule), crosses.streams)
        return Corrections(crosses, self.rule, hindsight, WIDEST if config.algo in OFF_POLICY else ANY)

    def _rule(self, name: str) -> Rule | None:
        if self.begun_from is not None:
            return self.begun_from.base
        if self.config.start == "scratch":
            return None
        env, meet = self.config.env, self.config.meet
        base = RULE_TYPES[best_rule(env, BEST_RULE_CROSSES, self.reported) if name == "best" else name](scenario=env)
        if meet is not None and meet != AS_TUNED:
            base.numbers = replace(base.numbers, meet=meet)
        return base

    def _copy(self, base: Rule) -> Rule:
        return RULE_TYPES[base.name](base.numbers)

    def _learning_rate(self, _: float) -> float:
        """The learning rate, falling linearly to zero at the last step, or at the time limit if that comes first."""
        share = min(1.0 - self.model.num_timesteps / self.config.steps, self.clock.remaining())
        rate: float = self.config.learning_rate * max(share, 0.0)
        return rate


def _rule_of(state: State) -> Rule | None:
    """The rule that a run in this state started from."""
    saved = state["rule"]
    return None if saved is None else rule(saved["name"], saved["numbers"])


def copied(policy: torch.nn.Module) -> State:
    """A copy of a policy's weights and input normalisation, by name."""
    return {name: values.detach().clone() for name, values in policy.state_dict().items()}


class Clock:
    """The time of a run, across all resumptions, and its limit in minutes (0 for none)."""

    def __init__(self, minutes: float) -> None:
        self._limit = 60 * minutes if minutes > 0 else math.inf
        self._started, self._before, self._begun = time.monotonic(), 0.0, 0.0

    def spent(self) -> float:
        """Seconds so far."""
        return self._before + time.monotonic() - self._started

    def begin(self) -> None:
        """Mark the end of the preparation."""
        self._begun = self.spent()

    def is_over(self) -> bool:
        """Whether the limit has been reached."""
        return self.spent() >= self._limit

    def remaining(self) -> float:
        """The remaining share of the training time, 1 without a limit."""
        if math.isinf(self._limit):
            return 1.0
        return (self._limit - self.spent()) / max(self._limit - self._begun, 1.0)

    def state(self) -> dict[str, float]:
        """The state for a checkpoint."""
        return {"spent": self.spent(), "begun": self._begun}

    def restore(self, state: State) -> None:
        """Restore a saved state."""
        self._before, self._begun = state["spent"], state["begun"]


class _Watch(BaseCallback):
    """Progress bar, curves, and the time limit."""

    def __init__(self, run: Run) -> None:
        super().__init__()
        self.run = run
        self.xg: list[float] = []

    def _on_step(self) -> bool:
        infos, dones = self.locals["infos"], self.locals["dones"]
        self.xg += [infos[i]["xg"] for i in dones.nonzero()[0]]
        self.run.bar.update(self.training_env.num_envs)
        return not self.run.clock.is_over()

    def _on_rollout_end(self) -> None:
        selection = self.run.selection
        if self.xg:
            self.logger.record("rollout/xg_per_100", 100 * sum(self.xg) / len(self.xg))
            self.xg.clear()
        if selection.best is not None:
            self.logger.record("select/best_xg_per_100", 100 * selection.best[1])
            self.run.bar.set_postfix_str(f"best {100 * selection.best[1]:.2f} xG per 100 crosses")
