"""Numbers of a kernel have names, and what could have been another number is a parameter."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import backpost.agents
import backpost.envs
from backpost.envs.world.parameter_table import TABLE

ROOT = Path(str(backpost.envs.__file__)).parent.parent
DECORATORS = {"kernel", "entry", "parallel_entry"}
UNNAMED = {0.0, 0.5, 1.0, 2.0}
"""What needs no name: nothing, a half, all, twice."""
GLOBALS: dict[str, set[str] | None] = {
    # The pitch, the Laws, the ball: geometry and physics.
    "envs/world/pitch.py": None,
    "envs/world/ball.py": None,
    # The clock of the world, the size of its record, and what stands for "never".
    "envs/world/record.py": None,
    # Numerical methods: what a sum or a search is guarded with; no outcome hangs on them.
    "envs/world/chance.py": {"TWO_PI", "_UNIT"},
    "envs/world/geometry.py": {"TINY"},
    "envs/dynamics/fly.py": {"BALL_STEP", "SLOWEST_CROSSING"},
    "envs/dynamics/move.py": {"CLOSING", "LEAST_FACING_SQUARED", "LEAST_DIRECTION", "SAME_PLACE"},
    "envs/dynamics/read_flight.py": {"HORIZON"},
    "envs/dynamics/step.py": {"SUBSTEP"},
    "envs/dynamics/strike.py": {
        *("SOLVER_STEP", "SOLVER_START", "SOLVER_SPEEDS", "LONGEST_FLIGHT", "NEAR_ENOUGH", "SAME_HEIGHT")
    },
    "envs/scenarios/situation_flight.py": {"FAR_UP"},
    "envs/dynamics/finish.py": {*("ERRORS", "NEAREST_AIM", "NEAREST_SHOT", "STEEPEST", "SOONEST_BLOCK", "NOT_REACHED")},
    "envs/dynamics/release.py": {"LOWEST"},
    "envs/dynamics/touch.py": {"LOWEST", "REBOUND_DEPTH"},
    "envs/roles/delivery.py": {"LOWEST", "NO_PASS", "NOBODY_NEAR"},
    # The gains of a controller: how a wish to be somewhere is written down as a velocity.
    "envs/roles/steer.py": {"APPROACH", "DAMPING", "SOONEST", "HURRY", "LEAST_PACE"},
    # Definitions of what is noted, of what users see, do and are paid: they move nobody.
    "envs/dynamics/judge.py": {"RUNNING", "PASSING_HEIGHT"},
    "envs/interface/observe.py": {"FARTHEST"},
    "envs/learners/see.py": {"FARTHEST"},
    "envs/learners/view.py": {"VIEW_SCALES", "VIEW_LOWS", "VIEW_HIGHS"},
    "envs/interface/observation.py": {"SCALES", "LOWS", "HIGHS"},
    "envs/interface/action.py": {"JOG", "ARRIVED", "FIRST_SPRINT", "_DIRECTIONS", "_ZONE_PLACES"},
    "envs/interface/potential.py": {"POTENTIAL", "POTENTIAL_DISTANCE", "_BEFORE_X", "_BEFORE_Y"},
    "envs/interface/outcome.py": {"RUN_SPEED", "RUN_LENGTH"},
    # A scenario is the ranges of its deal.
    **{
        f"envs/scenarios/{name}.py": None
        for name in ("deal", "set_piece", "open_play", "transition", "corner", "free_kick", "match", "drills")
    },
}
"""Which named constants kernels may read beside parameters, by the file that defines them; None: all of it."""


def kernels(folder: str) -> Iterator[tuple[Path, ast.FunctionDef]]:
    """Every function below this folder that Numba compiles."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and any(
                isinstance(decorator, ast.Name) and decorator.id in DECORATORS for decorator in node.decorator_list
            ):
                yield path.relative_to(ROOT), node


@pytest.mark.parametrize("folder", ["envs", "agents"])
def test_no_float_of_a_kernel_is_without_a_name(folder: str) -> None:
    """Numbers that stand in the code of a kernel are 0, 1, 2 and 0.5; every other has a name, a unit and a reason."""
    of_folder = list(kernels(folder))
    assert len(of_folder) > {"envs": 150, "agents": 10}[folder]
    unnamed = [
        f"{path}:{node.lineno} {node.value!r} in {function.name}"
        for path, function in of_folder
        for node in ast.walk(function)
        if isinstance(node, ast.Constant) and isinstance(node.value, float) and node.value not in UNNAMED
    ]
    assert not unnamed


def test_a_kernel_reads_no_number_from_a_module_that_could_be_tuned() -> None:
    """Module constants that kernels read are pitch, ball, clock, numerics, interface, or a scenario's own ranges."""
    read = {}
    for path, function in kernels("envs"):
        module = importlib.import_module("backpost." + ".".join(path.with_suffix("").parts))
        own = {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
        for node in ast.walk(function):
            if isinstance(node, ast.Name) and node.id not in own and number_like(getattr(module, node.id, None)):
                read[home(path, node.id), node.id] = f"{path} {function.name}"
    foreign = {key: where for key, where in read.items() if not allowed(*key)}
    assert not foreign
    listed = {(file, name) for file, names in GLOBALS.items() for name in names or ()}
    assert listed <= set(read), "a constant that is listed is read by no kernel"


def number_like(value: object) -> bool:
    """True for a float, or a tuple or array that holds floats."""
    if isinstance(value, np.ndarray):
        return bool(value.dtype.kind == "f")
    if isinstance(value, tuple):
        return any(number_like(part) for part in value)
    return isinstance(value, float)


def home(path: Path, name: str) -> str:
    """The file that defines a name which this file reads."""
    for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and name in {alias.name for alias in node.names}:
            parts = (node.module or "").removeprefix("backpost.").split(".")
            folder = path.parent if node.level else Path()
            return str(folder.joinpath(*parts).with_suffix(".py"))
    return str(path)


def allowed(file: str, name: str) -> bool:
    """True if kernels may read this constant."""
    if file not in GLOBALS:
        return False
    names = GLOBALS[file]
    return names is None or name in names


def test_every_parameter_is_read() -> None:
    """A row that no kernel reads is no parameter."""
    source = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "envs").rglob("*.py") if path.name != "parameter_table.py"
    )
    assert [row.name for row in TABLE if f"p.{row.name}" not in source] == []


def test_parameters_have_ranges_that_hold_their_defaults() -> None:
    """Low to high, the default between, a unit and a source; each name once."""
    assert len({row.name for row in TABLE}) == len(TABLE)
    for row in TABLE:
        assert row.low < row.high
        assert row.low <= row.default <= row.high
        assert row.unit
        assert row.source
