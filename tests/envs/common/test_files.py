"""Promises of envs/common/files.py: an output is whole or as it was."""

from pathlib import Path

import pytest

from backpost.envs.common.errors import InvalidFile
from backpost.envs.common.files import check_writable, replacing, write_atomically


def test_a_write_replaces_the_whole_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "table.json"
    target.write_text("a much longer text than the one that follows")
    write_atomically(target, "{}")
    assert target.read_text() == "{}"
    assert [path.name for path in tmp_path.iterdir()] == ["table.json"]


@pytest.mark.parametrize("interruption", [RuntimeError, KeyboardInterrupt])
def test_an_interrupted_write_leaves_the_file_as_it_was(tmp_path: Path, interruption: type[BaseException]) -> None:
    target = tmp_path / "film.mp4"
    target.write_bytes(b"before")

    def write_half() -> None:
        with replacing(target) as temporary:
            assert temporary.suffix == ".mp4"
            temporary.write_bytes(b"half")
            raise interruption

    with pytest.raises(interruption):
        write_half()
    assert target.read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir()] == ["film.mp4"]


@pytest.mark.parametrize("name", ["missing/table.json", "file/table.json", ""])
def test_a_place_that_cannot_be_written_is_named_in_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("not a folder")
    target = tmp_path / name
    for write in (check_writable, lambda path: write_atomically(path, "x")):
        with pytest.raises(InvalidFile, match=r"^cannot write ") as raised:
            write(target)
        assert str(target) in str(raised.value)
        assert "\n" not in str(raised.value)


def test_checking_leaves_nothing_behind(tmp_path: Path) -> None:
    check_writable(tmp_path / "table.json")
    assert list(tmp_path.iterdir()) == []
