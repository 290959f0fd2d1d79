"""What each cue is worth to an agent: the cue is hidden, and the agent plays the same crosses again.

A hidden entry of the observation shows its usual value instead: the mean over other crosses of the same agent, at the
same time of the same phase. For a position that is usually in sight, that is its usual place on the pitch, seen from
where the runner stands.
So the agent loses only what is particular to this cross: no entry becomes impossible, flags hardly contradict each
other, and what is never shown at such a moment stays hidden.
With the build-up hidden, the crosser seems to carry the ball until it has been struck. An agent trained without a cue
would not miss it: the loss measures what *this* agent makes of the cue.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from backpost.agents.base.agent import Actions, Agent, Observations, Seeds
from backpost.agents.base.play import Progress, play
from backpost.agents.handicaps.wrapper import AgentWrapper
from backpost.envs.interface import observation
from backpost.envs.interface.options import Options
from backpost.envs.world.chance import episode_seeds
from backpost.training.bench.runs import Floats, Make, Runs, paired, runs
from backpost.training.bench.statistics import Interval

USUAL_CROSSES = 2000
USUAL_STREAM = 6
"""The usual observations are learned on `USUAL_CROSSES` crosses of this stream of the label "select"."""
USUALLY = 0.5
"""Share of the crosses from which a position is usually shown."""
MOMENTS = 31
"""Number of tenths of a second that are distinguished in each phase."""
PHASES = ("carry", "look", "plant", "swing", "cross")
_FLAGS = [observation.index(name) for name in PHASES]
_TIME = observation.index("phase_time")
_NAMES = [entry.name for entry in observation.LAYOUT]
_LOWEST, _HIGHEST = observation.LOWS / observation.SCALES, observation.HIGHS / observation.SCALES


def _entries(*beginnings: str) -> tuple[str, ...]:
    """The entries whose names begin with one of these."""
    return tuple(name for name in _NAMES if name.startswith(beginnings))


_RELATIVE = ("ball", "hips", "read", "drop", "crosser", "keeper", "teammate", "opponent")
_PLACES = {
    axis: np.array(
        [
            i
            for i, entry in enumerate(observation.LAYOUT)
            if entry.unit == "m" and entry.name.endswith(f"_{axis}") and entry.name.startswith(_RELATIVE)
        ]
    )
    for axis in "xy"
}
"""Positions relative to the runner; both coordinates of one that is not shown are 0."""

GROUPS: dict[str, tuple[str, ...]] = {
    "the crosser's hips": _entries("hips"),
    "the build-up: head up, foot planted, swing": (*PHASES[:4], "phase_time"),
    "where the crosser is and runs": _entries("crosser"),
    "the ball in flight": _entries("ball"),
    "where the flight can be met": _entries("read", "drop"),
    "the flight altogether": _entries("ball", "read", "drop"),
    "the keeper": _entries("keeper"),
    "team-mates": _entries("teammate", "mates"),
    "defenders": _entries("opponent", "rivals"),
    "which defenders see him": tuple(name for name in _entries("opponent") if "watches" in name),
    "when others reach the ball": ("mates_time", "rivals_time"),
    "the offside line": ("line",),
    "everything but himself": _entries(
        *_RELATIVE, *PHASES, "loose", "phase_time", "line", "time_left", "mates", "rivals", "attackers", "defenders"
    ),
}
"""Cues by their football names, with the entries of the observation that show them."""
NO_HIPS = "the hips, in a world that does not show them"


@dataclass(frozen=True)
class Usual:
    """What an agent usually sees, by phase and by tenth of a second within it.

    Attributes:
        means: means of the entries (phases + 1, MOMENTS, SIZE); positions on the pitch, not relative to the runner, and
            zero where they are not shown.
        shown: how often each position is shown at all (phases + 1, MOMENTS, places).
    """

    means: Floats
    shown: Floats

    def of(self, observations: Observations) -> Floats:
        """The usual observations (n, SIZE) at the moments of these, in the units of the observation.

        A position that is usually shown is the mean of those shown; another is not shown.
        """
        moments = _moments(observations)
        usual, shown = self.means[moments], self.shown[moments]
        for axis in "xy":
            places = usual[:, _PLACES[axis]] / np.maximum(shown, USUALLY) - _own_place(observations, axis)
            usual[:, _PLACES[axis]] = np.where(shown >= USUALLY, places, 0.0)
        return usual


class Hidden(AgentWrapper):
    """Hides some entries of the observation from an agent.

    Args:
        agent: the agent.
        entries: names of the hidden entries; hidden build-up flags show a crosser who is carrying the ball.
        usual: what is shown instead.
        name: what is hidden, in words.
    """

    def __init__(self, agent: Agent, entries: Sequence[str], usual: Usual, name: str = "") -> None:
        what = name or "nothing"
        super().__init__(agent, f"{agent.name} without {what}", f"{agent.description}; does not see {what}")
        self._usual = usual
        self._build_up = set(PHASES[:4]) <= set(entries)
        hidden = [name for name in entries if not (self._build_up and name in (*PHASES, "loose", "phase_time"))]
        self._columns = np.array([observation.index(name) for name in hidden], np.int64)

    def act(self, observations: Observations) -> Actions:
        """Actions (n, 4) from what is still visible."""
        seen = observations.copy()
        if self._build_up:
            building = observations[:, _FLAGS[1:4]].any(axis=1)
            seen[building, _FLAGS[0]] = 1.0
            seen[np.flatnonzero(building)[:, None], _FLAGS[1:4]] = 0.0
            # A time that reveals nothing about the strike: the latest moment of the carry in the agent's crosses.
            seen[building, _TIME] = 1.0
        if len(self._columns):
            seen[:, self._columns] = np.clip(self._usual.of(seen), _LOWEST, _HIGHEST)[:, self._columns]
        return self.agent.act(seen)


class _Seeing(AgentWrapper):
    """An agent, and the sums of its observations by moment."""

    def __init__(self, agent: Agent) -> None:
        super().__init__(agent)
        self.sums = np.zeros((len(PHASES) + 1, MOMENTS, observation.SIZE))
        self.shown = np.zeros((len(PHASES) + 1, MOMENTS, len(_PLACES["x"])))
        self.counts = np.zeros((len(PHASES) + 1, MOMENTS))

    def act(self, observations: Observations) -> Actions:
        """The agent's actions (n, 4)."""
        seen = observations.astype(np.float64)
        shown = (seen[:, _PLACES["x"]] != 0.0) | (seen[:, _PLACES["y"]] != 0.0)
        for axis in "xy":
            seen[:, _PLACES[axis]] += shown * _own_place(observations, axis)
        moments = _moments(observations)
        np.add.at(self.sums, moments, seen)
        np.add.at(self.shown, moments, shown)
        np.add.at(self.counts, moments, 1.0)
        return self.agent.act(observations)


def usual(agent: Agent, env: str, options: Options | None = None, crosses: int = USUAL_CROSSES) -> Usual:
    """What an agent usually sees, measured on crosses that are never reported."""
    seeing = _Seeing(agent)
    play(seeing, env, episode_seeds("select", USUAL_STREAM, 0, crosses), options)
    return Usual(_means(seeing.sums, seeing.counts), _means(seeing.shown, seeing.counts))


def _means(sums: Floats, counts: Floats) -> Floats:
    """Means of sums (phases + 1, MOMENTS, k) by moment; for a moment that never occurred, those of its phase."""
    by_phase = sums.sum(axis=1) / np.maximum(counts.sum(axis=1), 1.0)[:, None]
    return np.where(counts[:, :, None] > 0, sums / np.maximum(counts, 1.0)[:, :, None], by_phase[:, None, :])


@dataclass(frozen=True)
class Cue:
    """What an agent loses without a cue, per 100 crosses.

    Attributes:
        lost: xG lost.
        meets: how often the runner still gets to the ball.
        meets_lost: how much less often that is.
    """

    lost: Interval
    meets: float
    meets_lost: Interval


@dataclass(frozen=True)
class Cues:
    """What each cue is worth to an agent.

    Attributes:
        crosses: number of crosses played without each cue.
        ball: "free": the crosser responds to the run.
        xg: xG of the agent with all cues, per 100 crosses.
        cues: the cues by name.
    """

    crosses: int
    ball: str
    xg: float
    cues: dict[str, Cue]


def cues(
    make: Make,
    env: str,
    seeds: Seeds,
    options: Options | None = None,
    groups: Mapping[str, tuple[str, ...]] = GROUPS,
    progress: Progress | None = None,
) -> Cues:
    """XG per 100 crosses that an agent loses without each cue, on the crosses with these seeds (n,), 99 % intervals."""
    instead = usual(make(), env, options)
    full = runs(make, env, seeds, options, progress)

    def without(name: str) -> Make:
        return lambda: Hidden(make(), groups[name], instead, name)

    lost = {name: _lost(full, runs(without(name), env, seeds, options, progress)) for name in groups}
    chosen = options or Options()
    unseen = replace(chosen, parameters={**chosen.parameters, "cues_on": 0.0})
    lost[NO_HIPS] = _lost(full, runs(make, env, seeds, unseen, progress))
    return Cues(len(seeds), "free", 100.0 * float(full["xg"].mean()), lost)


def _lost(full: Runs, without: Runs) -> Cue:
    return Cue(
        lost=paired(full["xg"], without["xg"]),
        meets=100.0 * float(without["meets"].mean()),
        meets_lost=paired(full["meets"].astype(float), without["meets"].astype(float)),
    )


def _moments(observations: Observations) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Phase (n,), the last index for everything after the first touch, and tenth of a second within it (n,)."""
    flags = observations[:, _FLAGS] > 0.5
    phase = np.where(flags.any(axis=1), flags.argmax(axis=1), len(PHASES))
    tenths = np.round(observations[:, _TIME] * observation.SCALES[_TIME] * 10.0).astype(np.int64)
    return phase, np.clip(tenths, 0, MOMENTS - 1)


def _own_place(observations: Observations, axis: str) -> Floats:
    """The runner's own position, (n, places), in the unit of each entry."""
    own = observation.index(f"runner_{axis}")
    metres = observations[:, own].astype(np.float64) * observation.SCALES[own]
    return np.asarray(metres[:, None] / observation.SCALES[_PLACES[axis]])
