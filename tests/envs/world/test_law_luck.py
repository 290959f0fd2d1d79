"""One event, one draw: nothing that happens in a cross shares its luck with anything else that happens in it."""

import json
import os
import subprocess
import sys
from pathlib import Path

LEDGER = """
import json, sys
from collections import defaultdict

import numpy as np
from a_moment import lay, moment, opened, put

from backpost.envs import Crosses
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.chance import number as plain
from backpost.envs.world.record import HELD, KEEPER, LOOSE, RUNNER

drawn, played = defaultdict(set), 0
chance = sys.modules[plain.__module__]

def noted(seed, purpose, who, nth):
    caller = sys._getframe(1)
    while caller.f_code.co_filename == chance.__file__:
        caller = caller.f_back
    where = f"{caller.f_code.co_name}, line {caller.f_lineno}, {caller.f_lasti}"
    drawn[played, int(purpose), int(who), int(nth)].add(where)
    return plain(seed, purpose, who, nth)

for module in list(sys.modules.values()):
    if getattr(module, "number", None) is plain:
        module.number = noted

seeds = episode_seeds("verify", 42, 0, 16)
for played in (0, 2, 15):
    crosses = Crosses("Match")
    crosses.deal(seeds[played : played + 1])
    crosses.worlds["players"]["outside"][:, RUNNER] = 0
    while not crosses.step(np.zeros((1, 4)))[1].all():
        pass

for x in (22.0, 46.0):
    for phase in (LOOSE, HELD):
        for seed in range(6 if x < 30.0 else 2):
            played += 1
            worlds = moment(6, phase)[seed : seed + 1]
            lay(worlds, x, 0.0, 0.3 * seed)
            put(worlds, 2, x, 0.3)
            put(worlds, 3, x, -0.3)
            put(worlds, KEEPER, x, 1.6)
            worlds["ball"]["owner"] = 2 if phase == HELD else -1
            crosses = opened(worlds)
            for _ in range(3):
                crosses.step(np.zeros((1, 4)))

shared = {str(event): sorted(places) for event, places in drawn.items() if len(places) > 1}
print(json.dumps([len(drawn), len({place for places in drawn.values() for place in places}), shared]))
"""
"""Plays crosses and moments in plain Python, where every draw can be seen; prints the draws made at two places."""


def test_no_draw_of_luck_decides_two_things() -> None:
    """Every event of a cross is drawn at one place of the sources only, whatever it is drawn for."""
    done = subprocess.run(
        [sys.executable, "-c", LEDGER],
        env=os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": _with_helpers()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    events, places, shared = json.loads(done.stdout)
    assert shared == {}
    assert events > 1000
    assert places > 40


def _with_helpers() -> str:
    """The path of this process and what tests share."""
    return os.pathsep.join(filter(None, [str(Path(__file__).parents[2] / "shared"), os.environ.get("PYTHONPATH")]))
