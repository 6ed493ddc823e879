"""960 real replies, and the item scores that their publisher made of them."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from judgemark.protocols.common_criteria import common_criteria
from judgemark.protocols.reply_classes import ReadScores, restrict_to_criteria
from judgemark.protocols.reply_reader import ReplyReader
from judgemark.records import Class, Criterion, Rubric, Verdict
from judgemark.table.item_scores import ITEM_RULES, fold_name, valid_scores

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "real"
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason=f"no real replies at {REAL}")

RULE = ITEM_RULES["v2.1"]
NAMES = (
    "Adherence to Instructions", "Believable Character Actions", "Nuanced Characters",
    "Consistent Voice/Tone of Writing", "Imagery and Descriptive Quality", "Elegant Prose",
    "Emotionally Engaging", "Emotionally Complex", "Coherent", "Meandering", "Weak Dialogue",
    "Tell-Don't-Show", "Unsurprising or Uncreative", "Amateurish", "Purple Prose", "Overwrought",
    "Incongruent Ending Positivity", "Unearned Transformations",
    "Well-earned Lightness or Darkness", "Sentences Flow Naturally", "Overall Reader Engagement",
    "Overall Impression",
)  # fmt: skip
NAMED = Rubric(0, 20, tuple(Criterion(name, RULE.is_negative(name)) for name in NAMES))
UNNAMED = Rubric(0, 20)
# What begins no line follows a colon or a number that was found before.
STRAY = re.compile(r"(?<![^\n:\d])([^\n:]*):\s*(\d+(?:\.\d+)?)")


def load(name: str) -> Any:
    return json.loads((REAL / name).read_text("utf-8"))


@dataclass(frozen=True)
class Judged:
    """One real reply beside the item score that its publisher gave, 0..100."""

    reply: str
    parsed: ReadScores
    published: float

    @property
    def ours(self) -> float:
        """The publisher's rule on our reading: mean of inverted scores x 5, to one digit."""
        valid = valid_scores(self.parsed.scores, NAMED, RULE)
        return published_rounding(sum(valid) / len(valid))


def published_rounding(mean: float) -> float:
    return round(round(mean, 2) * 5, 1)


@pytest.fixture(scope="module")
def judged() -> list[Judged]:
    return list(all_judged())


def all_judged() -> Iterator[Judged]:
    replies, published = load("replies.json")["replies"], load("item_scores_0_100.json")
    reader = ReplyReader(NAMED)
    for writer, pieces in load("samples.json").items():
        for iteration, items in pieces["samples"].items():
            for item, text in items.items():
                folded = re.sub(r"\s+", " ", text).strip()
                reply = replies[hashlib.sha256(folded.encode()).hexdigest()]
                yield Judged(reply, reader.parse(reply), published[writer][iteration][item])


def test_every_criterion_present_is_found(judged: list[Judged]) -> None:
    missing = Counter(len(NAMES) - len(one.parsed.scores) for one in judged)
    # 844 replies give all, 103 leave one out, 13 leave out three to six.
    assert missing == {0: 844, 1: 103, 3: 6, 4: 2, 5: 4, 6: 1}
    absent = [given for one in judged for given in one.parsed.left_out.values()]
    assert absent == ["N/A"] * 9
    assert not any(one.parsed.aside for one in judged)


def test_the_second_spelling_is_the_same_criterion(judged: list[Judged]) -> None:
    unhyphened = [one for one in judged if "Tell-Don't Show:" in one.reply]
    assert len(unhyphened) == 12
    assert all("Tell-Don't-Show" in one.parsed.scores for one in unhyphened)


def test_all_real_replies_are_good(judged: list[Judged]) -> None:
    reader = ReplyReader(NAMED)
    outcomes = Counter(reader.read(one.reply, "stop").cls for one in judged)
    assert outcomes == {Class.OK: 844, Class.PARTIAL: 116}


def test_without_a_criteria_file_the_replies_name_the_same_criteria(judged: list[Judged]) -> None:
    reader = ReplyReader(UNNAMED)
    verdicts = [reader.read(one.reply, "stop") for one in judged]
    scores = [v.scores for v in verdicts if isinstance(v, Verdict) and v.scores is not None]
    assert len(scores) == 960
    assert common_criteria(scores) == NAMES
    held = [restrict_to_criteria(given, NAMES) for given in scores]
    assert held == [ReplyReader(NAMED).read(one.reply, "stop") for one in judged]
    assert Counter(one.cls for one in held) == {Class.OK: 844, Class.PARTIAL: 116}


def as_published(reply: str, *, strays: bool, one_spelling: bool) -> float:
    """The publisher's item score, with either of its two mistakes made or not.

    `strays`: any "text: N" counts as a positive criterion, wherever it stands and out of range
    too. `one_spelling`: only `Tell-Don't-Show` as spelt here is negative.
    """
    scores: dict[str, float] = {}
    known = {fold_name(name) for name in NAMES}
    for found in STRAY.finditer(reply):
        if strays or fold_name(found[1]) in known:
            scores[found[1].strip()] = float(found[2])
    markers = {name.casefold() for name in NAMES if RULE.is_negative(name)}

    def negative(name: str) -> bool:
        return name.casefold() in markers if one_spelling else RULE.is_negative(name)

    values = [20 - score if negative(name) else score for name, score in scores.items()]
    return published_rounding(sum(values) / len(values))


def test_item_scores_agree_where_the_rules_do(judged: list[Judged]) -> None:
    differing = [one for one in judged if one.ours != one.published]
    assert len(judged) - len(differing) == 939
    # The other 21: 11 where the publisher left "Tell-Don't Show" uninverted, 9 where it counted a
    # stray "text: N" ("several issues:\n\n1. ...", "10:47 AM"), one where it did both.
    spelt = [one for one in differing if "Tell-Don't Show:" in one.reply]
    assert len(spelt) == 12
    assert sum(STRAY.search(one.reply.split("[Scores]")[0]) is not None for one in spelt) == 1
    others = [one for one in differing if one not in spelt]
    assert all(STRAY.search(one.reply.split("[Scores]")[0]) for one in others)


def test_the_publisher_is_reproduced_by_making_its_mistakes(judged: list[Judged]) -> None:
    def agreeing(*, strays: bool, one_spelling: bool) -> int:
        scores = [as_published(j.reply, strays=strays, one_spelling=one_spelling) for j in judged]
        return sum(s == j.published for s, j in zip(scores, judged, strict=True))

    assert agreeing(strays=True, one_spelling=True) == 960
    # 939 + 11 and 939 + 9: one reply needs both mistakes.
    assert agreeing(strays=False, one_spelling=True) == 950
    assert agreeing(strays=True, one_spelling=False) == 948
    assert agreeing(strays=False, one_spelling=False) == 939
