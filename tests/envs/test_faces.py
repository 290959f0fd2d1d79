import warnings
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
import torch
from gymnasium.utils.env_checker import check_env
from hypothesis import given, settings
from hypothesis import strategies as st
from stable_baselines3.common.env_checker import check_env as sb3_check_env

import backpost.envs
from backpost.envs import SCENARIOS, Crosses, InvalidAction, InvalidValue, Options, UnknownOption
from backpost.envs.interface.action import JOG, ZONES
from backpost.envs.interface.observation import LAYOUT, read
from backpost.envs.interface.options import ACTION_TYPES, VISIONS, WINGS
from backpost.envs.interface.potential import POTENTIAL, potential
from backpost.envs.interface.reward import REWARDS
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import RUNNER

IDS = tuple(scenario.id for scenario in SCENARIOS.values())
SEEDS = episode_seeds("verify", 8, 0, 256)
EVERY_OPTION = [
    *({"action_type": name} for name in ACTION_TYPES),
    *({"vision": name} for name in VISIONS),
    *({"reward": name} for name in REWARDS),
    *({"wing": name} for name in WINGS),
    *({"start": name} for name in ("any", "wide", "byline", "deep")),
    {"difficulty": 0.0},
    {"gamma": 0.9, "reward": "shaped"},
    {"parameters": {"offside_on": 0.0}},
]


@pytest.mark.parametrize("name", IDS)
def test_gymnasium_and_stable_baselines3_accept_every_id(name: str) -> None:
    check_env(gym.make(name).unwrapped, skip_render_check=True)
    sb3_check_env(gym.make(name), skip_render_check=True)


@pytest.mark.parametrize("options", EVERY_OPTION, ids=str)
def test_gymnasium_and_stable_baselines3_accept_every_option(options: dict[str, Any]) -> None:
    check_env(gym.make(IDS[0], **options).unwrapped, skip_render_check=True)
    sb3_check_env(gym.make(IDS[0], **options), skip_render_check=True)


@pytest.mark.parametrize(
    "options", [{"ball": "simulated"}, {"start": -2.5}, {"runner": 1622}, {"runner": 24938, "start": -0.6}], ids=str
)
def test_the_options_of_a_situation_are_accepted(options: dict[str, Any]) -> None:
    check_env(gym.make("backpost/Situation-v0", **options).unwrapped, skip_render_check=True)


def test_every_id_can_be_made_and_is_tested() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        env = gym.make("backpost/OpenPlay-v0")
    assert env.unwrapped.__class__ is backpost.envs.CrossingEnv
    assert set(IDS) == {name for name in gym.registry if name.startswith("backpost/")}


class Unruly:
    """An object whose conversion to an array goes wrong in its own way."""

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise RuntimeError("no array,\nnot today")


HOSTILE: dict[str, list[Any]] = {
    "continuous": [
        np.array([np.nan, 0, 0, 0]),
        np.array([0, np.inf, 0, 0]),
        np.array([0, 0, 0, -np.inf], np.float32),
        np.zeros(3),
        np.zeros((1, 4)),
        np.zeros(5),
        np.array(["a", "b", "c", "d"]),
        np.array([None] * 4),
        np.zeros(4, complex),
        [0.0, [1.0], 0.0, 0.0],
        None,
        1.0,
        torch.zeros(4, requires_grad=True),
        [torch.zeros(1, requires_grad=True)] * 4,
        torch.zeros(4, dtype=torch.bfloat16),
        torch.zeros(4, device="meta"),
        np.full(4, np.finfo(np.longdouble).max),
        np.zeros(4, "datetime64[s]"),
        np.zeros(4, [("x", float)]),
        {"velocity": 1.0},
        Unruly(),
        [10**400, 0, 0, 0],
    ],
    "call": [np.zeros(4), np.array([0, 0, 0, 0, np.nan])],
    "discrete": [17, -1, 2**40, 0.5, np.nan, np.zeros(2, int), None, "1", True, 10**30, Unruly()],
    "zones": [len(ZONES), -1, np.float32(1.0), [0, 1]],
}


@pytest.mark.parametrize(("kind", "action"), [(kind, action) for kind in HOSTILE for action in HOSTILE[kind]])
def test_a_hostile_action_raises_and_changes_nothing(kind: str, action: object) -> None:
    env = gym.make(IDS[0], action_type=kind, disable_env_checker=True).unwrapped
    assert isinstance(env, backpost.envs.CrossingEnv)
    env.reset(seed=1)
    before = env.save_state().worlds.tobytes()
    with pytest.raises(InvalidAction) as refused:
        env.step(action)
    assert "\n" not in str(refused.value)
    assert env.save_state().worlds.tobytes() == before
    env.step(env.action_space.sample())


@pytest.mark.parametrize(
    "action",
    [[0.5, -0.25, 0.0, 1.0], (0.5, -0.25, 0, 1), np.array([0.5, -0.25, 0, 1], np.float16)]
    + [np.array([0.5, -0.25, 0, 1], np.longdouble)]
    + [torch.tensor([0.5, -0.25, 0.0, 1.0], dtype=kind) for kind in (torch.float16, torch.float32, torch.float64)],
    ids=lambda action: f"{type(action).__name__} {getattr(action, 'dtype', '')}",
)
def test_whatever_is_an_array_of_numbers_is_an_action(action: Any) -> None:
    env, plain = (backpost.envs.CrossingEnv("OpenPlay") for _ in range(2))
    for face in (env, plain):
        face.reset(seed=1)
    assert np.array_equal(env.step(action)[0], plain.step(np.array([0.5, -0.25, 0.0, 1.0]))[0])


def test_finite_actions_are_clipped_and_their_length_is_cut() -> None:
    crosses = Crosses("OpenPlay", 5)
    crosses.deal(SEEDS[:5])
    crosses.step([[1e30, 0, 0, 0], [3.0, -4.0, 0, 0], [0.3, 0.4, 0, 0], [-1e300, -1e300, 2, 0], [0, 0, 0, -7]])
    intents = crosses.worlds["players"]["intent"][:, RUNNER]
    root = np.sqrt(0.5)
    np.testing.assert_allclose(intents["vx"], [1.0, root, 0.3, -root, 0.0])
    np.testing.assert_allclose(intents["vy"], [0.0, -root, 0.4, -root, 0.0])
    np.testing.assert_allclose(intents["fx"], [0.0, 0.0, 0.0, 1.0, 0.0])
    np.testing.assert_allclose(intents["fy"], [0.0, 0.0, 0.0, 0.0, -1.0])


def test_discrete_actions_stand_jog_and_sprint_in_eight_directions() -> None:
    crosses = Crosses("OpenPlay", 17, options=Options(action_type="discrete"))
    crosses.deal(SEEDS[:17])
    crosses.step(np.arange(17))
    intents = crosses.worlds["players"]["intent"][:, RUNNER]
    wanted = intents["vx"] + 1j * intents["vy"]
    np.testing.assert_allclose(np.abs(wanted), [0.0] + [JOG] * 8 + [1.0] * 8)
    np.testing.assert_allclose(wanted[9:], np.exp(0.25j * np.pi * np.arange(8)), atol=1e-12)
    np.testing.assert_allclose(wanted[1:9], JOG * wanted[9:])


def test_a_zone_leads_there() -> None:
    crosses = Crosses("OpenPlay", 5, options=Options(action_type="zones"))
    crosses.deal(np.repeat(SEEDS[:1], 5))
    for _ in range(40):
        crosses.step(np.arange(1, 6))
    runners = crosses.worlds["players"][:, RUNNER]
    places = np.stack([runners["x"], runners["y"]], axis=1)
    depths, widths = HALF_LENGTH - places[:, 0], places[:, 1]
    apart = np.hypot(depths - [4.5, 5.5, 4.5, 11.0, 12.0], widths - [-3.7, 0.0, 4.5, 0.0, -5.0])
    assert (apart < 2.5).all(), dict(zip(ZONES[1:], apart, strict=True))


def test_the_choice_of_a_zone_counts_at_every_decision() -> None:
    """A zone that lasted longer than its decision would be a state that the observation does not show."""
    crosses, other = (Crosses("OpenPlay", 64, options=Options(action_type="zones")) for _ in range(2))
    crosses.deal(SEEDS[:64])
    for _ in range(12):
        other.restore(crosses.snapshot())
        other.step(np.full(64, ZONES.index("near post")))
        crosses.step(np.full(64, ZONES.index("back post")))
        left, right = (np.asarray(each.worlds["players"]["intent"][:, RUNNER]) for each in (other, crosses))
        assert (left != right).all()


def test_holding_is_standing_where_one_is() -> None:
    crosses = Crosses("OpenPlay", 1, options=Options(action_type="zones"))
    crosses.deal(SEEDS[:1])
    start = crosses.worlds["players"][["x", "y"]][0, RUNNER].tolist()
    for _ in range(20):
        crosses.step([0])
    end = crosses.worlds["players"][["x", "y"]][0, RUNNER].tolist()
    assert np.hypot(end[0] - start[0], end[1] - start[1]) < 1.5


def test_a_call_is_heard_only_where_calling_is_an_action() -> None:
    crosses = Crosses("OpenPlay", 2, options=Options(action_type="call"))
    crosses.deal(SEEDS[:2])
    crosses.step([[0, 0, 0, 0, 0.7], [0, 0, 0, 0, -0.7]])
    assert crosses.worlds["players"]["intent"]["call"][:, RUNNER].tolist() == [1.0, 0.0]


@settings(max_examples=20, deadline=None)
@given(name=st.sampled_from(tuple(SCENARIOS)), first=st.integers(0, 200), seed=st.integers(0, 1000))
def test_the_left_wing_is_the_mirror_image_of_the_right(name: str, first: int, seed: int) -> None:
    sign = np.array([-1.0 if entry.name.endswith("_y") else 1.0 for entry in LAYOUT], np.float32)
    right, left = Crosses(name, 8), Crosses(name, 8, options=Options(wing="left"))
    for crosses in (right, left):
        crosses.deal(SEEDS[first : first + 8])
    actions = np.random.default_rng(seed).uniform(-1.0, 1.0, (150, 8, 4))
    for action in actions:
        np.testing.assert_array_equal(left.observe(), right.observe() * sign)
        rewards, done = right.step(action)
        mirrored, over = left.step(action * [1.0, -1.0, 1.0, -1.0])
        np.testing.assert_array_equal(mirrored, rewards)
        np.testing.assert_array_equal(over, done)
    assert right.snapshot().tobytes() == left.snapshot().tobytes()


def test_a_random_wing_belongs_to_the_seed() -> None:
    crosses = Crosses("OpenPlay", 256, options=Options(wing="random", vision="full"))
    crosses.deal(SEEDS)
    sides = crosses.sides()
    assert 90 < (sides < 0).sum() < 166
    np.testing.assert_array_equal(
        np.sign(read(crosses.observe(), "ball_y") + read(crosses.observe(), "runner_y")), -sides
    )
    crosses.deal(SEEDS[::-1].copy())
    np.testing.assert_array_equal(crosses.sides(), sides[::-1])


@pytest.mark.parametrize("gamma", [1.0, 0.99, 0.9])
@pytest.mark.parametrize("name", ["Match", "DrillCrossing", "Situation"])
def test_shaping_shifts_the_discounted_return_by_exactly_the_first_potential(name: str, gamma: float) -> None:
    plain = Crosses(name, 64)
    shaped = Crosses(name, 64, options=Options(reward="shaped", gamma=gamma))
    for crosses in (plain, shaped):
        crosses.deal(SEEDS[:64])
    first = np.array([potential(shaped.worlds[i]) for i in range(64)])
    assert (first > 0.0).all()
    assert (first <= POTENTIAL).all()
    returns, discount = np.zeros((2, 64)), 1.0
    done = np.zeros(64, bool)
    luck = np.random.default_rng(3)
    while not done.all():
        action = luck.uniform(-1.0, 1.0, (64, 4))
        unshaped, _ = plain.step(action)
        rewards, done = shaped.step(action)
        terms = shaped.terms()
        np.testing.assert_allclose(rewards, terms["xg"] + terms["shaping"])
        returns += discount * np.array([unshaped, rewards])
        discount *= gamma
    np.testing.assert_allclose(returns[1] - returns[0], -first, atol=1e-12)


def test_every_reward_is_the_term_of_its_name() -> None:
    action = np.random.default_rng(3).uniform(-1.0, 1.0, (150, 128, 4))
    for name in ("xg", "own_xg", "goal"):
        crosses = Crosses("OpenPlay", 128, options=Options(reward=name))
        crosses.deal(SEEDS[:128])
        paid = np.zeros(128)
        for move in action:
            rewards, _ = crosses.step(move)
            np.testing.assert_array_equal(rewards, crosses.terms()[name])
            paid += rewards
        np.testing.assert_allclose(paid, crosses.worlds["goals" if name == "goal" else name], atol=1e-12)


def test_sight_is_human_unless_asked_otherwise() -> None:
    assert Options().vision == "cone"


def test_the_cone_hides_what_lies_behind_the_runner() -> None:
    full, cone = (Crosses("OpenPlay", 64, options=Options(vision=vision)) for vision in ("full", "cone"))
    for crosses in (full, cone):
        crosses.deal(SEEDS[:64])
        for _ in range(8):
            crosses.step(np.tile([0.0, 0.0, 0.0, 1.0], (64, 1)))
    seen = read(cone.observe(), "ball_seen") > 0.0
    assert not seen.all(), "looking away from the ball should hide it sometimes"
    assert (read(full.observe(), "ball_seen") > 0.0).all()
    assert not read(cone.observe(), "ball_x")[~seen].any()
    assert full.snapshot().tobytes() == cone.snapshot().tobytes()


def test_the_cone_hides_the_hips_of_an_unseen_crosser_and_the_flight_of_an_unseen_ball() -> None:
    full, cone = (Crosses("OpenPlay", 256, options=Options(vision=vision)) for vision in ("full", "cone"))
    hidden, shown = {"hips": 0, "read": 0}, {"hips": 0, "read": 0}
    for crosses in (full, cone):
        crosses.deal(SEEDS)
    for _ in range(60):
        all_there, there = full.observe(), cone.observe()
        crosser = (read(there, "crosser_x") != 0.0) | (read(there, "crosser_y") != 0.0)
        ball = read(there, "ball_seen") > 0.0
        for what, seen in (("hips", crosser), ("read", ball)):
            names = [entry.name for entry in LAYOUT if entry.name.split("_")[0] == what]
            mine, whole = (np.array([read(rows, name) for name in names]) for rows in (there, all_there))
            assert not mine[:, ~seen].any()
            np.testing.assert_array_equal(mine[:, seen], whole[:, seen])
            hidden[what] += int(whole[:, ~seen].any(axis=0).sum())
            shown[what] += int(whole[:, seen].any(axis=0).sum())
        # Half of them watch the goal, half of them the crosser.
        facing = np.where(np.arange(256)[:, None] % 2 == 0, [0.0, 0.0, 1.0, 0.3], [0.0, 0.0, -0.3, -1.0])
        full.step(facing)
        cone.step(facing)
    assert min(*hidden.values(), *shown.values()) > 50


def test_numbers_of_numpy_are_numbers() -> None:
    numbers: dict[str, Any] = {
        "difficulty": np.float32(0.5),
        "defenders": np.int64(6),
        "line_height": (np.float64(8.0), np.int32(9)),
        "parameters": {"offside_on": np.int8(0)},
    }
    plain = Options(difficulty=0.5, defenders=6, line_height=(8.0, 9), parameters={"offside_on": 0})
    with_numpy, with_python = (Crosses("OpenPlay", 4, options=options) for options in (Options(**numbers), plain))
    for crosses in (with_numpy, with_python):
        crosses.deal(SEEDS[:4])
    assert with_numpy.snapshot().tobytes() == with_python.snapshot().tobytes()
    sets = [Crosses("DrillSetPiece", 4, options=Options(set=number)) for number in (3, np.int64(3))]  # type: ignore[arg-type]
    for crosses in sets:
        crosses.deal(SEEDS[:4])
    assert sets[0].snapshot().tobytes() == sets[1].snapshot().tobytes()


@pytest.mark.parametrize(
    ("chosen", "error", "says"),
    [
        ({"actions": "zones"}, UnknownOption, "render_mode, label, action_type"),
        ({"action_type": "joystick"}, InvalidValue, "continuous, discrete, zones, call"),
        ({"vision": "x-ray"}, InvalidValue, "full, cone"),
        ({"reward": "money"}, InvalidValue, "xg, own_xg, goal, shaped"),
        ({"wing": "middle"}, InvalidValue, "right, left, random"),
        ({"difficulty": 1.5}, InvalidValue, "from 0 to 1"),
        ({"difficulty": float("nan")}, InvalidValue, "from 0 to 1"),
        ({"gamma": True}, InvalidValue, "from 0 to 1"),
        ({"gamma": np.True_}, InvalidValue, "from 0 to 1"),
        ({"difficulty": np.array([0.5])}, InvalidValue, "from 0 to 1"),
        ({"action_type": np.array(["discrete", "zones"])}, InvalidValue, "continuous, discrete, zones, call"),
        ({"file": 3}, InvalidValue, "a path"),
        ({"parameters": [1]}, InvalidValue, "mapping of names, each to a number"),
        ({"parameters": {1: 2}}, InvalidValue, "keys of parameters must be text"),
        ({"render_mode": "hologram"}, InvalidValue, "human, rgb_array"),
    ],
)
def test_an_option_that_does_not_exist_is_refused_with_the_valid_ones(
    chosen: dict[str, object], error: type[Exception], says: str
) -> None:
    with pytest.raises(error) as refused:
        backpost.envs.CrossingEnv("OpenPlay", **chosen)  # type: ignore[arg-type]
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
