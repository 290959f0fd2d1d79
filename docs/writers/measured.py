"""The directive `measured`: what a page shows of a stored result, or a sentence if it has not been measured yet."""

from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from backpost.training.bench.result_file import is_measured, not_measured


class Measured(SphinxDirective):
    """Show the content if the file of the argument, relative to the site's sources, holds a result of this world.

    The option `make` names the target that measures it. A result of another world fails the build.
    """

    required_arguments = 1
    option_spec = {"make": directives.unchanged_required}  # noqa: RUF012
    has_content = True

    def run(self) -> list[nodes.Node]:
        """The content, or the sentence."""
        path = Path(self.env.srcdir) / self.arguments[0]
        self.env.note_dependency(str(path))
        if is_measured(path):
            return self.parse_content_to_nodes()
        return self.parse_text_to_nodes(not_measured(self.options["make"]))
