"""The one decorator of everything that runs inside a step.

Numba's own cache does not notice an edit in another file and would run stale code, so the cache folder is named after
a digest of every source that a function may call: those of `envs` for a function of `envs`, those of the floors below
as well for a function of another floor.

Numba's cache files are pickles: whoever writes one decides what is run. So they lie in a folder that belongs to the
user alone, and nothing is read from any other. A cache that cannot be had stops nothing: the next place is used, or
none, and one line of the log says so.
"""

import contextlib
import grp
import hashlib
import logging
import multiprocessing
import os
import pwd
import stat
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numba
from numba import types
from numba.core.caching import CompileResultCacheImpl, FunctionCache, UserProvidedCacheLocator

FLOORS = ("envs", "agents", "training")
"""The packages with compiled functions; those of one call functions of its own and of the packages before it."""
_LOG = logging.getLogger("backpost")


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
    compiled = numba.njit(nogil=True, error_model="numpy", **how)(function)
    if numba.config.DISABLE_JIT:
        return compiled
    file = Path(function.__code__.co_filename)
    folder = cache_folder(_package(file.parent)) if cached and file.is_file() else None
    if folder is not None:
        _keep_in(compiled, function, folder)
    return _one_version_for_all_constants(compiled)


def _keep_in(compiled: Any, function: Callable[..., Any], folder: str) -> None:
    """Keep what is compiled in `folder`; Numba's setting is the user's, so it is put back."""
    before, numba.config.CACHE_DIR = numba.config.CACHE_DIR, folder
    try:
        compiled._cache = _Cache(function)
    except (OSError, RuntimeError) as error:  # Numba raises the latter where it cannot write
        _say(f"compiled code cannot be kept in {folder} ({_reason(error)}); every start compiles again")
    finally:
        numba.config.CACHE_DIR = before


class _OwnFolder(CompileResultCacheImpl):  # type: ignore[misc]
    """Numba's way to store a function, in the folder that it is given and in no other."""

    _locator_classes = (UserProvidedCacheLocator,)


class _Cache(FunctionCache):  # type: ignore[misc]
    """The compiled versions of one function on disk; whatever goes wrong there, the function is compiled and runs."""

    _impl_class = _OwnFolder

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The version for a signature; None if there is no sound one, and then nothing of the index is kept."""
        try:
            return super().load_overload(sig, target_context)
        except Exception as error:  # a torn or damaged pickle can raise anything
            _say(f"compiled code in {self._place()} cannot be read ({_reason(error)}), so it is compiled again")
            try:
                self.flush()
            except OSError as failure:
                self._complain(failure)
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Store the version for a signature, if the disk takes it."""
        try:
            super().save_overload(sig, data)
        except OSError as error:
            self._complain(error)

    def _complain(self, error: OSError) -> None:
        _say(f"compiled code cannot be kept in {self._place()} ({_reason(error)}); every start compiles again")

    def _place(self) -> Path:
        return Path(self.cache_path).parent


@cache
def cache_folder(package: Path) -> str | None:
    """A folder for the compiled functions of a package, which no other user can write; None if there is none."""
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
    """16 hexadecimal digits that belong to exactly the sources that a function of a package may call."""
    digest = hashlib.sha256()
    for name, source in sorted(_sources(package).items()):
        content = source.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def _sources(package: Path) -> dict[str, Path]:
    """Every source that a function of a package may call, by its path below the floors' common folder."""
    base = _package(Path(__file__).parent).parent
    floors = [base / name for name in FLOORS]
    below = floors[: floors.index(package) + 1] if package in floors else floors
    sources = {path.relative_to(base).as_posix(): path for floor in below for path in floor.rglob("*.py")}
    if package not in below:  # a user's own package, or the scripts beside his own
        own = package.rglob("*.py") if (package / "__init__.py").is_file() else package.glob("*.py")
        sources |= {str(path): path for path in own}
    return sources


def _package(folder: Path) -> Path:
    """The outermost package that a folder belongs to; the folder itself if it belongs to none."""
    top = folder
    while (folder / "__init__.py").is_file():
        top, folder = folder, folder.parent
    return top


def _places() -> Iterator[Path]:
    """Folders that may hold the cache, in the order in which they are tried."""
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
    """Make a folder that only this user can write, or make sure that it is one.

    Raises:
        OSError: if it cannot be made, is a link or another user's, or others can write it or put another in its place.
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
    """Whether anybody but the owner (and root) may write; many systems give every user a group of his own."""
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
    """A line of the log, once; the processes that this one starts have nothing to add."""
    if multiprocessing.parent_process() is None:
        _LOG.warning(sentence)


def _one_version_for_all_constants(compiled: Any) -> Any:
    """Compile a callee once for int64 instead of once for every constant that it is called with.

    Numba would make 67 versions of `uniform` alone; without them the first compilation takes about half the time.
    """
    template = compiled.get_call_template

    def get_call_template(args: Any, kws: Any) -> Any:
        return template([types.unliteral(a) for a in args], {name: types.unliteral(a) for name, a in kws.items()})

    compiled.get_call_template = get_call_template
    return compiled
