"""The scores that the rivals of a benchmark read from a reply: one number a criterion."""

from __future__ import annotations

import re

_SCORE = re.compile(r"^([A-Z][\w ]+): (\d+(?:\.\d+)?)$", re.MULTILINE)


def scores_in(reply: str) -> dict[str, float]:
    """Return the scores of a reply of lines such as `Wit: 7`, by criterion."""
    return {name: float(number) for name, number in _SCORE.findall(reply)}
