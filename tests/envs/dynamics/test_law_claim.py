"""Who goes for a ball: whoever judges that he will be first, by whom he sees and as well as he can tell."""

from typing import Any

import numpy as np
import pytest
from a_moment import after, lay, moment, put

from backpost.envs.world.record import CROSS, CROSSER, KEEPER, LOOSE, NEVER, ROLE_MARKER, RUNNER

MATE, OTHER = 2, 3
DEFENDER = KEEPER + 2
X = 44.0
"""Everybody stands on one line across the pitch, with the ball."""
KNOWS: dict[str, Any] = {"judge_error": 0.0, "belief_limits_on": 0.0}
SEES: dict[str, Any] = {"judge_error": 0.0, "felt_distance": 1.0, "attacker_view_cosine": 0.0, "gaze_cosine": 0.5}
SEES |= {"attack_margin": 0.0, "leave_margin": 0.1, "look_depth": 0.0, "look_across": 0.0}


def a_ball(phase: int = CROSS) -> np.recarray:
    """A ball that lies on the line."""
    worlds = moment(1, phase)
    lay(worlds, X, 0.0)
    return worlds


def gathered() -> np.recarray:
    """Three of either team around it, and the keeper and the crosser nearer than they."""
    worlds = a_ball()
    for who, y in ((CROSSER, 2.0), (RUNNER, 7.0), (MATE, 9.0), (OTHER, -6.0), (KEEPER, -2.5)):
        put(worlds, who, X, y)
    for who, y in ((DEFENDER, 4.5), (DEFENDER + 1, -8.0), (DEFENDER + 2, -11.0)):
        put(worlds, who, X, y)
    return worlds


def test_who_sees_everybody_and_misjudges_nobody_knows_when_others_are_at_the_ball() -> None:
    """Of his own team and of the other; not the crosser, who has just struck it, and not the keeper, who calls."""
    players = after(gathered(), **KNOWS).players[0]
    teams = (RUNNER, MATE, OTHER), (DEFENDER, DEFENDER + 1, DEFENDER + 2)
    for mine, theirs in (teams, teams[::-1]):
        rivals = min(players["arrives"][list(theirs)])
        assert rivals < NEVER
        for who in mine:
            others = [i for i in mine if i != who]
            assert players[who]["mates_arrive"] == min(players["arrives"][others])
            assert players[who]["rivals_arrive"] == rivals


def test_arrivals_are_misjudged_by_a_share_of_them_by_each_in_his_own_way() -> None:
    worlds = gathered()
    worlds.players.judge_mates[:, MATE], worlds.players.judge_rivals[:, MATE] = 1.0, -2.0
    exact, misjudged = (after(worlds, **KNOWS | {"judge_error": error}).players[0] for error in (0.0, 0.2))
    assert misjudged[MATE]["mates_arrive"] == pytest.approx(1.2 * exact[MATE]["mates_arrive"])
    assert misjudged[MATE]["rivals_arrive"] == pytest.approx(0.6 * exact[MATE]["rivals_arrive"])
    assert misjudged[OTHER].tobytes() == exact[OTHER].tobytes()


def test_a_touch_is_judged_anew_by_everybody_and_by_nobody_like_another() -> None:
    judged = []
    for touches in (1, 2):
        worlds = moment(1, LOOSE)
        worlds.ball.touches = touches
        lay(worlds, 22.0, 0.0)
        put(worlds, MATE, 22.0, 0.2)
        for who in (OTHER, DEFENDER):
            put(worlds, who, 40.0, 0.0)
        players = after(worlds, touch_attacker=1.0, touch_fast=0.0, clean=1.0, clean_foot=0.6).players[0]
        judged += [float(players[who][name]) for who in (OTHER, DEFENDER) for name in ("judge_mates", "judge_rivals")]
    assert len({round(value, 6) for value in judged}) == 8


def answers(worlds: np.recarray, who: int, **parameters: Any) -> tuple[int, bytes]:
    """Whether he goes for the ball, and all that is noted of him."""
    player = after(worlds, **SEES | parameters).players[0, who]
    return int(player["attacks"]), player.tobytes()


def with_a_mate_before_him(facing: float, mate: float | None) -> np.recarray:
    """An attacker eight metres from the ball who faces it or not, and a nearer one beside whose way he stands."""
    worlds = a_ball()
    put(worlds, MATE, X, 8.0, fx=0.0, fy=facing)
    if mate is not None:
        put(worlds, OTHER, X, mate)
    return worlds


def test_an_attacker_leaves_the_ball_to_whom_he_sees_nearer_to_it_and_to_nobody_else() -> None:
    """A team-mate behind his back changes nothing of him, bit for bit."""
    alone = answers(with_a_mate_before_him(1.0, None), MATE)
    assert alone[0] == 1
    assert answers(with_a_mate_before_him(1.0, 5.0), MATE) == alone
    assert answers(with_a_mate_before_him(-1.0, 5.0), MATE)[0] == 0
    assert answers(with_a_mate_before_him(1.0, 5.0), MATE, belief_limits_on=0.0)[0] == 0


def test_a_team_mate_close_enough_to_be_felt_is_noticed_behind_ones_back() -> None:
    assert answers(with_a_mate_before_him(1.0, 7.1), MATE)[0] == 0


def with_a_faster_one(dx: float, dy: float) -> np.recarray:
    """A defender ten metres from the ball, and another, much faster, this far from him."""
    worlds = a_ball()
    put(worlds, DEFENDER, X, -10.0)
    put(worlds, DEFENDER + 1, X + dx, -10.0 + dy, top_speed=16.0)
    return worlds


def test_a_defender_looks_at_the_ball_and_does_not_notice_who_comes_from_the_side() -> None:
    assert answers(with_a_faster_one(7.0, 0.0), DEFENDER)[0] == 1
    assert answers(with_a_faster_one(2.0, 4.0), DEFENDER)[0] == 0


def test_a_loose_ball_is_chased_by_whoever_sees_nobody_nearer() -> None:
    """One of each team where all see each other, more where they do not."""
    chase = []
    for facing in (-1.0, 1.0):
        worlds = with_a_mate_before_him(facing, 5.0)
        worlds.phase = LOOSE
        put(worlds, DEFENDER, X, -4.0)
        put(worlds, DEFENDER + 1, X, -9.0)
        goes = after(worlds, **SEES).players["attacks"][0]
        chase.append(np.flatnonzero(goes).tolist())
    assert chase == [[OTHER, DEFENDER], [MATE, OTHER, DEFENDER]]


def a_marker_and_his_man(marker: float, man: float, marks: bool = True) -> np.recarray:
    """A marker so far from the ball on one side of it, his man on the other."""
    worlds = a_ball()
    put(worlds, RUNNER, X, -man)
    put(worlds, DEFENDER, X, marker, **({"role": ROLE_MARKER, "man": RUNNER} if marks else {}))
    return worlds


def test_a_marker_leaves_his_man_only_for_a_ball_that_he_wins_clearly() -> None:
    """Before any opponent, by a margin: otherwise he stays with him; who has no man goes for it."""
    for marker, man, goes in ((5.0, 12.0, 1), (5.0, 5.0, 0), (7.0, 5.0, 0)):
        worlds = a_marker_and_his_man(marker, man)
        assert answers(worlds, DEFENDER, leave_margin=0.3)[0] == goes
        assert answers(a_marker_and_his_man(marker, man, False), DEFENDER, leave_margin=0.3)[0] == 1
    assert answers(a_marker_and_his_man(5.0, 9.0), DEFENDER, leave_margin=0.0)[0] == 1
    assert answers(a_marker_and_his_man(5.0, 9.0), DEFENDER, leave_margin=1.0)[0] == 0


def test_a_marker_does_not_fear_an_opponent_whom_he_does_not_see() -> None:
    """Who comes from the side is nobody to him: he goes as if there were none."""
    worlds = a_marker_and_his_man(5.0, 30.0)
    alone = answers(worlds, DEFENDER)
    put(worlds, OTHER, X + 5.0, 5.0, top_speed=16.0)
    assert (alone[0], answers(worlds, DEFENDER)) == (1, alone)


@pytest.mark.parametrize("who", [MATE, DEFENDER])
def test_only_attackers_of_the_script_let_a_high_ball_drop(who: int) -> None:
    """Where they mean to volley it; the runner decides for himself."""
    heights = {}
    for volleys, outside in ((0, 0), (1, 0), (1, 1)):
        worlds = moment()
        lay(worlds, X, -14.0, 1.0, vy=11.0)
        worlds.ball.vz = 7.0
        put(worlds, who, X, -1.0, volleys=volleys, outside=outside)
        heights[volleys, outside] = float(after(worlds, volley_height=1.1).players["meet_z"][0, who])
    assert min(heights[0, 0], heights[1, 1]) > 1.6
    assert (heights[1, 0] < 1.11) == (who == MATE)
