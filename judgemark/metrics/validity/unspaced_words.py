"""Texts in Chinese or Japanese, which put no spaces between words."""

from __future__ import annotations

import re
from functools import cache

_SIGNS = "\u3001-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff60"
_LEAST_SHARE = 0.2
"""A text with a larger share of such characters is written without spaces between words."""


# Ranges of thousands of characters take long to compile, and most texts have none of them.
@cache
def _sign() -> re.Pattern[str]:
    return re.compile(f"[{_SIGNS}]")


@cache
def _sign_or_word() -> re.Pattern[str]:
    return re.compile(f"[{_SIGNS}]|[^\\s{_SIGNS}]+")


def has_unspaced(text: str) -> bool:
    """Return whether any character of a text is a Chinese or Japanese one, or a mark of theirs."""
    return not text.isascii() and _sign().search(text) is not None


def has_unspaced_words(text: str) -> bool:
    """Return whether a text is Chinese or Japanese, which put no spaces between words."""
    if text.isascii():
        return False
    return len(_sign().findall(text)) > _LEAST_SHARE * len(text)


def words_and_signs(text: str) -> list[str]:
    """Return the words of a text; each Chinese or Japanese character or mark is one of its own."""
    return _sign_or_word().findall(text)
