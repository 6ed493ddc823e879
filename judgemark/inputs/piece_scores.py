"""Reads a reference's item scores: `{writer: {iteration: {item: score}}}`, 0 to 100."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from judgemark.errors import InputError
from judgemark.inputs.json_file import json_kind, place_of, read_json

_FORMAT = "the format is {writer: {iteration: {item: score of 0 to 100}}}"
Place = tuple[str, str, str]
"""(writer, iteration, item)."""


def read_item_scores(path: Path) -> Mapping[Place, float]:
    """The score of each piece by (writer, iteration, item), 0..100, higher is better.

    A null is a piece without a score and is left out. Raises InputError where the shape is wrong,
    a score is no number or outside 0..100, or there is none at all.
    """
    found: dict[Place, float] = {}
    for writer, iterations in _object(path, read_json(path), ()).items():
        for iteration, items in _object(path, iterations, (writer,)).items():
            for item, score in _object(path, items, (writer, iteration)).items():
                if score is None:
                    continue
                where = (writer, iteration, item)
                found[where] = _score(path, score, where)
    if not found:
        raise InputError(path, "holds no scores", mend=_FORMAT)
    return found


def _object(path: Path, value: object, where: tuple[str, ...]) -> Mapping[str, object]:
    if not isinstance(value, dict):
        problem = f"is {json_kind(value)}, not an object"
        raise InputError(path, problem, place=place_of(where), mend=_FORMAT)
    return value


def _score(path: Path, score: object, where: Place) -> float:
    if isinstance(score, bool) or not isinstance(score, int | float) or not math.isfinite(score):
        raise InputError(path, "the score is not a number", place=place_of(where), mend=_FORMAT)
    if not 0 <= score <= 100:
        raise InputError(
            path,
            f"the score {score:g} is outside 0 to 100",
            place=place_of(where),
            mend="map the reference's own range to 0..100",
        )
    return float(score)
