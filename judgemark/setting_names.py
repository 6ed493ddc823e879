"""Names of settings in messages: flags on the command line, keywords in the library.

Below the command line a message writes a setting as `‹max_cost›`. What prints the message decides
which name the reader sees: the command line shows the flag, with two dashes and `max-cost`, and
everything else the keyword `max_cost`.
"""

from __future__ import annotations

import re

_MARKED = re.compile("‹([a-z][a-z0-9_]*)›")


def flag_of(name: str) -> str:
    """Return the flag of a setting."""
    return "--" + name.replace("_", "-")


def as_flags(text: str) -> str:
    """Return the text with its settings as flags of the command line."""
    return _MARKED.sub(lambda marked: flag_of(marked[1]), text)


def as_keywords(text: str) -> str:
    """Return the text with its settings as keywords of the library."""
    return _MARKED.sub(lambda marked: marked[1], text)
