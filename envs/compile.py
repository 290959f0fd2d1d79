"""The one decorator of everything that runs inside a step.

Numba's own cache does not notice an edit in another file and would run old code, so the cache folder is named after
a digest of all sources of this package. The setting is global to the user's process: it is changed only while a
function is decorated, and put back.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
from numba import types


def _cache_folder() -> str:
    """A writable folder that belongs to exactly these sources."""
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
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


_FOLDER = _cache_folder()


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a part of the step, which only other compiled functions call.

    For one core, without fast-math (bits are promised), without exceptions for a division, the GIL released. No door
    for Python and no place in the cache (its callers are there): a sixth off the first compilation.
    """
    return _compiled(function, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def entry(function: Callable[..., Any]) -> Any:
    """The same for a function that Python calls too."""
    return _compiled(function, cache=bool(_FOLDER))


def parallel_entry(function: Callable[..., Any]) -> Any:
    """The same for a loop over records on several cores; only used when a caller asks for it."""
    return _compiled(function, cache=bool(_FOLDER), parallel=True)


def _compiled(function: Callable[..., Any], **how: bool) -> Any:
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = _FOLDER or before
    try:
        compiled = numba.njit(nogil=True, error_model="numpy", **how)(function)
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
