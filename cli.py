"""The command: one thin function per verb (parse, call, print)."""


def main() -> int:
    """Run the command line; returns the exit code."""
    print(__doc__)
    return 0
