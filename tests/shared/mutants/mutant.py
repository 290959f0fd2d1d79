"""A mutant: one seeded fault."""

from dataclasses import dataclass
from pathlib import Path

GOLDEN = "tests/envs/test_golden.py::test_a_thousand_episodes_are_what_they_were"
"""The recordings; they play no agent, so only a fault in the environments can show there."""


class StaleMutant(Exception):
    """The sources no longer have the text that a mutant changes, or have it more than once."""


@dataclass(frozen=True)
class Mutant:
    """One fault.

    Attributes:
        name: its name, short and unique.
        file: the source that it changes, from the root of the project.
        old: text that occurs there exactly once.
        new: what the fault makes of it.
        tests: files, or single tests, that promise that this cannot be; they run in plain Python, without conftest.
        fault: what would be wrong with the project, in one sentence.
    """

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    fault: str

    @property
    def shows_in_recordings(self) -> bool:
        """Whether golden runs play what it changes."""
        return self.file.startswith("envs/")

    def applied(self, root: Path) -> str:
        """The text of the file with the fault in it.

        Raises:
            StaleMutant: if the text to be changed is not there exactly once.
        """
        text = (root / self.file).read_text(encoding="utf-8") if (root / self.file).is_file() else ""
        count = text.count(self.old)
        if count != 1:
            raise StaleMutant(f"{self.name}: {self.file} has its text {count} times, not once: {self.old!r}")
        return text.replace(self.old, self.new)
