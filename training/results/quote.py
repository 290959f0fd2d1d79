"""Insert a table into the README: `python -m backpost.training.results.quote README.md NAME FILE`.

The first part of FILE, up to an empty line, goes between `<!-- NAME -->` and `<!-- /NAME -->`; Markdown unchanged,
anything else as a text block.
"""

import sys
from pathlib import Path

from backpost.envs.common.errors import InvalidFile
from backpost.envs.common.files import write_atomically


def quote(page: Path, name: str, file: Path) -> None:
    """Replace the content between the page's marks of this name.

    Raises:
        InvalidFile: if the page does not have each of the two marks exactly once.
    """
    text, part = page.read_text(encoding="utf-8"), file.read_text(encoding="utf-8").split("\n\n")[0].strip()
    begin, end = f"<!-- {name} -->\n", f"\n<!-- /{name} -->"
    if text.count(begin) != 1 or text.count(end) != 1:
        raise InvalidFile(f"{page} must have one {begin.strip()} and one {end.strip()}")
    before, after = text.split(begin)[0], text.split(end)[1]
    shown = part if file.suffix == ".md" else f"```text\n{part}\n```"
    write_atomically(page, before + begin + shown + end + after)


if __name__ == "__main__":
    quote(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
