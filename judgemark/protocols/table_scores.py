"""Criterion scores in tables: rows with bars, tabs or commas, with and without a header.

The header chooses the column. Where none tells, a row is read only if one of its cells is a
number: which of two numbers is the score is not for a parser to guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from judgemark.protocols.changed_text import header_kinds
from judgemark.protocols.line_scores import choose_value, line_lead, line_mentions
from judgemark.protocols.prose_scores import NamedLines
from judgemark.protocols.score_labels import LabelKind, header_kind, word_set
from judgemark.protocols.score_mention import KindOf, LabelledValue, Mention, labelled_value

_RULE = re.compile(r"[\s|:+=\-–—─┼├┤]+\Z")
_BAR_CELL = re.compile(r"[^|]*+")
_TAB_CELL = re.compile(r"[^\t]*+")
_COMMA_CELL = re.compile(r'\s*+(?:"(?:[^"]|"")*+"|[^,"]*+)\s*+')
_SEMICOLON_CELL = re.compile(r'\s*+(?:"(?:[^"]|"")*+"|[^;"]*+)\s*+')
_CELL_OF = {"|": _BAR_CELL, "\t": _TAB_CELL, ",": _COMMA_CELL, ";": _SEMICOLON_CELL}
_NUMBERED = re.compile(r"[\W_]*+[0-9]{1,3}[.)\]:]\s++[\W_]*+[^\W\d_]")
_NAME_HEADERS = word_set(
    "criterion criteria name dimension aspect metric category attribute trait factor quality item "
    "kriterium critère critere criterio critério criterios criteri критерий 标准 標準 项目 維度 "
    "维度 評価項目 항목 기준"
)
_MARKUP = " \t\xa0*_`~\"'“”‘’#•"
_MOST_CELLS = 60


@dataclass(frozen=True, slots=True)
class ReplyCell:
    """One cell of a row: where it stands in the reply, its text, and its value if it is one."""

    at: int
    text: str
    value: LabelledValue | None

    @property
    def bare(self) -> str:
        """The text without markup and row number."""
        return self.text[line_lead(self.text) :].strip(_MARKUP)


@dataclass(frozen=True, slots=True)
class Names:
    """What a reader of tables must know about names.

    `is_criterion` tells the names of criteria; `listed` says that they come from a rubric and are
    not merely plausible; `kind_of` tells labels, never one that is a criterion's name. `highest` is
    the greatest score of the rubric; `lines` reads lines that begin with a listed name.
    """

    is_criterion: Callable[[str], bool]
    listed: bool
    kind_of: KindOf
    highest: float = 10
    lines: NamedLines | None = None


def cells_of(line: str, start: int, separator: str, names: Names) -> list[ReplyCell]:
    """Return the cells of a line, whose place in the reply is `start`."""
    pattern = _CELL_OF[separator]
    line = line.rstrip()
    begin = len(line) - len(line.lstrip())
    if separator == "|" and line.startswith("|", begin):
        begin += 1
    cells: list[ReplyCell] = []
    while begin <= len(line) and len(cells) < _MOST_CELLS:
        found = pattern.match(line, begin)
        if found is None or (found.end() < len(line) and line[found.end()] != separator):
            return []
        text = found[0]
        value = None
        if _NUMBERED.match(text) is None:
            value = labelled_value(text, start + begin, names.kind_of)
        cells.append(ReplyCell(start + begin, text, value))
        begin = found.end() + 1
    if separator == "|" and cells and not cells[-1].text.strip():
        cells.pop()
    return cells


def is_rule(line: str) -> bool:
    """Return whether a line only draws a border (`|---|:--:|`)."""
    return _RULE.match(line) is not None


def is_csv_header(cells: Sequence[ReplyCell]) -> bool:
    """Return whether the cells must be the header of a list of scores and not a sentence."""
    heads = [cell.bare.strip('"').casefold() for cell in cells]
    return (
        len(cells) >= 2
        and any(head in _NAME_HEADERS for head in heads)
        and any(_chooses(cell) for cell in cells)
    )


def table_mentions(
    rows: Sequence[Sequence[ReplyCell]], names: Names, *, ruled: bool = False
) -> Iterator[Mention]:
    """Yield what the rows of one table say, the header among them if there is one.

    `ruled` says that a line is drawn below the first row, which is then the header.
    """
    header: Sequence[ReplyCell] = ()
    if len(rows) > 1 and _may_be_header(rows[0], names, ruled=ruled):
        header, rows = rows[0], rows[1:]
        across = _across(header, rows, names)
        if across is not None:
            yield from across
            return
    filled = [
        any(c < len(row) and row[c].value is not None for row in rows) for c in range(len(header))
    ]
    kinds = header_kinds([cell.bare for cell in header], filled)
    counted = _counted_columns(rows)
    for row in rows:
        yield from _row_mentions(row, header, kinds, counted, names)


def _chooses(cell: ReplyCell) -> bool:
    return header_kind(cell.bare) in (LabelKind.SCORE, LabelKind.FINAL)


def _may_be_header(row: Sequence[ReplyCell], names: Names, *, ruled: bool) -> bool:
    """Return whether a row has no number of its own; a header may say `Score out of 10`."""
    numbers = [cell.value for cell in row if cell.value is not None]
    if len(row) < 2 or (numbers and not (ruled and all(v.kind is not None for v in numbers))):
        return False
    return ruled or not any(
        names.is_criterion(mention.name)
        for cell in row
        if any(c.isdigit() for c in cell.text)
        for mention in line_mentions(cell.text, cell.at, names.kind_of)
    )


def _counted_columns(rows: Sequence[Sequence[ReplyCell]]) -> frozenset[int]:
    """Return the columns that only number their rows: 1, 2, 3."""
    numbers: dict[int, list[float]] = {}
    for row in rows:
        for column, cell in enumerate(row):
            if cell.value is not None and cell.value.mention.value is not None:
                numbers.setdefault(column, []).append(cell.value.mention.value)
    return frozenset(
        column
        for column, found in numbers.items()
        if (len(found) > 1 or found[0] == 1) and all(b - a == 1 for a, b in pairwise(found))
    )


def _row_mentions(
    row: Sequence[ReplyCell],
    header: Sequence[ReplyCell],
    kinds: Sequence[LabelKind | None],
    counted: frozenset[int],
    names: Names,
) -> list[Mention]:
    subject = _subject_column(row, header, names)
    told: list[LabelledValue] = []
    found: list[Mention] = []
    for column, cell in enumerate(row):
        if column == subject:
            continue
        value = cell.value
        if value is None:
            named = line_mentions(cell.text, cell.at, names.kind_of)
            found += [m for m in named if names.is_criterion(m.name)]
            continue
        header_says = kinds[column] if column < len(kinds) else None
        before_name = subject is None or column < subject
        if header_says is not None or not (before_name and column in counted):
            told.append(LabelledValue(value.kind or header_says, value.mention))
    if subject is None:
        labelled = [value for value in told if value.kind is not None]
        chosen = choose_value(labelled) if len(labelled) == len(told) else None
        return found if chosen is None else [*found, chosen.of("score")]
    name = row[subject].bare
    own = list(line_mentions(row[subject].text, row[subject].at, names.kind_of))
    if own:
        name = own[0].name
        told.append(LabelledValue(None, own[0]))
    chosen = choose_value(told)
    if chosen is not None:
        found.append(chosen.of(name))
    return sorted([*found, *own[1:]], key=lambda mention: mention.at)


def _subject_column(
    row: Sequence[ReplyCell], header: Sequence[ReplyCell], names: Names
) -> int | None:
    """Return the column that names the criterion: the first cell that is one, else the first
    text."""
    texts = [n for n, cell in enumerate(row) if cell.value is None and cell.bare]
    fitting = [n for n in texts if names.is_criterion(row[n].bare)]
    if names.listed and fitting:
        return fitting[0]
    for n in texts:
        if n < len(header) and header[n].bare.casefold() in _NAME_HEADERS:
            return n
    return texts[0] if texts else None


def _across(
    header: Sequence[ReplyCell], rows: Sequence[Sequence[ReplyCell]], names: Names
) -> list[Mention] | None:
    """Return the scores of a table whose columns are the criteria; None for any other table.

    Of several rows of numbers the label in the first cell tells which holds the scores.
    """
    if not names.listed:
        return None
    columns = [n for n, cell in enumerate(header) if names.is_criterion(cell.bare)]
    if len(columns) < 2:
        return None
    filled = [row for row in rows if any(n < len(row) and row[n].value for n in columns)]
    labels = [row[0].bare if 0 not in columns and row[0].value is None else "" for row in filled]
    kinds = header_kinds(labels, [True] * len(labels))
    found: list[Mention] = []
    for n in columns:
        values = []
        for row, kind in zip(filled, kinds, strict=True):
            value = row[n].value if n < len(row) else None
            if value is not None:
                values.append(LabelledValue(value.kind or kind, value.mention))
        chosen = choose_value(values)
        if chosen is not None:
            found.append(chosen.of(header[n].bare))
    return found
