"""Criterion scores that stand on a line of prose or of a list: `Weak Dialogue: 3`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from judgemark.protocols.score_labels import LabelKind, label_kind, label_words, word_set
from judgemark.protocols.score_mention import (
    AROUND,
    FLAGS,
    REACH,
    VALUE,
    KindOf,
    LabelledValue,
    Mention,
    labelled_value,
    mention_at,
)

_LONGEST_SCORE_LINE = 80
_LINES_KEPT = 4_096
_SIGNS_OF_A_ROW = "|\t,;"
_LEAD = re.compile(r"[\W_]*+(?:[0-9]{1,3}\s*+(?:[.)\]:]|[–—-]\s)[\W_]*+)?")
# A hyphen separates only between spaces, else it belongs to a name: Tell-Don't-Show.
_SEPARATOR = r"[:：=|→\t–—-](?<!\S-)(?:(?<!-)>?|(?<=-)[->]{0,2}(?=\s))"
_ENTRY = re.compile(rf"{_SEPARATOR}{VALUE}", FLAGS)
_HEAD_END = re.compile(_SEPARATOR)
# `The Turn: Score (0-10): 4`.
_DESCRIBED_LABEL = re.compile(
    rf"{_SEPARATOR}[\s*_]{{0,4}}(?P<label>[^\W\d_]{{1,20}}(?: [^\W\d_]{{1,20}})?)\s?"
    r"[(\[][^()\[\]]{1,20}[)\]][\s*_]{0,4}(?=[:=])"
)
_NEXT = re.compile(r"[\s*_`~\"'“”‘’«»\])}>\\]*+[,;|]")
_BETWEEN_VALUES = re.compile(r"[,;](?![0-9])|\s[|–—-]\s")
_MOST_VALUES = 6
_REMARK = re.compile(
    r"[^:：=|\t–—()\[\]]{1,120}+[(\[][^()\[\]]{0,80}+[)\]](?=[\s*_]{0,4}[:：=|–—-])"
)
# `The Turn (8/10): …` and `The Turn: Good (8/10)`: only a score in full stands so.
_FRACTION = re.compile(
    r"[(\[–—:,-]\s{0,3}[*_]{0,3}(?:(?P<word>[^\W\d_]{1,20})[: ]\s?)?"
    r"(?P<number>[0-9]{1,4}(?:[.,][0-9]{1,2})?)"
    r"\s{0,2}(?:/|out of)\s{0,2}[0-9]{1,4}(?![\w%/.]*[0-9])"
)
_ANY_FRACTION = re.compile(r"[0-9]\s{0,2}(?:/|out of\s)\s{0,2}[0-9]")
_LONGEST_BEFORE = 120
_DOUBTFUL = word_set(
    "not no nearly almost could would should might may below under above over than from was were "
    "had but if unless never hardly between worth instead nicht fast kaum presque casi"
)


class ScoreLines:
    """Reads short lines that say the same wherever they stand: `Weak Dialogue: 3`.

    Judges write the same few of them in reply after reply, so each is read once.
    """

    def __init__(self, kind_of: KindOf, is_criterion: Callable[[str], bool] | None = None) -> None:
        """Build a reader; one that knows its criteria leaves lines with other names to others."""
        self._kind_of = kind_of
        self._is_criterion = is_criterion
        self._read_once = lru_cache(_LINES_KEPT)(self._read)

    def mention(self, line: str, start: int) -> Mention | None:
        """Return the only mention that `line_mentions` finds on such a line; None for any other.

        Such a line is neither a heading nor the row of a table.
        """
        found = self._read_once(line) if len(line) <= _LONGEST_SCORE_LINE else None
        return None if found is None else found.behind(start)

    def _read(self, line: str) -> Mention | None:
        in_a_row = any(sign in line for sign in _SIGNS_OF_A_ROW)
        if in_a_row or ":" not in line or not line[-1].isdigit():
            return None
        found = list(line_mentions(line, 0, self._kind_of))
        if len(found) != 1:
            return None
        known = self._is_criterion is None or self._is_criterion(found[0].name)
        return found[0] if known else None


def line_lead(line: str, begin: int = 0) -> int:
    """Return where a line's text begins, behind bullets, numbers and markup."""
    lead = _LEAD.match(line, begin)
    return lead.end() if lead else begin


def line_mentions(line: str, start: int, kind_of: KindOf = label_kind) -> Iterator[Mention]:
    """Yield the mentions that one line makes, in its order; `start` is its place in the text.

    A mention begins the line or follows another one (`Coherent: 3, Meandering: 4`). A range
    (`0-10`, `0 to 10`), a number that goes on into a word or another number, and a count
    (`3 lines`) are no mention. Of several labelled numbers beside one name (`Max 10, Score 4`)
    the label tells which is the score.
    """
    begin: int | None = 0
    first = True
    while begin is not None:
        at = line_lead(line, begin)
        # Most lines of prose end here: without a separator there is no name and no label.
        separated = _HEAD_END.search(line, at, at + REACH) is not None
        entry = _ENTRY.search(line, _behind_remark(line, at), at + REACH) if separated else None
        if entry is not None and entry.end() == len(line) and _is_first(line, at, entry):
            mention = mention_at(line, entry, start, line[at : entry.start()])
            if mention is not None:
                yield mention
            return
        labelled = _labelled_mention(line, at, start, kind_of) if separated else None
        if labelled is not None:
            mention, begin = labelled
            if mention is not None:
                yield mention
        else:
            mention = None
            if entry is not None:
                mention = mention_at(line, entry, start, line[at : entry.start()])
            if mention is None:
                mention = _fraction_mention(line, at, start, kind_of) if first else None
                if mention is not None:
                    yield mention
                return
            yield mention
            follows = _NEXT.match(line, mention.at - start + len(mention.given))
            begin = None if follows is None else follows.end()
        first = False


def _is_first(line: str, begin: int, entry: re.Match[str]) -> bool:
    """Return whether no separator stands in front of the one that `entry` begins with."""
    head = _HEAD_END.search(line, _behind_remark(line, begin), begin + REACH)
    return head is not None and head.start() == entry.start()


def _behind_remark(line: str, begin: int) -> int:
    """Return where to look for a name's separator: not in the remark of `The Turn (weight: 2):
    4`."""
    remark = _REMARK.match(line, begin)
    return begin if remark is None else remark.end()


def _labelled_mention(
    line: str, begin: int, start: int, kind_of: KindOf
) -> tuple[Mention | None, int | None] | None:
    """Return the score of `The Turn: Max 10, Score 4`, and where the line goes on.

    None for a place where no labelled number stands.
    """
    described = _DESCRIBED_LABEL.search(line, begin, begin + REACH)
    if described is not None and kind_of(described["label"]) in (LabelKind.SCORE, LabelKind.FINAL):
        entry = _ENTRY.match(line, described.end())
        name = line[begin : described.start()]
        return (None if entry is None else mention_at(line, entry, start, name)), None
    head = _HEAD_END.search(line, _behind_remark(line, begin), begin + REACH)
    if head is None:
        return None
    name = line[begin : head.start()]
    bare = name.strip(AROUND)
    if not bare:
        return None
    of_a_label = kind_of(bare) is not None
    values, goes_on = _values_behind(line, begin if of_a_label else head.end(), start, kind_of)
    if not any(value.kind is not None for value in values):
        return None
    chosen = choose_value(values)
    return (None if chosen is None else chosen.of(name)), goes_on


def _values_behind(
    line: str, begin: int, start: int, kind_of: KindOf
) -> tuple[list[LabelledValue], int | None]:
    """Return the values that stand one after the other from `begin` on, and where others may
    follow."""
    values: list[LabelledValue] = []
    for _ in range(_MOST_VALUES):
        between = _BETWEEN_VALUES.search(line, begin, begin + REACH)
        end = len(line) if between is None else between.start()
        text = line[begin : min(end, begin + 2 * REACH)]
        value = labelled_value(text, start + begin, kind_of, whole=between is None)
        if value is None:
            break
        values.append(value)
        if between is None:
            return values, None
        begin = between.end()
    return values, begin


def choose_value(values: list[LabelledValue]) -> Mention | None:
    """Return the one value that is the score: the final one, else the score, else the only one.

    None where the labels do not say which of several that differ, or say that none is the score.
    """
    for kind in (LabelKind.FINAL, LabelKind.SCORE, None):
        fitting = [value.mention for value in values if value.kind is kind]
        if fitting:
            agreed = len({(mention.value, mention.out_of) for mention in fitting}) == 1
            return fitting[0] if agreed else None
    return None


def _fraction_mention(line: str, begin: int, start: int, kind_of: KindOf) -> Mention | None:
    """Return the score of `The Turn (8/10): …` and `The Turn: Good (8/10)`, which name their
    maximum."""
    if "/" not in line and "out of" not in line:
        return None
    found = _FRACTION.search(line, begin, begin + REACH)
    if found is None or found.start() - begin > _LONGEST_BEFORE:
        return None
    if _ANY_FRACTION.search(line, found.end(), found.end() + REACH):
        return None
    before = line[begin : found.start()]
    head = _HEAD_END.search(before)
    name, words = (before, "") if head is None else (before[: head.start()], before[head.end() :])
    telling = label_words(words) + label_words(found["word"] or "")
    if any(w in _DOUBTFUL or kind_of(w) is LabelKind.OTHER for w in telling):
        return None
    at = found.start("number")
    value = labelled_value(line[at : at + REACH], start + at, kind_of)
    if value is None or value.kind is LabelKind.OTHER or value.mention.out_of is None:
        return None
    return value.mention.of(name)
