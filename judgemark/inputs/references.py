"""Reads reference scores: `{writer: number}`, higher is better."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from pydantic import TypeAdapter

from judgemark.errors import InputError
from judgemark.inputs.bounded_types import FiniteNumber
from judgemark.inputs.json_file import read_json
from judgemark.inputs.our_files import PUBLISHED_REFERENCES
from judgemark.inputs.validation import validated

_FORMAT = "the format is {writer: number}"
_SCORES = TypeAdapter(dict[str, FiniteNumber])


def read_references(path: Path, writers: Collection[str]) -> Mapping[str, float]:
    """Return the reference scores of a file for the writers of the samples.

    Raises InputError where the shape is wrong, and where fewer than two of `writers` have a score
    (or the only one has none), because there is no order to agree with then.
    """
    return checked_references(read_json(path), path, writers)


def checked_references(
    data: object, path: Path | str, writers: Collection[str]
) -> Mapping[str, float]:
    """Return the reference scores in `data`, for the writers at hand; `path` says where they are
    from.

    Raises InputError as `read_references` does.
    """
    scores = validated(_SCORES, data, path, fix=_FORMAT, leaf="the score")
    known = {w: s for w, s in scores.items() if w in writers}
    if len(known) < min(2, len(writers)):
        few = "at least two of them" if len(writers) > 1 else "them"
        raise InputError(
            path,
            f"scores {len(known)} of the {len(writers)} writers",
            fix=f"name {few} as the samples do",
        )
    return known


def published_references(preset: str, writers: Collection[str]) -> Mapping[str, float] | None:
    """Return the reference scores that were published with a preset's sets, for the given writers.

    There are 17 writers for upstream-v2 and 14 for upstream-v2.1. Returns None for any other
    preset, and where fewer than two of `writers` are among them, because these are other samples
    then.
    """
    path = PUBLISHED_REFERENCES.get(preset)
    if path is None:
        return None
    published = read_json(path)
    known = [writer for writer in writers if writer in published]
    return read_references(path, known) if len(known) > 1 else None
