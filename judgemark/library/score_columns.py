"""Columns of a data frame, whichever package it comes from, and of records.

No data frame package is imported: a frame is read by the names of its columns and by `frame[name]`,
which pandas, polars, pyarrow and similar packages all have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from judgemark.errors import UsageError

REQUIRED = ("writer", "item", "score")
OPTIONAL = ("iteration", "repeat", "member", "class")

Columns = Mapping[str, Sequence[object]]
"""Columns of equal length, by name."""

_SHAPES = (
    "give a data frame, a mapping of columns or records with the columns writer, item and score, "
    "or an array of writers x iterations x items"
)


def columns_of(scores: object) -> Columns:
    """Return the columns that a score table has, as plain lists of equal length.

    Raises UsageError for what is no table, and for a table that lacks a column.
    """
    names, column = _reader_of(scores)
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        there = ", ".join(str(name) for name in names) or "none"
        raise UsageError(f"scores: there is no column {_listed(missing)}; the columns are {there}")
    found = {name: _listed_column(column(name), name) for name in (*REQUIRED, *OPTIONAL)
             if name in names}  # fmt: skip
    lengths = {name: len(values) for name, values in found.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise UsageError(f"scores: the columns differ in length ({told})")
    return found


def _reader_of(scores: object) -> tuple[Sequence[object], Callable[[str], object]]:
    """Return the names of the columns, and what returns one."""
    if isinstance(scores, Mapping):
        return list(scores), scores.__getitem__
    if hasattr(scores, "collect_schema") and not hasattr(scores, "rows"):
        raise UsageError("scores: this frame is lazy; call its collect() first")
    names = _column_names(scores)
    if names is not None and hasattr(scores, "__getitem__"):
        return names, scores.__getitem__
    if isinstance(scores, str | bytes):
        raise UsageError(
            f"scores: a text is not a score table; {_SHAPES}, or open a run with load()"
        )
    if isinstance(scores, Iterable):
        return _records_reader(scores)
    raise UsageError(f"scores: {type(scores).__name__} is not a score table; {_SHAPES}")


def _column_names(scores: object) -> Sequence[object] | None:
    """Return the names of a frame's columns: pyarrow's tables hold the columns themselves as
    `columns`."""
    for attribute in ("column_names", "columns"):
        names = getattr(scores, attribute, None)
        if names is not None and not callable(names):
            return list(names)
    return None


def _records_reader(
    scores: Iterable[object],
) -> tuple[Sequence[object], Callable[[str], Sequence[object]]]:
    rows: list[Mapping[object, object]] = []
    for number, row in enumerate(scores):
        if not isinstance(row, Mapping):
            raise UsageError(
                f"scores: row {number} is {type(row).__name__}, not a mapping; {_SHAPES}"
            )
        missing = [name for name in REQUIRED if name not in row]
        if missing:
            raise UsageError(f"scores: row {number} has no {_listed(missing)}")
        rows.append(row)
    if not rows:
        raise UsageError("scores: the table is empty; give at least one score")
    names = [name for name in (*REQUIRED, *OPTIONAL) if any(name in row for row in rows)]

    def column(name: str) -> Sequence[object]:
        return [row.get(name) for row in rows]

    return names, column


def _listed_column(column: object, name: str) -> Sequence[object]:
    for method in ("to_pylist", "to_list", "tolist"):
        listed = getattr(column, method, None)
        if callable(listed):
            values = listed()
            break
    else:
        values = list(column) if isinstance(column, Iterable) else None
    if not isinstance(values, list) or isinstance(column, str | bytes):
        raise UsageError(f'scores: the column "{name}" is not a list of values')
    return values


def _listed(names: Sequence[str]) -> str:
    return " and ".join(f'"{name}"' for name in names)


def is_array(scores: object) -> bool:
    """Return whether the scores are an array of numbers (numpy, torch, nested lists) and no
    table."""
    if isinstance(scores, list | tuple):
        first = scores[0] if scores else None
        return isinstance(first, list | tuple) or _is_grid(first)
    return _is_grid(scores)


def _is_grid(value: Any) -> bool:
    shaped = hasattr(value, "shape") and hasattr(value, "__array__")
    return shaped and _column_names(value) is None
