"""Scores that a program hands over: a long table, or an array of writers x iterations x items."""

from __future__ import annotations

import json
import math
import operator
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from judgemark.bounds import LARGEST_NUMBER
from judgemark.errors import UsageError
from judgemark.judged import Judged, JudgedRun, Member, Unjudged
from judgemark.library.score_columns import OPTIONAL, columns_of, is_array
from judgemark.records import Class, Rubric, text_hash

SCALE = (0.0, 10.0)
"""The scale of item scores that the constants of v2 and v2.1 were made for."""

_FAILED = "the table has no score for it"
_DEFAULTS: Mapping[str, object] = {"iteration": "1", "repeat": 0, "member": 0, "class": None}

ObservationPlace = tuple[str, str, str, int, int]
"""Writer, iteration, item, repeat, member."""


@dataclass(frozen=True, slots=True)
class ArrayNames:
    """Names of an array's axes; None for `writer 1`, `iteration 1`, `item 1` and so on."""

    writers: Sequence[str | int] | None = None
    iterations: Sequence[str | int] | None = None
    items: Sequence[str | int] | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a long table; `label` says where it stands. A failure has no score."""

    label: str
    place: ObservationPlace
    score: float | None
    cls: Class


def judged_run(
    scores: object, *, name: str, names: ArrayNames, scale: tuple[float, float] | None, skip: bool
) -> JudgedRun:
    """Return the scores as a run that can be measured.

    Args:
        scores: a data frame, a mapping of columns, records, or an array.
        name: what the judge is called.
        names: the names of an array's axes.
        scale: the judge's lowest and highest score, mapped linearly to 0..10.
        skip: whether pieces without a score are counted as failures; else they are an error.

    Raises UsageError in one line, with the row, for anything that is not a score table.
    """
    if is_array(scores):
        rows = _array_rows(scores, names, skip)
    elif names != ArrayNames():
        raise UsageError(
            "writers, iterations and items name the axes of an array; a table has them"
        )
    else:
        rows = _table_rows(columns_of(scores), skip)
    _refuse_twice(rows)
    if all(row.score is None for row in rows):
        raise UsageError("scores: the table is empty; give at least one score")
    return _run_of(rows, name, _checked_scale(scale))


def _run_of(rows: Sequence[_Row], name: str, scale: tuple[float, float] | None) -> JudgedRun:
    judged = tuple(
        Judged(w, t, i, member, repeat, None, _on_scale(row.score, row.label, scale), cls=row.cls)
        for row in rows
        for w, t, i, repeat, member in (row.place,)
        if row.score is not None
    )
    unjudged = tuple(
        Unjudged(w, t, i, row.cls, _FAILED, member=member, repeat=repeat)
        for row in rows
        for w, t, i, repeat, member in (row.place,)
        if row.score is None
    )
    low, high = SCALE
    members = range(max((row.place[4] for row in rows), default=0) + 1)
    places = sorted({row.place[:3] for row in rows})
    return JudgedRun(
        run_id=name,
        judge={"spec": name, "kind": "scores", "mode": "rubric", "endpoint": None},
        protocol={"name": "score table"},
        dataset={"name": "score table", "sha256": None},
        fingerprint={
            "samples": {"places": text_hash(json.dumps(places))},
            "protocol": {"name": "score table"},
        },
        rubric=Rubric(low, high),
        judged=judged,
        unjudged=unjudged,
        pieces=len(places),
        repeats=len({row.place[3] for row in rows}),
        classes=Counter(row.cls for row in rows),
        verdicts_sha256=text_hash(json.dumps(sorted([*row.place, row.score] for row in rows))),
        members=tuple(Member(n, f"judge {n + 1}", "scores") for n in members if len(members) > 1),
        own_scale=any(not low <= (j.value or 0.0) <= high for j in judged),
    )


def _on_scale(score: float, label: str, scale: tuple[float, float] | None) -> float:
    """Return the score on 0..10; as it is where the scale is not known."""
    if scale is None:
        return score
    low, high = scale
    if not low <= score <= high:
        raise UsageError(f"scores: {label}: {score:g} lies outside the scale {low:g}..{high:g}")
    return SCALE[0] + (score - low) / (high - low) * (SCALE[1] - SCALE[0])


def _checked_scale(scale: Sequence[float] | None) -> tuple[float, float] | None:
    if scale is None:
        return None
    try:
        low, high = (float(end) for end in scale)
    except (TypeError, ValueError):
        low, high = math.nan, math.nan
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise UsageError(f"scale: {scale!r:.40} is not a scale; give (lowest, highest)")
    return low, high


def _table_rows(columns: Mapping[str, Sequence[object]], skip: bool) -> list[_Row]:
    count = len(columns["score"])
    given = {name: columns.get(name, [_DEFAULTS[name]] * count) for name in OPTIONAL}
    failures_listed = "class" in columns
    rows = []
    for n in range(count):
        label = f"row {n}"
        place = (
            _name(columns["writer"][n], label, "writer"),
            _name(given["iteration"][n], label, "iteration"),
            _name(columns["item"][n], label, "item"),
            _whole(given["repeat"][n], label, "repeat"),
            _whole(given["member"][n], label, "member"),
        )
        score = _score(columns["score"][n], label, missing=skip or failures_listed)
        rows.append(_Row(label, place, score, _class(given["class"][n], score)))
    return rows


def _array_rows(scores: Any, names: ArrayNames, skip: bool) -> list[_Row]:
    try:
        values = np.asarray(scores)
        if values.dtype == object or values.dtype.kind not in "fiu":
            values = np.asarray(scores, dtype=float)
    except (TypeError, ValueError, RuntimeError) as exc:
        raise UsageError(f"scores: this is not an array of numbers ({exc})") from exc
    if values.ndim != 3:
        shape = " x ".join(str(n) for n in values.shape)
        raise UsageError(
            f"scores: the array has {values.ndim} axes ({shape}); give writers x iterations x items"
        )
    axes = [
        _axis(getattr(names, f"{axis}s"), axis, size)
        for axis, size in zip(("writer", "iteration", "item"), values.shape, strict=True)
    ]
    rows = []
    for (w, t, i), value in np.ndenumerate(values):
        label = f"scores[{w}, {t}, {i}]"
        score = _score(float(value), label, missing=skip)
        place = (axes[0][w], axes[1][t], axes[2][i], 0, 0)
        rows.append(_Row(label, place, score, Class.OK if score is not None else Class.ERROR))
    return rows


def _axis(names: Sequence[str | int] | None, axis: str, size: int) -> list[str]:
    """Return the names along one axis.

    Numbers are padded, so that their order is that of the array.
    """
    if names is None:
        return [f"{axis} {n:0{len(str(size))}d}" for n in range(1, size + 1)]
    listed = [_name(name, f"{axis}s[{n}]", axis) for n, name in enumerate(names)]
    if len(listed) != size or len(set(listed)) != size:
        raise UsageError(
            f"{axis}s: {len(set(listed))} different names for {size} along the array's axis"
        )
    return listed


def _refuse_twice(rows: Sequence[_Row]) -> None:
    seen: dict[ObservationPlace, str] = {}
    for row in rows:
        if row.place in seen:
            writer, iteration, item, repeat, member = row.place
            raise UsageError(
                f"scores: {seen[row.place]} and {row.label} score the same piece (writer {writer}, "
                f"iteration {iteration}, item {item}, repeat {repeat}, member {member}); number "
                "the judge's repeated scores in a column repeat"
            )
        seen[row.place] = row.label


def _absent(value: object) -> bool:
    """Return whether a cell is empty: None, NaN, or what pandas has in their place."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float) and math.isnan(value)


def _name(value: object, label: str, column: str) -> str:
    """Return a writer, iteration or item; whole numbers count as their digits."""
    if isinstance(value, str):
        return str(value)
    if not _absent(value) and not isinstance(value, bool):
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        try:
            return str(operator.index(value))  # type: ignore[arg-type]
        except TypeError:
            pass
    shown = "is empty" if _absent(value) else f"{value!r:.40} is neither a text nor a whole number"
    raise UsageError(f"scores: {label}: {column} {shown}")


def _whole(value: object, label: str, column: str) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    try:
        number = -1 if isinstance(value, bool) else operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        number = -1
    if number < 0:
        raise UsageError(
            f"scores: {label}: {column} {value!r:.40} is not a whole number of 0 or more"
        )
    return number


def _score(value: Any, label: str, *, missing: bool) -> float | None:
    if _absent(value):
        if missing:
            return None
        raise UsageError(
            f'scores: {label}: the score is {value}; leave such rows out, or give missing="skip" '
            "to count them as failures"
        )
    number = math.nan
    if not isinstance(value, bool | np.bool_ | str | bytes) and hasattr(value, "__float__"):
        number = float(value)
    if math.isnan(number) and missing and not isinstance(value, str | bytes):
        return None
    if not math.isfinite(number):
        raise UsageError(f"scores: {label}: the score {value!r:.40} is not a finite number")
    if not -LARGEST_NUMBER <= number <= LARGEST_NUMBER:
        raise UsageError(
            f"scores: {label}: the score {value!r:.40} does not lie within {-LARGEST_NUMBER:g} and "
            f"{LARGEST_NUMBER:g}; give scores of another scale"
        )
    return number


def _class(value: object, score: float | None) -> Class:
    """Return how the question ended, as the table says, else by the score."""
    try:
        given = Class(str(value))
    except ValueError:
        given = Class.OK if score is not None else Class.ERROR
    if score is not None:
        return given if given.good else Class.OK
    return Class.UNPARSEABLE if given.good else given
