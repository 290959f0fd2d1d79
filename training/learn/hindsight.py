"""A critic that knows more than the actor: how the same cross went when the rule alone played it.

Luck is a function of the seed, so the rule's outcome says much about the outcome of any similar run. The critic may see
it, because a baseline may depend on anything but the action; the actor never sees it.
"""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from stable_baselines3.common.policies import ActorCriticPolicy

from backpost.agents.rules.rule import Rule
from backpost.envs.crosses import Crosses
from backpost.envs.interface import observation
from backpost.envs.interface.options import Options
from backpost.envs.interface.streams import Streams
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import HIGH, NOBODY, OVER

from .crossing_sb3 import is_played_out
from .standardiser import Standardiser

KNOWN = 9
"""Number of critic inputs beyond the observation."""
MOST = 3.0
"""They are clipped to this magnitude."""
AHEAD = 4
"""Episodes of every stream played in parallel, to keep the batch full although few crosses last long."""

Floats = npt.NDArray[np.float32]


class Hindsight:
    """The rule's outcomes in the crosses of n streams, played ahead of the learner in another thread.

    The results do not depend on timing. The kernel releases Python's global lock, and so does torch.

    Args:
        env: name of the scenario.
        options: options of the scenario.
        rule: the rule that plays.
        streams: streams of the learner's environments, which are copied.
    """

    def __init__(self, env: str, options: Options, rule: Rule, streams: Streams) -> None:
        self._rule = rule
        self._streams = Streams(streams.label, streams.streams)
        self._crosses = Crosses(env, AHEAD * len(streams.streams), options=options)
        self._known: list[Floats] = []
        self._first = 0
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="hindsight")
        self._following: Future[list[Floats]] = self._pool.submit(self._play, 0)

    def of(self, episodes: npt.NDArray[np.int64]) -> Floats:
        """The hints (n, KNOWN) for the given episode of every stream (n,); episode numbers never decrease."""
        while self._first + len(self._known) <= episodes.max():
            self._known += self._following.result()
            self._play_on()
        while self._first < episodes.min():
            self._known.pop(0)
            self._first += 1
        block = np.stack(self._known)
        hints: Floats = block[episodes - self._first, np.arange(len(episodes))]
        return hints

    def state(self) -> dict[str, Any]:
        """All mutable state, for a checkpoint."""
        return {"first": self._first, "known": list(self._known)}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Restore a saved state."""
        self._first = state["first"]
        self._known = [np.asarray(block) for block in state["known"]]
        self._play_on()

    def _play_on(self) -> None:
        self._following = self._pool.submit(self._play, self._first + len(self._known))

    def _play(self, first: int) -> list[Floats]:
        """Let the rule play `AHEAD` episodes of every stream, starting with `first`, until they are decided."""
        crosses = self._crosses
        self._streams.episodes[:] = first
        everyone = np.ones(len(self._streams.streams), bool)
        seeds = np.concatenate([self._streams.next(everyone) for _ in range(AHEAD)])
        crosses.deal(seeds)
        self._rule.reset(seeds)
        hints = np.zeros((crosses.count, KNOWN), np.float32)
        actions = np.zeros((crosses.count, 4), np.float32)
        playing = np.arange(crosses.count)
        while len(playing):
            actions[playing] = self._rule.act_in(playing, crosses.observe(playing))
            crosses.step(actions)
            over = is_played_out(crosses.worlds)[playing]
            if over.any():
                ended, playing = playing[over], playing[~over]
                hints[ended] = hints_of(crosses.worlds[ended])
                crosses.worlds["phase"][ended] = OVER
        return list(hints.reshape(AHEAD, -1, KNOWN))


def hints_of(worlds: npt.NDArray[np.void]) -> Floats:
    """The hints (n, KNOWN) for decided crosses (n,), each of magnitude about 1."""
    contact, delivery = worlds["first_contact"], worlds["delivery"]
    touched = contact["by"] != NOBODY
    columns = (
        10.0 * worlds["own_xg"],
        10.0 * worlds["xg"],
        worlds["meeting"]["by"] != NOBODY,
        delivery["struck_at"] / 4.0,
        delivery["kind"] == HIGH,
        touched,
        touched * (HALF_LENGTH - contact["x"]) / 10.0,
        touched * contact["y"] / 10.0,
        touched * (contact["time"] - delivery["struck_at"]) / 2.0,
    )
    hints: Floats = np.clip(np.stack(columns, axis=1), -MOST, MOST).astype(np.float32)
    return hints


class HindsightExtractor(torch.nn.Module):
    """Two networks of the same shape: the actor's reads the observation only, the critic's all inputs."""

    def __init__(self, inputs: int, hidden: tuple[int, ...]) -> None:
        super().__init__()
        self.latent_dim_pi = self.latent_dim_vf = hidden[-1]
        self.policy_net = _network(observation.SIZE, hidden)
        self.value_net = _network(inputs, hidden)
        self.inputs = Standardiser(inputs)

    def forward(self, features: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Latent of the actor and of the critic."""
        inputs = self.inputs(features)
        return self.policy_net(inputs[:, : observation.SIZE]), self.value_net(inputs)

    def forward_actor(self, features: torch.Tensor) -> torch.Tensor:
        """Latent of the actor, from the observation only."""
        latent: torch.Tensor = self.policy_net(self.inputs(features)[:, : observation.SIZE])
        return latent

    def forward_critic(self, features: torch.Tensor) -> torch.Tensor:
        """Latent of the critic, from all inputs."""
        latent: torch.Tensor = self.value_net(self.inputs(features))
        return latent


class HindsightPolicy(ActorCriticPolicy):
    """An actor that sees the observation, and a critic that also sees the hints that follow it."""

    mlp_extractor: HindsightExtractor  # type: ignore[assignment]

    def _build_mlp_extractor(self) -> None:
        hidden = tuple(self.net_arch) if isinstance(self.net_arch, list) else tuple(self.net_arch["pi"])
        self.mlp_extractor = HindsightExtractor(self.features_dim, hidden)


def _network(inputs: int, hidden: tuple[int, ...]) -> torch.nn.Sequential:
    layers: list[torch.nn.Module] = []
    for before, after in zip((inputs, *hidden[:-1]), hidden, strict=True):
        layers += [torch.nn.Linear(before, after), torch.nn.Tanh()]
    return torch.nn.Sequential(*layers)
