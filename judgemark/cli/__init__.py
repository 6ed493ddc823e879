"""The command line: flags, printing, exit codes; no logic."""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import os
import sys
from collections.abc import Sequence

from judgemark.cli.exit_codes import BATCH_OUT, DONE, INCOMPLETE, INTERRUPTED, MISUSED, REFUSED

__all__ = ["BATCH_OUT", "DONE", "INCOMPLETE", "INTERRUPTED", "MISUSED", "REFUSED", "main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code, as README's table explains it.

    Whatever goes wrong ends in one line on standard error; see `judgemark.cli.failures`.
    """
    given: list[str] = []
    # Read when numpy is loaded: products here are small, and threads would wait for shared cores.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Texts and verdicts live until the end; the collector would visit all of them many times, and
    # once more when the process ends.
    gc.set_threshold(300_000, 50, 50)
    atexit.register(gc.freeze)
    with contextlib.ExitStack() as outputs:
        try:
            given += sys.argv[1:] if arguments is None else arguments
            if not _asks_for_help(given):
                from judgemark.cli.scrubbed_output import scrubbed_output
                from judgemark.cli.termination import sigterm_as_ctrl_c

                outputs.enter_context(sigterm_as_ctrl_c())
                outputs.enter_context(scrubbed_output(given))
            return _dispatch(given)
        except (Exception, KeyboardInterrupt) as exc:  # noqa: BLE001  one line for the user instead
            from judgemark.cli.failures import end_with

            return end_with(exc, given)


def _asks_for_help(given: Sequence[str]) -> bool:
    """Return whether help or the version is all that is asked for, which holds no secret."""
    *command, last = given or [""]
    return last in ("--help", "-h", "--version") and all(word.isalpha() for word in command)


def _dispatch(given: list[str]) -> int:
    from judgemark.cli.flags import COMMANDS, parser, split_command
    from judgemark.cli.terminal_log import log_to_terminal
    from judgemark.errors import UsageError

    command, rest = split_command(given)
    if command is None:
        if rest:
            parser(None).parse_args(rest)
        parser(None).print_help()
        return DONE
    if command not in COMMANDS:
        raise UsageError(f'there is no command "{command}"; the commands are {", ".join(COMMANDS)}')
    parsed = parser(command).parse_intermixed_args(rest)
    # Where the command fails since no more files can be opened, this could not be loaded then.
    importlib.import_module("judgemark.cli.failures")
    log_to_terminal(parsed.verbosity, os.environ)
    module = importlib.import_module(COMMANDS[command].module)
    code: int = module.run(parsed)
    return code
