"""Reads a judge's raw reply as named criterion scores."""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator
from functools import lru_cache

from judgemark.protocols.json_scores import json_mentions
from judgemark.protocols.line_scores import ScoreLines
from judgemark.protocols.markup_scores import as_spaces, markup_mentions, without_tags
from judgemark.protocols.name_leads import without_lead, without_revision
from judgemark.protocols.prose_scores import NamedLines
from judgemark.protocols.reasoning import visible_text
from judgemark.protocols.reply_classes import ReadScores, classify
from judgemark.protocols.reply_lines import lines_mentions
from judgemark.protocols.score_labels import (
    MAYBE_CRITERIA,
    LabelKind,
    label_kind,
    without_score_words,
)
from judgemark.protocols.score_mention import AROUND, Mention
from judgemark.protocols.table_scores import Names
from judgemark.records import Failure, Rubric, Verdict
from judgemark.table.item_scores import fold_name

# More than any judge writes and any rubric asks for; what stands last counts, so the end is read.
_MOST_CHARACTERS = 400_000
_MOST_MENTIONS = 5_000
_SPELLINGS_KEPT = 4_096
_LONGEST_NAME = 120
_LONGEST_NEW_NAME = 60
_MOST_WORDS = 8

_REMARK = re.compile(r"[\s*_]*+[(\[][^()\[\]]*+[)\]][\W_]*+$")
_LABELLED_NAME = re.compile(
    r"[\W_]*(?:criterion|criteria|category|dimension|metric|aspect|name)\W{0,3}[:：=]",
    re.IGNORECASE,
)
_LAST_PART = re.compile(
    r"[\s*_]*[,:–—|]\s*(?P<part>[^\W\d_][^\W\d]{0,20}(?: [^\W\d]{1,20}){0,2})"
    r"\s?(?:[(\[][^()\[\]]{0,20}[)\]]?)?\Z"
)
_NOT_IN_A_NEW_NAME = re.compile(r"[\"“”:{}|?!;\n]|\.\s")
# What judges add up or say about their scores, folded: no criteria of a rubric that names none.
_SUMMARIES = frozenset({
    "overall", "overallscore", "overallrating", "total", "totalscore", "finalscore", "finalrating",
    "average", "averagescore", "mean", "meanscore", "sum", "ratings", "confidence",
})  # fmt: skip
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_DIGIT = re.compile(r"[^\W\D0-9_]")
# A name and its score, struck out together: `The Turn: ~~3~~ 4` says no score. A comment that is
# never closed goes on to the end, as in a browser.
_WITHDRAWN = re.compile(
    r"~~[^~\n:]{0,120}[^\W\d_][^~\n:]{0,9}:[^~\n]{1,40}~~|<!--(?:[^-]|-(?!->))*+(?:-->)?+"
)
_SINGLE_QUOTED = re.compile(r"\{\s*+'[^'\n{}]{1,120}'\s*+:")
_SINGLE_QUOTE = re.compile(r"(?<=[{\[,:\s])'|'(?=\s{0,8}[,:}\]])")
# One character for one, so that places in the text stay what they are.
_WIDE_SIGNS = str.maketrans("：／（）［］｛｝＝｜，；．－％＋　│┃║⁄∕", ":/()[]{}=|,;.-%+ |||//")


class ReplyReader:
    """Reads the replies to one rubric; built once for it, used from many threads."""

    def __init__(self, rubric: Rubric) -> None:
        self._rubric = rubric
        criteria = rubric.criteria
        self._spelt = None if criteria is None else {fold_name(c.name): c.name for c in criteria}
        self._placed = lru_cache(_SPELLINGS_KEPT)(self._place)
        self._kind_of = lru_cache(_SPELLINGS_KEPT)(self._label_kind)
        lines = None
        if criteria is not None:
            lines = NamedLines([c.name for c in criteria], self._kind_of)
        self._names = Names(
            self._is_criterion, lines is not None, self._kind_of, rubric.scoring_max, lines
        )
        self._score_lines = ScoreLines(self._kind_of, self._is_criterion if lines else None)

    def read(self, text: str, finish_reason: str | None) -> Verdict | Failure:
        """Return the outcome of one reply: a verdict with scores, or a failure that says why not.

        `finish_reason` is the endpoint's word for how the reply ended, None where it gave none.
        """
        known = None if self._spelt is None else len(self._spelt)
        return classify(self.parse(text), finish_reason, known)

    def parse(self, text: str) -> ReadScores:
        """Return all that the reply holds; of more than 400,000 visible characters, the last.

        Never raises, and takes time linear in the length of the text.
        """
        said = visible_text(text).strip()[-_MOST_CHARACTERS:]
        set_apart: list[Mention] = []
        mentions: Iterable[Mention] = self._mentions(said, set_apart)
        if set_apart:
            # A criterion that is mentioned nowhere else has its score there.
            mentions = tuple(mentions)
            named = {self._placed(mention.name)[0] for mention in mentions}
            spare = [m for m in set_apart if self._placed(m.name)[0] not in named]
            mentions = (*spare[-_MOST_MENTIONS:], *mentions)
        return self._scores_of(said, mentions)

    def _scores_of(self, said: str, mentions: Iterable[Mention]) -> ReadScores:
        scores: dict[str, tuple[str, float, int]] = {}
        left_out: dict[str, tuple[str, str]] = {}
        aside: dict[str, float] = {}
        for mention in mentions:
            key, name, counts = self._placed(mention.name)
            value = mention.value
            if not counts:
                if name and value is not None:
                    aside[name] = value
            elif value is not None and self._valid(value, mention.out_of):
                first = scores.get(key)
                scores[key] = (first[0] if first else name, value, mention.at)
                left_out.pop(key, None)
            else:
                scores.pop(key, None)
                left_out[key] = (name, mention.given)
        return ReadScores(
            said,
            scores={name: value for name, value, _ in scores.values()},
            left_out=dict(left_out.values()),
            aside=aside,
            places={name: at for name, _, at in scores.values()},
        )

    def _mentions(self, said: str, set_apart: list[Mention]) -> Iterator[Mention]:
        plain = _without_withdrawn(_plain_signs(said))
        structured: dict[int, Mention | None] = {}
        if "{" in plain:
            quoted = _double_quoted(plain)
            structured |= json_mentions(quoted, self._is_criterion, self._kind_of)
        if "<" in plain and ("</" in plain or "/>" in plain):
            structured |= markup_mentions(plain, self._is_criterion, self._kind_of)
            plain = without_tags(plain, self._kind_of)
        walked = lines_mentions(plain, self._names, self._score_lines, set_apart)
        lines = deque(walked, _MOST_MENTIONS)
        if not structured:
            return iter(lines)
        found: dict[int, Mention | None] = {mention.at: mention for mention in lines}
        found.update(structured)
        last = sorted(found.items())[-_MOST_MENTIONS:]
        return (mention for _, mention in last if mention is not None)

    def _valid(self, value: float, out_of: float | None) -> bool:
        if out_of not in (None, self._rubric.scoring_max):
            return False
        return self._rubric.scoring_min <= value <= self._rubric.scoring_max

    def _is_criterion(self, raw: str) -> bool:
        return self._placed(raw)[2]

    def _label_kind(self, label: str) -> LabelKind | None:
        """Return the kind of a label; a name that may be a criterion is not a label."""
        known = MAYBE_CRITERIA if self._spelt is None else self._spelt
        return None if fold_name(label) in known else label_kind(label)

    def _place(self, raw: str) -> tuple[str, str, bool]:
        """Return the folded name, the name as shown, and whether it is a criterion."""
        name = raw.strip(AROUND)
        if not name or len(name) > _LONGEST_NAME:
            return "", "", False
        bare = _REMARK.sub("", raw).strip(AROUND)
        if self._spelt is None:
            bare = without_score_words(_unlabelled(without_revision(bare)))
            key = fold_name(bare)
            return key, bare, self._kind_of(bare) is None and _may_be_a_name(key, bare)
        folded = fold_name(name)
        if folded in self._spelt:
            return folded, self._spelt[folded], True
        if len(self._spelt) > 1 and not any(key in folded for key in self._spelt):
            return "", name, False
        key = fold_name(bare)
        if key in self._spelt:
            return key, self._spelt[key], True
        led = without_lead(bare).strip(AROUND)
        for spelling in (without_score_words(bare), without_score_words(_unlabelled(bare)), led):
            key = fold_name(spelling)
            if key in self._spelt:
                return key, self._spelt[key], True
        if len(self._spelt) == 1 and label_kind(bare) in (LabelKind.SCORE, LabelKind.FINAL):
            key, name = next(iter(self._spelt.items()))
            return key, name, True
        return "", name, False


def _plain_signs(text: str) -> str:
    """Return the text with digits of all scripts and full-width signs as ASCII."""
    if text.isascii():
        return text
    # Most texts have only dashes, quotation marks and letters that stay.
    signs = set(_NOT_ASCII.findall(text))
    if any(ord(sign) in _WIDE_SIGNS for sign in signs):
        text = text.translate(_WIDE_SIGNS)
    if any(sign.isdecimal() for sign in signs):
        text = _DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)
    return text


def _without_withdrawn(text: str) -> str:
    """Return the text with what is struck out (`~~The Turn: 9~~`) or a comment as spaces."""
    # A search for one character is many times faster than one for two.
    struck_out = "~" in text and "~~" in text
    if not struck_out and not ("<" in text and "<!--" in text):
        return text
    return _WITHDRAWN.sub(lambda found: as_spaces(found[0]), text)


def _double_quoted(text: str) -> str:
    """Return the text with an object's single quotes (`{'The Turn': 8}`) as JSON quotes."""
    return _SINGLE_QUOTE.sub('"', text) if _SINGLE_QUOTED.search(text) else text


def _unlabelled(name: str) -> str:
    """Return the name in `Criterion: The Turn, Score` in front of a number."""
    start = _LABELLED_NAME.match(name)
    name = name if start is None else name[start.end() :]
    last = _LAST_PART.search(name)
    if last is not None and label_kind(last["part"]) in (LabelKind.SCORE, LabelKind.FINAL):
        name = name[: last.start()]
    return name


def _may_be_a_name(folded: str, name: str) -> bool:
    """Return whether an unknown rubric may have a criterion of this name."""
    return (
        len(name) <= _LONGEST_NEW_NAME
        and name[:1].isalpha()
        and len(name.split()) <= _MOST_WORDS
        and folded not in _SUMMARIES
        and _NOT_IN_A_NEW_NAME.search(name) is None
    )


@lru_cache(maxsize=8)
def reader_for(rubric: Rubric) -> ReplyReader:
    """Return the reader of a rubric, which is built once."""
    return ReplyReader(rubric)


def read_reply(text: str, finish_reason: str | None, rubric: Rubric) -> Verdict | Failure:
    """Read one reply to `rubric`: named scores as given (not inverted), or why there are none.

    Scores are named as the rubric spells its criteria, or as the judge spelt them where the
    rubric names none; then all plausible names are kept, for `common_criteria` and
    `restrict_to_criteria`.
    """
    return reader_for(rubric).read(text, finish_reason)
