"""What an exception of foreign code says, for a message of one line."""

from __future__ import annotations

from judgemark.errors import AskFault

_LONGEST = 300


def one_line(exc: BaseException) -> str:
    """Return what an exception says without line breaks, shortened; its type where it is silent."""
    return " ".join(str(exc).split())[:_LONGEST] or type(exc).__name__


def raised_by_judge(exc: BaseException) -> AskFault:
    """Return the fault of a question whose judge raised an exception."""
    return AskFault(f"the judge raised {type(exc).__name__}: {one_line(exc)}")
