"""How a reply records that a figure of its request was lowered for the endpoint."""

from __future__ import annotations

import re
from typing import NamedTuple

_FOR_ALL = " for all"
_LOWERED = re.compile(rf"(\w+)<=(\d+)({_FOR_ALL})?")


class Lowered(NamedTuple):
    """A figure that was lowered: its field, the most that is sent, and whether for all questions.

    One that is for all questions is what the endpoint allows any reply; another may depend on the
    prompt of its question.
    """

    field: str
    most: int
    for_all: bool = False


def lowered_name(field: str, most: int, for_all: bool = False) -> str:
    """Return how a reply records a lowered figure: `max_tokens<=4096`, or `... for all`."""
    return f"{field}<={most}{_FOR_ALL if for_all else ''}"


def lowered_figure(name: str) -> Lowered | None:
    """Return what such a record says; None for the name of a dropped field."""
    found = _LOWERED.fullmatch(name)
    return Lowered(found[1], int(found[2]), found[3] is not None) if found else None
