"""Figures of a result by short names, for bars that a run must reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from judgemark.errors import UsageError

NAMES: Mapping[str, str] = {
    "score": "scorecards.v4.raw.score",
    "v4": "scorecards.v4.raw.score",
    "v4_low": "scorecards.v4.raw.ci95.0",
    "v2.1": "scorecards.v2.1.calibrated.score",
    "v2.1_low": "scorecards.v2.1.calibrated.ci95.0",
    "v2": "scorecards.v2.calibrated.score",
    "v2_low": "scorecards.v2.calibrated.ci95.0",
    "separability": "scorecards.v2.1.calibrated.separability",
    "stability": "scorecards.v4.raw.stability_tau",
    "omega_squared": "scorecards.v4.raw.omega_squared",
    "cliffs_delta": "scorecards.v4.raw.cliffs_delta",
    "kendall_tau": "reference.kendall_tau",
    "pair_concordance": "reference.pair_concordance",
    "item_concordance": "reference.item_concordance",
    "signed_delta": "reference.signed_delta",
    "above_lexical": "floors.s_minus_lexical",
    "icc": "retest.icc",
    "length_rho": "bias.length.rho",
    "coverage": "coverage.share",
    "parse_rate": "coverage.first_try_parse_rate",
    "cost": "usage.cost",
    "seconds_per_item": "usage.seconds_per_item",
}
"""Short names for the paths of figures in a result."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar and how the run stands to it; `value` is None, with a `reason`, where undefined."""

    key: str
    limit: float
    at_most: bool
    value: float | None
    reason: str

    @property
    def reached(self) -> bool:
        """Whether the run is on the right side; an undefined figure never is."""
        if self.value is None:
            return False
        return self.value <= self.limit if self.at_most else self.value >= self.limit


def bar(result: Mapping[str, Any], key: str, limit: float, *, at_most: bool = False) -> Bar:
    """Hold a result against a bar; UsageError, with the keys there are, for an unknown one."""
    path = NAMES.get(key, key)
    known, value = _at(result, path)
    if not known and key in NAMES:
        known, value = True, None
    if not known or isinstance(value, bool | str | list | Mapping):
        flag = "--max" if at_most else "--min"
        raise UsageError(
            f'{flag}: no figure "{key}"; there are {", ".join(NAMES)}, or a path into '
            "result.json as scorecards.v4.raw.score"
        )
    reason = "" if value is not None else _reason(result, path)
    return Bar(key, limit, at_most, value, reason)


def _at(value: Any, path: str) -> tuple[bool, Any]:
    """Whether there is something at a dotted path (keys may hold dots themselves), and what."""
    if not path:
        return True, value
    if isinstance(value, Mapping):
        for key in value:
            if path == key:
                return True, value[key]
            if path.startswith(f"{key}."):
                found = _at(value[key], path[len(key) + 1 :])
                if found[0]:
                    return found
        return False, None
    if isinstance(value, Sequence) and not isinstance(value, str):
        index, _, rest = path.partition(".")
        if index.isdecimal() and int(index) < len(value):
            return _at(value[int(index)], rest)
    return value is None, None


def _reason(result: Mapping[str, Any], path: str) -> str:
    """Why there is no figure: the note of the path, or of what holds it."""
    notes = result.get("notes") or {}
    while path:
        if path in notes:
            return str(notes[path])
        path = path.rpartition(".")[0]
    return "not available"
