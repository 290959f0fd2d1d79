"""Puts cli.py into the package: setuptools takes a package's modules from one folder, and this one is in another."""

from setuptools import setup
from setuptools.command.build_py import build_py


class WithCommand(build_py):
    """Builds `backpost.cli` from the cli.py beside this file."""

    def find_package_modules(self, package: str, package_dir: str) -> list[tuple[str, str, str]]:
        """The modules of a package: its name, theirs, and the file."""
        modules: list[tuple[str, str, str]] = super().find_package_modules(package, package_dir)
        return [*modules, (package, "cli", "cli.py")] if package == "backpost" else modules


setup(cmdclass={"build_py": WithCommand})
