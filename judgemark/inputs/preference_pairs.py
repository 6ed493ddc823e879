"""Reads preference files: pairs of texts on one prompt, of which people preferred one."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from judgemark.errors import InputError
from judgemark.inputs.json_file import refuse_half_characters
from judgemark.inputs.pair_columns import PairColumns, find_columns, messages_of
from judgemark.inputs.table_rows import TableRow, TableRows, read_rows

_FIRST = ("a", "model_a", "response_a", "story_a", "text_a", "first", "left")
_SECOND = ("b", "model_b", "response_b", "story_b", "text_b", "second", "right")
_TIES = (
    "tie",
    "ties",
    "draw",
    "equal",
    "same",
    "both",
    "neither",
    "none",
    "bothbad",
    "tie_bothbad",
)
_YEAR = re.compile(r"\s*(\d{4})(?:\D.*)?", re.DOTALL)

TIED = "the label says a tie"
REPEATED = "the same pair stands in the file again"
CONTRADICTED = "the file prefers each text of the pair once"


@dataclass(frozen=True, slots=True)
class PreferencePair:
    """Two texts on one prompt; people preferred `chosen`.

    `margin` is by how much, in points of the file, above 0. `year` is that of publication, as the
    file gives it, and `age` that of the texts; both only where the file has them.
    """

    pair_id: str
    prompt: str
    chosen: str
    rejected: str
    source: str = ""
    margin: float | None = None
    year: float | None = None
    age: float | None = None


@dataclass(frozen=True, slots=True)
class PreferenceSet:
    """The pairs of a preference file; `left_out` counts the others by the reason."""

    name: str
    pairs: tuple[PreferencePair, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)


def read_preferences(
    given: Path | str | Sequence[Mapping[str, Any]], columns: Mapping[str, str] | None = None
) -> PreferenceSet:
    """Return the pairs of a preference file; `columns` names those of unusual names.

    Ties, repeated pairs and pairs that the file contradicts are left out and counted. A chat
    stands for its last assistant message, and where no column has the prompt, for the messages
    before that one too. Raises InputError, with the file, the row and the fix, for a pair without a
    label, an empty text, two identical texts, an id that occurs twice, a column that is missing,
    and a file in which no pair is left.
    """
    table = read_rows(given)
    found = find_columns(table, columns or {})
    first = _first_label(table, found) if "label" in found.by_part else _FIRST
    left_out: Counter[str] = Counter()
    pairs: list[PreferencePair] = []
    ids: dict[str, str] = {}
    for row in table.rows:
        pair = _pair(_Cells(table.path, row, found), first)
        if pair is None:
            left_out[TIED] += 1
            continue
        if pair.pair_id in ids:
            problem = f'the id "{pair.pair_id}" occurs already in {ids[pair.pair_id]}'
            fix = "give each pair its own, or name another column with ‹columns› id=COLUMN"
            raise InputError(table.path, problem, place=row.place, fix=fix)
        if pair.pair_id:
            ids[pair.pair_id] = row.place
        pairs.append(pair)
    kept = _each_once(pairs, left_out)
    if not kept:
        reasons = "; ".join(f"{count}: {reason}" for reason, count in left_out.items())
        fix = "give a file with pairs of which one text is preferred"
        raise InputError(table.path, f"no pair is left ({reasons})", fix=fix)
    return PreferenceSet(table.name, kept, dict(left_out))


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of one row, with what messages about them name."""

    path: Path | str
    row: TableRow
    columns: PairColumns

    def wrong(self, part: str, problem: str, fix: str) -> InputError:
        column = self.columns.by_part.get(part, part)
        return InputError(self.path, problem, place=f"{self.row.place}, {column}", fix=fix)

    def text(self, part: str) -> str:
        cell = self.columns.value(self.row, part)
        chat = messages_of(cell)
        if chat is not None:
            spoken = [m["content"] for m in chat if m.get("role") == "assistant"]
            cell = spoken[-1] if spoken else None
        elif isinstance(cell, Mapping):
            cell = next((cell[key] for key in ("text", "content") if key in cell), None)
        return self._whole(part, cell)

    def prompt(self) -> str:
        if "prompt" not in self.columns.by_part:
            part = "a" if self.columns.labelled else "chosen"
            answered = messages_of(self.columns.value(self.row, part)) or []
            return self._whole(part, _said(answered[:-1]))
        cell = self.columns.value(self.row, "prompt")
        chat = messages_of(cell)
        return self._whole("prompt", cell if chat is None else _said(chat))

    def _whole(self, part: str, cell: Any) -> str:
        if cell is not None and not isinstance(cell, str):
            raise self.wrong(part, "is neither a text nor a chat", "write the text as a string")
        if cell is None or not cell.strip():
            raise self.wrong(part, "is empty", "fill it in, or take the row out")
        refuse_half_characters(cell, self.path, f"{self.row.place}, {part}")
        return str(cell)

    def number(self, part: str) -> float | None:
        cell = self.columns.value(self.row, part)
        if cell is None or cell == "":
            return None
        try:
            value = math.nan if isinstance(cell, bool) else float(cell)
        except (TypeError, ValueError):
            value = math.nan
        if not math.isfinite(value):
            said = f"{str(cell)[:40]!r} is not a number"
            raise self.wrong(part, said, "write a number, or nothing")
        return value

    def year(self) -> float | None:
        cell = self.columns.value(self.row, "year")
        if isinstance(cell, date):
            return float(cell.year)
        if isinstance(cell, str) and (match := _YEAR.fullmatch(cell)):
            return float(match[1])
        value = self.number("year")
        if value is not None and not 0 < value < 10_000:
            raise self.wrong("year", f"{value:g} is no year", "write a year or a date")
        return value

    def name(self, part: str) -> str:
        cell = self.columns.value(self.row, part)
        return "" if cell is None else str(cell).strip()


def _said(chat: Sequence[Mapping[str, Any]]) -> str | None:
    """Return the messages of a chat as one text; a single one stands without its role."""
    texts = [(str(m.get("role", "")), m["content"]) for m in chat if m["content"]]
    if len(texts) == 1:
        return str(texts[0][1])
    return "\n\n".join(f"{role}: {text}" for role, text in texts) or None


def _pair(cells: _Cells, first: Sequence[str]) -> PreferencePair | None:
    """Return the pair of a row; None where its label or its margin says a tie."""
    label = _folded(cells.name("label"))
    better, worse = "chosen", "rejected"
    if label in _TIES:
        return None
    if cells.columns.labelled:
        better, worse = ("a", "b") if label in first else ("b", "a")
        if not label:
            fix = "say which text is better, or take the row out"
            raise cells.wrong("label", "the pair has no label", fix)
    margin = cells.number("margin")
    if margin == 0:
        return None
    if margin is not None and margin < 0:
        problem = f"the margin {margin:g} says that the other text is better"
        raise cells.wrong("margin", problem, "correct the margin, or exchange the texts")
    chosen, rejected = cells.text(better), cells.text(worse)
    if chosen.strip() == rejected.strip():
        raise cells.wrong(worse, f"is the same text as {better}", "take the row out")
    return PreferencePair(
        pair_id=cells.name("id"),
        prompt=cells.prompt(),
        chosen=chosen,
        rejected=rejected,
        source=cells.name("source"),
        margin=margin,
        year=cells.year(),
        age=cells.number("age"),
    )


def _first_label(table: TableRows, columns: PairColumns) -> Sequence[str]:
    """Return the labels that say that the first text is better.

    1 and 2 are taken for first and second where the file has both. 0 and 1 are refused, because
    files use them in both directions. Raises InputError for a label that cannot be read.
    """
    labels: dict[str, str] = {}
    for row in table.rows:
        cell = columns.value(row, "label")
        labels.setdefault(_folded("" if cell is None else str(cell).strip()), row.place)
    own = {part: _folded(columns.by_part.get(part, part)) for part in ("a", "b")}
    first, second = {*_FIRST, own["a"]}, {*_SECOND, own["b"]}
    numbers = labels.keys() & {"0", "1", "2"}
    if numbers == {"1", "2"}:
        first, second = first | {"1"}, second | {"2"}
    if columns.labelled:
        for label, place in labels.items():
            if label and label not in first | second | set(_TIES):
                column = columns.by_part["label"]
                problem = f'the label "{label[:40]}" does not say which text is better'
                fix = "write A, B or tie"
                raise InputError(table.path, problem, place=f"{place}, {column}", fix=fix)
    return sorted(first)


def _each_once(
    pairs: Iterable[PreferencePair], left_out: Counter[str]
) -> tuple[PreferencePair, ...]:
    """Return each pair once; one that is preferred in both directions is left out."""
    listed = list(pairs)
    directions: dict[tuple[str, frozenset[str]], set[str]] = defaultdict(set)
    for pair in listed:
        directions[_texts(pair)].add(pair.chosen)
    kept: list[PreferencePair] = []
    seen: set[tuple[str, frozenset[str]]] = set()
    for pair in listed:
        if len(directions[_texts(pair)]) > 1:
            left_out[CONTRADICTED] += 1
        elif _texts(pair) in seen:
            left_out[REPEATED] += 1
        else:
            seen.add(_texts(pair))
            kept.append(pair)
    return tuple(kept)


def _texts(pair: PreferencePair) -> tuple[str, frozenset[str]]:
    return pair.prompt, frozenset((pair.chosen, pair.rejected))


def _folded(text: str) -> str:
    return re.sub(r"[\s()-]+", "_", text.casefold()).strip("_")
