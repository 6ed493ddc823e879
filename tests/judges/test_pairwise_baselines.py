"""Baselines as pairwise judges: a logistic of the difference, slope 1 per standard deviation."""

from __future__ import annotations

import math

import pytest

from judgemark.errors import UsageError
from judgemark.judges.pairwise_baselines import PairwiseBaseline, pairwise_baseline
from judgemark.protocols.pairwise_protocol import Pair, Pairwise, preference_of, preference_of_one
from judgemark.records import Outcome, QuestionKey, Sample

# Lengths 2, 4 and 6: mean 4, population variance (4 + 0 + 4) / 3.
SHORT = Sample("ann", "1", "7", "ab")
MIDDLE = Sample("bob", "1", "7", "abcd")
LONG = Sample("cat", "1", "7", "abcdef")
SPREAD = math.sqrt(8 / 3)


def preference(judge: PairwiseBaseline, x: Sample, y: Sample) -> float:
    asking = Pairwise(judge.configuration, {"7": ""})
    pair = Pair.of(x, y)
    questions = asking.questions(pair)
    outcomes: dict[QuestionKey, Outcome] = {q.key: asking.read(q, judge.ask(q)) for q in questions}
    p = preference_of(x, pair, preference_of_one(pair, questions, outcomes))
    assert p is not None
    return p


def test_length_prefers_the_longer_text_by_standard_deviations() -> None:
    judge = pairwise_baseline("length", 0, [LONG, SHORT, MIDDLE])
    assert judge.spread == pytest.approx(SPREAD)
    expected = 1 / (1 + math.exp(-2 / SPREAD))
    assert preference(judge, MIDDLE, SHORT) == pytest.approx(expected)
    assert preference(judge, SHORT, MIDDLE) == pytest.approx(1 - expected)
    assert preference(judge, LONG, SHORT) > expected


def test_the_letters_hold_all_the_mass_and_the_better_one_is_produced() -> None:
    judge = pairwise_baseline("length", 0, [SHORT, LONG])
    for question in Pairwise({}, {"7": ""}).questions(Pair.of(SHORT, LONG)):
        reply = judge.ask(question)
        assert reply.logprobs is not None
        assert reply.logprobs.mass == pytest.approx(1.0)
        assert question.pieces[reply.text] is LONG


def test_the_spread_counts_each_text_of_an_item_once_in_any_order() -> None:
    twin = Sample("dan", "2", "7", SHORT.text)
    there = pairwise_baseline("length", 0, [SHORT, MIDDLE, LONG])
    assert pairwise_baseline("length", 0, [LONG, twin, MIDDLE, SHORT]) == there


def test_a_constant_and_equal_texts_make_ties() -> None:
    judge = pairwise_baseline("constant", 0, [SHORT, LONG])
    assert judge.spread == 0.0
    assert preference(judge, SHORT, LONG) == 0.5


def test_random_depends_on_seed_and_text_not_on_the_place() -> None:
    one = pairwise_baseline("random", 1, [SHORT, MIDDLE, LONG])
    moved = Sample("zed", "9", "7", SHORT.text)
    assert preference(one, SHORT, LONG) == preference(one, moved, LONG)
    other = pairwise_baseline("random", 2, [SHORT, MIDDLE, LONG])
    assert preference(one, SHORT, LONG) != preference(other, SHORT, LONG)
    assert one.configuration != other.configuration


def test_an_extreme_difference_stays_within_what_json_holds() -> None:
    giant = Sample("dan", "1", "7", "x" * 100_000)
    judge = PairwiseBaseline("length", 0, 0.5)
    question = Pairwise({}, {"7": ""}).questions(Pair.of(SHORT, giant))[0]
    letters = judge.ask(question).logprobs
    assert letters is not None
    assert min(letters.a, letters.b) == -9999.0
    assert max(letters.a, letters.b) == 0.0


def test_an_unknown_baseline_is_refused() -> None:
    with pytest.raises(UsageError, match="no baseline"):
        pairwise_baseline("lenght", 0, [SHORT])
