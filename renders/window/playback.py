"""Where a replay stands: its time, its speed, whether it is held. No clock and no screen: whoever shows it has both."""

SPEEDS = (1, 2, 4, 10)
"""How many times slower than life."""
HELD = 1.5
"""Seconds for which the end stands before it begins again."""
SLACK = 1e-9


class Playback:
    """The time of a replay between two ends.

    Args:
        begin: first second of the run.
        end: its last.

    Attributes:
        time: the moment that is shown, s of the run.
        slower: how many times slower than life it goes, one of `SPEEDS`.
        held: whether somebody has stopped it.
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
        """Let so many seconds of the watcher's life pass; at the end it rests, then begins again."""
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
        """Go to a moment; one outside the run is its nearer end."""
        self.time = min(max(time, self.begin), self.end)
        self._rested = 0.0

    def toggle(self) -> None:
        """Hold it, or let it go on; from the end it begins again."""
        if not self.held or self.time < self.end - SLACK:
            self.held = not self.held
            return
        self.held = False
        self.seek(self.begin)

    def step(self, seconds: float) -> None:
        """Hold it and go on, or back, by so many seconds of the run."""
        self.held = True
        self.seek(self.time + seconds)

    def change_speed(self, by: int) -> None:
        """To the next slower speed (1) or the next faster one (-1)."""
        index = SPEEDS.index(self.slower) + by
        self.slower = SPEEDS[min(max(index, 0), len(SPEEDS) - 1)]
