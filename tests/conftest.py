"""What several test files share."""

import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from backpost.agents.base.play import play, record
from backpost.agents.base.registry import AGENTS
from backpost.agents.registry import agent
from backpost.agents.rules.registry import RULE_TYPES
from backpost.envs import SCENARIOS
from backpost.envs.common import extensions
from backpost.envs.common.registry import Registry
from backpost.envs.interface.outcome import metrics
from backpost.envs.interface.parameter_sets import PARAMETER_SETS
from backpost.envs.interface.reward import REWARDS
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.record import HIGH

REGISTRIES: tuple[Registry[Any], ...] = (SCENARIOS, REWARDS, PARAMETER_SETS, AGENTS, RULE_TYPES)

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync")
"""Chromium asks its makers for nothing either."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """This machine's Chromium, or playwright's own."""
    installed = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed, args=["--no-sandbox", "--disable-gpu", *QUIET])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Without a Chromium its tests are skipped, except under CI=true, where they fail."""
    try:
        with chromium() as browser:
            yield browser
    except PlaywrightError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"no Chromium: `playwright install chromium` gets one ({str(error).splitlines()[0]})")


@pytest.fixture
def hears_signals() -> Iterator[None]:
    """This process hears the signals that stop work, even if whoever runs the tests ignores them."""
    usual: dict[str, Any] = {"SIGINT": signal.default_int_handler, "SIGTERM": signal.SIG_DFL, "SIGHUP": signal.SIG_DFL}
    before = {name: signal.signal(getattr(signal, name), handler) for name, handler in usual.items()}
    yield
    for name, handler in before.items():
        signal.signal(getattr(signal, name), handler)


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts a process that hears a Ctrl-C even if whoever runs the tests ignores it; none outlives its test."""
    started: list[subprocess.Popen[str]] = []

    def start(command: list[str], **how: Any) -> subprocess.Popen[str]:
        hears = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
        started.append(subprocess.Popen(command, preexec_fn=hears, text=True, **how))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def small_disk() -> Callable[[int], AbstractContextManager[None]]:
    """A full disk for this process alone: while it is entered, no file can grow beyond so many bytes.

    Python would keep the bytecode of what is imported meanwhile, cut off, for every later process.
    """

    @contextmanager
    def limited(largest: int) -> Iterator[None]:
        before, kept = resource.getrlimit(resource.RLIMIT_FSIZE), sys.dont_write_bytecode
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, before[1]))
        sys.dont_write_bytecode = True
        try:
            yield
        finally:
            sys.dont_write_bytecode = kept
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    return limited


@pytest.fixture
def unregistered() -> Iterator[None]:
    """Nothing but what the package brings, before and after a test."""
    before = [(registry, dict(registry._entries), dict(registry._origins)) for registry in REGISTRIES]
    ids = dict(gym.registry)
    extensions._registering.clear()  # pytest may have imported a module of the package under another name
    yield
    for registry, entries, origins in before:
        registry._entries, registry._origins = entries, origins
    for id in set(gym.registry) - set(ids):
        del gym.registry[id]
    for name in ("an_extension", "a_faulty_deal"):
        sys.modules.pop(name, None)
    extensions._registering.clear()
    extensions._files.clear()
    extensions.load_installed.cache_clear()


@pytest.fixture
def device(tmp_path: Path) -> Callable[[str], Path]:
    """Devices in a folder of the test ("null", "full"): root could replace even the real ones, if there is a fault."""

    def made(name: str) -> Path:
        if os.geteuid() != 0:
            return Path("/dev") / name
        os.mknod(tmp_path / name, 0o666 | stat.S_IFCHR, os.makedev(1, {"null": 3, "full": 7}[name]))
        return tmp_path / name

    return made


@pytest.fixture(scope="session")
def runs() -> dict[str, Any]:
    """Recorded crosses, (t,) each: "meets" and the same ball for another rule as "other"; "passes"; a high one."""
    rule, other = agent("early-back-post"), agent("near-post-sprint")
    seeds = episode_seeds("verify", 0, 0, 300)
    final = play(rule, "OpenPlay", seeds)
    table = metrics(final)
    struck = final.delivery.struck_at < 99.0
    ran = table["start"] + final.delivery.struck_at > 0.05  # not from the first moment on: that is no start
    chosen = {
        "meets": seeds[np.flatnonzero((table["meets"] == 1) & ran)[0]],
        "passes": seeds[np.flatnonzero((table["meets"] == 0) & ran & (final.pass_distance < 3.0))[0]],
        "high": seeds[np.flatnonzero(struck & (final.delivery.kind == HIGH) & (final.delivery.blocked == 0))[0]],
    }
    played = {name: record(rule, "OpenPlay", seed) for name, seed in chosen.items()}
    given = played["meets"][-1:].view(np.recarray).delivery
    return played | {"other": record(other, "OpenPlay", chosen["meets"], given=given)}
