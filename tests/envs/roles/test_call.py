"""The call: the crosser answers the man whom he sees calling, the marker who hears looks round, nobody else notices."""

import numpy as np

from backpost.envs import Crosses, Options
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.pitch import HALF_LENGTH, SPOT_DEPTH
from backpost.envs.world.record import KEEPER, RUNNER, SWING

COUNT = 1_500
SEEDS = episode_seeds("verify", 26, 0, COUNT)
MARKER = KEEPER + 2
SILENT, LOUD = -1.0, 1.0


def opened(name: str, count: int, **chosen: float) -> Crosses:
    """Crosses of which the runner may call."""
    crosses = Crosses(name, count, options=Options(action_type="call", parameters=chosen))
    crosses.deal(SEEDS[:count])
    return crosses


def act(crosses: Crosses, call: float, vx: float = 0.0) -> None:
    """One decision: the runner stands or runs ahead, and calls or not."""
    crosses.step(np.tile([vx, 0.0, 0.0, 0.0, call], (crosses.count, 1)))


def seen_by_the_crosser(worlds: np.recarray, cosine: float) -> np.ndarray:
    """True where the runner is in the crosser's view, who looks from the place of the strike into the box."""
    x, y = worlds.delivery.origin_x, worlds.delivery.origin_y
    gaze = np.array([HALF_LENGTH - SPOT_DEPTH - x, -y])
    man = np.array([worlds.players.x[:, RUNNER] - x, worlds.players.y[:, RUNNER] - y])
    seen: np.ndarray = (gaze * man).sum(axis=0) > cosine * np.linalg.norm(gaze, axis=0) * np.linalg.norm(man, axis=0)
    return seen


def until_chosen(call: float, **chosen: float) -> tuple[np.recarray, np.ndarray]:
    """Crosses of a match at the strike, and whether the crosser ever saw the runner before it."""
    crosses = opened("Match", COUNT, **chosen)
    cosine = float(crosses.parameters["view_cosine"][0])
    struck, ever = crosses.snapshot(), np.zeros(COUNT, bool)
    waits = np.ones(COUNT, bool)
    while waits.any():
        ever |= waits & seen_by_the_crosser(crosses.worlds, cosine)
        act(crosses, call)
        now = waits & (crosses.worlds.phase > SWING)
        struck[now] = crosses.worlds[now]
        waits &= ~now
    return struck, ever


def away_from_the_aim(struck: np.recarray) -> np.ndarray:
    """Metres between the runner and where the crosser aims."""
    runner, delivery = struck.players[:, RUNNER], struck.delivery
    return np.asarray(np.hypot(runner["x"] - delivery.aim_x, runner["y"] - delivery.aim_y))


def test_who_calls_is_served_more_often() -> None:
    """Paired over seeds, beyond 4 standard errors: the aim comes nearer to the caller, and he is its man more often."""
    (silent, _), (loud, _) = (until_chosen(call, hearing_on=0.0) for call in (SILENT, LOUD))
    nearer = away_from_the_aim(silent) - away_from_the_aim(loud)
    assert nearer.mean() > 4.0 * nearer.std() / np.sqrt(COUNT)
    for_him = (loud.delivery.target == RUNNER).astype(float) - (silent.delivery.target == RUNNER)
    assert for_him.mean() > 4.0 * for_him.std() / np.sqrt(COUNT)


def test_a_crosser_who_pays_no_heed_serves_everybody_alike() -> None:
    """With the weight of calls at 0 a call that nobody hears changes not a bit."""
    silent, loud = (until_chosen(call, hearing_on=0.0, choice_call=0.0)[0] for call in (SILENT, LOUD))
    assert loud.delivery.tobytes() == silent.delivery.tobytes()


def test_a_caller_whom_the_crosser_does_not_see_changes_nothing() -> None:
    """A narrow view, and nobody who hears: the same delivery and the same places, bit for bit."""
    (silent, seen), (loud, _) = (until_chosen(call, hearing_on=0.0, view_cosine=0.9) for call in (SILENT, LOUD))
    assert (~seen).sum() > 20
    for field in ("x", "y", "belief_x", "belief_y"):
        assert loud.players[field][~seen].tobytes() == silent.players[field][~seen].tobytes(), field
    assert loud.delivery[~seen].tobytes() == silent.delivery[~seen].tobytes()
    assert loud.delivery[seen].tobytes() != silent.delivery[seen].tobytes()


def belief_after(call: float, **chosen: float) -> tuple[np.ndarray, np.ndarray, Crosses]:
    """The runner sprints for 1.2 s past his shadow, then calls or not.

    Returns the error of the shadow's belief before and right after that decision (m), and the crosses.
    """
    crosses = opened("DrillShadow", 400, **chosen)
    players = crosses.worlds.players

    def error() -> np.ndarray:
        dx = players["belief_x"][:, MARKER] - players["x"][:, RUNNER]
        dy = players["belief_y"][:, MARKER] - players["y"][:, RUNNER]
        return np.asarray(np.hypot(dx, dy))

    for _ in range(12):
        act(crosses, SILENT, 1.0)
    before = error()
    act(crosses, call, 1.0)
    return before, error(), crosses


def test_a_marker_who_hears_knows_at_once_where_his_man_is() -> None:
    """Out of sight he was lost; with the call the belief is exact; without it, it is not."""
    before, silent, _ = belief_after(SILENT)
    lost = (before > 0.0) & (silent > 0.0)
    assert lost.sum() > 40
    again, loud, _ = belief_after(LOUD)
    assert (again == before).all()
    assert loud.max() == 0.0


def test_a_marker_who_does_not_hear_learns_nothing() -> None:
    """With hearing off the call changes nothing but itself."""
    silent, loud = (belief_after(call, hearing_on=0.0)[2].snapshot() for call in (SILENT, LOUD))
    assert loud.players.intent["call"][:, RUNNER].all()
    loud.players.intent["call"] = 0.0
    assert loud.tobytes() == silent.tobytes()


def test_a_call_is_heard_nearby_only() -> None:
    """Beyond the distance of hearing the belief is that of silence, within it exact."""
    _, silent, _ = belief_after(SILENT, hearing=5.0)
    _, loud, crosses = belief_after(LOUD, hearing=5.0)
    players = crosses.worlds.players
    man, marker = players[:, RUNNER], players[:, MARKER]
    apart = np.hypot(man["x"] - marker["x"], man["y"] - marker["y"])
    assert (loud[apart < 4.9] == 0.0).all()
    far = (apart > 5.1) & (silent > 0.0)
    assert (loud[far] == silent[far]).all()


def test_scripted_players_never_call() -> None:
    """Nor does a runner whose action has no call."""
    crosses = Crosses("Match", 100)
    crosses.deal(SEEDS[:100])
    for action in np.random.default_rng(2).uniform(-1.0, 1.0, (60, 100, 4)):
        crosses.step(action)
        assert not crosses.worlds.players.intent["call"].any()
