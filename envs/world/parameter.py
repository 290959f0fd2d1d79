"""One row of the parameter table, and the sources that rows cite."""

from dataclasses import dataclass

FUJIMURA = "Fujimura & Sugihara 2005"
LAST_ROW = "Last Row tracking data"
WYSCOUT = "calibrated: Wyscout public data set, Pappalardo et al. 2019"
JORDET = "Jordet et al. 2020"
GOFF = "range fitted to real flights and bounces"
ASSUMPTION = "assumption"


BEYOND = 4.0
"""How many times smaller or larger than plausible a parameter may be: so far the computation is tested."""
STEEPEST = 1.4
"""rad: no parameter that is an angle may be larger."""


@dataclass(frozen=True)
class Parameter:
    """One parameter: name, default, range of plausible values, unit and source."""

    name: str
    default: float
    low: float
    high: float
    unit: str
    source: str

    @property
    def least(self) -> float:
        """The smallest value that the computation is tested with; 0 only where 0 is plausible, as it may divide."""
        return self.low / BEYOND if self.low >= 0.0 else -BEYOND * max(-self.low, self.high)

    @property
    def most(self) -> float:
        """The largest one: 1 for shares, probabilities and switches, and less than a right angle for an angle."""
        beyond = BEYOND * max(-self.low, self.high)
        kind = self.unit.split()[0].rstrip(",")
        if kind == "rad":
            return min(beyond, STEEPEST)
        return 1.0 if self.high <= 1.0 and kind in ("share", "P", "P(true", "switch") else beyond
