"""What an exception of foreign code says, for a message of one line."""

from __future__ import annotations

_LONGEST = 300


def one_line(exc: BaseException) -> str:
    """Return what an exception says without line breaks, shortened; its type where it is silent."""
    return " ".join(str(exc).split())[:_LONGEST] or type(exc).__name__
