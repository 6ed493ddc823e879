"""Walks over the lines of a reply and yields every number that stands beside a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from judgemark.protocols.announcements import announces_other
from judgemark.protocols.line_scores import ScoreLines, line_lead, line_mentions
from judgemark.protocols.reply_sections import LabelledScores, ReplySection
from judgemark.protocols.score_labels import LabelKind, heads_prose_too, word_set
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
_ANNOUNCING = (":", ":**", ":*", ":__", ":_")
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
_SCORES_OF_ALL = re.compile(
    r"[\s*_#-]*(?:(?:my|the|final)\s)?(?:scores?|ratings?)\s*[*_]*\s*[:：][\s*_]*(?=[^\W\d_])",
    re.IGNORECASE,
)
_MOST_WORDS = 8


class LineWalk:
    """One pass over the lines of a reply."""

    def __init__(
        self, text: str, names: Names, score_lines: ScoreLines, set_apart: list[Mention]
    ) -> None:
        self._names = names
        self._score_lines = score_lines
        self._lines: list[tuple[int, str]] = []
        start = 0
        for ended in text.splitlines(keepends=True):
            self._lines.append((start, ended.rstrip()))
            start += len(ended)
        self._section = ReplySection()
        self._labelled = LabelledScores()
        self._reversed = False
        self._set_apart = set_apart

    def mentions(self) -> Iterator[Mention]:
        """Yield the mentions in the order of the text.

        A score beside a label alone (`Score: 8`) belongs to the criterion whose heading it stands
        under. What stands under a heading such as `Draft scores` or `Weights` is left out.
        """
        n = 0
        labelled, lines, kind_of = self._labelled, self._lines, self._names.kind_of
        scored_line = self._score_lines.mention
        while n < len(lines):
            start, line = lines[n]
            if not line:
                if self._section.muted:
                    self._section.pass_empty_line()
                n += 1
                continue
            scored = scored_line(line, start)
            if scored is not None:
                # Nearly all scores stand so; a generator for each would take as long as the rest.
                if not self._section.muted and kind_of(scored.name.strip(AROUND)) is None:
                    labelled.beside_names = True
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
                if self._section.fleeting:
                    self._section.pass_text()
            n += 1

    def _kept(self, found: Iterable[Mention], at: int) -> Iterator[Mention]:
        section = self._section
        for mention in found:
            kind = self._names.kind_of(mention.name.strip(AROUND))
            if section.muted and section.keeps(mention, at, labelled=kind is not None):
                if section.soft:
                    self._set_apart.append(mention)
                continue
            if kind is LabelKind.OTHER:
                section.earlier = True
                continue
            if kind is not None:
                yield self._labelled.claim(section, mention, kind, at)
                continue
            self._labelled.beside_names = True
            yield mention

    def _line(self, n: int, start: int, line: str) -> Iterable[Mention]:
        section = self._section
        if section.name is not None and _VALUE_ALONE.match(line):
            follows = section.empty or (section.read is not None and n - section.read_on <= 1)
            # Behind an analysis only a score in full stands on a line of its own.
            follows = follows or (section.read is None and "/" in line)
            value = value_mention(line, start, "score")
            return (value,) if follows and value is not None else ()
        if self._names.lines is None:
            return line_mentions(line, start, self._names.kind_of)
        found = list(line_mentions(line, start, self._names.kind_of))
        if found and any(self._names.is_criterion(mention.name) for mention in found):
            # `Scores: The Turn: 8, Pace: 6` begins with a label that is nobody's score.
            label = _SCORES_OF_ALL.match(line) if len(found) > 1 else None
            if label is None:
                return found
            return line_mentions(line[label.end() :], start + label.end(), self._names.kind_of)
        named = self._names.lines.read(line, start)
        if named is None:
            return found
        if named.mention is None and named.is_prose:
            self._open_prose(named.name, n)
        return found if named.mention is None else (*found, named.mention)

    def _open_prose(self, name: str, n: int) -> None:
        """Open the section of a criterion that a sentence is about; its score may stand below.

        Where other criteria have their score beside the name, a score below is not this one's.
        """
        before = self._section
        waits = before.name is not None and before.read is None
        if before.muted or (waits and not before.prose) or self._labelled.beside_names:
            return
        a_list = before.prose and before.read is None
        headless = a_list or self._scores_come_first(n)
        self._section = ReplySection(None if headless else name, prose=True)

    def _scores_come_first(self, n: int) -> bool:
        """Return whether the reply gives each score before its name: no name is a heading then."""
        self._reversed = self._reversed or self._labelled.unclaimed == n - 1
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
            self._section = ReplySection(None if headless else bare, listing=a_list)
            if not listed and announces_other(bare, self._names.highest):
                section = self._section
                section.muted = section.soft = section.fleeting = True
            return True
        plain = _PLAIN_HEADING.match(line) and len(bare.split()) <= _MOST_WORDS // 2
        headed = marked or _BRACKETED.match(line) or _KEY.match(line) or plain
        if named is not None:
            return False
        has_number = any(c.isdigit() for c in bare)
        soft = (
            (headed or line.endswith(_ANNOUNCING))
            and announces_other(bare, self._names.highest)
            and not self._begins_with_criterion(line, n)
        )
        if not soft and (not headed or has_number):
            return False
        muted = not has_number and self._names.kind_of(bare) is LabelKind.OTHER
        fleeting = soft or heads_prose_too(bare)
        self._section = ReplySection(
            muted=muted or soft, soft=soft and not muted, fleeting=fleeting
        )
        return True

    def _begins_with_criterion(self, line: str, n: int) -> bool:
        named = self._names.lines
        return named is not None and named.read(line, self._lines[n][0]) is not None

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


def lines_mentions(
    text: str, names: Names, score_lines: ScoreLines, set_apart: list[Mention]
) -> Iterator[Mention]:
    """Yield the mentions that the lines of `text` make, in its order.

    Those below a heading such as `First impressions` go into `set_apart` instead: they count for
    a criterion that the reply scores nowhere else.
    """
    return LineWalk(text, names, score_lines, set_apart).mentions()


def _may_head(name: str) -> bool:
    """Return whether a name that is not a criterion may be the heading of a section."""
    words = name.casefold().split()
    return not any(c.isdigit() for c in name) and not any(word in _NOT_A_SECTION for word in words)
