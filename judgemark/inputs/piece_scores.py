"""Reads a reference's item scores: `{writer: {iteration: {item: score}}}`, 0 to 100."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter

from judgemark.errors import InputError
from judgemark.inputs.bounded_types import Number
from judgemark.inputs.json_file import place_of, read_json
from judgemark.inputs.validation import validated
from judgemark.records import Place

_FORMAT = "the format is {writer: {iteration: {item: score of 0 to 100}}}"
_SCORES = TypeAdapter(dict[str, dict[str, dict[str, Number | None]]])


def read_item_scores(path: Path) -> Mapping[Place, float]:
    """Return the score of each piece by (writer, iteration, item), 0..100, higher is better.

    A null is a piece without a score and is left out. Raises InputError where the shape is wrong,
    where a score is not a number or is outside 0..100, and where there is no score at all.
    """
    data = validated(_SCORES, read_json(path), path, fix=_FORMAT, leaf="the score")
    found = {
        (writer, iteration, item): score
        for writer, iterations in data.items()
        for iteration, items in iterations.items()
        for item, score in items.items()
        if score is not None
    }
    for place, score in found.items():
        if not 0 <= score <= 100:
            raise InputError(
                path,
                f"the score {score:g} is outside 0 to 100",
                place=place_of(place),
                fix="map the reference's own range to 0..100",
            )
    if not found:
        raise InputError(path, "holds no scores", fix=_FORMAT)
    return found
