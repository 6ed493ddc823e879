"""Walks over the lines of a reply and yields every number that stands beside a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from judgemark.protocols.line_scores import ScoreLines, line_lead, line_mentions
from judgemark.protocols.score_labels import LabelKind, word_set
from judgemark.protocols.score_mention import AROUND, Mention, value_mention
from judgemark.protocols.table_scores import (
    Names,
    ReplyCell,
    cells_of,
    is_csv_header,
    is_rule,
    table_mentions,
)

_LONGEST_HEADING = 160
_LONGEST_CSV_LINE = 240
_BOLD = re.compile(
    r"\s*(?:[-*•]\s+)?(?:\d{1,3}[.)]\s*)?(?:\*\*|__)[^*_|]{1,120}(?:\*\*|__)\s*:?\s*\Z"
)
_MARKDOWN = re.compile(r"\s*#{1,6}\s")
_BRACKETED = re.compile(r"\s*\[[^\[\]]{1,60}\]\s*:?\s*\Z")
_KEY = re.compile(r"\s*(?:[-*]\s+)?[\"']?(?P<key>[^\W\d_][\w '’&/-]{0,60}?)[\"']?\s*:\s*\Z")
_NAMED = re.compile(
    r"\s*[-*•]?\s*[*_\"']{0,3}(?:criterion|criteria|name|category|dimension|metric|aspect"
    r"|attribute|kriterium|critère|criterio)[*_\"']{0,3}\s*[:：=]\s*(?P<name>.{1,120}?)\s*,?\s*\Z",
    re.IGNORECASE,
)
_PLAIN_HEADING = re.compile(r"\s*(?:\d{1,3}[.)]\s+)?[^\W\d_][\w '’&/-]{0,60}\Z")
_VALUE_ALONE = re.compile(
    r"[\s*_`\[(]{0,8}[-−]?[0-9]{1,9}(?:[.,][0-9]{1,2})?(?:\s?/\s?[0-9]{1,9}|\s?[分点點점])?[\s*_`\])]{0,8}\Z"
)
_NOT_A_SECTION = word_set(
    "overall final verdict total summary conclusion evaluation assessment judgment judgement "
    "criteria scores score ratings rating analysis average result results feedback comments notes"
)
_MOST_WORDS = 8


@dataclass(slots=True)
class _Section:
    """Whose section the lines stand in, and what was read in it."""

    name: str | None = None
    read: Mention | None = None
    read_on: int = -1
    empty: bool = True
    listing: bool = False
    muted: bool = False
    muted_mentions: int = 0


class LineWalk:
    """One pass over the lines of a reply."""

    def __init__(self, text: str, names: Names, score_lines: ScoreLines) -> None:
        self._names = names
        self._score_lines = score_lines
        self._lines: list[tuple[int, str]] = []
        start = 0
        for ended in text.splitlines(keepends=True):
            self._lines.append((start, ended.rstrip()))
            start += len(ended)
        self._section = _Section()
        self._unclaimed = -2
        self._reversed = False

    def mentions(self) -> Iterator[Mention]:
        """Yield the mentions in the order of the text.

        A score beside a label alone (`Score: 8`) belongs to the criterion whose heading it stands
        under. What stands under a heading such as `Draft scores` or `Weights` is left out.
        """
        n = 0
        while n < len(self._lines):
            start, line = self._lines[n]
            if not line:
                if self._section.muted_mentions:
                    self._section.muted, self._section.muted_mentions = False, 0
                n += 1
                continue
            scored = self._score_lines.mention(line, start)
            if scored is not None:
                # Nearly all scores stand so; a generator for each would take as long as the rest.
                if self._is_plain(scored):
                    yield scored
                else:
                    yield from self._kept((scored,), n)
                self._section.empty = False
                n += 1
                continue
            until, rows = self._table_at(n)
            if rows:
                ruled = n + 1 < until and is_rule(self._lines[n + 1][1])
                yield from self._kept(table_mentions(rows, self._names, ruled=ruled), n)
                self._section.empty = False
                n = until
                continue
            if not self._heading(line, n):
                yield from self._kept(self._line(n, start, line), n)
                self._section.empty = False
            n += 1

    def _is_plain(self, mention: Mention) -> bool:
        """Return whether a mention counts as it stands, wherever that is."""
        muted = self._section.muted
        return not muted and self._names.kind_of(mention.name.strip(AROUND)) is None

    def _kept(self, found: Iterable[Mention], at: int) -> Iterator[Mention]:
        for mention in found:
            if self._section.muted:
                self._section.muted_mentions += 1
                continue
            kind = self._names.kind_of(mention.name.strip(AROUND))
            if kind is None:
                yield mention
            elif kind is not LabelKind.OTHER:
                yield from self._labelled(mention, at)

    def _labelled(self, mention: Mention, at: int) -> Iterator[Mention]:
        """Return a score beside a label as the section's score if it is the first one there."""
        section = self._section
        if section.name is None:
            self._unclaimed = at
            yield mention
        elif section.read is None:
            section.read, section.read_on = mention, at
            yield mention.of(section.name)
        elif at - section.read_on <= 1 and mention.value != section.read.value:
            # Two scores in a row: the reply does not say which of them counts.
            given = f"{section.read.given}, then {mention.given}"
            yield Mention(mention.at, section.name, given, None)

    def _line(self, n: int, start: int, line: str) -> Iterator[Mention]:
        section = self._section
        if section.name is not None and _VALUE_ALONE.match(line):
            follows = section.empty or (section.read is not None and n - section.read_on <= 1)
            value = value_mention(line, start, "score")
            return iter((value,) if follows and value is not None else ())
        return line_mentions(line, start, self._names.kind_of)

    def _scores_come_first(self, n: int) -> bool:
        """Return whether the reply gives each score before its name: no name is a heading then."""
        self._reversed = self._reversed or self._unclaimed == n - 1
        return self._reversed

    def _heading(self, line: str, n: int) -> bool:
        """Return whether a line is only a heading, and open its section if it is."""
        if len(line) > _LONGEST_HEADING or (line[-1].isdigit() and ":" in line):
            return False
        named = _NAMED.match(line)
        marked = bool(_MARKDOWN.match(line) or _BOLD.match(line))
        bare = (named["name"] if named else line[line_lead(line) :]).strip(AROUND + ",")
        if not bare:
            return False
        listed = self._names.listed
        sectioned = listed or named is not None or marked or _KEY.match(line) is not None
        if sectioned and self._names.is_criterion(bare) and (listed or _may_head(bare)):
            # Several names below each other are a list, and none of them is a heading.
            before = self._section
            a_list = before.empty and not marked and (before.name is not None or before.listing)
            headless = a_list or (named is not None and self._scores_come_first(n))
            self._section = _Section(None if headless else bare, listing=a_list)
            return True
        plain = _PLAIN_HEADING.match(line) and len(bare.split()) <= _MOST_WORDS // 2
        headed = marked or _BRACKETED.match(line) or _KEY.match(line) or plain
        if not headed or named is not None or any(c.isdigit() for c in bare):
            return False
        self._section = _Section(muted=self._names.kind_of(bare) is LabelKind.OTHER)
        return True

    def _table_at(self, n: int) -> tuple[int, list[list[ReplyCell]]]:
        """Return the rows of a table that begins on a line, and the line after the table."""
        line = self._lines[n][1]
        if "|" in line:
            return self._rows(n, "|", 1)
        if "\t" in line.strip():
            return self._rows(n, "\t", 1)
        for separator in ",;":
            if separator not in line or len(line) > _LONGEST_CSV_LINE:
                continue
            cells = self._cells(n, separator)
            if is_csv_header(cells):
                return self._rows(n, separator, len(cells))
            if self._names.listed and len(cells) > 1 and ":" not in line:
                named = [cell for cell in cells if self._names.is_criterion(cell.bare)]
                if len(named) == 1 and named[0] is cells[0]:
                    return n + 1, [cells]
        return n, []

    def _cells(self, n: int, separator: str) -> list[ReplyCell]:
        start, line = self._lines[n]
        return cells_of(line, start, separator, self._names)

    def _continues(self, row: list[ReplyCell], n: int) -> bool:
        """Return whether a line after an empty line continues the table of `row`."""
        cells = self._cells(n, "|")
        ruled = n + 1 < len(self._lines) and is_rule(self._lines[n + 1][1])
        return len(cells) == len(row) and not ruled

    def _rows(self, n: int, separator: str, width: int) -> tuple[int, list[list[ReplyCell]]]:
        """Return the rows from a line on; a single empty line does not end the table."""
        rows: list[list[ReplyCell]] = []
        while n < len(self._lines):
            line = self._lines[n][1]
            if separator == "|" and is_rule(line) and line.strip():
                n += 1
                continue
            if not line.strip():
                following = self._lines[n + 1][1] if n + 1 < len(self._lines) else ""
                if not rows or separator != "|" or "|" not in following:
                    break
                if not self._continues(rows[-1], n + 1):
                    break
                n += 1
                continue
            if separator not in (line.strip() if separator == "\t" else line):
                break
            cells = self._cells(n, separator)
            if width > 1 and len(cells) != width:
                break
            rows.append(cells)
            n += 1
        return n, rows


def lines_mentions(text: str, names: Names, score_lines: ScoreLines) -> Iterator[Mention]:
    """Yield the mentions that the lines of `text` make, in its order."""
    return LineWalk(text, names, score_lines).mentions()


def _may_head(name: str) -> bool:
    """Return whether a name that is not a criterion may be the heading of a section."""
    words = name.casefold().split()
    return not any(c.isdigit() for c in name) and not any(word in _NOT_A_SECTION for word in words)
