"""Promises of envs/world/compile.py: compiled code is never older than the sources that it was made of."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import backpost.envs
from backpost.envs.world import compile

ENVS = Path(str(backpost.envs.__file__)).parent


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    compile._cache_folder.cache_clear()
    yield
    compile._cache_folder.cache_clear()


@pytest.mark.usefixtures("fresh")
def test_an_edit_anywhere_near_a_function_gives_it_another_folder(tmp_path: Path) -> None:
    agents = ENVS.parent / "agents"
    own, neighbour = compile._cache_folder(ENVS), compile._cache_folder(agents)
    assert own != neighbour, "what agents compile depends on more than the world does"
    home = tmp_path / "elsewhere"
    home.mkdir()
    (home / "rule.py").write_text("ONE = 1\n")
    before = compile._cache_folder(home)
    compile._cache_folder.cache_clear()
    (home / "rule.py").write_text("ONE = 2\n")
    assert len({own, neighbour, before, compile._cache_folder(home)}) == 4
    assert compile._cache_folder(ENVS) == own
