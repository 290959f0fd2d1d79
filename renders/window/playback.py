"""State of a replay: its time, its speed, whether it is paused. It has no clock and no screen; the caller has both."""

SPEEDS = (1, 2, 4, 10)
"""How many times slower than real time."""
HELD = 1.5
"""Seconds for which the last picture is held before the replay starts again."""
SLACK = 1e-9


class Playback:
    """The time of a replay between two limits.

    Args:
        begin: first second of the run.
        end: last second of the run.

    Attributes:
        time: the moment shown, s of the run.
        slower: how many times slower than real time, one of `SPEEDS`.
        held: whether it is paused.
        rounds: how often it has reached its end.
    """

    def __init__(self, begin: float, end: float) -> None:
        self.begin, self.end = begin, end
        self.time = begin
        self.slower = SPEEDS[0]
        self.held = False
        self.rounds = 0
        self._rested = 0.0

    def advance(self, seconds: float) -> None:
        """Advance by seconds of real time; at the end it holds, then starts again."""
        if self.held:
            return
        if self.time < self.end - SLACK:
            self.time = min(self.time + seconds / self.slower, self.end)
            if self.time >= self.end - SLACK:
                self.rounds += 1
            return
        self._rested += seconds
        if self._rested >= HELD:
            self.seek(self.begin)

    def seek(self, time: float) -> None:
        """Go to a moment, clipped to the run."""
        self.time = min(max(time, self.begin), self.end)
        self._rested = 0.0

    def toggle(self) -> None:
        """Pause or resume; at the end, start again."""
        if not self.held or self.time < self.end - SLACK:
            self.held = not self.held
            return
        self.held = False
        self.seek(self.begin)

    def step(self, seconds: float) -> None:
        """Pause and step forwards, or back, by seconds of the run."""
        self.held = True
        self.seek(self.time + seconds)

    def change_speed(self, by: int) -> None:
        """Change to the next slower speed (1) or the next faster one (-1)."""
        index = SPEEDS.index(self.slower) + by
        self.slower = SPEEDS[min(max(index, 0), len(SPEEDS) - 1)]
