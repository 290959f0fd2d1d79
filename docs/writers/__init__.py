"""What the site takes from the code when it is built: environments, observation, info, command line, API."""

import shutil
from pathlib import Path

from sphinx.application import Sphinx

from . import api, command_line, docstrings, environments, exploits, information, learners, observation, policies, rules
from .measured import Measured

__all__ = ["Measured", "copy_coach_pages", "docstrings", "write_pages"]


def write_pages(app: Sphinx) -> None:
    """Write every page that comes from the code into the source folder of the site."""
    docs = Path(app.srcdir)
    environments.write(docs / "environments")
    for writer in (observation, information, learners, rules, policies, command_line, api, exploits):
        writer.write(docs / "reference")


def copy_coach_pages(app: Sphinx, error: Exception | None) -> None:
    """Put the finished pages for a coach beside the site: each is a whole HTML document of its own."""
    if error is None:
        shutil.copytree(Path(app.srcdir) / "pages", Path(app.outdir) / "pages", dirs_exist_ok=True)
