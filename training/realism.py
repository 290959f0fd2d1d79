"""Realism, first pass: scripted play held against published numbers of real crosses.

Every attacker, the runner too, runs by ordinary scripted behaviour. Each row says what the simulator gives, what was
published, and whether the two lie within a factor of 1.5 of each other. Sources and credits stand in
`assets/published.csv`; the shot rows use the mean of xG, which is the mean of goals by construction.
"""

import csv
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from backpost.agents.play import Progress
from backpost.envs.chance import episode_seeds
from backpost.envs.pitch import HALF_LENGTH
from backpost.envs.world import (
    ATTACKERS,
    CUTBACK,
    HEADER,
    HIGH,
    KEEPER,
    NOBODY,
    OFFSIDE,
    SIDE_FOOT,
    VOLLEY,
)

from .scripted import play_scripted

FACTOR = 1.5
NAMED = (
    *("open_blocked_share", "open_high_first_att", "open_high_first_def", "open_high_first_gk", "open_high_out"),
    *("open_low_first_att", "open_low_first_def", "open_high_flight_median", "open_low_flight_median"),
    *("header_conv_open", "header_conv_5_7m", "header_conv_11_13m"),
)
"""The rows of the first pass, which must lie within the factor; the others are printed to be known."""
ENOUGH = 50
"""Events below which a row is not judged."""
NEVER = 90.0
POST = 3.66

Values = npt.NDArray[np.float64]
Records = npt.NDArray[np.void]


@dataclass(frozen=True)
class Measured:
    """One statistic of the simulator and the number of events behind it."""

    value: float
    count: int


def realism(
    crosses: int = 20_000, first_seed: int = 0, *, env: str = "OpenPlay", progress: Progress | None = None
) -> dict[str, Any]:
    """The table of realism as a dict for JSON.

    Raises:
        UnknownName: for an unknown environment.
    """
    final = play_scripted(env, episode_seeds("verify", 0, first_seed, crosses), progress=progress)
    measured = measure(final)
    rows = [_row(published, measured[published["id"]]) for published in published_rows() if published["id"] in measured]
    named = [row for row in rows if row["named"]]
    return {
        "environment": env,
        "crosses": crosses,
        "first_seed": first_seed,
        "label": "verify",
        "factor": FACTOR,
        "rows": rows,
        "passed": sum(row["verdict"] == "within" for row in named),
        "named": len(named),
    }


def published_rows() -> list[dict[str, str]]:
    """The published statistics with definition, target, band, size and source."""
    asset = files("backpost.training").joinpath("assets", "published.csv")
    return list(csv.DictReader(asset.read_text(encoding="utf-8").splitlines()))


def measure(worlds: np.recarray) -> dict[str, Measured]:
    """Every published statistic that final records (n,) can answer, by its id."""
    final: Records = worlds[worlds["delivery"]["struck_at"] < NEVER]
    high = final["delivery"]["kind"] == HIGH
    free = final["delivery"]["blocked"] == 0
    return {
        "open_blocked_share": _share(~free),
        **_first_contacts("open_high", final[free & high]),
        **_first_contacts("open_low", final[free & ~high]),
        **_flights(final[free & high], final[free & ~high]),
        **_finishes(final[free & high], final[free & ~high]),
        **_zones(final[free & high]),
        "open_offside": _share(final["outcome"][free] == OFFSIDE),
        "open_shot10": _share(final["shot"]["count"] > 0),
        "open_goal10": _mean(final["xg"]),
        "open_high_goal10": _mean(final["xg"][free & high]),
        "cutback_first_att": _share(_by_attack(final[free & (final["delivery"]["kind"] == CUTBACK)])),
        "cutback_goal10": _mean(final["xg"][free & (final["delivery"]["kind"] == CUTBACK)]),
        "open_high_share": _share(high[free]),
        "cutback_share": _share((final["delivery"]["kind"] == CUTBACK)[free]),
    }


def table(result: dict[str, Any]) -> str:
    """The table for people."""
    lines = [
        f"{result['environment']}: {result['crosses']} crosses of scripted play against published numbers",
        f"{'':2}{'statistic':<62}{'here':>8}{'real':>8}{'ratio':>8}  {'verdict':<10}{'events':>8}",
    ]
    for row in result["rows"]:
        mark = "*" if row["named"] else " "
        here = "-" if row["measured"] is None else f"{row['measured']:.3f}"
        ratio = "-" if row["ratio"] is None else f"{row['ratio']:.2f}"
        lines.append(
            f"{mark} {row['definition'][:60]:<62}{here:>8}{row['published']:>8.3f}{ratio:>8}  "
            f"{row['verdict']:<10}{row['count']:>8}"
        )
    lines.append(
        f"* first pass: {result['passed']} of {result['named']} rows within a factor of {result['factor']:g}; "
        "sources and credits: published.csv (Wyscout rows: Pappalardo et al. 2019, CC BY 4.0; StatsBomb open data; ...)"
    )
    return "\n".join(lines)


def _row(published: dict[str, str], here: Measured) -> dict[str, Any]:
    target = float(published["target"])
    known = here.count >= ENOUGH and np.isfinite(here.value)
    ratio = here.value / target if known else None
    within = ratio is not None and 1 / FACTOR <= ratio <= FACTOR
    return {
        "id": published["id"],
        "named": published["id"] in NAMED,
        "definition": published["definition"],
        "measured": here.value if known else None,
        "count": here.count,
        "published": target,
        "band": [float(published["lo"]), float(published["hi"])],
        "ratio": ratio,
        "verdict": "too few" if not known else "within" if within else "outside",
        "source": published["source"],
    }


def _first_contacts(prefix: str, final: Records) -> dict[str, Measured]:
    """Who touches an unblocked cross first; one that an offside flag ends belongs to nobody."""
    by = final["first_contact"]["by"]
    found = {
        f"{prefix}_first_att": _share(_by_attack(final)),
        f"{prefix}_first_def": _share(by > KEEPER),
        f"{prefix}_direct_shot": _share(_is_direct_shot(final)),
    }
    if prefix == "open_high":
        found |= {
            "open_high_first_gk": _share(by == KEEPER),
            "open_high_out": _share((by == NOBODY) & (final["outcome"] != OFFSIDE)),
        }
    return found


def _flights(high: Records, low: Records) -> dict[str, Measured]:
    """Seconds from strike to first contact, and mean horizontal speed."""

    def times(final: Records) -> Values:
        return np.asarray(final["first_contact"]["time"] - final["delivery"]["struck_at"], dtype=np.float64)

    high, low = (final[final["first_contact"]["by"] != NOBODY] for final in (high, low))
    delivery, contact = high["delivery"], high["first_contact"]
    ground = np.hypot(contact["x"] - delivery["origin_x"], contact["y"] - delivery["origin_y"])
    return {
        "open_high_flight_median": _median(times(high)),
        "open_low_flight_median": _median(times(low)),
        "mean_hspeed_high": _median(ground / np.maximum(times(high), 0.05)),
    }


def _finishes(high: Records, low: Records) -> dict[str, Measured]:
    """What direct shots are worth, by technique, distance and pressure."""
    shots = [final["first_contact"][_is_direct_shot(final)] for final in (high, low)]
    everything = np.concatenate(shots)
    header = everything["technique"] == HEADER
    distance = np.hypot(HALF_LENGTH - everything["x"], everything["y"])
    headers, away, gap = everything["xg"][header], distance[header], everything["gap"][header]
    feet = [of[of["technique"] != HEADER] for of in shots]
    tight, loose = _mean(headers[gap < 0.75]), _mean(headers[(gap >= 2) & (gap < 3)])
    near_feet = ~header & (distance < 16)
    return {
        "open_high_direct_header_share": _share(shots[0]["technique"] == HEADER),
        "header_conv_open": _mean(headers),
        "header_conv_5_7m": _mean(headers[(away >= 5) & (away < 7)]),
        "header_conv_11_13m": _mean(headers[(away >= 11) & (away < 13)]),
        "header_conv_free_vs_tight": Measured(loose.value / tight.value, min(loose.count, tight.count)),
        "foot_conv_low": _mean(feet[1]["xg"]),
        "foot_conv_high": _mean(feet[0]["xg"]),
        "ft_foot_nearest_opp": _median(everything["gap"][near_feet]),
    }


def _zones(high: Records) -> dict[str, Measured]:
    """Where high crosses are first touched inside the penalty area, seen from the crosser at negative y."""
    contact = high["first_contact"]
    inside = (contact["by"] != NOBODY) & (contact["x"] > HALF_LENGTH - 16.5) & (np.abs(contact["y"]) < 20.16)
    contact = contact[inside]
    attack, far, near = contact["by"] < ATTACKERS, contact["y"] > POST, contact["y"] < -POST
    return {
        "zone_first_contact_open_high_far": _share(far),
        "zone_first_contact_open_high_near": _share(near),
        "far_att_first_open_high": _share(attack[far]),
        "central_att_first_open_high": _share(attack[~far & ~near]),
    }


def _by_attack(final: Records) -> npt.NDArray[np.bool_]:
    by = final["first_contact"]["by"]
    return np.asarray((by != NOBODY) & (by < ATTACKERS))


def _is_direct_shot(final: Records) -> npt.NDArray[np.bool_]:
    technique = final["first_contact"]["technique"]
    return _by_attack(final) & np.isin(technique, (HEADER, VOLLEY, SIDE_FOOT)) & (final["first_contact"]["xg"] > 0)


def _share(mask: npt.NDArray[np.bool_]) -> Measured:
    return _mean(np.asarray(mask, dtype=np.float64))


def _mean(values: Values) -> Measured:
    return Measured(float(np.mean(values)) if len(values) else np.nan, len(values))


def _median(values: Values) -> Measured:
    return Measured(float(np.median(values)) if len(values) else np.nan, len(values))
