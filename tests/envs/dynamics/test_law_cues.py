"""What a body gives away: nothing before the choice, the truth with an error after it, and more as the strike nears."""

import numpy as np
from a_moment import NOW, after, lay, moment, put

from backpost.envs.world.record import CROSSER, HIGH, LOW, NOBODY, SWING

AIM = (46.0, 6.0)


def swinging(left: float, kind: int = HIGH, chosen: int = 1) -> np.recarray:
    """A crosser so many seconds before his strike, after the next decision."""
    worlds = moment(40, SWING)
    worlds.delivery.strike_at = NOW + 0.1 + left
    lay(worlds, 40.0, -26.0)
    put(worlds, CROSSER, 39.5, -26.0)
    worlds.ball.owner = CROSSER
    worlds.delivery.chosen, worlds.delivery.kind, worlds.delivery.target = chosen, kind, NOBODY
    worlds.delivery.aim_x, worlds.delivery.aim_y = AIM
    return worlds


def test_nothing_is_shown_of_what_has_not_been_chosen_nor_long_before_the_strike() -> None:
    early, late = (after(swinging(left), cue_time=0.3).delivery for left in (0.35, 0.1))
    assert not early.hips_shown.any()
    assert (late.hips_shown > 0.5).all()
    undecided = after(swinging(0.25, chosen=0), cue_time=0.3, choice_time=0.3).delivery
    assert not undecided.chosen.any()
    assert not undecided.hips_shown.any()


def test_a_body_suggests_the_place_with_an_error_of_its_own_along_each_axis() -> None:
    """Around the truth, the closer the later it is seen; and nothing that gives the exact aim away."""
    spreads = []
    for left in (0.25, 0.05):
        shown = after(swinging(left), cue_time=0.3, cue_error_early=8.0, cue_error_late=1.0).delivery
        misses = np.stack([shown.hips_x - AIM[0], shown.hips_y - AIM[1]])
        assert (misses != 0.0).all()
        assert abs(np.corrcoef(misses)[0, 1]) < 4.0 / np.sqrt(40)
        assert np.abs(misses.mean(axis=1)).max() < 4.0 * misses.std() / np.sqrt(40)
        spreads.append(misses.std())
    assert spreads[1] < spreads[0]


def test_a_body_says_low_or_high_rightly_more_often_than_not_and_not_always() -> None:
    for kind, truth in ((LOW, 1.0), (HIGH, -1.0)):
        shown = after(swinging(0.05, kind), cue_time=0.3, cue_class_early=0.5, cue_class_late=0.8).delivery.hips_low
        assert set(shown) == {-1.0, 1.0}
        assert 0.6 < (shown == truth).mean() < 1.0
