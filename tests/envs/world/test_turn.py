"""Promises of envs/world/turn.py: of many processes that start cold, one compiles, and none can block the others."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from backpost.envs.common.lock import Lock
from backpost.envs.world.turn import LOCK

COMPILES = """
import sys
from backpost.envs.world.compile import TURN, entry

@entry
def tiny(x):
    total = 0.0
    for i in range(3):
        total += x[i] ** 2 / (i + 1)
    return total

if __name__ == "__main__":
    import numpy as np
    print("ready", flush=True)
    sys.stdin.readline()
    with TURN.long():
        assert tiny(np.ones(3)) > 1.0
    print(sum(tiny.stats.cache_misses.values()), sum(tiny.stats.cache_hits.values()))
"""
HOLDS = """
import sys, time
from pathlib import Path
from backpost.envs.world.compile import TURN

with TURN:
    TURN.take(Path(sys.argv[1]))
    print("held", flush=True)
    time.sleep(600)
"""


def _started(script: Path, cache: Path, *arguments: str) -> subprocess.Popen[str]:
    piped = subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, script, *arguments],
        stdin=piped,
        stdout=piped,
        stderr=piped,
        text=True,
        env=os.environ | {"NUMBA_CACHE_DIR": str(cache)},
    )


def _root(cache: Path) -> Path:
    return cache / f"backpost-{os.geteuid()}"


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    (tmp_path / "cache").mkdir(0o700)
    return tmp_path / "cache"


def test_of_three_processes_that_start_cold_one_compiles_and_says_so_once(tmp_path: Path, cache: Path) -> None:
    script = tmp_path / "tiny.py"
    script.write_text(COMPILES)
    processes = [_started(script, cache) for _ in range(3)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    said = [process.communicate("go\n", timeout=120) for process in processes]
    assert sorted(out for out, _ in said) == ["0 1\n", "0 1\n", "1 0\n"], said
    assert sum("compiling the simulator, once" in err for _, err in said) == 1, said
    assert not (_root(cache) / LOCK).exists()


def test_a_process_that_waits_says_so_in_one_line(tmp_path: Path, cache: Path) -> None:
    script = tmp_path / "tiny.py"
    script.write_text(COMPILES)
    waiting = _started(script, cache)
    assert waiting.stdout is not None
    assert waiting.stdout.readline() == "ready\n"
    assert waiting.stdin is not None
    assert waiting.stderr is not None
    with Lock(_root(cache) / LOCK, "nobody else has it"):
        waiting.stdin.write("go\n")
        waiting.stdin.flush()
        assert "another process is compiling" in waiting.stderr.readline()
    out, err = waiting.communicate(timeout=120)
    assert out == "1 0\n"
    assert "another process" not in err


def test_a_killed_compiler_leaves_the_turn_to_the_next(tmp_path: Path, cache: Path) -> None:
    for name, text in (("holds.py", HOLDS), ("tiny.py", COMPILES)):
        (tmp_path / name).write_text(text)
    _root(cache).mkdir(0o700)
    killed = _started(tmp_path / "holds.py", cache, str(_root(cache)))
    assert killed.stdout is not None
    assert killed.stdout.readline() == "held\n"
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert (_root(cache) / LOCK).exists(), "it was killed while it had the lock"
    out, err = _started(tmp_path / "tiny.py", cache).communicate("go\n", timeout=120)
    assert out == "ready\n1 0\n"
    assert "another process" not in err
