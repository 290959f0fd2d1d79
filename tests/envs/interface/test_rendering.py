"""Promises of envs/interface/rendering.py: what draws announces itself, and no floor names one above it."""

import ast
import tomllib
from pathlib import Path

import pytest

from backpost.envs import CrossingEnv
from backpost.envs.common.errors import UnknownName
from backpost.envs.interface import rendering

ROOT = Path(__file__).parents[3]
FLOORS = ("envs", "agents", "training", "renders")


def upward_names(source: str, floor: str) -> list[str]:
    """Strings in a module that name a package above its floor, but for docstrings."""
    above = tuple(f"backpost.{name}" for name in FLOORS[FLOORS.index(floor) + 1 :])
    tree = ast.parse(source)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in prose
        and above
        and node.value.startswith(above)
    ]


def test_no_module_reaches_a_floor_above_it_by_a_string() -> None:
    assert upward_names('resolve_name("backpost.renders.frame:draw")', "envs") == ["backpost.renders.frame:draw"]
    reaches = {
        path.relative_to(ROOT).as_posix(): names
        for floor in FLOORS
        for path in sorted((ROOT / floor).rglob("*.py"))
        if (names := upward_names(path.read_text(encoding="utf-8"), floor))
    }
    assert reaches == {}


def test_what_draws_is_announced_in_the_project_and_found_where_it_is_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    announced = project["entry-points"][rendering.GROUP]
    assert set(announced) == {"frame", "window"}
    for name, place in announced.items():
        drawing = rendering.renderer(name)
        assert f"{drawing.__module__}:{drawing.__qualname__}" == place


def test_where_nothing_draws_a_picture_is_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    rendering.renderer.cache_clear()
    monkeypatch.setattr(rendering, "entry_points", lambda **_: [])
    env = CrossingEnv(render_mode="rgb_array")
    env.reset(seed=0)
    with pytest.raises(UnknownName, match="unknown renderer 'frame'"):
        env.render()
    rendering.renderer.cache_clear()
