"""Which columns of a preference file hold the prompt, the two texts and their labels."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from judgemark.errors import InputError, UsageError
from judgemark.inputs.table_rows import TableRow, TableRows

_TEXT_NAMES = ("response", "story", "text", "completion", "answer", "output", "conversation")

USUAL_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "prompt": ("prompt", "writing_prompt", "instruction", "question", "query", "input"),
        "chosen": ("chosen", "chosen_story", "chosen_response", "chosen_text", "preferred"),
        "rejected": ("rejected", "rejected_story", "rejected_response", "rejected_text"),
        "a": tuple(f"{n}{end}" for n in _TEXT_NAMES for end in ("_a", "_1", "1")),
        "b": tuple(f"{n}{end}" for n in _TEXT_NAMES for end in ("_b", "_2", "2")),
        "label": ("label", "winner", "preference", "preferred_side", "gold_label"),
        "id": ("id", "pair_id"),
        "source": ("source", "subset", "genre", "category", "dataset"),
        "margin": ("margin", "score_gap"),
        "year": ("year", "published", "chosen_timestamp"),
        "age": ("age",),
    }
)
"""The names under which the parts of a pair are found where the user names no column."""


@dataclass(frozen=True)
class PairColumns:
    """The column of each part of a pair; the optional parts are there only where found.

    A file has `chosen` and `rejected`, or `a`, `b` and a `label` that says which is better.
    """

    by_part: Mapping[str, str]

    @property
    def labelled(self) -> bool:
        """Whether a label says which text is better."""
        return "chosen" not in self.by_part

    def value(self, row: TableRow, part: str) -> Any:
        """Return the cell of a part in a row; None where the file or the row has none."""
        column = self.by_part.get(part)
        return None if column is None else _cell_at(row.cells, column)


def parsed_columns(given: Sequence[str]) -> dict[str, str]:
    """Return the columns of words such as `chosen=better_text`.

    Raises UsageError for a word of another form, an unknown part, and a part named twice.
    """
    found: dict[str, str] = {}
    for word in given:
        part, equals, column = word.partition("=")
        if not equals or not column.strip():
            raise UsageError(f'‹columns›: "{word}" is not PART=COLUMN, as in chosen=better_text')
        if part not in USUAL_NAMES:
            near = difflib.get_close_matches(part, USUAL_NAMES, n=1)
            hint = f'; did you mean "{near[0]}"?' if near else ""
            parts = ", ".join(USUAL_NAMES)
            raise UsageError(f'‹columns›: there is no part "{part}"{hint} (the parts: {parts})')
        if part in found:
            raise UsageError(f'‹columns›: the part "{part}" is named twice')
        found[part] = column
    return found


def find_columns(table: TableRows, named: Mapping[str, str]) -> PairColumns:
    """Return the columns of the parts: those that the user named, else those of usual names.

    Raises InputError, with the columns of the file, where one that is needed is missing.
    """
    there = {_folded(column): column for column in reversed(table.columns)}
    found = dict(named)
    for part, column in named.items():
        if not any(_cell_at(row.cells, column) is not None for row in table.rows):
            raise _missing(table, f'has no column "{column}"', f"‹columns› {part}=…")
    for part, names in USUAL_NAMES.items():
        usual = next((there[name] for name in names if name in there), None)
        if part not in found and usual is not None and usual not in found.values():
            found[part] = usual
    if ("chosen" in found and "rejected" in found) or not {"a", "b"} <= found.keys():
        found = {part: column for part, column in found.items() if part not in ("a", "b")}
        needed = ["prompt", "chosen", "rejected"]
    else:
        found = {p: column for p, column in found.items() if p not in ("chosen", "rejected")}
        needed = ["prompt", "a", "b", "label"]
    if "prompt" not in found and _chats(table, found):
        needed.remove("prompt")
    for part in needed:
        if part not in found:
            raise _missing(table, f"has no column for the part {part}", f"‹columns› {part}=COLUMN")
    return PairColumns(found)


def _cell_at(cells: Mapping[str, Any], column: str) -> Any:
    """Return the cell of a column; `chosen.text` is the `text` of the object in `chosen`."""
    if column in cells:
        return cells[column]
    head, dot, rest = column.partition(".")
    inner = cells.get(head)
    return _cell_at(inner, rest) if dot and isinstance(inner, Mapping) else None


def messages_of(cell: Any) -> list[Mapping[str, Any]] | None:
    """Return the chat messages of a cell, also of one that holds them as JSON text; None for
    others."""
    if isinstance(cell, str) and cell.lstrip().startswith("[{"):
        try:
            cell = json.loads(cell)
        except ValueError:
            return None
    if not isinstance(cell, list) or not cell:
        return None
    return cell if all(isinstance(m, Mapping) and "content" in m for m in cell) else None


def _chats(table: TableRows, found: Mapping[str, str]) -> bool:
    """Return whether the texts are chats, which bring the prompt with them."""
    first = table.rows[0].cells
    columns = [found[part] for part in ("chosen", "a") if part in found]
    chats = [messages_of(_cell_at(first, column)) for column in columns]
    return any(chat is not None and len(chat) > 1 for chat in chats)


def _missing(table: TableRows, problem: str, name: str) -> InputError:
    shown = ", ".join(table.columns[:12]) + (", …" if len(table.columns) > 12 else "")
    fix = f"name it with {name}; the file has {shown}"
    return InputError(table.path, problem, fix=fix)


def _folded(column: str) -> str:
    return column.strip().casefold().replace(" ", "_").replace("-", "_")
