"""What happens where this machine lets the program open no more files and connections."""

from __future__ import annotations

import errno
import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

from judgemark.errors import UsageError

if TYPE_CHECKING:
    import asyncio

NO_MORE_FILES = frozenset((errno.EMFILE, errno.ENFILE))
"""The errors of a machine that opens no more files for a program, or for all of them."""

RAISE_LIMIT = "raise the limit of open files (ulimit -n)"
"""What the user can do about it."""

_FILES_OF_A_LOOP = 3


def new_event_loop() -> asyncio.AbstractEventLoop:
    """Return a new event loop; UsageError where this machine lets the program open no more files.

    Room for it is tried out before: a loop that is only half made prints a traceback when it is
    removed.
    """
    import asyncio

    try:
        with ExitStack() as opened:
            for _ in range(_FILES_OF_A_LOOP):
                opened.callback(os.close, os.open(os.devnull, os.O_RDONLY))
        return asyncio.new_event_loop()
    except OSError as exc:
        raise UsageError(
            "this machine lets a program open no more files and connections at once "
            f"({exc.strerror}); {RAISE_LIMIT}"
        ) from exc
