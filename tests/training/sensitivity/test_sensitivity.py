"""Promises of training/sensitivity: what leaves its band, which effects turn, on the same crosses."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from backpost.envs.common.errors import UnknownName
from backpost.training.sensitivity.band import Band
from backpost.training.sensitivity.played import claims_of, crosses_to_play, played_sensitivity
from backpost.training.sensitivity.sensitivity import ClaimEffect, sensitivity, settings
from backpost.training.sensitivity.sensitivity import table as sensitivity_table

BANDS = {"clean_row": Band(0.5, 0.45, 0.55)}


@dataclass(frozen=True)
class Statistic:
    value: float
    count: int


def test_sensitivity_tells_what_leaves_its_band_and_which_effects_change_side() -> None:
    def rows(values: Mapping[str, float]) -> Mapping[str, Statistic]:
        return {"clean_row": Statistic(0.5 + 0.2 * min(values.get("gaze_cosine", 0.5) - 0.5, 0.0), 100)}

    def claims(values: Mapping[str, float]) -> Mapping[str, ClaimEffect]:
        moves = values.get("gaze_cosine", 0.5)
        side = "above" if moves > 0.25 else "below"
        return {
            "G1": ClaimEffect(0.3 if moves > 0.25 else None, "xG per 100 crosses", side),
            "G2": ClaimEffect(moves, "xG per 100 crosses", side),
            "G3": ClaimEffect(9.0 * moves, "xG per 100 direct shots", "above"),
        }

    result = sensitivity(rows, claims, 100, ["gaze_cosine", "turn_rate"], BANDS)
    low, high, *still = result.settings
    assert low.leave == ("clean_row",)
    assert low.turned == dict.fromkeys(("G1", "G2"), ("above", "below"))
    assert low.largest_effect is not None
    assert low.largest_effect.id == "G2"
    assert high.leave == ()
    assert all(moved.largest_row is not None and moved.largest_row.move == 0 and not moved.turned for moved in still)
    assert settings(["gaze_cosine", "turn_rate"]) == 1 + len(result.settings)
    assert "| gaze_cosine | 0.5 | 0 | clean_row |" in sensitivity_table(result)
    with pytest.raises(UnknownName, match="valid choices"):
        sensitivity(rows, claims, 100, ["gaze"], BANDS)


def test_every_setting_of_the_sensitivity_meets_the_same_crosses() -> None:
    played: list[int] = []
    result = played_sensitivity(16, ("cue_time",), played.append)
    assert sum(played) == crosses_to_play(16, ("cue_time",))
    low, high = result.settings
    assert low.claims.keys() == high.claims.keys() >= {"G1", "G4", "G8"}
    assert claims_of(16)({"cue_time": low.value}) == low.claims
