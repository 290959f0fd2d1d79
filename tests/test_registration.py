"""What cannot be registered is refused in one sentence that says what is valid, and nothing is registered then."""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import gymnasium as gym
import numpy as np
import pytest

from backpost.agents import agent, register_agent, register_rule
from backpost.agents.base.registry import AGENTS
from backpost.agents.registry import descriptions
from backpost.agents.rules.registry import RULE_TYPES, RULES
from backpost.agents.rules.rule import Rule
from backpost.envs import (
    SCENARIOS,
    BackpostError,
    Crosses,
    InvalidAction,
    InvalidValue,
    Options,
    register_parameters,
    register_reward,
    register_scenario,
)
from backpost.envs.interface.parameter_sets import PARAMETER_SETS
from backpost.envs.interface.reward import REWARDS
from backpost.envs.world.chance import episode_seeds

SEEDS = episode_seeds("verify", 8, 0, 4)
ABOUT: dict[str, Any] = {"description": "a test"}


def zeros(worlds: Any) -> Any:
    return np.zeros(len(worlds))


def writes(worlds: Any) -> Any:
    worlds["time"] += 1.0
    return worlds["time"]


def still(worlds: Any, player: int) -> Any:
    return np.zeros((len(worlds), 4))


def deal_nothing(world: Any, p: Any) -> None:
    """A deal that leaves the record as it is."""


def scenario(id: Any = "mylab/New-v0", deal: Any = deal_nothing, **how: Any) -> Callable[[], None]:
    return lambda: register_scenario(id, deal, **{**ABOUT, **how})


def reward(name: Any = "new", function: Any = zeros, **how: Any) -> Callable[[], None]:
    return lambda: register_reward(name, function, **{**ABOUT, **how})


def runner(name: Any = "new", make: Any = lambda scenario: None, **how: Any) -> Callable[[], None]:
    return lambda: register_agent(name, make, **{**ABOUT, **how})


def numbers(name: Any = "new", values: Any = None, **how: Any) -> Callable[[], None]:
    return lambda: register_parameters(name, {"reaction": 0.3} if values is None else values, **{**ABOUT, **how})


class Nameless(Rule):
    """A rule without a name."""

    description, source = "a test", "a test"

    def trigger(self, view: Any) -> Any:
        """Never."""

    def target(self, view: Any) -> Any:
        """Nowhere."""


@pytest.mark.parametrize(
    ("register", "says"),
    [
        (scenario("New-v0"), "must be like mylab/Overlap-v0, got 'New-v0'"),
        (scenario("mylab/New"), "must be like mylab/Overlap-v0"),
        (scenario(7), "must be like mylab/Overlap-v0, got 7"),
        (scenario("backpost/New-v0"), "the namespace backpost belongs to the package itself"),
        (scenario("mylab/0-v0"), "must begin with a letter"),
        (scenario(deal=None), "the deal of scenario New must be a function of (world, p), got None"),
        (scenario(deal=zeros), "the deal of scenario New must be a function of (world, p)"),
        (scenario(description=""), "must be one line of 1 to 200 characters"),
        (scenario(description="a\nb"), "must be one line"),
        (scenario(version=1), "the version of scenario New must be one line"),
        (scenario(options=("speed",)), "must be among marking, line_height, compactness, defenders, keeper_range"),
        (scenario(options=("file",)), "must be among marking"),
        (scenario(starts=("any",)), "other than any"),
        (scenario(starts=("a", "a")), "must be different texts"),
        (scenario(sets=-1), "sets of scenario New must be a whole number from 0"),
        (scenario(scripts={1: still}), "player 1 of scenario New is the runner"),
        (scenario(scripts={30: still}), "a scripted player of scenario New must be a whole number from 0 to 21"),
        (
            scenario(scripts={12: zeros}),
            "the script of player 12 of scenario New must be a function of (worlds, player)",
        ),
        (reward("x g"), "must begin with a letter and have at most 60"),
        (reward(None), "got None"),
        (reward("xg"), "reward xg comes with backpost; choose another name; taken are xg, own_xg, goal, shaped"),
        (reward("xg", replace=True), "reward xg comes with backpost"),
        (reward(function=still), "the function of reward new must be a function of (worlds)"),
        (reward(function="xg"), "must be a function of (worlds), got 'xg'"),
        (reward(function=lambda worlds: 0.0), "must return an array of one number per record, (3,), got 0.0"),
        (reward(function=lambda worlds: np.zeros((3, 1))), "got float64 (3, 1)"),
        (reward(function=lambda worlds: np.array(["a"] * 3)), "got <U1 (3,)"),
        (reward(function=lambda worlds: worlds["speed"]), "reward new fails on records of backpost: ValueError"),
        (reward(function=writes), "reward new must not write into the records"),
        (reward(potential=lambda worlds: 1.0), "potential of reward new must return an array"),
        (runner("all-rules"), "stand for other agents"),
        (runner("a/b"), "must begin with a letter"),
        (runner("random"), "agent random comes with backpost"),
        (runner(make=lambda: None), "make of agent new must be a function of (scenario)"),
        (runner(description=None), "the description of agent new must be one line"),
        (numbers(values={}), "must map names of parameters to numbers"),
        (numbers(values={"speed": 1.0}), "unknown parameter 'speed'"),
        (numbers(values={"reaction": 9.0}), "parameter reaction must be"),
        (numbers("a b"), "must begin with a letter"),
        (lambda: register_rule(Nameless), "the name of a new coaching rule must begin with a letter"),
        (lambda: register_rule(cast(Any, Rule)), "a coaching rule must be a subclass of Rule with trigger and target"),
        (lambda: register_rule(dict), "a coaching rule must be a subclass of Rule"),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_registered_is_refused_in_one_sentence(register: Callable[[], None], says: str) -> None:
    registries = (SCENARIOS, REWARDS, PARAMETER_SETS, AGENTS, RULE_TYPES)
    before = [list(registry) for registry in registries]
    with pytest.raises(BackpostError, match=re.escape(says)) as refused:
        register()
    assert "\n" not in str(refused.value)
    assert [list(registry) for registry in registries] == before
    assert not {id for id in gym.registry if id.startswith(("mylab/", "backpost/New"))}


def faulty() -> Any:
    import a_faulty_deal

    return a_faulty_deal


FAULTS = 19


@pytest.mark.parametrize("fault", range(FAULTS))
def test_a_deal_that_cannot_be_played_is_refused_in_one_sentence(unregistered: None, fault: int) -> None:
    deals = faulty()
    assert len(deals.FAULTS) == FAULTS
    with pytest.raises(InvalidValue, match="scenario New deals a cross that cannot be played: ") as refused:
        scenario(deal=deals.deal_faulty, opening=deals.opening_of(fault))()
    assert list(deals.FAULTS)[fault] in str(refused.value)
    assert "\n" not in str(refused.value)
    assert "New" not in SCENARIOS


def test_a_sound_deal_is_taken_and_a_name_only_once(unregistered: None) -> None:
    deals = faulty()
    sound = scenario(deal=deals.deal_faulty, opening=deals.opening_of(-1))
    sound()
    with pytest.raises(InvalidValue, match=r"environment New is registered already, by .*; .*replace=True"):
        sound()
    with pytest.raises(InvalidValue, match="is registered already"):
        scenario("other/New-v1", deals.deal_faulty, opening=deals.opening_of(-1))()
    scenario("mylab/New-v1", deals.deal_faulty, opening=deals.opening_of(-1), replace=True)()
    assert SCENARIOS["New"].id == "mylab/New-v1"
    assert gym.make("mylab/New-v1").reset(seed=0)[0].shape == Crosses("New").observation_space.shape


def test_a_deal_that_does_not_compile_or_rolls_other_dice_is_refused(unregistered: None) -> None:
    deals = faulty()

    def deal_words(world: Any, p: Any) -> None:
        world.time = no_such_name  # type: ignore[name-defined]  # noqa: F821

    def rolls(options: Options, parameters: np.recarray) -> np.recarray:
        worlds: np.recarray = deals.opening_of(-1)(options, parameters)
        worlds["difficulty"] = np.random.default_rng().uniform()
        return worlds

    with pytest.raises(InvalidValue, match="the deal of scenario New does not compile: ") as refused:
        scenario(deal=deal_words)()
    assert "\n" not in str(refused.value)
    with pytest.raises(InvalidValue, match="deals a different cross when it is given the same seed again"):
        scenario(deal=deals.deal_faulty, opening=rolls)()


@pytest.mark.parametrize(
    ("script", "says"),
    [
        (
            lambda worlds, player: np.zeros((len(worlds), 2)),
            "must return numbers of shape (32, 4), got float64 (32, 2)",
        ),
        (lambda worlds, player: np.full((len(worlds), 4), np.nan), "must return finite numbers"),
        (lambda worlds, player: [[0.0] * 4] * len(worlds), "must return numbers of shape (32, 4)"),
        (lambda worlds, player: worlds["nobody"], "fails: ValueError"),
    ],
)
def test_a_script_that_does_not_say_what_its_player_wants_is_refused(
    unregistered: None, script: Any, says: str
) -> None:
    deals = faulty()
    with pytest.raises(InvalidValue, match=re.escape(says)):
        scenario(deal=deals.deal_faulty, opening=deals.opening_of(-1), scripts={deals.SHADOW: script})()
    with pytest.raises(InvalidValue, match="player 20, who has a script, must be present"):
        scenario(deal=deals.deal_faulty, opening=deals.opening_of(-1), scripts={20: still})()


def test_a_reward_that_is_not_finite_is_refused_when_it_is_paid(unregistered: None) -> None:
    with np.errstate(all="ignore"):
        reward("log", lambda worlds: np.log(worlds["xg_now"]))()
        crosses = Crosses("OpenPlay", 4, options=Options(reward="log"))
        crosses.deal(SEEDS)
        with pytest.raises(InvalidValue, match="reward log must return finite numbers, got -inf"):
            crosses.step(np.zeros((4, 4)))


def test_an_agent_is_what_it_was_registered_as(unregistered: None) -> None:
    class Half:
        name, description = "half", "has no act"

        def reset(self, seeds: Any) -> None:
            """Nothing to open."""

    runner("half", lambda scenario: Half())()
    with pytest.raises(InvalidValue, match=r"agent half must have the methods .*lacks restart, act$"):
        agent("half")
    runner("other", lambda scenario: agent("random"))()
    with pytest.raises(InvalidValue, match="agent other must have name = 'other'"):
        agent("other")
    given: list[str] = []
    runner("listens", lambda scenario: given.append(scenario))()
    with pytest.raises(InvalidValue, match="agent listens must have the methods"):
        agent("listens", "backpost/Corner-v0")
    assert given == ["Corner"]


def test_what_the_package_brings_is_described_and_made_under_its_own_name() -> None:
    assert set(RULES) < set(AGENTS)
    for name in set(AGENTS) - {"learned", "generalist"}:
        assert agent(name).description == descriptions()[name]
    for made in SCENARIOS.values():
        assert SCENARIOS[made.name] is made
        assert made.description


def test_a_module_is_imported_once_and_not_confused_with_another(unregistered: None, tmp_path: Path) -> None:
    from backpost.envs.common import extensions

    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        content = "from backpost.envs import register_reward\n"
        content += "register_reward('paid', lambda worlds: worlds['xg_now'], description='x')\n"
        (tmp_path / folder / "paid_here.py").write_text(content, encoding="utf-8")
    file = str(tmp_path / "one" / "paid_here.py")
    extensions.import_modules([file, file])
    assert "paid" in REWARDS
    assert extensions.modules() == [file]
    with pytest.raises(BackpostError, match="a module named paid_here is already imported; rename the file"):
        extensions.import_modules([str(tmp_path / "two" / "paid_here.py")])
    del sys.modules["paid_here"]


def test_write_intents_refuses_what_is_not_finite_only_where_crosses_are_played() -> None:
    from backpost.envs.interface.script import write_intents

    crosses = Crosses("OpenPlay", 4)
    crosses.deal(SEEDS)
    wanted = np.full((4, 4), 3.0)
    wanted[1] = np.nan
    playing = np.array([True, False, True, True])
    write_intents({12: lambda worlds, player: wanted}, crosses.worlds.view(np.ndarray), playing)
    intent = crosses.worlds["players"]["intent"][:, 12]
    assert np.allclose(np.hypot(intent["vx"], intent["vy"])[playing], 1.0), "the length is cut at 1"
    with pytest.raises(InvalidAction, match="must return finite numbers"):
        write_intents({12: lambda worlds, player: wanted}, crosses.worlds.view(np.ndarray), ~playing)
