"""The state of a learner and the random generators after an update, as plain values; restored bit for bit."""

import random
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from sb3_contrib.common.recurrent.type_aliases import RNNStates
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.buffers import ReplayBuffer
from stable_baselines3.common.save_util import recursive_getattr

State = dict[str, Any]

_COUNTERS = ("num_timesteps", "_n_updates", "_episode_num", "_current_progress_remaining")
_STORED = ("observations", "next_observations", "actions", "rewards", "dones")


def model_state(model: BaseAlgorithm) -> State:
    """Networks, optimizers and counters, the last observation, an LSTM's state and the replay buffer."""
    networks, variables = model._get_torch_save_params()
    state: State = {
        "networks": {name: recursive_getattr(model, name).state_dict() for name in networks},
        "variables": {name: recursive_getattr(model, name).detach() for name in variables},
        "counters": {name: getattr(model, name) for name in _COUNTERS},
        "observations": model._last_obs,
        "starts": model._last_episode_starts,
    }
    memory = getattr(model, "_last_lstm_states", None)
    if memory is not None:
        state["memory"] = [list(part) for part in memory]
    replay = getattr(model, "replay_buffer", None)
    if replay is not None:
        state["replay"] = _replay_state(replay)
    return state


def restore_model(model: BaseAlgorithm, state: Mapping[str, Any]) -> None:
    """Restore the state of a model that was built with the same settings."""
    for name, saved in state["networks"].items():
        recursive_getattr(model, name).load_state_dict(saved)
    for name, saved in state["variables"].items():
        recursive_getattr(model, name).data.copy_(saved)
    for name, saved in state["counters"].items():
        setattr(model, name, saved)
    for name, key in (("_last_obs", "observations"), ("_last_episode_starts", "starts")):
        setattr(model, name, None if state[key] is None else state[key].numpy())
    if "memory" in state:
        model._last_lstm_states = RNNStates(*(tuple(part) for part in state["memory"]))  # type: ignore[attr-defined]
    if "replay" in state:
        _restore_replay(model.replay_buffer, state["replay"])  # type: ignore[attr-defined]


def random_state() -> State:
    """The state of the three generators used outside the kernel."""
    name, keys, *rest = np.random.get_state(legacy=True)  # noqa: NPY002 (Stable-Baselines3 draws from it)
    return {
        "python": random.getstate(),
        "numpy": [name, np.asarray(keys, np.int64), *rest],
        "torch": torch.get_rng_state(),
    }


def restore_random(state: Mapping[str, Any]) -> None:
    """Restore the generators."""
    random.setstate(state["python"])
    name, keys, *rest = state["numpy"]
    np.random.set_state((name, keys.numpy().astype(np.uint32), *rest))  # noqa: NPY002
    torch.set_rng_state(state["torch"])


def _replay_state(replay: ReplayBuffer) -> State:
    """The filled rows of the replay buffer; timeouts are not saved, because a cross is never truncated."""
    stored = {name: getattr(replay, name)[: replay.size()] for name in _STORED}
    return {"pos": replay.pos, "full": replay.full, **stored}


def _restore_replay(replay: ReplayBuffer, state: Mapping[str, Any]) -> None:
    replay.pos, replay.full = state["pos"], state["full"]
    for name in _STORED:
        saved = state[name].numpy()
        getattr(replay, name)[: len(saved)] = saved
