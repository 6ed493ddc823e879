"""One number (or `N/A`) beside a name, and the spellings of such a value.

Every pattern here is possessive or bounded, so that reading takes time linear in the length of
the reply, whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from judgemark.protocols.score_labels import LabelKind, label_kind

REACH = 400
"""The most characters of a name and of what stands between it and its score.

Judges quote whole sentences in the cells of a table; no name and its cells are longer.
"""

KindOf = Callable[[str], LabelKind | None]
"""Tells what a label says about its number; a reader that knows its criteria brings its own."""

AROUND = " \t\r\n\xa0*_`~\"'“”‘’«»#[](){}<>:：=-–—•·\\"
"""The markup and punctuation that may stand around a name."""

_MARKUP = r"[\s*_`~\"'“”‘’«»\[(<≈\\]"
_OPEN = rf"{_MARKUP}*+"
_CLOSE = r"[\s*_`~\"'“”‘’«»\])}>\\]*+"
_NUMBER = r"[0-9]{1,9}(?:\.[0-9]{1,9})?"
_UNIT = (
    r"(?:(?:points?|pts|punkte?n?|puntos?|punti|pontos?|poäng|puan|балл(?:а|ов|ы)?)\b\.?"
    r"|[分点點점](?!\w))"
)
VALUE = (
    rf"{_OPEN}(?:scored?\b\s*+[:=]?{_OPEN})?"
    r"(?:(?P<number>[-−–+]?[0-9]{1,9}(?:\.[0-9]{1,9}|,[0-9]{1,2}(?![0-9]))?)(?![0-9])"
    r"|(?P<absent>n/?a|n\.a\.|not\s+applicable|null)(?!\w))"
)
"""A number or a word for an absent score, with the markup in front of it."""

FLAGS = re.IGNORECASE
_ALONE = re.compile(VALUE, FLAGS)
_RANGE = re.compile(
    rf"{_CLOSE}(?:/\s*+{_NUMBER}{_CLOSE})?(?:\([^()]{{0,80}}\)\s*+[,;]?+)?"
    rf"(?:(?<=[,;])|[-–—−…]|\.{{2,3}}|to\b|through\b){_OPEN}(?P<end>{_NUMBER})",
    FLAGS,
)
_ALTERNATIVE = re.compile(
    rf"{_CLOSE}(?:/\s*+{_NUMBER}{_CLOSE})?(?:[,;]\s?)?(?:or|oder|ou|maybe|perhaps)\s"
    rf"(?:maybe\s|perhaps\s|even\s)?{_OPEN}{_NUMBER}(?![\w%])",
    FLAGS,
)
# `[10, 4]` and `4, 5`: the reply does not say which of the two is meant.
_ANOTHER = re.compile(rf"\s?[,;&]\s?{_NUMBER}\s?(?:$|[,;)\]])")
# `9 (draft) / 4 (final)`, `9 then 4`, `9–4`, `10 - 6 = 4`, `9 for plot, 4 for style`.
_SECOND = re.compile(
    rf"[\s*_]{{0,4}}+(?:/\s?{_NUMBER}[\s*_]{{0,4}})?+"
    r"(?:[(\[][^()\[\]0-9]{1,40}[)\]][\s*_]{0,4}|(?:for|in|on)\s[^\n0-9.,;:]{1,40}(?=[,;]))?"
    r"(?:,?\s?(?:then|and|but|now)\s|(?:[,;&/→–—+-]|[-=]>)?)[\s*_]{0,4}"
    rf"(?<![0-9]){_NUMBER}(?:\s?/\s?{_NUMBER})?[\s*_]{{0,4}}"
    r"(?:$|[,;(\[=]|for\b|(?:after|now|once|overall|on)\b)",
    FLAGS,
)
_OF = r"(?:/|(?:out\s+)?of\b|von\b|aus\b|sur\b|de\b|su\b|из\b|av\b|van\b)"
_TAIL = re.compile(
    rf"{_CLOSE}(?:{_UNIT}{_CLOSE})?"
    rf"(?:{_OF}\s*+(?P<of>{_NUMBER})(?![0-9])(?![.,][0-9]))?{_CLOSE}"
    rf"(?:{_UNIT}{_CLOSE})?"
    # A sign that makes another quantity of the number (3%, 3-part, 10:47, 3 → 4) is no end of it.
    r"(?:$|[^\w%=+/^°→:.,−-]|[.,](?![0-9])|-(?=[-\s])|:(?=\s)|(?:because|since|as|due|for)\b)",
    FLAGS,
)
# `7 // slow`, `7 -> slow`: a remark begins. With a number in it, two numbers may be the score.
_FIGURE = r"(?:zero|two|three|four|five|six|seven|eight|nine|ten)\b"
_REMARKED = re.compile(
    rf"(?!\s*~~){_CLOSE}(?:{_UNIT}{_CLOSE})?"
    rf"(?:{_OF}\s*+(?P<of>{_NUMBER})(?![0-9]){_CLOSE}(?:{_UNIT}{_CLOSE})?)?"
    rf"(?://|/\*|(?:[-=]{{1,2}}>|[→⇒])(?!\W{{0,9}}(?:one\b|{_FIGURE})))"
    rf"(?=[^\n]{{0,20}}?[^\W\d_])(?!\D{{0,300}}?\b{_FIGURE}\W{{0,20}}\Z)\D{{1,300}}+\Z",
    FLAGS,
)
# `3 (final: 4)` and `5. Actually, 4`: the judge took its number back.
_REVISED = re.compile(
    r"[^\w\n]{0,6}(?:(?:final|revis|but\s(?=[0-9.]{1,6}\s(?:after|now|once|overall))|adjust|updat|correct|chang|rais|lower|now\b|actually\b"
    r"|reduc|(?<=[,;] )(?:minus|less)\b|(?:I(?:'ll| will| now)? )(?:lower|rais|chang|reduc|set)"
    r"|make it\b|make that\b|rather\b|on (?:reflection|second thought)\b|no,|wait\b|hmm)"
    rf"(?:(?!from\b|was\b)[^\n0-9()\[\]]){{0,30}}?){_NUMBER}(?![\w%])",
    FLAGS,
)
_BEHIND = re.compile(
    rf"{_CLOSE}(?:{_UNIT}{_CLOSE})?(?:{_OF}\s*+{_NUMBER}{_CLOSE})?(?:{_UNIT}{_CLOSE})?", FLAGS
)
# `9/10? Too generous.` and `9 (−4 for the end) = 5` take it back too.
_UNDONE = re.compile(rf"\?\s+\S|\s?\([^()\n]{{1,60}}\)\s?(?:=|→|[-=]>)\s?{_NUMBER}")
_LABEL_BEHIND = re.compile(r"\s*+[(\[]?\s*+(?P<label>[^()\[\]0-9,;|]{2,40}+)[)\]]?[\s*_.]*+$")
# The markup in front of a value is entered at its beginning only, else long runs of it would cost
# time quadratic in their length.
_FIRST_VALUE = re.compile(
    rf"(?<!{_MARKUP})(?:(?={_MARKUP})|(?<![\w.,])){VALUE}",
    FLAGS,
)
_SCORE_IN_FRONT = re.compile("score", FLAGS)
_LONGEST_CLOSING = 12
_PLAIN = str.maketrans({",": ".", "−": "-", "–": "-"})


class Mention(NamedTuple):
    """A name and what stood beside it; a tuple, because every reply makes dozens of them.

    `at` is the place of the value in the text, `name` as written (remnants of markup included),
    `given` the value as written. `value` is None for an absent score (N/A); `out_of` is the
    denominator of `3/10`, where there is one.
    """

    at: int
    name: str
    given: str
    value: float | None
    out_of: float | None = None

    def of(self, name: str) -> Mention:
        """Return the same value as the mention of another name."""
        return self._replace(name=name)

    def behind(self, start: int) -> Mention:
        """Return the mention where the text that it was found in begins at `start`."""
        return Mention(self.at + start, self.name, self.given, self.value, self.out_of)


@dataclass(frozen=True, slots=True)
class LabelledValue:
    """A value that stands by itself, and what its label says of it (None without a label)."""

    kind: LabelKind | None
    mention: Mention


def value_mention(value: str, at: int, name: str) -> Mention | None:
    """Return the mention that `value` makes of `name`; None where it is no score and not absent."""
    found = _ALONE.match(value)
    return None if found is None else mention_at(value, found, at, name)


def mention_at(
    line: str, found: re.Match[str], start: int, name: str, *, whole: bool = True
) -> Mention | None:
    """Return the mention of `name` by the value that `found` (a match of VALUE) holds in `line`.

    `start` is the place of the line in the text. None for what only looks like a score: a range,
    a choice (`4 or 5`), a count (`3 lines`), a number that was taken back at once. Where more of
    the line follows (it is not `whole`), a remark's end is not known: `7 // too high, so 5`.
    """
    number = found["number"]
    if number is None:
        return Mention(start + found.start("absent"), name, found["absent"], None)
    at = start + found.start("number")
    value = float(number.translate(_PLAIN))
    end = found.end()
    # `<7` is no score, `<7>` is one in brackets.
    if "<" in found[0] and ">" not in line[end : end + _LONGEST_CLOSING]:
        return None
    if end == len(line):
        return Mention(at, name, number, value)
    range_ = _RANGE.match(line, end)
    if range_ is not None and value < float(range_["end"]):
        return None
    tail = _TAIL.match(line, end)
    # The arrow of `<7 -> slow` closes no bracket.
    if tail is None and whole and ("<" not in found[0] or line.startswith(">", end)):
        tail = _REMARKED.match(line, end)
    seconds = (_ALTERNATIVE, _ANOTHER, _SECOND)
    if tail is None or any(second.match(line, end) for second in seconds):
        return None
    behind = _BEHIND.match(line, end)
    if behind is not None and (
        _REVISED.match(line, behind.end()) or _UNDONE.match(line, behind.end())
    ):
        return None
    if tail["of"] is None:
        return Mention(at, name, number, value)
    given = line[found.start("number") : tail.end("of")]
    return Mention(at, name, given, value, float(tail["of"]))


def labelled_value(
    text: str, start: int, kind_of: KindOf = label_kind, *, whole: bool = True
) -> LabelledValue | None:
    """Return the value of a text that is nothing but a value with, perhaps, a label or a remark.

    `8`, `8/10 (fine)`, `Score: 8`, `max 10`, `3 (draft)`; None for any other text. `start` is the
    place of the text in the reply; it is not `whole` where it goes on behind a comma.
    """
    found = _FIRST_VALUE.search(text)
    if found is None or found.start() > REACH:
        return None
    label = text[: found.start()].strip(AROUND)
    kind = kind_of(label) if label else None
    if label and kind is None:
        return None
    number = found["number"]
    if number is not None and text[found.start("number") - 1 : found.start("number")] == "/":
        return None
    mention = mention_at(text, found, start, "", whole=whole)
    if not label and _SCORE_IN_FRONT.search(found[0]) is not None:
        kind = LabelKind.SCORE
    if kind is None and number is not None:
        behind = _LABEL_BEHIND.match(text, found.end("number"))
        kind = None if behind is None else kind_of(behind["label"])
        if mention is None and kind is not None:
            value = float(number.translate(_PLAIN))
            mention = Mention(start + found.start("number"), "", number, value)
    return None if mention is None else LabelledValue(kind, mention)
