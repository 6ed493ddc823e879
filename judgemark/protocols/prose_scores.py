"""Scores at the end of a sentence about a criterion, or beside its name without a separator.

`The Turn: prepared, yet a surprise. Score: 8/10`, `The Turn: a solid 7`, `The Turn 8/10`. Only
lines that begin with the name of a criterion are read so, and only for a rubric that lists them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from judgemark.protocols.line_scores import line_lead
from judgemark.protocols.score_labels import LabelKind, label_words, word_set
from judgemark.protocols.score_mention import KindOf, Mention, value_mention

_WORDS = re.compile(r"\w+")
_BEHIND_NAME = r"[\s*_`\"'“”‘’«»\])]*+"
_SEPARATOR = re.compile(rf"{_BEHIND_NAME}(?:[:：=|→–—]|-+>?(?=\s))")
_NUMBER = r"[0-9]{1,4}(?:[.,][0-9]{1,2})?(?![0-9])"
_FRACTION = rf"(?:{_NUMBER})\s?(?:/|out of)\s?[0-9]{{1,4}}"
_CLOSING = r"[\s*_)\]}.!$★☆⭐]*\Z"
# `The Turn 8/10`, `The Turn ...... 8/10`, `The Turn 8/10 – well prepared`.
_NEXT_TO = re.compile(
    rf"{_BEHIND_NAME}[.…·\s]{{0,60}}(?<=[\s.…·\]])(?P<value>{_FRACTION})(?=[\s*_)\]]*(?:[.:–—]|-\s|\Z))"
)
_LABELLED = re.compile(
    r"(?<!\w)(?:score[sd]?|rating|rated|grade|mark|points|punkte|bewertung|note|nota|puntuación)"
    rf"(?:\s(?:of|is|would be|at))?\s?[:=–—-]?[\s*_(\[]{{0,4}}(?P<value>{_NUMBER}"
    r"(?:\s?(?:/|out of)\s?[0-9]{1,4})?)",
    re.IGNORECASE,
)
_IN_FULL = re.compile(rf"(?<![\w.,/])(?P<value>{_FRACTION})(?![\w%/])")
_ON_A_SCALE = re.compile(
    rf"[\s*_]*(?P<number>{_NUMBER})[\s*_]+(?:on|over|in)\s(?:an?\s|the\s)?(?:scale\s)?(?:of\s|from\s)?"
    rf"(?:[01]\s?(?:-|–|to)\s?)?(?P<of>[0-9]{{1,4}})(?:[ -]?points?)?(?:\sscale)?{_CLOSING}"
)
_LATEX = re.compile(rf"[\s*_$]*\\?(?:boxed)?\{{?\s?(?P<value>{_NUMBER})\s?\}}?[\s*_$.]*\Z")
_IN_WORDS = re.compile(
    r"[\s*_]*(?P<word>zero|one|two|three|four|five|six|seven|eight|nine|ten)"
    rf"\s?[(\[](?P<value>[0-9]{{1,2}})[)\]]{_CLOSING}",
    re.IGNORECASE,
)
_FIGURES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
# A score stands apart from the sentence: `well made – 8/10`, and not `seen in 3 out of 10`.
_APART = re.compile(r"[:=|→–—(\[.;,!★☆⭐█▓▒░■□●○◆◇-][\s*_]*\Z")
_CLOSED = re.compile(_CLOSING)
_CLAUSE = re.compile(r"[.;!?](?=\s)")
_DOUBTFUL = word_set(
    "not no nearly almost could might may below under above over than from was were had but if "
    "unless never hardly between worth instead nicht fast kaum presque casi would at most least "
    "up down to or"
)
_LONGEST_LINE = 2_000
_LETTERS = 3


def _start_of(name: str) -> str:
    return name[:_LETTERS].lower()


@dataclass(frozen=True, slots=True)
class NamedLine:
    """A line that begins with a criterion: its name and the only score that the line gives it.

    `is_prose`: a separator and words follow the name, and no number of any kind, so that a line
    below may give the score.
    """

    name: str
    mention: Mention | None
    is_prose: bool


class NamedLines:
    """Reads lines that begin with the name of one of the criteria."""

    def __init__(self, criteria: Sequence[str], kind_of: KindOf) -> None:
        self._kind_of = kind_of
        spelt = (r"[\W_]{0,3}".join(_WORDS.findall(name)) for name in criteria)
        names = sorted((name for name in spelt if name), key=len, reverse=True)
        # Nearly all lines are told apart by their first letters.
        self._starts = frozenset(_start_of(name) for name in criteria)
        self._name = re.compile(rf"(?P<name>{'|'.join(names)})(?!\w)", re.IGNORECASE)

    def read(self, line: str, start: int) -> NamedLine | None:
        """Return what the line says of the criterion that it begins with; None without one.

        `start` is the place of the line in the reply.
        """
        begin = 0 if line[0].isalpha() else line_lead(line)
        if line[begin : begin + _LETTERS].lower() not in self._starts:
            return None
        named = self._name.match(line, begin) if len(line) <= _LONGEST_LINE else None
        if named is None:
            return None
        name, end = named["name"], named.end()
        separator = _SEPARATOR.match(line, end)
        if separator is None:
            return NamedLine(name, self._next_to(line, start, end, name), is_prose=False)
        rest = separator.end()
        mention = self._at_the_end(line, start, rest, name)
        words = line[rest:]
        is_prose = not any(c.isdigit() for c in words) and _WORDS.search(words) is not None
        return NamedLine(name, mention, is_prose=is_prose)

    @staticmethod
    def _next_to(line: str, start: int, end: int, name: str) -> Mention | None:
        found = _NEXT_TO.match(line, end)
        if found is None:
            return None
        return value_mention(found["value"], start + found.start("value"), name)

    def _at_the_end(self, line: str, start: int, rest: int, name: str) -> Mention | None:
        """Return the score that the words from `rest` on come to; None where two may be meant."""
        in_latex = _LATEX.match(line, rest)
        if in_latex is not None:
            return value_mention(in_latex["value"], start + in_latex.start("value"), name)
        scaled = _ON_A_SCALE.match(line, rest)
        if scaled is not None:
            value = float(scaled["number"].replace(",", "."))
            at = start + scaled.start("number")
            return Mention(at, name, scaled[0].strip(), value, float(scaled["of"]))
        worded = _IN_WORDS.match(line, rest)
        if worded is not None:
            agreed = _FIGURES.index(worded["word"].lower()) == int(worded["value"])
            at = start + worded.start("value")
            return value_mention(worded["value"], at, name) if agreed else None
        found = [*_LABELLED.finditer(line, rest), *_IN_FULL.finditer(line, rest)]
        places = {match.end("value") for match in found}
        if len(places) != 1 or _CLOSED.match(line, places.pop()) is None:
            return None
        match = found[0]
        if match.re is _IN_FULL and not _APART.search(line, rest - 1, match.start()):
            return None
        clause = _CLAUSE.split(line[rest : match.start("value")])[-1]
        for word in label_words(clause):
            if word in _DOUBTFUL or self._kind_of(word) is LabelKind.OTHER:
                return None
        return value_mention(match["value"], start + match.start("value"), name)
