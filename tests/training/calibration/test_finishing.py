"""Promises of the finishing stage: its figures are those of played crosses without luck, and it finds what is so."""

from collections.abc import Mapping

import numpy as np
import pytest

from backpost.agents.base.play import play
from backpost.agents.ordinary import Ordinary
from backpost.envs.interface.outcome import SHOT_OUTCOMES
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.parameter_table import TABLE
from backpost.training.calibration.contacts import COLUMNS, GOALS, SHOTS, Contacts, expected, play_contacts
from backpost.training.calibration.figures import LABEL, Array, kinds
from backpost.training.calibration.finishing import fit_finishing
from backpost.training.calibration.finishing_figures import FinishingFigures
from backpost.training.calibration.free_parameters import FINISHING, finishing_parameters, free_parameters
from backpost.training.realism.cells import measured_cells
from backpost.training.realism.events import SHOT_TYPES, Events, events
from backpost.training.realism.measure import Figure
from backpost.training.realism.published import measured_rows
from backpost.training.realism.realism import SCENARIO
from backpost.training.realism.sample import Sample

BLOCK = (900, 0, 3_000)
WIDTH = 0.05
"""Half the band that is put around a figure, as a share of it."""
DEFAULTS = {parameter.name: parameter.default for parameter in TABLE}


@pytest.fixture(scope="module")
def contacts() -> Contacts:
    """The first contacts of a block of crosses."""
    return play_contacts({}, BLOCK)


@pytest.fixture(scope="module")
def played() -> Events:
    """The same crosses, played to their end."""
    return events(play(Ordinary(), SCENARIO, episode_seeds(LABEL, *BLOCK)))


def came(contacts: Contacts, played: Events) -> Array:
    """What came of each contact, (n, COLUMNS)."""
    here = played[contacts.which]
    outcome = here["shot_outcome"]
    blocked = outcome == SHOT_OUTCOMES.index("blocked")
    return np.stack(
        [here["first_contact_is_shot"], here["direct_goal"], np.nan_to_num(here["on_target"]), blocked], axis=1
    ).astype(float)


def test_a_contact_is_found_as_it_is_when_the_cross_is_played_to_its_end(contacts: Contacts, played: Events) -> None:
    here, there = contacts.table[contacts.which], played[contacts.which]
    assert len(contacts.which) > 500
    for name in ("seed", "first_contact_by", "first_contact_x", "first_contact_z", "flight_time", "blocked"):
        assert (here[name] == there[name]).all(), name
    shots = there["first_contact_is_shot"] != 0
    for name in ("shot_type", "shot_distance", "nearest_opponent"):
        assert (here[name][shots] == there[name][shots]).all(), name
    assert {SHOT_TYPES[kind] for kind in here["shot_type"]} == {"header", "foot"}


def test_the_value_of_a_shot_is_the_one_that_was_noted_as_it_was_about_to_be_hit(contacts: Contacts) -> None:
    chances, noted = expected(contacts, {}), contacts.worlds["first_contact"]["xg"]
    assert chances.shape == (len(noted), COLUMNS)
    shoots = chances[:, SHOTS] > 0.0
    assert shoots.tolist() == (noted > 0.0).tolist()
    assert chances[shoots, GOALS] / chances[shoots, SHOTS] == pytest.approx(noted[shoots], rel=1e-12)


def test_what_is_expected_of_contacts_is_what_comes_of_them_but_for_luck(contacts: Contacts, played: Events) -> None:
    """Shots, goals, shots on target and blocked ones: the sums differ by less than 4 standard errors of the luck."""
    chances, luck = expected(contacts, {}), came(contacts, played)
    high = contacts.table["shot_type"][contacts.which] == SHOT_TYPES.index("header")
    for kind in (high, ~high):
        error = np.sqrt(np.sum(chances[kind] * (1.0 - chances[kind]), axis=0))
        assert (np.abs(np.sum(luck[kind] - chances[kind], axis=0)) < 4.0 * error).all()
        assert (luck[kind].sum(axis=0) > 5.0).all(), "the sums are empty"


def test_the_figures_of_what_came_of_contacts_are_those_of_realism(contacts: Contacts, played: Events) -> None:
    """Counted from what came of the contacts instead of what was expected, every figure is the measured one."""
    sample = Sample(played)
    measured = {**measured_rows(sample), **measured_cells(sample)}
    figures = FinishingFigures([contacts]).counted(came(contacts, played))
    assert len(figures) == len({figure.id for figure in figures}) > 100
    defined = [figure for figure in figures if figure.events > 0 and np.isfinite(measured[figure.id].value)]
    assert len(defined) > 60
    for figure in defined:
        assert figure.value == pytest.approx(measured[figure.id].value), figure.id
        assert figure.events == measured[figure.id].count, figure.id


def test_figures_do_not_depend_on_how_crosses_are_parted_into_blocks(contacts: Contacts) -> None:
    stream, first, count = BLOCK
    parts = [play_contacts({}, (stream, first + k * count // 3, count // 3)) for k in range(3)]
    assert repr(FinishingFigures(parts)({})) == repr(FinishingFigures([contacts])({}))


def test_finishing_changes_nothing_of_how_a_cross_comes_to_an_attacker(contacts: Contacts) -> None:
    """Else the linear models, which no longer move finishing, would have to learn what it does to the crosses."""
    free = {parameter.name: parameter for parameter in finishing_parameters()}
    assert not free.keys() & {parameter.name for parameter in free_parameters()}
    moved = {name: free[name].low if free[name].start != free[name].low else free[name].high for name in FINISHING}
    here = play_contacts(moved, (*BLOCK[:2], 400))
    assert len(here.which) > 50
    for name in ("by", "x", "y", "z", "time", "gap"):
        assert (here.worlds["first_contact"][name] == contacts.worlds["first_contact"][name][: len(here.which)]).all()


def test_finishing_that_was_pushed_off_is_found_again_from_its_figures(contacts: Contacts) -> None:
    figures, names = FinishingFigures([contacts]), ("header_error", "foot_error", "clean")
    true = {figure.id: figure.value for figure in figures({})}

    def bent(values: Mapping[str, float]) -> list[Figure]:
        """The figures of these parameters, each with a band around its value at the defaults."""
        return [
            figure._replace(low=(1.0 - WIDTH) * true[figure.id], high=(1.0 + WIDTH) * true[figure.id])
            for figure in figures(values)
            if true[figure.id] > 0.0
        ]

    free = [parameter for parameter in finishing_parameters() if parameter.name in names]
    pushed = {parameter.name: parameter.start + 2.0 * parameter.step for parameter in free}
    pushed = {parameter.name: min(pushed[parameter.name], parameter.high) for parameter in free}
    fitted = fit_finishing(pushed, free, bent, kinds(), np.random.default_rng(0))
    assert fitted.loss_after < 0.2 * fitted.loss_before
    for parameter in free:
        assert fitted.centre[parameter.name] == pytest.approx(DEFAULTS[parameter.name], abs=0.6 * parameter.step)
