"""Thresholds that the figures of a run must reach, for `gate`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from judgemark.errors import UsageError
from judgemark.scoring.dotted_paths import found_at
from judgemark.scoring.figures import Figure, names

NAMES: Mapping[str, Figure] = names()
"""Short names of the registered figures."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A threshold and the run's figure; `value` is None, with a `reason`, where undefined."""

    key: str
    limit: float
    at_most: bool
    value: float | None
    reason: str

    @property
    def reached(self) -> bool:
        """Return whether the run reaches the threshold; an undefined figure never does."""
        if self.value is None:
            return False
        return self.value <= self.limit if self.at_most else self.value >= self.limit


def threshold(
    result: Mapping[str, Any], key: str, limit: float, *, at_most: bool = False
) -> Threshold:
    """Compare a figure of a result with a limit.

    Raises UsageError, with a list of the names, for a key that is not a figure.
    """
    path = NAMES[key].path if key in NAMES else key
    known, value = found_at(result, path)
    if not known and key in NAMES:
        known, value = True, None
    if not known or isinstance(value, bool | str | list | Mapping):
        flag = "‹max›" if at_most else "‹min›"
        raise UsageError(
            f'{flag}: no figure "{key}"; there are {", ".join(NAMES)}, or a path into '
            "result.json such as scorecards.v4.raw.score"
        )
    reason = "" if value is not None else _reason(result, path)
    return Threshold(key, limit, at_most, value, reason)


def _reason(result: Mapping[str, Any], path: str) -> str:
    """Return why a figure is absent: the note of its path or of a section that contains it."""
    notes = result.get("notes") or {}
    while path:
        if path in notes:
            return str(notes[path])
        path = path.rpartition(".")[0]
    return "not available"
