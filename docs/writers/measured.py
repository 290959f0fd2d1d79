"""The directive `measured`: what a page shows of a stored result, or a sentence if it has not been measured yet."""

from pathlib import Path
from typing import Any

from sphinx.util.docutils import SphinxDirective

from backpost.training.bench.result_file import is_measured, not_measured


class Measured(SphinxDirective):
    """Show the content if there is such a result: `{measured} FILE TARGET`, the file relative to the site's sources.

    Without the file, a sentence says which target of `make` measures it. A result of another world fails the build.
    """

    required_arguments = 2
    has_content = True

    def run(self) -> list[Any]:
        """The content, or the sentence."""
        file, target = self.arguments
        path = Path(self.env.srcdir) / file
        self.env.note_dependency(str(path))
        return self.parse_content_to_nodes() if is_measured(path) else self.parse_text_to_nodes(not_measured(target))
