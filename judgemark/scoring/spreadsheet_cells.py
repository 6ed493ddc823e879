"""Texts from outside as cells of a CSV file: no spreadsheet takes one for a formula."""

from __future__ import annotations

import re

# Some programs leave out what cannot be seen, or read full-width signs as the usual ones.
_FORMULA = re.compile(
    "[\\s\x00-\x1f\x7f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f"
    "\ufeff]*[=+\\-@|\u2212\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b]|[\t\r\n]"
)


def safe_cell(value: str | int | float | None) -> str | int | float | None:
    """Return a value for a cell; a text that may be taken for a formula begins with an apostrophe.

    Half of a character (a lone surrogate), which no file can hold, is written as its escape.
    """
    if not isinstance(value, str):
        return value
    text = value.encode("utf-8", "backslashreplace").decode()
    return "'" + text if _FORMULA.match(text) else text
