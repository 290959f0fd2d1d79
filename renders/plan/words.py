"""The words of a session plan: the page's, and its own in `assets/session_en.json`."""

import json

from backpost.agents.base.view import STRIKE_AFTER
from backpost.renders.page.words import ASSETS, MOMENT, Words


class SessionWords(Words):
    """The page's strings with the plan's own under `session`."""

    def __init__(self) -> None:
        super().__init__()
        own = json.loads((ASSETS / "session_en.json").read_text(encoding="utf-8"))
        self.tree = self.tree | {"session": own}

    def cue(self, start: float) -> str:
        """The visual cue for a runner at a time from the strike: "as the server plants his foot"."""
        if abs(start) < MOMENT:
            return self("session.start.at")
        if start > 0:
            return self("session.start.after")
        if start < -STRIKE_AFTER["look"] + MOMENT:
            return self("session.start.look")
        if start < -STRIKE_AFTER["plant"] - MOMENT:
            return self("session.start.headup")
        return self("session.start.plant" if start < -STRIKE_AFTER["swing"] else "session.start.swing")

    def metres(self, value: float) -> str:
        """Metres, without decimals if whole."""
        return self("session.metres", m=self.number(value, 0 if abs(value - round(value)) < 0.05 else 1))

    def beside(self, across: float) -> str:
        """Distance from the middle of the goal, with the side."""
        if abs(across) < 0.5:
            return self("session.put.middle")
        side = "near_side" if across > 0 else "far_side"
        return self(f"session.put.{side}", m=self.number(abs(across), 0))
