"""The documentation site: `make docs` builds it into docs/_build, where it needs no network to be read.

Pages of three kinds: written by hand (Markdown), written from the code at the start of a build (`writers/`), and
tutorials, which are the scripts of `examples/`, run during the build.
"""

import os
import sys
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
os.environ.setdefault("SDL_VIDEODRIVER", "dummy")

import writers  # noqa: E402

project = "backpost"
author = "The backpost developers"
project_copyright = "2026, the backpost developers"
version = release = installed("backpost")

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx_gallery.gen_gallery",
]
# Beside the pages stand results that commands write; those are shown by a page and are none themselves.
include_patterns = [
    "index.md",
    "design.md",
    "start/*",
    "environments/*",
    "tutorials/*",
    "trainers/*",
    "findings/*",
    "reference/*",
    "project/*",
    "explain/rule-crosses.md",
]
exclude_patterns = ["tutorials/*.ipynb", "tutorials/*.py", "tutorials/*.zip", "tutorials/*.json", "tutorials/*.md5"]
nitpicky = True
# Signatures name types of other projects, whose inventories lie on the network, and our own that have no page.
nitpick_ignore_regex = [("py:class", ".*"), ("py:exc", ".*")]

html_theme = "furo"
html_title = "backpost"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_favicon = "_static/favicon.svg"
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#2d5442", "color-brand-content": "#2d6e4f"},
    "dark_css_variables": {"color-brand-primary": "#ffb733", "color-brand-content": "#ffc766"},
    "top_of_page_buttons": [],
}
html_copy_source = False
html_show_sourcelink = False

myst_enable_extensions = ["colon_fence", "deflist", "attrs_block"]
myst_heading_anchors = 4
copybutton_prompt_text = "$ "
copybutton_exclude = ".linenos, .gp, .go"

autodoc_default_options = {"member-order": "bysource", "show-inheritance": True}
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True  # else fields of a named tuple are described twice

sphinx_gallery_conf = {
    "examples_dirs": "examples",
    "gallery_dirs": "tutorials",
    "filename_pattern": r"\.py$",
    "within_subsection_order": "writers.gallery.Order",
    "reset_modules": ("matplotlib", "writers.gallery.strict"),
    "reset_modules_order": "both",
    "abort_on_example_error": False,  # with -W a failing example fails the build, after the others have been tried
    "remove_config_comments": True,
    "show_memory": False,
    "min_reported_time": 1e9,
    "write_computation_times": False,
    "show_signature": False,
    "download_all_examples": False,
    "plot_gallery": True,
    "first_notebook_cell": None,
    "copyfile_regex": r".*\.safetensors",
}


def setup(app: Sphinx) -> dict[str, Any]:
    """Write the pages that come from the code before the first page is read, and copy the coach's pages at the end."""
    app.add_directive("measured", writers.Measured)
    app.connect("builder-inited", writers.write_pages, priority=100)
    app.connect("autodoc-process-docstring", writers.docstrings.as_rst, priority=400)  # before Napoleon
    app.connect("autodoc-process-docstring", writers.docstrings.restore, priority=600)  # after it
    app.connect("build-finished", writers.copy_coach_pages)
    return {"parallel_read_safe": True}
