"""Run the command: one sentence for bad input, an exit code for each signal, no output lost."""

import argparse
import sys
from collections.abc import Callable, Sequence

from .reporting import check_outputs, complain
from .terminal import drop_output, is_closed, taking_any_text

STOPPED = 130
"""Exit code after a Ctrl-C, as in shells."""


def run(parser: Callable[[], argparse.ArgumentParser], argv: Sequence[str] | None = None) -> int:
    """Parse a command line and run its verb.

    Returns:
        The exit code: 0, 1 if `exploits` has found some, 2 for bad input (one sentence on stderr), 130 after a Ctrl-C,
        143 after a TERM, 129 after a HUP. As in argparse, `--help` and a command line that cannot be parsed raise
        SystemExit.
    """
    output_is_closed = is_closed(sys.stdout)
    with taking_any_text():
        arguments, stop = parser().parse_args(argv), None
        try:
            # Imported only after the help is printed, because this imports numba.
            from backpost.envs.common.stopping import leave, stoppable

            with stoppable() as stop:
                code = _run(arguments, output_is_closed)
            return stop.exit_code if code == STOPPED else code
        except BrokenPipeError:  # the reader of the table has gone
            drop_output()
            return 0
        except OSError as error:
            return complain(f"{error.filename or 'a file'}: {(error.strerror or str(error)).lower()}")
        except KeyboardInterrupt:
            complain("stopped; nothing more was written")
            return STOPPED if stop is None else leave(stop.exit_code)


def _run(arguments: argparse.Namespace, output_is_closed: bool) -> int:
    """Check that every output can be written before any long work, then run the verb."""
    from backpost.envs.common.errors import BackpostError
    from backpost.envs.common.extras import explained

    try:
        if arguments.imports:
            from backpost.envs.common.extensions import import_modules

            import_modules(arguments.imports)
        check_outputs(arguments, output_is_closed)
        with explained():
            code: int = arguments.run(arguments) or 0
        sys.stdout.flush()
        return code
    except BackpostError as error:
        return complain(str(error))
