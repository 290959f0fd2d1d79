"""Extensions: modules outside this package that register scenarios, rewards, agents or parameter sets.

Importing such a module registers what it brings. It can be imported by hand, by `backpost --import MODULE`, or found:
an installed package names it as an entry point of the group "backpost", and it is imported once a name is not known.

    [project.entry-points.backpost]
    my-drills = "my_drills"

Processes that this package starts import the modules that have registered something before (`modules`).
"""

import importlib
import importlib.util
import os
import sys
from collections.abc import Iterable
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from .errors import InvalidExtension

GROUP = "backpost"
"""The group of entry points that installed packages name their modules in."""
_PACKAGE = __name__.partition(".")[0]
_MAIN = ("__main__", "__mp_main__")
_registering: dict[str, None] = {}
"""Modules outside this package that have registered something, in their order."""
_files: dict[str, Path] = {}
"""Modules that were imported by the path of their file."""


def is_ours(module: str) -> bool:
    """Whether a module belongs to this package."""
    return module.partition(".")[0] == _PACKAGE


def note(module: str) -> None:
    """A module has registered something."""
    if not is_ours(module):
        _registering[module] = None


@cache
def load_installed() -> None:
    """Import what installed packages name as entry points, once.

    Raises:
        InvalidExtension: if one cannot be imported.
    """
    for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value)):
        _load(point)


def _load(point: EntryPoint) -> None:
    try:
        point.load()
    except Exception as error:
        package = f" of {point.dist.name}" if point.dist is not None else ""
        raise InvalidExtension(
            f"extension {point.name}{package} cannot be imported ({point.value}): {_reason(error)}; mend it, or "
            "uninstall the package"
        ) from error


def import_modules(names: Iterable[str]) -> None:
    """Import modules by their names, or by the path of a `.py` file; the current folder is searched last.

    Raises:
        InvalidExtension: if one cannot be imported.
    """
    for name in names:
        try:
            if Path(name).suffix == ".py":
                _import_file(Path(name).absolute())
            else:
                _search(Path().absolute())
                importlib.import_module(name)
        except Exception as error:
            raise InvalidExtension(
                f"extension {name} cannot be imported: {_reason(error)}; name a module or a .py file that registers "
                "scenarios, rewards, agents or parameter sets"
            ) from error


def _import_file(file: Path) -> None:
    """Import a file once, as a module that is called like it; modules beside it are found."""
    imported = sys.modules.get(file.stem)
    if imported is not None:
        if Path(str(getattr(imported, "__file__", ""))).absolute() != file:
            raise ImportError(f"a module of the name {file.stem} is imported already, rename the file")
        return
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None or not file.is_file():
        raise ImportError("no such file")
    _search(file.parent)
    sys.modules[file.stem] = module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[file.stem]
        raise
    _files[file.stem] = file


def _search(folder: Path) -> None:
    if str(folder) not in sys.path:
        sys.path.append(str(folder))


def modules(main: bool = True) -> list[str]:
    """What a process that is started must import to know every name: for `import_modules`, in order.

    Args:
        main: with the script that was started, if that has registered something; processes of `multiprocessing` import
            it anyway.
    """
    names = (importable(module) for module in _registering if main or module not in _MAIN)
    return [module for module in names if module is not None]


def importable(module: str) -> str | None:
    """What to import instead of a module or a script; None for an interactive session, which nobody can import."""
    if module in _files:
        return str(_files[module])
    if module not in _MAIN:
        return module
    main = sys.modules[module]
    if main.__spec__ is not None:
        return main.__spec__.name
    file = getattr(main, "__file__", None)
    return str(Path(file).absolute()) if file is not None and Path(file).suffix == ".py" else None


def search_path() -> dict[str, str]:
    """The environment of a Python process that is to find the same modules as this one."""
    return os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {(str(error) or 'no reason given').splitlines()[0]}"
