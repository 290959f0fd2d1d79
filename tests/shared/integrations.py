"""Runs the example of a trainer in an environment of its own: `python tests/shared/integrations.py torchrl`.

The example says what it needs (PEP 723) and stands beside a constraints file of tested versions. Python's own library
alone runs this file. `--freeze` installs the newest versions instead, and writes that file once the example has run.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs" / "examples" / "trainers"
PLACE = ROOT / ".integrations"
"""Folder of the environments; each example runs in a folder inside its own."""


def names() -> list[str]:
    """The trainers that have an example."""
    return sorted(path.stem.removeprefix("use_") for path in EXAMPLES.glob("use_*.py"))


def example(name: str) -> Path:
    """The script that uses a trainer."""
    return EXAMPLES / f"use_{name}.py"


def constraints(name: str) -> Path:
    """The file of its tested versions."""
    return EXAMPLES / f"{name}.txt"


def requirements(script: str) -> list[str]:
    """The packages that a script asks for in its block of metadata (PEP 723).

    Raises:
        ValueError: if it has no such block.
    """
    block = re.search(r"^# /// script\n((?:#.*\n)+?)# ///$", script, re.MULTILINE)
    if block is None:
        raise ValueError("the script does not say what it needs (PEP 723)")
    needs = tomllib.loads(re.sub(r"^# ?", "", block[1], flags=re.MULTILINE))["dependencies"]
    return [str(need) for need in needs]


def run(name: str, *, freeze: bool = False) -> None:
    """Make the environment of a trainer, if it is not there yet, and run its example in it.

    Raises:
        subprocess.CalledProcessError: if a step fails.
    """
    place = PLACE / name
    python = str(place / "bin" / "python")
    if not Path(python).exists():
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
    needs = [re.sub("^backpost", str(ROOT), need) for need in requirements(example(name).read_text(encoding="utf-8"))]
    pinned = [] if freeze else ["-c", str(constraints(name))]
    subprocess.run([python, "-m", "pip", "install", "--quiet", *pinned, *needs], check=True)
    work = place / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    subprocess.run([python, "-P", str(example(name))], cwd=work, check=True, env=os.environ | {"MPLBACKEND": "agg"})
    if freeze:
        asked = [python, "-m", "pip", "freeze", "--exclude", "backpost"]
        constraints(name).write_bytes(subprocess.run(asked, check=True, capture_output=True).stdout)


def main() -> None:
    """Run the examples that are named."""
    parser = argparse.ArgumentParser(description="run the examples of trainers, each in an environment of its own")
    parser.add_argument("names", nargs="+", choices=names(), metavar="NAME", help=f"one of {', '.join(names())}")
    parser.add_argument("--freeze", action="store_true", help="install the newest versions and write them down")
    given = parser.parse_args()
    for name in given.names:
        print(f"{name}: {PLACE / name}", flush=True)
        run(name, freeze=given.freeze)


if __name__ == "__main__":
    main()
