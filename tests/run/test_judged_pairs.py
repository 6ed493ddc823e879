"""From journal entries about pairs to known pairs with both passes."""

from __future__ import annotations

import math

import pytest

from judgemark.metrics.validity.drawn_pairs import pair_of_scored
from judgemark.metrics.validity.known_pair import PairSource
from judgemark.protocols.pairwise_protocol import Pairwise
from judgemark.records import (
    Class,
    Failure,
    LetterLogprobs,
    Outcome,
    Question,
    Reply,
    Sample,
    Usage,
    Verdict,
)
from judgemark.run.journal_entry import JournalEntry
from judgemark.run.judged_pairs import judged_pairs, pair_of, pass_of, scored_piece

GOOD = Sample("ann", "1", "7", "A fine piece.")
POOR = Sample("bob", "2", "7", "A poor piece.")
SAMPLES = {(s.writer, s.iteration, s.item): s for s in (GOOD, POOR)}
KNOWN = pair_of_scored(scored_piece(GOOD, 70.0), scored_piece(POOR, 63.0), PairSource.REFERENCE)
ASKING = Pairwise({}, {"7": "Write."})


def entry(question: Question, outcome: Outcome, reply: Reply | None = None) -> JournalEntry:
    return JournalEntry(
        key=question.key,
        item="7",
        texts={role: s.sha256 for role, s in question.pieces.items()},
        outcome=outcome,
        reply=reply,
        attempts=1,
        first_class=outcome.cls,
        seconds=0.1,
        time="2026-01-01T00:00:00+00:00",
        usage=Usage(),
    )


def judged(question: Question, p_good: float) -> JournalEntry:
    """The pass as a judge answers it that gives the good piece p_good, wherever it stands."""
    p_a = p_good if question.pieces["A"] is GOOD else 1 - p_good
    letters = LetterLogprobs(math.log(0.8 * p_a), math.log(0.8 * (1 - p_a)), " a", False, True)
    return entry(question, Verdict(Class.OK, preference=p_a), Reply(" a", logprobs=letters))


def test_the_passes_are_brought_to_the_better_text_whichever_hash_is_smaller() -> None:
    questions = ASKING.questions(pair_of(KNOWN, SAMPLES))
    chances = {q.key: 0.9 if q.pieces["A"] is GOOD else 0.7 for q in questions}
    entries = {q.key: judged(q, chances[q.key]) for q in questions}
    found, missing = judged_pairs([KNOWN], SAMPLES, ASKING, entries)
    assert missing == 0
    assert found[0].as_a.p_a == pytest.approx(0.9)
    assert found[0].as_b.p_a == pytest.approx(0.3)  # 1 - .7
    assert found[0].as_a.produced == "A"
    assert found[0].as_a.mass == pytest.approx(0.8)
    assert found[0].as_a.censored


def test_a_failed_or_absent_pass_makes_the_pair_missing() -> None:
    first, second = ASKING.questions(pair_of(KNOWN, SAMPLES))
    failed = entry(second, Failure(Class.UNPARSEABLE, "nothing"))
    assert judged_pairs([KNOWN], SAMPLES, ASKING, {first.key: judged(first, 0.9)}) == ((), 1)
    both = {first.key: judged(first, 0.9), second.key: failed}
    assert judged_pairs([KNOWN], SAMPLES, ASKING, both) == ((), 1)


@pytest.mark.parametrize(("p", "letter"), [(1.0, "A"), (0.0, "B"), (0.5, None)])
def test_a_verdict_in_words_names_its_letter(p: float, letter: str | None) -> None:
    question = ASKING.questions(pair_of(KNOWN, SAMPLES))[0]
    found = pass_of(entry(question, Verdict(Class.OK, preference=p), Reply("words")))
    assert found is not None
    assert (found.p_a, found.produced, found.mass) == (p, letter, None)
