"""Promises that hold the house together: floors, names, and nothing of anybody's own machine."""

import importlib
import re
import statistics
import subprocess
import sys
import tomllib
from importlib.metadata import version
from itertools import chain
from pathlib import Path

import grimp
import pytest
from importlinter.cli import lint_imports

from backpost.envs import SCENARIOS

ROOT = Path(__file__).parent.parent
FLOORS = ("envs", "agents", "training", "renders")
SOURCES = sorted(path.relative_to(ROOT) for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))
FOLDERS = sorted({path.parent for path in SOURCES})
MODULES = ["backpost", "backpost.cli"] + [
    ".".join(("backpost", *path.with_suffix("").parts)).removesuffix(".__init__") for path in SOURCES
]
FULLEST_FOLDER = 25
"""Files in one folder; beyond it is more than one concept."""
LONGEST_FILE = 400
"""Lines of one file."""
MEDIAN_FILE = 130
TEXT = {".py", ".md", ".toml", ".yml", ".yaml", ".txt", ".json", ".csv", ""}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("backpost", cache_dir=None)


def test_imports_point_down(monkeypatch: pytest.MonkeyPatch, graph: grimp.ImportGraph) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True) == 0
    assert graph.find_modules_directly_imported_by("backpost.agents.base.agent"), "the graph that was checked is empty"


def _circles(edges: set[tuple[str, str]]) -> list[list[str]]:
    """Groups of two or more nodes each of which can be reached from the others."""
    below: dict[str, set[str]] = {}
    for above, under in edges:
        below.setdefault(above, set()).add(under)

    def reached(start: str) -> set[str]:
        seen: set[str] = set()
        ahead = list(below.get(start, ()))
        while ahead:
            node = ahead.pop()
            if node not in seen:
                seen.add(node)
                ahead += below.get(node, ())
        return seen

    reach = {node: reached(node) for node in below}
    return [
        [node, *sorted(other for other in reach[node] if node in reach.get(other, ()))]
        for node in reach
        if node in reach[node]
    ]


def test_no_circle_of_imports_between_files_or_between_folders(graph: grimp.ImportGraph) -> None:
    packages = {".".join(("backpost", *folder.parts)) for folder in FOLDERS}
    files = {(above, under) for above in graph.modules for under in graph.find_modules_directly_imported_by(above)}
    assert len(files) > 500, "the graph that was checked is empty"
    folder = {module: module if module in packages else module.rpartition(".")[0] for module in graph.modules}
    folders = {
        (folder[above], folder[under])
        for above, under in files
        if above not in packages and under not in packages and folder[above] != folder[under]
    }
    assert _circles({("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")}), "the search finds no circle"
    assert (_circles(files), _circles(folders)) == ([], [])


def test_no_folder_is_a_corridor_and_no_file_is_two() -> None:
    for folder in FOLDERS:
        held = [path for path in SOURCES if path.parent == folder]
        assert len(held) <= FULLEST_FOLDER, f"{folder} holds {len(held)} files"
    lines = {path: len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert statistics.median(lines.values()) < MEDIAN_FILE
    tests = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in (ROOT / "tests").rglob("*.py")}
    assert {path: count for path, count in (lines | tests).items() if count >= LONGEST_FILE} == {}


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
def test_every_folder_says_what_lives_there_and_is_installed(folder: Path) -> None:
    package = importlib.import_module(".".join(("backpost", *folder.parts)))
    assert package.__doc__
    assert len(package.__doc__.split()) >= 6, "a sentence: what lives here, and what it may import"
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    assert package.__name__ in settings["packages"]


def test_tests_mirror_the_tree() -> None:
    tests = {path.parent.relative_to(ROOT / "tests") for path in (ROOT / "tests").rglob("test_*.py")}
    assert tests - {Path(), Path("docs")} <= set(FOLDERS)


def test_the_step_never_learns_which_scenario_it_plays(graph: grimp.ImportGraph) -> None:
    below = graph.find_upstream_modules("backpost.envs.dynamics.step")
    assert "backpost.envs.world.record" in below
    assert not [name for name in below if "scenario" in name or "situation" in name]


def test_headless_use_imports_neither_drawing_nor_learning() -> None:
    heavy = ("pygame", "torch", "stable_baselines3", "matplotlib", "av")
    code = (
        "import sys, gymnasium, backpost\n"
        "env = gymnasium.make('backpost/OpenPlay-v0')\n"
        "env.reset(seed=1); env.step(env.action_space.sample()); env.close()\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr


def test_importing_the_package_registers_every_environment_and_loads_none() -> None:
    code = (
        "import sys, gymnasium, backpost\n"
        "gymnasium.register_envs(backpost)\n"
        "ours = [name for name in sys.modules if name.startswith('backpost.')]\n"
        "print(ours, 'numba' in sys.modules, backpost.__version__)\n"
        "print(sorted(id for id in gymnasium.registry if id.startswith('backpost/')))"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    ids = sorted(scenario.id for scenario in SCENARIOS.values() if scenario.id.startswith("backpost/"))
    assert len(ids) == 9
    assert done.stdout.splitlines() == [f"[] False {version('backpost')}", str(ids)], done.stderr


@pytest.mark.parametrize("name", MODULES)
def test_every_module_is_installed_and_has_what_it_announces(name: str) -> None:
    module = importlib.import_module(name)
    announced = getattr(module, "__all__", [])
    assert len(set(announced)) == len(announced)
    assert [entry for entry in announced if not hasattr(module, entry)] == []


def test_the_environments_say_what_they_offer() -> None:
    assert importlib.import_module("backpost.envs").__all__


def test_constraints_pin_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    pinned = dict(
        line.split("==")
        for line in _normal((ROOT / "constraints.txt").read_text(encoding="utf-8")).splitlines()
        if "==" in line
    )
    names = [re.split(r"[<>=]", _normal(requirement))[0] for requirement in asked]
    assert [name for name in names if name not in pinned] == []


def test_nothing_names_a_place_on_somebodys_machine() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split(
        "\n"
    )
    paths = [ROOT / name for name in listed if name] or list(ROOT.glob("*/*.py"))
    texts = [path for path in paths if path.is_file() and path.suffix in TEXT]
    assert len(texts) > 20
    own = re.compile(r"(?<![\w.:/$])/(?:home|root|Users|opt|mnt|srv|work|farm|tmp)/\w")
    assert [path.name for path in texts if own.search(path.read_text(encoding="utf-8", errors="ignore"))] == []


def _normal(text: str) -> str:
    return text.lower().replace("_", "-")
