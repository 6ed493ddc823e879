"""Adds the name of the stream to errors of standard output and error, which lack it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

STANDARD_OUTPUT, STANDARD_ERROR = "standard output", "standard error"


@contextlib.contextmanager
def named(stream: str) -> Iterator[None]:
    """Within this context, an OSError that has no file's name gets the name of this stream."""
    try:
        yield
    except OSError as exc:
        if exc.filename is None:
            exc.filename = stream
        raise
