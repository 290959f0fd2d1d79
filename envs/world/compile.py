"""The decorators that compile everything inside a step.

Numba's own cache does not notice edits in other files and would run stale code, so the cache folder is named after a
digest of every source that a function may call: those of `envs` for a function of `envs`, and also those of the layers
below for a function of another layer.

Numba's cache files are pickles, so writing one means executing code. The cache is therefore kept in a folder that
only the user can write, and nothing is read from anywhere else. Without a usable folder, the next candidate or no
cache is used, and the log says so in one line.

Of several processes that start with an empty cache, one compiles, and the others wait for it (`turn.py`).
"""

import contextlib
import gc
import grp
import hashlib
import logging
import multiprocessing
import os
import pwd
import stat
import tempfile
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numba
from numba import types
from numba.core.caching import CompileResultCacheImpl, FunctionCache, UserProvidedCacheLocator
from numba.np import numpy_support

from .turn import Turn

FLOORS = ("envs", "agents", "training")
"""The packages with compiled functions; each calls its own functions and those of the packages before it."""
_LOG = logging.getLogger("backpost")

# Numba writes out the types of all arguments at every pass over every function, and works out the type of a record anew
# at every first call. For a record of hundreds of fields, that is a tenth of the first compilation and a hundredth of
# the first step with compiled code. A type never changes, so neither does its text.
types.Record.__repr__ = lru_cache(maxsize=64)(types.Record.__repr__)
numpy_support.from_struct_dtype = lru_cache(maxsize=64)(numpy_support.from_struct_dtype)


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a part of the step that only other compiled functions call.

    Single core, no fast-math (results are bit-reproducible), no division exceptions, GIL released. Without a Python
    wrapper and a cache entry of its own (its callers are cached), the first compilation is a sixth faster.
    """
    return _compiled(function, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def entry(function: Callable[..., Any]) -> Any:
    """Like `kernel`, for a function that Python also calls."""
    return _compiled(function, cached=True)


def parallel_entry(function: Callable[..., Any]) -> Any:
    """Like `entry`, for a loop over records on several cores; used only on request."""
    return _compiled(function, cached=True, parallel=True)


def _compiled(function: Callable[..., Any], cached: bool = False, **how: bool) -> Any:
    compiled = numba.njit(nogil=True, error_model="numpy", **how)(function)
    if numba.config.DISABLE_JIT:
        return compiled
    file = Path(function.__code__.co_filename)
    folder = cache_folder(_package(file.parent)) if cached and file.is_file() else None
    if folder is not None:
        _keep_in(compiled, function, folder)
    return _one_version_for_all_constants(compiled)


def _keep_in(compiled: Any, function: Callable[..., Any], folder: str) -> None:
    """Cache the compiled code in `folder`; Numba's own setting belongs to the user and is restored."""
    before, numba.config.CACHE_DIR = numba.config.CACHE_DIR, folder
    try:
        compiled._cache = _Cache(function)
        compiled.compile = _in_turn(compiled.compile)
    except (OSError, RuntimeError) as error:  # Numba raises RuntimeError if it cannot write
        _say(f"compiled code cannot be kept in {folder} ({_reason(error)}); every start compiles again")
    finally:
        numba.config.CACHE_DIR = before


def _in_turn(compile: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def compile_in_turn(signature: Any) -> Any:
        with TURN:
            return compile(signature)

    return compile_in_turn


class _OwnFolder(CompileResultCacheImpl):  # type: ignore[misc]
    """Numba's function store, restricted to the given folder."""

    _locator_classes = (UserProvidedCacheLocator,)


class _Cache(FunctionCache):  # type: ignore[misc]
    """On-disk cache of one function's compiled versions; if it fails, the function is compiled and still runs."""

    _impl_class = _OwnFolder

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The version for a signature; None if this process is to compile it now."""
        version = self._load(sig, target_context)
        if version is None and TURN.take(self._place().parent):
            version = self._load(sig, target_context)
        if version is None:
            TURN.begin()
        return version

    def _load(self, sig: Any, target_context: Any) -> Any:
        """The version for a signature; None if there is none, or if it is damaged, which clears the index."""
        try:
            with _without_collecting():
                return super().load_overload(sig, target_context)
        except Exception as error:  # a truncated or damaged pickle can raise anything
            _say(f"compiled code in {self._place()} cannot be read ({_reason(error)}), so it is compiled again")
            try:
                self.flush()
            except OSError as failure:
                self._complain(failure)
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Store the version for a signature, if the disk allows it."""
        try:
            super().save_overload(sig, data)
        except OSError as error:
            self._complain(error)

    def _complain(self, error: OSError) -> None:
        _say(f"compiled code cannot be kept in {self._place()} ({_reason(error)}); every start compiles again")

    def _place(self) -> Path:
        return Path(self.cache_path).parent


@contextlib.contextmanager
def _without_collecting() -> Iterator[None]:
    """Loading makes objects that last; to look for garbage among them takes a twentieth of the first step."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@cache
def cache_folder(package: Path) -> str | None:
    """A cache folder for the compiled functions of a package that no other user can write; None if there is none."""
    digest = sources_digest(package)
    refused: list[str] = []
    for place in _places():
        root = place / f"backpost-{os.geteuid()}"
        folder = root / digest
        try:
            _make_own(root)
            folder.mkdir(mode=0o700, exist_ok=True)
            if not os.access(folder, os.W_OK | os.X_OK):
                raise PermissionError("cannot be written")
        except OSError as error:
            refused.append(f"{root}: {_reason(error)}")
            continue
        if refused:
            _say(f"compiled code is kept in {root}, because another place cannot be used ({'; '.join(refused)})")
        return str(folder)
    reasons = "; ".join(refused) or "no home folder and no temporary folder"
    _say(f"there is no place to keep compiled code, so every start compiles again ({reasons})")
    return None


def sources_digest(package: Path) -> str:
    """Digest of all sources that a function of a package may call, 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for name, source in sorted(_sources(package).items()):
        content = source.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def _sources(package: Path) -> dict[str, Path]:
    """Every source that a function of a package may call, by its path below the common folder of the layers."""
    base = _root()
    floors = [base / name for name in FLOORS]
    below = floors[: floors.index(package) + 1] if package in floors else floors
    sources = {path.relative_to(base).as_posix(): path for floor in below for path in floor.rglob("*.py")}
    if package not in below:  # a user's own package, or the scripts beside it
        own = package.rglob("*.py") if (package / "__init__.py").is_file() else package.glob("*.py")
        sources |= {str(path): path for path in own}
    return sources


def _root() -> Path:
    """The common folder of the layers."""
    return Path(__file__).parents[2]


@cache
def _package(folder: Path) -> Path:
    """The outermost package containing a folder, or the floor of this one; the folder itself if there is none."""
    top = folder
    while folder != _root() and (folder / "__init__.py").is_file():
        top, folder = folder, folder.parent
    return top


def _places() -> Iterator[Path]:
    """Candidate cache folders, in order of preference."""
    if os.environ.get("NUMBA_CACHE_DIR"):
        yield Path(os.environ["NUMBA_CACHE_DIR"]).absolute()
    home = Path(os.path.expanduser("~"), ".cache")  # without HOME and a passwd entry it stays "~"
    base = Path(os.environ.get("XDG_CACHE_HOME") or home)
    if base.is_absolute():
        yield base
    try:
        yield Path(tempfile.gettempdir())
    except FileNotFoundError:
        return


def _make_own(root: Path) -> None:
    """Create a folder that only this user can write, or check that it is one.

    Raises:
        OSError: if it cannot be created, is a link, belongs to another user, or others can write or replace it.
    """
    root.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        root.mkdir(mode=0o700)
    place = root.parent.resolve()
    for folder in (place, *place.parents):
        status = folder.stat()
        if status.st_uid not in (0, os.geteuid()) or (_others_may_write(status) and not status.st_mode & stat.S_ISVTX):
            raise PermissionError(f"others can replace what is in {folder}")
    status = root.lstat()
    if not stat.S_ISDIR(status.st_mode):
        raise NotADirectoryError("not a folder")
    if status.st_uid != os.geteuid():
        raise PermissionError("it belongs to another user")
    if _others_may_write(status):
        raise PermissionError("others can write it")


def _others_may_write(status: os.stat_result) -> bool:
    """Whether users other than the owner (and root) may write; many systems give every user their own group."""
    if status.st_mode & stat.S_IWOTH:
        return True
    if not status.st_mode & stat.S_IWGRP:
        return False
    try:
        owner, group = pwd.getpwuid(status.st_uid).pw_name, grp.getgrgid(status.st_gid)
    except KeyError:
        return True
    return group.gr_name != owner or bool(set(group.gr_mem) - {owner})


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()


@cache
def _say(sentence: str) -> None:
    """Log a sentence once; child processes stay silent."""
    if multiprocessing.parent_process() is None:
        _LOG.warning(sentence)


def _say_compiling() -> None:
    """Log that the first start takes long, in a child process too: only the one process that compiles says it."""
    _LOG.warning(
        "compiling the simulator, once, which takes about half a minute; `backpost warm-up` does it ahead of time"
    )


TURN = Turn(
    waiting=lambda: _say("another process is compiling the simulator; waiting to load what it has compiled"),
    compiling=cache(_say_compiling),
)
"""The turn of this process to compile; `TURN.long()` makes one turn of several functions."""


def _one_version_for_all_constants(compiled: Any) -> Any:
    """Compile a callee once for int64 instead of once for every constant argument.

    Numba would compile 67 versions of `uniform` alone; avoiding this about halves the first compilation.
    """
    template = compiled.get_call_template

    def get_call_template(args: Any, kws: Any) -> Any:
        return template([types.unliteral(a) for a in args], {name: types.unliteral(a) for name, a in kws.items()})

    compiled.get_call_template = get_call_template
    return compiled
