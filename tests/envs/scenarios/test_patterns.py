"""The defence plays as it was told: every option narrows what is dealt, and what cannot be is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backpost.envs import SCENARIOS, Crosses, InvalidValue, Options, UnknownOption
from backpost.envs.interface.options import PATTERN_RANGES
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.record import (
    CLAIMED,
    KEEPER,
    MAN,
    MARKINGS,
    NOBODY,
    PRESSER,
    ROLE_MARKER,
    ROLE_ZONAL,
    RUNNER,
    ZONAL,
)

COUNT = 300
SEEDS = episode_seeds("verify", 24, 0, COUNT)
MATCHES = ("OpenPlay", "Transition", "Corner", "FreeKick")
WITH_LINE = ("OpenPlay", "Transition", "FreeKick")
PATTERN = ("marking", *PATTERN_RANGES)
OUTFIELD = slice(KEEPER + 1, None)


def dealt(name: str, count: int = COUNT, **options: object) -> np.recarray:
    """Crosses just opened."""
    crosses = Crosses(name, count, options=Options.of(**options))
    crosses.deal(SEEDS[:count])
    return crosses.snapshot()


def role(worlds: np.recarray, which: int) -> np.ndarray:
    """True for the outfield defenders in this role, (n, defenders)."""
    players = worlds.players
    mask: np.ndarray = (players.present[:, OUTFIELD] == 1) & (players.role[:, OUTFIELD] == which)
    return mask


@pytest.mark.parametrize("name", MATCHES)
def test_marking_decides_who_has_a_man(name: str) -> None:
    """Man: the most markers, each with a man of his own; zonal: none; mixed: some. Whoever is no marker has no man."""
    markers = {}
    for marking in MARKINGS:
        worlds = dealt(name, marking=marking)
        assert (worlds.pattern.marking == MARKINGS.index(marking)).all()
        marks, men = role(worlds, ROLE_MARKER), worlds.players.man[:, OUTFIELD]
        assert ((men != NOBODY) == marks).all()
        for row, has in zip(men, marks, strict=True):
            assert len(set(row[has])) == has.sum()
        markers[marking] = marks.sum(axis=1)
    assert not markers["zonal"].any()
    assert (markers["mixed"] > 0).all()
    assert (markers["man"] >= markers["mixed"]).all()
    assert markers["man"].mean() > markers["mixed"].mean() + 0.5


@pytest.mark.parametrize("name", [*MATCHES, "Match"])
def test_without_a_choice_every_marking_comes_up(name: str) -> None:
    """`any` is the same as no choice."""
    worlds = dealt(name)
    assert set(worlds.pattern.marking) == set(range(len(MARKINGS)))
    assert worlds.tobytes() == dealt(name, marking="any").tobytes()


def test_a_corner_is_defended_by_eight_or_nine_in_the_field() -> None:
    assert set(dealt("Corner").pattern.defenders) == {8, 9}


def test_corners_are_marked_by_shares_of_their_own() -> None:
    """And what is dealt of open play does not hang on them, nor corners on those of open play."""
    for man, zonal, marking in ((1.0, 0.0, "man"), (0.0, 1.0, "zonal"), (0.0, 0.0, "mixed")):
        shares = {"corner_share_man": man, "corner_share_zonal": zonal}
        corners = dealt("Corner", 40, parameters=shares)
        assert (corners.pattern.marking == MARKINGS.index(marking)).all()
        assert dealt("OpenPlay", 40, parameters=shares).tobytes() == dealt("OpenPlay", 40).tobytes()
    others = {"share_man": 1.0, "share_zonal": 0.0}
    assert dealt("Corner", 40, parameters=others).tobytes() == dealt("Corner", 40).tobytes()
    assert (dealt("OpenPlay", 40, parameters=others).pattern.marking == MAN).all()


@pytest.mark.parametrize("name", WITH_LINE)
def test_a_higher_line_stands_further_from_the_goal(name: str) -> None:
    """Every zone of the same seed, on average by more than half of the difference."""
    low, high = (dealt(name, marking="zonal", line_height=height) for height in (8, 14))
    assert (low.pattern.line_height == 8.0).all()
    assert (high.pattern.line_height == 14.0).all()
    zones = role(low, ROLE_ZONAL)[:, 1:]
    back = (low.players.home_x - high.players.home_x)[:, PRESSER + 1 :][zones]
    assert back.min() > -1e-9
    assert back.mean() > 3.0


@pytest.mark.parametrize("name", MATCHES)
def test_a_compact_defence_is_narrower(name: str) -> None:
    """Three times the compactness number, far more than twice the width of the block."""
    narrow, wide = (dealt(name, marking="zonal", defenders=4, compactness=c) for c in (0.5, 1.5))
    width = [np.ptp(worlds.players.y[:, PRESSER + 1 : PRESSER + 4], axis=1).mean() for worlds in (narrow, wide)]
    assert width[1] > 1.8 * width[0]


@pytest.mark.parametrize("name", MATCHES)
@pytest.mark.parametrize("marking", MARKINGS)
def test_as_many_defenders_play_as_were_asked_for(name: str, marking: str) -> None:
    """Whatever their number and marking, and the record says so."""
    lowest, highest = (int(end) for end in PATTERN_RANGES["defenders"])
    for number in range(lowest, highest + 1):
        worlds = dealt(name, 8, marking=marking, defenders=number)
        assert (worlds.pattern.defenders == number).all()
        assert (worlds.players.present[:, OUTFIELD].sum(axis=1) == number).all()


@pytest.mark.parametrize("name", MATCHES)
def test_a_scenario_plays_with_as_many_defenders_as_its_record_says(name: str) -> None:
    worlds = dealt(name)
    assert (worlds.players.present[:, OUTFIELD].sum(axis=1) == worlds.pattern.defenders).all()
    assert len(set(worlds.pattern.defenders)) > 1


def test_a_keeper_with_a_longer_range_claims_more_crosses() -> None:
    """The range is in the record, and he comes as far as that."""
    claimed = []
    for reach in (1.0, 10.0):
        crosses = Crosses("OpenPlay", COUNT, options=Options(keeper_range=reach))
        crosses.deal(SEEDS)
        crosses.worlds.players.outside[:, RUNNER] = 0
        assert (crosses.worlds.pattern.keeper_range == reach).all()
        done = np.zeros(COUNT, bool)
        while not done.all():
            _, done = crosses.step(np.zeros((COUNT, 4)))
        claimed.append(int((crosses.worlds.outcome == CLAIMED).sum()))
    assert claimed[1] > claimed[0]


@pytest.mark.parametrize("name", MATCHES)
def test_what_the_seed_would_have_drawn_anyway_changes_nothing(name: str) -> None:
    """An option fixes its own number and touches no other draw: not a bit of players, ball or delivery differs."""
    free = dealt(name, 20)
    for option in [option for option in PATTERN if option in SCENARIOS[name].own]:
        for i in range(20):
            drawn = free.pattern[option][i]
            chosen = MARKINGS[drawn] if option == "marking" else drawn.item()
            crosses = Crosses(name, options=Options.of(**{option: chosen}))
            crosses.deal(SEEDS[i : i + 1])
            for field in ("pattern", "players", "ball", "delivery", "line_x"):
                assert crosses.worlds[field][0].tobytes() == free[field][i].tobytes(), (option, field)


@pytest.mark.parametrize("option", PATTERN_RANGES)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_numbers_are_drawn_from_the_range_that_was_chosen(option: str, data: st.DataObject) -> None:
    """All of them inside, both halves of the range in use; a number alone is that number."""
    lowest, highest = PATTERN_RANGES[option]
    bounds: st.SearchStrategy[float] = st.floats(lowest, highest)
    if option == "defenders":
        bounds = st.integers(int(lowest), int(highest))
    low, high = sorted(data.draw(st.tuples(bounds, bounds)))
    drawn = dealt("OpenPlay", 64, **{option: (low, high)}).pattern[option]
    assert (low <= drawn).all()
    assert (drawn <= high).all()
    if high > low + 1e-6:
        assert (drawn < 0.5 * (low + high)).any()
        assert (drawn > 0.5 * (low + high)).any()
    assert (dealt("OpenPlay", 4, **{option: low}).pattern[option] == low).all()


@pytest.mark.parametrize("option", PATTERN_RANGES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_number_outside_its_range_is_refused_in_one_sentence(option: str, data: st.DataObject) -> None:
    """Alone or as an end of a range, or a range the wrong way round; the sentence says what is valid."""
    lowest, highest = PATTERN_RANGES[option]
    valid = st.floats(lowest, highest)
    outside = st.floats(max_value=lowest, exclude_max=True) | st.floats(min_value=highest, exclude_min=True)
    wrong = outside | st.just(float("nan")) | st.tuples(valid, outside) | st.tuples(outside, valid)
    bad = data.draw(wrong | st.sampled_from([(highest, lowest), (lowest,), (), (lowest, highest, highest), True, "8"]))
    with pytest.raises(InvalidValue) as refused:
        Options.of(**{option: bad})
    assert f"number from {lowest:g} to {highest:g} or a pair (lowest, highest)" in str(refused.value)
    assert str(refused.value).startswith(option)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ({"marking": "press"}, "marking must be one of any, man, zonal, mixed, got 'press'"),
        ({"marking": MAN}, "marking must be one of any, man, zonal, mixed, got 0"),
        ({"defenders": 6.5}, "defenders must be a whole number from 1 to 10"),
        ({"defenders": (4, 6.5)}, "defenders must be a whole number from 1 to 10"),
        ({"compactness": [1.0, None]}, "compactness must be a number from 0.5 to 1.5"),
        ({"line_height": {8.0, 9.0}}, "line_height must be a number from 5 to 20"),
    ],
)
def test_a_defence_that_cannot_be_is_refused(chosen: dict[str, object], says: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        Options.of(**chosen)
    assert says in str(refused.value)


@pytest.mark.parametrize("option", PATTERN)
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_has_its_own_options_and_refuses_the_others(name: str, option: str) -> None:
    """The refusal lists those that it has."""
    own = SCENARIOS[name].own
    options = Options.of(**{option: "zonal" if option == "marking" else PATTERN_RANGES[option][0]})
    if option in own:
        crosses = Crosses(name, 4, options=options)
        crosses.deal(SEEDS[:4])
        value = ZONAL if option == "marking" else PATTERN_RANGES[option][0]
        assert (crosses.worlds.pattern[option] == value).all()
        return
    with pytest.raises(
        UnknownOption,
        match=f"{name} got an unexpected keyword argument '{option}'; valid options are .*{', '.join(own)}",
    ):
        Crosses(name, options=options)
