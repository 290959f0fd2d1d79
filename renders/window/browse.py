"""Navigation in `backpost watch`: another cross, another agent, another rule for comparison."""

from collections.abc import Sequence

from backpost.agents.random_run import RandomRun
from backpost.agents.registry import is_shipped
from backpost.agents.rules.registry import RULES
from backpost.agents.stand_still import StandStill
from backpost.envs.interface.options import Options
from backpost.renders.scene.watched import Watched, watch_cross


class Browse:
    """One cross with one or two agents, and navigation to others.

    Args:
        shown: the cross to begin with.
        options: the environment's options, for every cross.

    Attributes:
        shown: the cross shown now.
    """

    def __init__(self, shown: Watched, options: Options | None = None) -> None:
        self.shown = shown
        self._options = options
        named = ("learned", "generalist") if is_shipped(shown.env) else ()
        self._agents = _once(shown.agents[0], *named, *RULES, RandomRun.name, StandStill.name)
        self._beside: tuple[str | None, ...] = (None, *_once(*shown.agents[1:], *RULES))

    def cross(self, by: int) -> None:
        """Move `by` crosses forwards or back; the first is number 0.

        Raises:
            InvalidValue: if an agent has recordings only for certain crosses.
        """
        self._show(self.shown.agents, max(self.shown.cross + by, 0))

    def agent(self, by: int) -> None:
        """Switch the first agent to the next one (1) or the previous one (-1)."""
        first = _turned(self._agents, self.shown.agents[0], by)
        self._show((str(first), *self.shown.agents[1:]), self.shown.cross)

    def rule(self, by: int) -> None:
        """Compare with the next rule (1) or the previous one (-1); after the last one, with none."""
        second = self.shown.agents[1] if len(self.shown.agents) > 1 else None
        chosen = _turned(self._beside, second, by)
        self._show((self.shown.agents[0],) if chosen is None else (self.shown.agents[0], chosen), self.shown.cross)

    def _show(self, agents: Sequence[str], cross: int) -> None:
        same = self.shown.same_ball
        self.shown = watch_cross(self.shown.env, agents, cross, options=self._options, same_ball=same)


def _once(*names: str) -> tuple[str, ...]:
    """The names without duplicates."""
    return tuple(dict.fromkeys(names))


def _turned(names: Sequence[str | None], now: str | None, by: int) -> str | None:
    return names[(names.index(now) + by) % len(names)]
