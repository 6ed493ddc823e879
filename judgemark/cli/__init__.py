"""The command line: flags, printing, exit codes; no logic."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

from judgemark.errors import CapReached, Interrupted, JudgemarkError, Refused

DONE, INCOMPLETE, MISUSED, REFUSED, INTERRUPTED = 0, 1, 2, 3, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is as README's table says."""
    from judgemark.cli.terminal import warn

    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _dispatch(given)
    except (Refused, CapReached) as exc:
        warn(f"judgemark: {exc}")
        return REFUSED
    except (Interrupted, KeyboardInterrupt):
        return INTERRUPTED
    except JudgemarkError as exc:
        warn(f"judgemark: {exc}")
        return MISUSED
    except BrokenPipeError:
        sys.stderr.close()
        return DONE


def _dispatch(given: list[str]) -> int:
    from judgemark.cli.flags import COMMANDS, parser, split_command
    from judgemark.errors import UsageError

    command, rest = split_command(given)
    if command is None:
        if rest:
            parser(None).parse_args(rest)
        parser(None).print_help()
        return DONE
    if command not in COMMANDS:
        raise UsageError(f'no command "{command}"; there are {", ".join(COMMANDS)}')
    parsed = parser(command).parse_intermixed_args(rest)
    module = importlib.import_module(f"judgemark.cli.command_{command.replace(' ', '_')}")
    code: int = module.run(parsed)
    return code
