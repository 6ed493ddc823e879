"""Reads reference scores: `{writer: number}`, higher is better."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from pathlib import Path

from judgemark.errors import InputError
from judgemark.inputs.json_file import place_of, read_json

_FORMAT = "the format is {writer: number}"


def read_references(path: Path, writers: Collection[str]) -> Mapping[str, float]:
    """The reference scores of a file, for the writers at hand.

    Raises InputError where the shape is wrong or fewer than two of `writers` have a score (or the
    only one has none): then there is no order to agree with.
    """
    data = read_json(path)
    if not isinstance(data, dict):
        raise InputError(path, "is not an object", mend=_FORMAT)
    for writer, score in data.items():
        if not _is_number(score):
            raise InputError(
                path, "the score is no number", place=place_of((writer,)), mend=_FORMAT
            )
    known = {w: float(s) for w, s in data.items() if w in writers}
    if len(known) < min(2, len(writers)):
        few = "at least two of them" if len(writers) > 1 else "them"
        raise InputError(
            path,
            f"scores {len(known)} of the {len(writers)} writers",
            mend=f"name {few} as the samples do",
        )
    return known


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False
