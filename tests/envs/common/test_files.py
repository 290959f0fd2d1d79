"""Promises of envs/common/files.py: an output is whole or as it was, and nothing but its content changes."""

import os
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from backpost.envs.common.errors import InvalidFile
from backpost.envs.common.files import check_writable, write_atomically


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_write_replaces_the_whole_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "table.json"
    target.write_text("a much longer text than the one that follows")
    write_atomically(target, "{}")
    assert target.read_text() == "{}"
    assert [path.name for path in tmp_path.iterdir()] == ["table.json"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_an_interrupted_write_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    target = tmp_path / "film.mp4"
    target.write_bytes(b"before")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, step, interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(target, b"after")
    assert target.read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir()] == ["film.mp4"]


def test_a_full_disk_leaves_the_file_as_it_was_and_is_named_with_what_to_do(
    tmp_path: Path, small_disk: Callable[[int], AbstractContextManager[None]], device: Callable[[str], Path]
) -> None:
    target = tmp_path / "table.json"
    target.write_bytes(b"before")
    with small_disk(1000), pytest.raises(InvalidFile, match=r"^cannot write .*table.json: .*on another disk$"):
        write_atomically(target, b"x" * 10_000)
    assert target.read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir()] == ["table.json"]
    with pytest.raises(InvalidFile, match="no space left on device; free some space"):
        write_atomically(device("full"), b"x")


@pytest.mark.parametrize("name", ["missing/table.json", "file/table.json", "", "loop", "nul\0byte", "x" * 256])
def test_a_place_that_cannot_be_written_is_named_in_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("not a folder")
    (tmp_path / "loop").symlink_to("loop")
    target = tmp_path / name
    for write in (check_writable, lambda path: write_atomically(path, "x")):
        with pytest.raises(InvalidFile, match=r"^cannot write ") as raised:
            write(target)
        assert str(target) in str(raised.value)
        assert "\n" not in str(raised.value)


def test_text_that_has_no_encoding_costs_no_more_than_its_letter(tmp_path: Path) -> None:
    write_atomically(tmp_path / "page", "name \ud83d of a file")
    assert (tmp_path / "page").read_text() == "name ? of a file"


def test_checking_leaves_nothing_behind(tmp_path: Path) -> None:
    check_writable(tmp_path / "table.json")
    assert list(tmp_path.iterdir()) == []


def test_no_name_at_all_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for write in (check_writable, lambda path: write_atomically(path, "x")):
        with pytest.raises(InvalidFile, match="name a file"):
            write("")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755])
def test_a_file_keeps_its_mode_and_its_owner(tmp_path: Path, mode: int) -> None:
    target = tmp_path / "private"
    target.write_text("before")
    target.chmod(mode)
    if os.geteuid() == 0:
        os.chown(target, 4242, 4243)
    owner = target.stat().st_uid, target.stat().st_gid
    write_atomically(target, "after")
    assert target.read_text() == "after"
    assert mode_of(target) == mode
    assert (target.stat().st_uid, target.stat().st_gid) == owner


def test_a_new_file_has_the_mode_that_the_umask_leaves(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    write_atomically(tmp_path / "new", "")
    assert mode_of(tmp_path / "new") == mode_of(tmp_path / "plain")


@pytest.mark.parametrize("exists", [True, False])
def test_a_link_stays_and_what_it_names_is_written(tmp_path: Path, exists: bool) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    if exists:
        (elsewhere / "target").write_text("before")
    (tmp_path / "link").symlink_to("elsewhere/target")
    check_writable(tmp_path / "link")
    write_atomically(tmp_path / "link", "after")
    assert (tmp_path / "link").is_symlink()
    assert (elsewhere / "target").read_text() == "after"
    assert [path.name for path in elsewhere.iterdir()] == ["target"]


@pytest.mark.parametrize("suffix", ["", ".json"])
def test_a_name_may_be_as_long_as_the_system_allows(tmp_path: Path, suffix: str) -> None:
    target = tmp_path / ("x" * (255 - len(suffix)) + suffix)
    check_writable(target)
    write_atomically(target, "long")
    assert target.read_text() == "long"


def test_a_pipe_is_written_into_and_stays(tmp_path: Path) -> None:
    pipe, got = tmp_path / "pipe", list[bytes]()
    os.mkfifo(pipe)
    check_writable(pipe)  # neither waits for the reader nor tells him that all has been said
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()), daemon=True)
    reader.start()
    write_atomically(pipe, b"x" * 200_000)
    reader.join(10.0)
    assert got == [b"x" * 200_000]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_reader_who_leaves_is_named(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: pipe.open("rb").close(), daemon=True)
    reader.start()
    with pytest.raises(InvalidFile, match="its reader has closed it"):
        write_atomically(pipe, b"x" * 10_000_000)
    reader.join(10.0)


def test_a_device_is_written_into_and_stays_and_a_socket_is_refused(
    tmp_path: Path, device: Callable[[str], Path]
) -> None:
    null = device("null")
    check_writable(null)
    write_atomically(null, "x")
    assert stat.S_ISCHR(null.stat().st_mode)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        for write in (check_writable, lambda path: write_atomically(path, "x")):
            with pytest.raises(InvalidFile, match=r"cannot write .*socket"):
                write(tmp_path / "socket")
    assert stat.S_ISSOCK((tmp_path / "socket").stat().st_mode)


@pytest.mark.parametrize("name", ["stdout", "out"])
def test_the_standard_output_is_gone_on_with_wherever_it_goes(tmp_path: Path, name: str) -> None:
    (tmp_path / "stdout").symlink_to("/proc/self/fd/1")  # what /dev/stdout is
    code = (
        "import sys; from backpost.envs.common.files import write_atomically; print('table'); "
        f"write_atomically({name!r}, 'result\\n'); print('end')"
    )
    with (tmp_path / "out").open("w") as stream:
        subprocess.run([sys.executable, "-c", code], stdout=stream, cwd=tmp_path, check=True)
    assert (tmp_path / "out").read_text().split() == ["table", "result", "end"]
    if name == "stdout":
        piped = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=tmp_path, check=True)
        assert piped.stdout.split() == [b"table", b"result", b"end"]


def test_a_file_that_may_not_be_written_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "kept"
    target.write_text("before")
    target.chmod(0o444)
    if os.geteuid() == 0:  # to whom nothing is forbidden
        monkeypatch.setattr(os, "access", lambda path, _: Path(path) != target)
    for write in (check_writable, lambda path: write_atomically(path, "after")):
        with pytest.raises(InvalidFile, match="permission denied"):
            write(target)
    assert target.read_text() == "before"
