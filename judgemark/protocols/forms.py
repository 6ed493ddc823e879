"""The forms in which judges write a criterion's score, one line at a time.

Every pattern here is possessive or bounded, so that reading takes time linear in the length of
the reply whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Judges quote whole sentences in the cells of a table; no name and its cells are longer.
_REACH = 400

_OPEN = r"[\s*_`~\"'“”‘’«»\[(<≈\\]*+"
_CLOSE = r"[\s*_`~\"'“”‘’«»\])}>\\]*+"
_NUMBER = r"[0-9]{1,9}(?:\.[0-9]{1,9})?"
_VALUE = (
    rf"{_OPEN}(?:scored?\b\s*+[:=]?{_OPEN})?"
    r"(?:(?P<number>[-−–+]?[0-9]{1,9}(?:\.[0-9]{1,9}|,[0-9]{1,2}(?![0-9]))?)(?![0-9])"
    r"|(?P<absent>n/?a|n\.a\.|not\s+applicable|null)(?!\w))"
)
_FLAGS = re.IGNORECASE

_LEAD = re.compile(r"[\W_]*+(?:[0-9]{1,3}\s*+(?:[.)\]:|]|[–—-]\s)[\W_]*+)?")
_ENTRY = re.compile(
    # A hyphen separates only between spaces, else it belongs to a name: Tell-Don't-Show.
    rf"[:：=|→\t–—-](?<!\S-)(?:(?<!-)>?|(?<=-)[->]{{0,2}}(?=\s)){_VALUE}",
    _FLAGS,
)
_ALONE = re.compile(_VALUE, _FLAGS)
_RANGE = re.compile(
    rf"{_CLOSE}(?:/\s*+{_NUMBER}{_CLOSE})?(?:\([^()]{{0,80}}\)\s*+[,;]?+)?"
    rf"(?:(?<=[,;])|[-–—−…]|\.{{2,3}}|to\b|through\b){_OPEN}(?P<end>{_NUMBER})",
    _FLAGS,
)
_TAIL = re.compile(
    rf"{_CLOSE}(?:(?:/|(?:out\s+)?of\b)\s*+(?P<of>{_NUMBER})(?![0-9])(?![.,][0-9]))?{_CLOSE}"
    rf"(?:(?:points?|pts)\b\.?{_CLOSE})?"
    # A sign that makes another quantity of the number (3%, 3-part, 10:47, 3 → 4) is no end of it.
    r"(?:$|[^\w%=+/^°→:.,−-]|[.,](?![0-9])|-(?=[-\s])|:(?=\s)|(?:because|since|as|due|for)\b)",
    _FLAGS,
)
_NEXT = re.compile(rf"{_CLOSE}[,;|]")

_TAG = re.compile(r"(?<![`\"'“‘])<(/?)(think|thinking|reasoning)\s{0,8}>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mention:
    """A name and what stood beside it.

    `at` is the place of the value in the text, `name` as written (remnants of markup included),
    `given` the value as written. `value` is None for an absent score (N/A); `out_of` is the
    denominator of `3/10`, where there is one.
    """

    at: int
    name: str
    given: str
    value: float | None
    out_of: float | None = None


def visible_text(text: str) -> str:
    """The reply without its hidden reasoning.

    `<think>`, `<thinking>` and `<reasoning>` blocks are taken out and what stands around them
    joined; an unclosed one hides all that follows. A closing tag without an opening one hides all
    that stands before it: chat templates often put the opening tag into the prompt. A tag right
    after a quotation mark or backtick is spoken of, not used.
    """
    if "<" not in text:
        return text
    shown: list[str] = []
    hidden_by = ""
    end = 0
    for tag in _TAG.finditer(text):
        closes, name = bool(tag[1]), tag[2].lower()
        if hidden_by:
            if not closes or name != hidden_by:
                continue
            hidden_by = ""
        elif closes:
            shown.clear()
        else:
            shown.append(text[end : tag.start()])
            hidden_by = name
        end = tag.end()
    if not hidden_by:
        shown.append(text[end:])
    return "".join(shown)


def line_mentions(text: str) -> Iterator[Mention]:
    """The mentions that lines make, in the order of the text.

    A mention begins its line or follows another one (`Coherent: 3, Meandering: 4`). A range
    (`0-10`, `0 to 10`), a number that goes on into a word or another number, and a count
    (`3 lines`) are no mention.
    """
    start = 0
    for ended in text.splitlines(keepends=True):
        line = ended.rstrip()
        begin: int | None = 0
        while begin is not None:
            mention = _first_mention(line, begin, start)
            if mention is None:
                break
            yield mention
            follows = _NEXT.match(line, mention.at - start + len(mention.given))
            begin = None if follows is None else follows.end()
        start += len(ended)


def _first_mention(line: str, begin: int, start: int) -> Mention | None:
    lead = _LEAD.match(line, begin)
    begin = lead.end() if lead else begin
    for entry in _ENTRY.finditer(line, begin, begin + _REACH):
        mention = _mention(line, entry, start, line[begin : entry.start()])
        # Only a table's row holds cells between the name and its score.
        if mention is not None or "|" not in line:
            return mention
    return None


def value_mention(value: str, at: int, name: str) -> Mention | None:
    """The mention that `value` makes of `name`, or None where it is no score and not absent."""
    found = _ALONE.match(value)
    return None if found is None else _mention(value, found, at, name)


def _mention(line: str, found: re.Match[str], start: int, name: str) -> Mention | None:
    number = found["number"]
    if number is None:
        return Mention(start + found.start("absent"), name, found["absent"], None)
    at = start + found.start("number")
    value = float(number.translate(_PLAIN))
    if found.end() == len(line):
        return Mention(at, name, number, value)
    range_ = _RANGE.match(line, found.end())
    if range_ is not None and value < float(range_["end"]):
        return None
    tail = _TAIL.match(line, found.end())
    if tail is None:
        return None
    if tail["of"] is None:
        return Mention(at, name, number, value)
    given = line[found.start("number") : tail.end("of")]
    return Mention(at, name, given, value, float(tail["of"]))


_PLAIN = str.maketrans({",": ".", "−": "-", "–": "-"})
