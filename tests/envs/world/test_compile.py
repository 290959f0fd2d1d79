"""Promises of envs/world/compile.py: compiled code is never stale, never another user's, and never in the way."""

import errno
import gc
import grp
import logging
import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numba
import pytest
from numba.core.caching import FunctionCache

from backpost.envs.world import compile as kernels
from backpost.envs.world.parameters import parameter_type

SOURCES = {
    "envs": ("__init__", "world/__init__", "world/compile", "world/deep/__init__", "world/deep/luck", "step"),
    "agents": ("__init__", "rules/__init__", "rules/near"),
    "training": ("__init__", "noise"),
    "renders": ("__init__", "frame"),
}


@pytest.fixture
def floors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a small copy of the floors, with folders in them."""
    for floor, names in SOURCES.items():
        for name in names:
            file = tmp_path / "backpost" / floor / f"{name}.py"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"# {name}\n")
    (tmp_path / "backpost" / "__init__.py").write_text("# root")
    monkeypatch.setattr(kernels, "__file__", str(tmp_path / "backpost" / "envs" / "world" / "compile.py"))
    return tmp_path / "backpost"


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, Path]]:
    """The first and the second place that the cache is looked for in, and nothing remembered."""
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir(0o700)
    second.mkdir(0o700)
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(first))
    monkeypatch.setenv("XDG_CACHE_HOME", str(second))
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path / "third"))
    _forget()
    yield first, second
    _forget()


def _forget() -> None:
    kernels.cache_folder.cache_clear()
    kernels._say.cache_clear()


def _digests(floors: Path) -> dict[str, str]:
    return {floor: kernels.sources_digest(floors / floor) for floor in kernels.FLOORS}


@pytest.mark.parametrize(
    ("edited", "stale"),
    [
        ("envs/step.py", {"envs", "agents", "training"}),
        ("envs/world/deep/luck.py", {"envs", "agents", "training"}),
        ("agents/rules/near.py", {"agents", "training"}),
        ("training/noise.py", {"training"}),
        ("renders/frame.py", set()),
    ],
)
def test_an_edit_anywhere_below_a_function_gives_it_another_folder(floors: Path, edited: str, stale: set[str]) -> None:
    before = _digests(floors)
    assert len(set(before.values())) == len(before)
    (floors / edited).write_text("# edited\n")
    after = _digests(floors)
    assert {floor for floor in before if before[floor] != after[floor]} == stale


def test_a_source_that_moves_to_another_folder_is_another_source(floors: Path) -> None:
    before = _digests(floors)
    (floors / "envs/world/deep/luck.py").rename(floors / "envs/world/luck.py")
    assert not set(before.values()) & set(_digests(floors).values())


def test_the_functions_of_a_users_own_package_belong_to_its_sources_too(floors: Path, tmp_path: Path) -> None:
    own = tmp_path / "mine" / "inner"
    own.mkdir(parents=True)
    for file in (own.parent / "__init__.py", own / "__init__.py", own / "rule.py"):
        file.write_text("ONE = 1\n")
    assert kernels._package(own) == own.parent
    before = kernels.sources_digest(own.parent)
    (own / "rule.py").write_text("ONE = 2\n")
    edited = kernels.sources_digest(own.parent)
    (floors / "training" / "noise.py").write_text("# edited\n")
    assert len({before, edited, kernels.sources_digest(own.parent)}) == 3


def test_this_packages_own_sources_are_all_covered() -> None:
    envs = kernels._package(Path(kernels.__file__).parent)
    assert envs.name == "envs"
    covered = set(kernels._sources(envs).values())
    assert covered == set(envs.rglob("*.py"))
    assert len(covered) > 30


def test_the_folder_is_the_users_own(places: tuple[Path, Path], floors: Path) -> None:
    folder = kernels.cache_folder(floors / "envs")
    assert folder is not None
    root = Path(folder).parent
    assert root.parent == places[0]
    assert root.stat().st_uid == os.geteuid()
    assert root.stat().st_mode & 0o777 == 0o700
    assert kernels.cache_folder(floors / "envs") == folder


def _root(place: Path) -> Path:
    return place / f"backpost-{os.geteuid()}"


def _somebody_elses(place: Path) -> None:
    _root(place).mkdir(0o700)
    if os.geteuid() == 0:
        os.chown(_root(place), 4242, 4242)


def _open_to_all(place: Path) -> None:
    _root(place).mkdir()
    _root(place).chmod(0o777)


def _linked(place: Path) -> None:
    (place / "elsewhere").mkdir(0o700)
    _root(place).symlink_to("elsewhere")


def _replaceable(place: Path) -> None:
    place.chmod(0o777)


def _no_folder(place: Path) -> None:
    place.rmdir()
    place.write_text("a file")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (_somebody_elses, "belongs to another user"),
        (_open_to_all, "others can write it"),
        (_linked, "not a folder"),
        (_replaceable, "others can replace"),
        (_no_folder, "exists"),
    ],
)
def test_a_place_that_is_not_safe_is_left_for_the_next_and_one_line_says_so(
    places: tuple[Path, Path], floors: Path, spoil: Any, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    if spoil is _somebody_elses and os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    spoil(places[0])
    for floor in kernels.FLOORS:
        folder = kernels.cache_folder(floors / floor)
        assert folder is not None
        assert Path(folder).parent == _root(places[1])
    assert len(caplog.messages) == 1
    assert reason in caplog.messages[0]
    assert "\n" not in caplog.messages[0]


def test_where_no_place_is_left_there_is_no_cache_and_one_line_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, floors: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def nothing(*_: object) -> Any:
        raise KeyError("no such user")

    def no_temporary_folder() -> str:
        raise FileNotFoundError("no usable temporary directory found")

    for name in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", nothing)
    monkeypatch.setattr(tempfile, "gettempdir", no_temporary_folder)
    _forget()
    assert kernels.cache_folder(floors / "envs") is None
    assert kernels.cache_folder(floors / "agents") is None
    assert caplog.messages == [caplog.messages[0]]
    assert "every start compiles again" in caplog.messages[0]
    assert list(tmp_path.rglob("backpost-*")) == []
    _forget()


def test_the_text_of_a_record_type_is_written_once() -> None:
    numbers = numba.from_dtype(parameter_type)
    write: Any = type(numbers).__repr__
    assert write.__wrapped__(numbers) == repr(numbers)
    assert repr(numbers) is repr(numbers)


def _doubled(tmp_path: Path, folder: Path) -> Any:
    """A compiled function from a file of its own; each call is a fresh start."""
    file = tmp_path / "doubled.py"
    file.write_text("def doubled(x):\n    return 2 * x\n")
    names: dict[str, Any] = {"__name__": "math"}  # a module that can be imported again
    exec(compile(file.read_text(), str(file), "exec"), names)
    compiled = numba.njit(names["doubled"])
    kernels._keep_in(compiled, names["doubled"], str(folder))
    return compiled


def _hits(compiled: Any) -> int:
    return sum(compiled.stats.cache_hits.values())


@pytest.mark.parametrize("content", [b"", b"\x80", b"garbage" * 50, None], ids=["empty", "torn", "garbage", "cut"])
def test_a_damaged_cache_is_compiled_over_and_then_used_again(
    tmp_path: Path, content: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    _forget()
    folder = tmp_path / "cache"
    folder.mkdir()
    assert _doubled(tmp_path, folder)(2) == 4
    sound = _doubled(tmp_path, folder)
    assert sound(2) == 4
    assert _hits(sound) == 1
    for file in (*folder.rglob("*.nbi"), *folder.rglob("*.nbc")):
        file.write_bytes(file.read_bytes()[:-20] if content is None else content)
    damaged = _doubled(tmp_path, folder)
    assert damaged(2) == 4
    assert _hits(damaged) == 0
    assert ["cannot be read" in message for message in caplog.messages] == [True]
    mended = _doubled(tmp_path, folder)
    assert mended(2) == 4
    assert _hits(mended) == 1


def test_a_cache_that_is_removed_or_full_while_running_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    _forget()
    folder = tmp_path / "cache"
    removed = _doubled(tmp_path, folder)
    shutil.rmtree(folder)
    folder.write_text("no folder any more")
    assert removed(2) == 4
    assert removed(2.5) == 5.0
    folder.unlink()
    monkeypatch.setattr(FunctionCache, "save_overload", full)
    with caplog.at_level(logging.WARNING):
        caplog.clear()
        first, second = _doubled(tmp_path, folder), _doubled(tmp_path, folder)
        assert first(2) == second(3) - 2 == 4
    assert len(caplog.messages) == 1
    assert "no space left on device" in caplog.messages[0]
    _forget()


@pytest.mark.parametrize("collecting", [True, False])
def test_loading_leaves_garbage_collection_as_the_user_set_it(
    tmp_path: Path, collecting: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def damaged(*_: object) -> None:
        seen.append(gc.isenabled())
        raise EOFError

    _forget()
    monkeypatch.setattr(FunctionCache, "load_overload", damaged)
    before = gc.isenabled()
    try:
        (gc.enable if collecting else gc.disable)()
        assert _doubled(tmp_path, tmp_path / "cache")(2) == 4
        assert gc.isenabled() is collecting
    finally:
        (gc.enable if before else gc.disable)()
    assert seen
    assert not any(seen)


def _status(mode: int, user: int, group: int) -> os.stat_result:
    return os.stat_result((mode, 0, 0, 1, user, group, 0, 0, 0, 0))


def test_a_group_of_ones_own_is_nobody_else() -> None:
    me = pwd.getpwuid(os.getuid())
    group = grp.getgrgid(me.pw_gid)
    alone = group.gr_name == me.pw_name and not set(group.gr_mem) - {me.pw_name}
    assert kernels._others_may_write(_status(0o40775, me.pw_uid, me.pw_gid)) is not alone
    assert kernels._others_may_write(_status(0o40775, me.pw_uid, 59_999))
    assert kernels._others_may_write(_status(0o40757, me.pw_uid, me.pw_gid))
    assert not kernels._others_may_write(_status(0o40755, me.pw_uid, me.pw_gid))
