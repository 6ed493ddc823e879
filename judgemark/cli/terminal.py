"""Prints for a person: whatever came from outside is made harmless first."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable
from typing import TextIO

from judgemark.setting_names import as_flags


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
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co")


def say(text: str = "") -> None:
    """One line, or several, to standard output."""
    _write(sys.stdout, text)


def warn(text: str) -> None:
    """One line to standard error."""
    _write(sys.stderr, text)


def _write(out: TextIO, text: str) -> None:
    encoding = out.encoding or "utf-8"
    out.write(clean(text).encode(encoding, "backslashreplace").decode(encoding) + "\n")
    out.flush()


def table(rows: Iterable[tuple[str, str]], indent: int = 2) -> str:
    """Two columns, the first as wide as its widest entry."""
    listed = list(rows)
    width = max((len(left) for left, _ in listed), default=0)
    return "\n".join(" " * indent + f"{left:<{width}}  {right}" for left, right in listed)
