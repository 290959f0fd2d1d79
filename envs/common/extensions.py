"""Extensions: modules outside this package that register scenarios, rewards, agents or parameter sets.

Importing such a module registers its entries. Import it yourself, with `backpost --import MODULE`, or declare it in an
installed package as an entry point of the group "backpost"; it is then imported when an unknown name is looked up.

    [project.entry-points.backpost]
    my-drills = "my_drills"

Child processes of this package import the modules that have registered something so far (`modules`).
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
"""The entry point group in which installed packages declare their modules."""
_PACKAGE = __name__.partition(".")[0]
_MAIN = ("__main__", "__mp_main__")
_registering: dict[str, None] = {}
"""Modules outside this package that have registered something, in order."""
_files: dict[str, Path] = {}
"""Modules imported by file path."""


def is_ours(module: str) -> bool:
    """Whether a module belongs to this package."""
    return module.partition(".")[0] == _PACKAGE


def note(module: str) -> None:
    """Note that a module has registered something."""
    if not is_ours(module):
        _registering[module] = None


@cache
def load_installed() -> None:
    """Import the entry points of installed packages, once.

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
            f"extension {point.name}{package} cannot be imported ({point.value}): {_reason(error)}; fix it, or "
            "uninstall the package"
        ) from error


def import_modules(names: Iterable[str]) -> None:
    """Import modules by name or by the path of a `.py` file; the current folder is searched last.

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
    """Import a file once, as a module named after it; it can import modules beside it."""
    imported = sys.modules.get(file.stem)
    if imported is not None:
        if Path(str(getattr(imported, "__file__", ""))).absolute() != file:
            raise ImportError(f"a module named {file.stem} is already imported; rename the file")
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
    """Modules that a child process must import to know every name: for `import_modules`, in order.

    Args:
        main: include the main script if it has registered something; `multiprocessing` child processes import it
            anyway.
    """
    names = (importable(module) for module in _registering if main or module not in _MAIN)
    return [module for module in names if module is not None]


def not_imported(names: Iterable[str]) -> list[str]:
    """Those of the modules that `modules` once returned, perhaps in another process, that have not registered here.

    A file counts by its name alone, because it may have moved. Installed extensions are imported first.

    Raises:
        InvalidExtension: if an installed one cannot be imported.
    """
    load_installed()
    here = {_module_name(name) for name in modules()}
    return [name for name in names if _module_name(name) not in here]


def _module_name(name: str) -> str:
    return Path(name).stem if Path(name).suffix == ".py" else name


def importable(module: str) -> str | None:
    """Name or path under which a module or script can be imported; None for an interactive session."""
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
    """Environment variables for a Python process that must find the same modules as this one."""
    return os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {(str(error) or 'no reason given').splitlines()[0]}"
