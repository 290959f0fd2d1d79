"""One row of the parameter table, and the sources that rows cite."""

from dataclasses import dataclass

FUJIMURA = "Fujimura & Sugihara 2005"
LAST_ROW = "Last Row tracking data"
WYSCOUT = "calibrated: Wyscout public data set, Pappalardo et al. 2019"
JORDET = "Jordet et al. 2020"
GOFF = "range fitted to real flights and bounces"
ASSUMPTION = "assumption"


@dataclass(frozen=True)
class Parameter:
    """One parameter: name, default, range of plausible values, unit and source."""

    name: str
    default: float
    low: float
    high: float
    unit: str
    source: str
