"""Model selection: keeps the candidate with the highest team xG per cross, on crosses that are never reported.

Candidates are played in another process while training continues.
"""

import contextlib
import hashlib
import json
import subprocess
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

from backpost.agents.policies.policy import Policy
from backpost.agents.policies.policy_file import parse
from backpost.envs.common.errors import BackpostError
from backpost.envs.common.extensions import modules, search_path
from backpost.envs.common.files import write_atomically
from backpost.envs.common.processes import python
from backpost.envs.interface.options import Options

from . import selection_worker
from .checkpoint import Say
from .run_folder import RunFolder


class Selection:
    """The candidates of one run, of which the best is the run's policy.

    Args:
        folder: folder in which they are kept.
        env: scenario in which they are played.
        options: options of the scenario.
        crosses: number of crosses each plays.
        say: called with a message about a damaged candidate.
    """

    def __init__(self, folder: RunFolder, env: str, options: Options, crosses: int, say: Say = lambda _: None) -> None:
        self.folder = folder
        self.results: dict[int, float] = {}
        self._digests: dict[int, str] = {}
        self._say = say
        self._env, self._options = env, options
        self._crosses = crosses
        self._worker: subprocess.Popen[str] | None = None
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="selection")
        self._waiting: dict[int, Future[float]] = {}
        self._stopped = False

    @property
    def best(self) -> tuple[int, float] | None:
        """Steps and xG per cross of the best candidate so far; the earlier one if tied."""
        if not self.results:
            return None
        steps = max(self.results, key=lambda key: (self.results[key], -key))
        return steps, self.results[steps]

    def consider(self, policy: Policy, steps: int) -> None:
        """Save a candidate and play it in the background; the first is the run's policy until one is measured."""
        path = self.folder.checkpoint(steps)
        policy.save(path)
        content = path.read_bytes()
        parse(content, str(path))
        self._digests[steps] = _digest(content)
        if not self.folder.policy.exists():
            self._keep(steps)
        self._submit(steps)

    def state(self) -> dict[str, Any]:
        """Results and waiting candidates, for a checkpoint; the candidates themselves are in the folder."""
        digests = {steps: self._digests[steps] for steps in (*self.results, *self._waiting)}
        return {"results": dict(self.results), "waiting": list(self._waiting), "digests": digests}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Restore this state and replay waiting candidates; later and damaged candidates are deleted."""
        self._digests = dict(state["digests"])
        saved = (*state["results"], *state["waiting"])
        whole = [steps for steps in saved if self._content(steps) is not None]
        for path in self.folder.candidates():
            if path not in map(self.folder.checkpoint, whole):
                path.unlink()
        self.results = {steps: xg for steps, xg in state["results"].items() if steps in whole}
        for steps in state["waiting"]:
            if steps in whole:
                self._submit(steps)
        if whole:
            self._keep(self.best[0] if self.best else min(whole))

    def collect(self, steps: int, seconds: float, status: str = "running") -> None:
        """Collect the results of candidates that have been played, keep the best, and write the progress."""
        for candidate in [key for key, future in self._waiting.items() if future.done()]:
            self.results[candidate] = self._waiting.pop(candidate).result()
            if self.best is not None and self.best[0] == candidate and not self._keep(candidate):
                del self.results[candidate]
        self.folder.report(
            status,
            steps=steps,
            seconds=round(seconds, 1),
            best=None if self.best is None else {"steps": self.best[0], "xg_per_100": round(100 * self.best[1], 4)},
            candidates=[{"steps": k, "xg_per_100": round(100 * v, 4)} for k, v in sorted(self.results.items())],
        )

    def wait(self) -> None:
        """Wait until every candidate has been played."""
        for future in list(self._waiting.values()):
            future.result()

    def stop(self) -> None:
        """Drop candidates that have not been played to the end."""
        self._stopped = True
        if self._worker is not None:
            self._worker.kill()
        self._pool.shutdown(wait=True, cancel_futures=True)
        if self._worker is not None:
            self._worker.communicate()
        self._waiting = {key: future for key, future in self._waiting.items() if _ended_well(future)}

    def _submit(self, steps: int) -> None:
        if steps not in self.results and steps not in self._waiting:
            self._waiting[steps] = self._pool.submit(self._play, self.folder.checkpoint(steps))

    def _keep(self, steps: int) -> bool:
        """Make a candidate the policy of the run, and return whether it was intact."""
        content = self._content(steps)
        if content is not None and _read(self.folder.policy) != content:
            write_atomically(self.folder.policy, content)
        return content is not None

    def _content(self, steps: int) -> bytes | None:
        """A candidate as it was saved, restored from the run's policy if damaged; None if that is another candidate."""
        path = self.folder.checkpoint(steps)
        content = _read(path)
        if content is not None and _digest(content) == self._digests[steps]:
            return content
        kept = _read(self.folder.policy)
        if kept is not None and _digest(kept) == self._digests[steps]:
            write_atomically(path, kept)
            return kept
        self._say(f"candidate {path} is damaged: it differs from what was saved, so it no longer counts")
        return None

    def _play(self, path: Path) -> float:
        """Team xG per cross of the candidate in this file."""
        if self._worker is None and not self._stopped:
            # Its own session, so that it does not receive the Ctrl-C that ends the training.
            self._worker = subprocess.Popen(
                python(selection_worker.__name__),
                env=search_path(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
        answer = self._ask(json.dumps(self._job(path)))
        if not answer:
            raise BackpostError(
                "the process that plays the candidates has ended; resume with `backpost train --resume`"
            )
        return float(json.loads(answer))

    def _job(self, path: Path) -> dict[str, Any]:
        """What the worker is asked: see `selection_worker.value`."""
        return {
            "path": str(path.absolute()),
            "env": self._env,
            "options": asdict(self._options),
            "crosses": self._crosses,
            "extensions": modules(),
        }

    def _ask(self, line: str) -> str:
        """The worker's answer, empty if it has ended."""
        worker = self._worker
        if worker is None or worker.stdin is None or worker.stdout is None:
            return ""
        with contextlib.suppress(BrokenPipeError):
            print(line, file=worker.stdin, flush=True)
        return worker.stdout.readline()


def _ended_well(future: Future[float]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def _read(path: Path) -> bytes | None:
    """The content of a file, None if it is missing."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
