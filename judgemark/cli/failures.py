"""What the command line says when a command fails, and the exit code it ends with."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Sequence

from judgemark.cli.exit_codes import BATCH_OUT, DONE, INTERRUPTED, MISUSED, REFUSED
from judgemark.cli.standard_streams import STANDARD_ERROR, STANDARD_OUTPUT
from judgemark.errors import BatchOut, CapReached, Interrupted, JudgemarkError, Refused

_LONGEST_LINE = 1500


def end_with(exc: BaseException, arguments: Sequence[str]) -> int:
    """Say in one line what went wrong; return the exit code of README's table.

    The traceback is printed too where the user asked for `--verbosity DEBUG`.
    """
    if isinstance(exc, BrokenPipeError):
        # The program that read the output has ended: there is no reader left for a message.
        _discard(sys.stdout)
        return DONE
    try:
        from judgemark.cli.terminal import warn

        if _wants_traceback(arguments):
            warn("".join(traceback.format_exception(exc)).rstrip())
        words = words_for(exc)
        if words:
            warn(f"judgemark: {_one_line(words)}")
        sys.stdout.flush()
    except OSError:
        # Standard output or error is full or closed: the exit code alone has to tell.
        _discard(sys.stdout)
        _discard(sys.stderr)
    return exit_code_of(exc)


def exit_code_of(exc: BaseException) -> int:
    """Return the exit code that README's table gives for this failure."""
    if isinstance(exc, Refused | CapReached):
        return REFUSED
    if isinstance(exc, BatchOut):
        return BATCH_OUT
    if isinstance(exc, Interrupted | KeyboardInterrupt):
        return INTERRUPTED
    return MISUSED


def words_for(exc: BaseException) -> str:
    """Return one line: what happened, where, and what to do.

    It is empty where that has been said already.
    """
    if isinstance(exc, Interrupted):
        return ""
    if isinstance(exc, KeyboardInterrupt):
        return "interrupted; what is stored stays, and the same command goes on from there"
    if isinstance(exc, JudgemarkError):
        return exc.message
    if isinstance(exc, OSError) and exc.filename in (STANDARD_OUTPUT, STANDARD_ERROR):
        what = exc.strerror or str(exc)
        return f"{exc.filename} cannot be written ({what}); free some space there or redirect it"
    if isinstance(exc, OSError):
        where = f"{exc.filename}: " if exc.filename is not None else ""
        what = exc.strerror or str(exc)
        if exc.errno in (errno.EMFILE, errno.ENFILE):
            return (
                f"{where}this machine lets a program open no more files at once ({what}); raise "
                "the limit (ulimit -n)"
            )
        fix = "check the path, its permissions and the free space"
        return f"{where}cannot be read or written ({what}); {fix}"
    if isinstance(exc, RuntimeError) and "start new thread" in str(exc):
        return (
            "this machine starts no more threads; end other programs or raise the limit (ulimit -u)"
        )
    if isinstance(exc, MemoryError):
        return "the memory is full; use smaller files, or a machine with more memory"
    return (
        f"this input cannot be processed ({type(exc).__name__}: {_first_line(exc)}); "
        "--verbosity DEBUG shows where in the program"
    )


def _one_line(words: str) -> str:
    """Return the message in one line; what a user gave may be long or have lines of its own."""
    line = " ".join(words.splitlines())
    if len(line) <= _LONGEST_LINE:
        return line
    half = _LONGEST_LINE // 2
    return f"{line[:half]} … {line[-half:]}"


def _first_line(exc: BaseException) -> str:
    lines = str(exc).splitlines()
    return lines[0][:200] if lines else "no message"


def _wants_traceback(arguments: Sequence[str]) -> bool:
    given = [a.upper() for a in arguments]
    for flag, value in zip(given, [*given[1:], ""], strict=True):
        if flag == "--VERBOSITY" or flag.startswith("--VERBOSITY="):
            return "DEBUG" in (value, flag.partition("=")[2])
    return os.environ.get("LOG_VERBOSITY", "").upper() == "DEBUG"


def _discard(stream: object) -> None:
    """Let what is still buffered go nowhere: written at exit, it would fail once more."""
    try:
        number = stream.fileno()  # type: ignore[attr-defined]
    except (AttributeError, OSError, ValueError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)
