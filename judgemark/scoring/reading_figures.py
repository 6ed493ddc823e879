"""Single figures of the `validity` section, and the words for a judge that does not read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from judgemark.errors import UndefinedFigure

if TYPE_CHECKING:
    from judgemark.metrics.validity.validity_section import NotedBlock

LOWER_ENDS = ("margin_ci95", "over_half_ci95", "over_twin_ci95")
"""The three intervals whose lower ends must all lie above 0 for a judge to read."""

_LARGEST: Mapping[str, float] = {"margin_ci95": 1.0, "over_half_ci95": 0.5, "over_twin_ci95": 1.0}
"""How far from 0 the margin of each interval can be, as a fraction."""

BEYOND_RANGE = (
    "An interval of a margin reaches equally far to both sides, so that an end can lie beyond what "
    "a margin can be: 100 points, over a coin 50. Read such an end as that bound."
)

TRUE_SOURCES = ("damage", "people")
"""The sources that can show reading, the surer one first; a reference is another judge."""

NOT_SHOWN = "reading not shown"
DOES_NOT_READ = "does not read"


def smallest_lower_end(validity: NotedBlock | None) -> float:
    """Return the number that `gate min reads=X` takes: the smallest of the three lower ends.

    A fraction; above 0 the judge reads. Raises UndefinedFigure, with the reason, where a run has
    no known pairs or too few clusters of them.
    """
    known = [name for name in TRUE_SOURCES if name in _sources(validity)]
    source = (known or TRUE_SOURCES)[0]
    return min(_value(validity, source, (end, 0)) for end in LOWER_ENDS)


def damage_value(validity: NotedBlock | None, *path: str | int) -> float:
    """Return one figure of the block of known damage, by its keys and positions.

    Raises UndefinedFigure, with the reason, where the section has none.
    """
    return _value(validity, "damage", path)


def people_value(validity: NotedBlock | None, *path: str | int) -> float:
    """Return one figure of the block of people's pairs.

    Raises UndefinedFigure as `damage_value` does.
    """
    return _value(validity, "people", path)


def reading_mark(smallest: float | None) -> str:
    """Return what stands beside a judge's name, by the figure `reads`; "" where the judge reads."""
    if smallest is None:
        return NOT_SHOWN
    return "" if smallest > 0 else DOES_NOT_READ


def reaches_beyond(blocks: Iterable[Mapping[str, Any]]) -> bool:
    """Return whether an interval in blocks of the section reaches beyond what a margin can be."""
    return any(
        abs(end) > largest
        for block in blocks
        for name, largest in _LARGEST.items()
        for end in block.get(name) or ()
    )


def _sources(validity: NotedBlock | None) -> Mapping[str, Any]:
    values: Any = validity.values if validity else {"sources": {}}
    found: Mapping[str, Any] = values["sources"]
    return found


def _value(validity: NotedBlock | None, source: str, path: Sequence[str | int]) -> float:
    place = f"sources.{source}"
    notes: Mapping[str, str] = validity.notes if validity else {}
    found = _sources(validity).get(source)
    if found is None:
        others = "this run has no pairs of this source" if _sources(validity) else ""
        raise UndefinedFigure(notes.get("") or others or "there are no known pairs")
    for key in path:
        place = f"{place}.{key}"
        found = found[key]
        if found is None:
            raise UndefinedFigure(notes.get(place, "not available"))
    return float(found)
