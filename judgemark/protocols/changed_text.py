"""Headers of a table that speak of the piece as it could be: `Score after revision`, `If fixed`.

Beside a score of the piece as it is, such a column holds another number. `Revised score` and
`Final score` are the judge's own last word on the same piece, and no such header.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from judgemark.protocols.score_labels import LabelKind, header_kind

_LONGEST_HEADER = 80
_CHANGE = (
    r"(?:revisions?|revising|edits?|editing|rewrit(?:es?|ing)|rework(?:ing)?|fix(?:es|ing)?"
    r"|chang(?:es?|ing)|improv(?:ements?|ing)|polish(?:ing)?|cuts?|cutting|trimming)"
)
_CHANGED = (
    r"(?:revised|edited|rewritten|reworked|fixed|changed|improved|polished|cut|trimmed|addressed"
    r"|resolved|implemented|applied|corrected|tightened|shortened)"
)
_FILLING = (
    r"(?:(?:an?|the|its|your|any|some|all|full|light|further|suggested|proposed|recommended"
    r"|possible|these|those|such|this)\s){0,3}"
)
_AFTER = re.compile(
    rf"\b(?:after|post|following|upon|nach)[\s-]{_FILLING}{_CHANGE}\b", re.IGNORECASE
)
_IF = re.compile(
    rf"\bwith\s{_FILLING}{_CHANGE}\b"
    rf"|\b(?:if|once|when)\s(?:[\w'’]{{1,20}}\s){{0,5}}(?:{_CHANGED}|{_CHANGE})\b"
    r"|\b(?:revised|edited|rewritten|reworked|improved|polished)"
    r"\s(?:version|text|piece|story|passage|response|sample|manuscript|scene|ending)\b",
    re.IGNORECASE,
)
_OWN_JUDGING = re.compile(
    r"\b(?:final|adjusted|updated|corrected|definitive|my|judge)\b", re.IGNORECASE
)
# `Improved score` and `Updated score` do not say of which text they are.
_OF_EITHER = re.compile(r"\b(?:revis|updat|adjust|correct|improv|edit)", re.IGNORECASE)
_AS_IT_IS = re.compile(r"\W*(?:current(?:ly)?|now|as is|as[ -]written|present)\b", re.IGNORECASE)


def is_of_a_changed_text(header: str) -> bool:
    """Return whether a header says that its numbers are scores of the piece once it is changed."""
    if len(header) > _LONGEST_HEADER:
        return False
    if _IF.search(header) is not None:
        return True
    return _AFTER.search(header) is not None and _OWN_JUDGING.search(header) is None


def header_kinds(headers: Sequence[str], filled: Sequence[bool]) -> list[LabelKind | None]:
    """Return what the headers of one table say about the numbers of their columns or rows.

    Where one of those with numbers (`filled`) has the score of the piece as it is, those of the
    changed piece are OTHER. Where there is none, only the header itself decides: beside `Before
    revision`, `After revision` is the final score.
    """
    kinds = [header_kind(header) for header in headers]
    changed = [is_of_a_changed_text(header) for header in headers]
    if any(changed) and any(
        has_numbers and not other and _is_as_it_is(header, kind)
        for header, kind, other, has_numbers in zip(headers, kinds, changed, filled, strict=True)
    ):
        return [LabelKind.OTHER if c else k for c, k in zip(changed, kinds, strict=True)]
    return kinds


def _is_as_it_is(header: str, kind: LabelKind | None) -> bool:
    if kind in (LabelKind.SCORE, LabelKind.FINAL):
        return _OF_EITHER.search(header) is None
    return kind is None and _AS_IT_IS.match(header) is not None
