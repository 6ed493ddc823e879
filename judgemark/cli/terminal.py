"""Prints for a person: whatever came from outside is made harmless first."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable
from typing import TextIO

from judgemark.setting_names import as_flags

_HARMFUL = ("Cc", "Cf", "Cs", "Co")


def clean(text: object) -> str:
    """Return the text with settings as flags, and every harmful character shown as an escape.

    A terminal obeys control and bidirectional-override characters: a sample or a reply could
    repaint or retitle it.
    """
    shown = as_flags(str(text))
    return "".join(c if _harmless(c) else c.encode("unicode_escape").decode() for c in shown)


def _harmless(character: str) -> bool:
    if character == "\n":
        return True
    # The two joiners only say whether letters join: Persian and Indian names need them.
    return character in "\u200c\u200d" or unicodedata.category(character) not in _HARMFUL


def say(text: str = "") -> None:
    """Print one line, or several, to standard output."""
    _write(sys.stdout, text)


def warn(text: str) -> None:
    """Print one line to standard error."""
    _write(sys.stderr, text)


def _write(out: TextIO, text: str) -> None:
    encoding = out.encoding or "utf-8"
    out.write(clean(text).encode(encoding, "backslashreplace").decode(encoding) + "\n")
    out.flush()


def columns_of(text: str) -> int:
    """Return how many columns of a terminal a text takes.

    Chinese, Japanese and Korean characters take two, marks that stand on other characters none.
    """
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def table(rows: Iterable[tuple[str, str]], indent: int = 2) -> str:
    """Return two columns, the first as wide as its widest entry."""
    listed = list(rows)
    width = max((columns_of(left) for left, _ in listed), default=0)
    return "\n".join(
        " " * indent + left + " " * (width - columns_of(left)) + f"  {right}"
        for left, right in listed
    )
