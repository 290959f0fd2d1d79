"""One way of stopping: every signal ends the work in one way, at once, and a second one does no harm."""

import ast
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from backpost.agents.planners.planner import Budget, Planner
from backpost.envs.common.errors import InvalidFile
from backpost.envs.common.lock import Lock
from backpost.envs.common.processes import python, workers
from backpost.envs.common.stopping import check_running, stoppable, work_until
from backpost.training.bench.ceiling import Effort, ceiling
from backpost.training.bench.cores import on_cores
from backpost.training.learn import selection_worker

pytestmark = pytest.mark.usefixtures("hears_signals")

ROOT = Path(__file__).parents[3]
SOON = 10.0
"""s in which work ends on a busy machine; it takes a fraction of one on an idle one."""


def signalled(after: float, *numbers: int) -> Callable[[], float]:
    """Send this process these signals in a moment; returns what tells the time since the first."""
    sent: list[float] = []

    def send() -> None:
        sent.append(time.monotonic())
        for number in numbers:
            os.kill(os.getpid(), number)
            time.sleep(0.05)

    threading.Timer(after, send).start()
    return lambda: time.monotonic() - sent[0]


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_every_signal_stops_the_work_and_has_the_exit_code_of_shells(name: str, code: int) -> None:
    number = getattr(signal, name)
    before = signal.getsignal(number)
    with stoppable() as stop, pytest.raises(KeyboardInterrupt):
        _signal_and_sleep(number)
    assert stop.exit_code == code
    assert signal.getsignal(number) == before


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stoppable() as stop:
            os.kill(os.getpid(), signal.SIGHUP)
            time.sleep(0.05)
        assert stop.signal is None
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_second_signal_does_not_disturb_the_clean_up() -> None:
    with stoppable():
        with pytest.raises(KeyboardInterrupt):
            _signal_and_sleep(signal.SIGINT)
        _signal_and_sleep(signal.SIGTERM)


def _signal_and_sleep(number: int) -> None:
    os.kill(os.getpid(), number)
    time.sleep(0.2)


def test_whoever_insists_is_heard() -> None:
    code = (
        "import os, signal; from backpost.envs.common.stopping import stoppable\n"
        "with stoppable():\n"
        "    for _ in range(3):\n"
        "        try:\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "        except KeyboardInterrupt:\n"
        "            pass\n"
    )
    code = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n" + code
    done = subprocess.run([*python("")[:2], "-c", code], timeout=120, check=False)
    assert done.returncode == 130


def test_work_on_threads_ends_soon_after_a_ctrl_c() -> None:
    ended: list[int] = []

    def work(item: int) -> None:
        try:
            while True:
                check_running()
                time.sleep(0.01)
        finally:
            ended.append(item)

    with stoppable():
        since = signalled(0.3, signal.SIGINT, signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            on_cores(work, range(50))
        assert since() < SOON
        time.sleep(0.5)  # until the second signal has come
    assert 0 < len(ended) < 50


def test_an_error_of_one_piece_stops_the_others() -> None:
    def work(item: int) -> None:
        if item == 0:
            time.sleep(0.1)
            raise ValueError("no")
        for _ in range(6000):
            check_running()
            time.sleep(0.01)

    began = time.monotonic()
    with pytest.raises(ValueError, match="no"):
        on_cores(work, range(4))
    assert time.monotonic() - began < SOON


def test_a_thread_that_works_for_nobody_is_never_stopped() -> None:
    check_running()
    stopped = threading.Event()
    stopped.set()
    finished: list[bool] = []

    def work() -> None:
        work_until(stopped)
        finished.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    check_running()
    assert finished == [True]


def test_a_ceiling_heeds_a_ctrl_c_while_the_planner_thinks(monkeypatch: pytest.MonkeyPatch) -> None:
    thinking = threading.Event()
    think = Planner._think

    def slow(self: Planner, i: int, seen: int) -> None:
        thinking.set()
        think(self, i, seen)
        time.sleep(0.2)  # a machine on which one act of the planner takes five seconds

    quick = Effort(Budget(rounds=((2, 1),)), 64)
    ceiling("OpenPlay", ["stand-still"], 2, rule="early-back-post", effort=quick)  # compiled before it is timed
    monkeypatch.setattr(Planner, "_think", slow)
    with stoppable():

        def send() -> None:
            assert thinking.wait(60)
            time.sleep(0.5)
            sent.append(time.monotonic())
            os.kill(os.getpid(), signal.SIGINT)

        sent: list[float] = []
        threading.Thread(target=send).start()
        with pytest.raises(KeyboardInterrupt):
            ceiling("OpenPlay", ["stand-still"], 50, rule="early-back-post")
        assert time.monotonic() - sent[0] < 3.0


def test_workers_are_killed_after_a_ctrl_c_whatever_they_do_and_however_often_it_comes() -> None:
    with stoppable():
        pids: list[int] = []
        with pytest.raises(KeyboardInterrupt):
            _interrupted_workers(pids)
        time.sleep(0.5)  # until the second signal has come
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def _interrupted_workers(pids: list[int]) -> None:
    began = time.monotonic()
    try:
        with workers(2) as pool:
            pids += [pool.submit(os.getpid).result() for _ in range(4)]
            signalled(0.3, signal.SIGINT, signal.SIGINT)
            began = time.monotonic()
            list(pool.map(time.sleep, (60, 60)))
    finally:
        assert time.monotonic() - began < SOON


def test_processes_import_nothing_from_the_folder_one_stands_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("multiprocessing", "statistics", "random", "types", "encodings"):
        (tmp_path / f"{name}.py").write_text("open('ran', 'w').close()\nraise SystemExit('not ours')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    with workers(1) as pool:
        assert pool.submit(os.getcwd).result() == str(tmp_path)
    assert "PYTHONSAFEPATH" not in os.environ
    done = subprocess.run(python(selection_worker.__name__), stdin=subprocess.DEVNULL, timeout=120, check=False)
    assert done.returncode == 0
    assert not (tmp_path / "ran").exists()


def test_every_process_is_started_with_a_safe_path() -> None:
    """Only `processes` spawns workers, and whatever runs Python gives it `-P`."""
    for folder in ("envs", "agents", "training", "renders"):
        for file in (ROOT / folder).rglob("*.py"):
            if file.name == "processes.py":
                continue
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                name = node.id if isinstance(node, ast.Name) else getattr(node, "attr", None)
                assert name not in ("get_context", "Pool", "Process", "ProcessPoolExecutor"), file
                if isinstance(node, ast.List) and "sys.executable" in ast.unparse(node):
                    assert "'-P'" in ast.unparse(node), file


def test_a_lock_is_held_by_one_and_gone_when_it_is_released(tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    with Lock.beside(file, "writing"):
        with pytest.raises(InvalidFile, match=rf"another process is writing {file}"):
            Lock.beside(file, "writing")
        assert len(list(tmp_path.iterdir())) == 1
    assert list(tmp_path.iterdir()) == []
    Lock.beside(file, "writing").release()
    with pytest.raises(InvalidFile, match="cannot write"):
        Lock(tmp_path / "no" / "lock", "busy")
