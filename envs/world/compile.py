"""The one decorator of everything that runs inside a step.

Numba's own cache does not notice an edit in another file and would run old code, so the cache folder is named after
a digest: of all sources of this folder for what is written here, of those of its neighbours too for what is written in
one of them, because it calls both. The setting is global to the user's process: it is changed only while a
function is decorated, and put back.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numba
from numba import types


@cache
def _cache_folder(home: Path) -> str:
    """A writable folder that belongs to exactly the sources that a function from the folder `home` may call."""
    envs = Path(__file__).parents[1]
    inside = home == envs or envs in home.parents
    digest = hashlib.sha256()
    for source in sorted(envs.rglob("*.py") if inside else {*envs.parent.glob("*/**/*.py"), *home.glob("*.py")}):
        digest.update(source.name.encode())
        digest.update(source.read_bytes())
    base = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    for root in (Path(base), Path(tempfile.gettempdir())):
        folder = root / "backpost" / digest.hexdigest()[:16]
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return str(folder)
    return ""


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a part of the step, which only other compiled functions call.

    For one core, without fast-math (bits are promised), without exceptions for a division, the GIL released. No door
    for Python and no place in the cache (its callers are there): a sixth off the first compilation.
    """
    return _compiled(function, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def entry(function: Callable[..., Any]) -> Any:
    """The same for a function that Python calls too."""
    return _compiled(function, cached=True)


def parallel_entry(function: Callable[..., Any]) -> Any:
    """The same for a loop over records on several cores; only used when a caller asks for it."""
    return _compiled(function, cached=True, parallel=True)


def _compiled(function: Callable[..., Any], cached: bool = False, **how: bool) -> Any:
    folder, before = _cache_folder(Path(function.__code__.co_filename).parent), numba.config.CACHE_DIR
    numba.config.CACHE_DIR = folder or before
    try:
        compiled = numba.njit(nogil=True, error_model="numpy", cache=cached and bool(folder), **how)(function)
    finally:
        numba.config.CACHE_DIR = before
    return compiled if numba.config.DISABLE_JIT else _one_version_for_all_constants(compiled)


def _one_version_for_all_constants(compiled: Any) -> Any:
    """Compile a callee once for int64 instead of once for every constant that it is called with.

    Numba would make 67 versions of `uniform` alone; without them the first compilation takes about half the time.
    """
    template = compiled.get_call_template

    def get_call_template(args: Any, kws: Any) -> Any:
        return template([types.unliteral(a) for a in args], {name: types.unliteral(a) for name, a in kws.items()})

    compiled.get_call_template = get_call_template
    return compiled
