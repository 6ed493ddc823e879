"""Writes the files that are made of a public set that people labelled."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from judgemark.errors import UsageError
from judgemark.inputs.human_sets import HUMAN_SETS, ConvertedSet
from judgemark.run.files import write_json, write_parts


def import_set(name: str, file: Path, folder: Path) -> ConvertedSet:
    """Convert the file of the set `name` and write what is made of it into `folder`.

    Nothing is replaced. Raises UsageError where one of the files is there already, and InputError
    where the set's file cannot be used.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"‹output›: {folder} is a file; give the path of a folder")
    converted = HUMAN_SETS[name].convert(file)
    for inside in converted.files:
        if (folder / inside).exists():
            raise UsageError(f"‹output›: {folder / inside} is there already; name another folder")
    for inside, content in converted.files.items():
        if isinstance(content, list):
            write_parts(folder / inside, _lines(content))
        else:
            write_json(folder / inside, content)
    return converted


def _lines(rows: Iterable[Any]) -> Iterable[str]:
    return (json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n" for row in rows)
