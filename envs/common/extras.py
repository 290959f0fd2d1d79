"""The optional packages, and what is said where one of them is missing."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from .errors import BackpostError

EXTRAS = {
    "train": ("sb3_contrib", "scipy", "stable_baselines3", "tensorboard", "torch", "tqdm", "yaml"),
    "report": ("PIL", "av", "contourpy", "jinja2", "markupsafe", "matplotlib"),
    "board": ("starlette", "uvicorn"),
    "many": ("pettingzoo",),
    "minari": ("h5py", "minari"),
    "onnx": ("onnx", "onnxruntime"),
}
"""Packages that `pip install backpost[...]` adds, by import name."""


class MissingExtra(BackpostError, ModuleNotFoundError):
    """A package that only an extra installs is not there; also the `ModuleNotFoundError` that it would have been."""

    def __init__(self, package: str) -> None:
        super().__init__(f"this needs {package}: install it with `pip install 'backpost[{extra_of(package)}]'`")
        self.name = package


def extra_of(package: str) -> str | None:
    """The extra that installs a package, by its import name; None if none does."""
    return next((extra for extra, packages in EXTRAS.items() if package in packages), None)


def need(*packages: str) -> None:
    """Check that packages are installed, without importing them.

    Raises:
        MissingExtra: for the first that is not.
    """
    for package in packages:
        with explained():
            if find_spec(package) is None:
                raise MissingExtra(package)


@contextmanager
def explained() -> Iterator[None]:
    """Where a package of an extra cannot be imported in this block, say which extra installs it.

    Raises:
        MissingExtra: if one is missing; any other missing module is a fault, and raised as it is.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if isinstance(error, MissingExtra) or extra_of(package) is None:
            raise
        raise MissingExtra(package) from error
