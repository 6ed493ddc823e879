"""The pairwise protocol: the prompt to the letter, both passes, unordered pairs, missing pairs."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.protocols.pairwise_protocol import (
    SYSTEM,
    ListedPairs,
    Pair,
    Pairwise,
    preference_of,
    preference_of_one,
    user_message,
)
from judgemark.records import (
    Class,
    Failure,
    LetterLogprobs,
    Outcome,
    QuestionKey,
    Reply,
    Sample,
    Verdict,
)

X = Sample("ann", "1", "7", "The rain had stopped – at last.")
Y = Sample("bob", "2", "7", "It was a dark night.")
ASKING = Pairwise({"kind": "test"}, {"7": "Write about rain."})


def letters(p: float) -> Reply:
    return Reply("A", logprobs=LetterLogprobs(math.log(p), math.log(1 - p), "A"))


def test_the_system_line_is_the_one_the_judge_was_trained_on() -> None:
    assert SYSTEM == (
        "You are a specialized AI assistant tasked with evaluating two responses to a given instruction. Your purpose is to fairly compare the quality of each response and select the better one. The user provides the instruction and the two responses A and B. Evaluate based on accuracy, clarity, and originality, considering repetitive or unoriginal responses as lower quality."  # noqa: E501
    )


def test_the_user_message_is_json_with_its_keys_in_order() -> None:
    assert user_message("Été", "a\n", '"b"') == (
        '{"instruction": "Été", "A": "a\\n", "B": "\\"b\\""}'
    )
    assert user_message("Été", "a", "b", escape_non_ascii=True) == (
        '{"instruction": "\\u00c9t\\u00e9", "A": "a", "B": "b"}'
    )


def test_both_passes_show_the_pieces_with_positions_swapped() -> None:
    pair = Pair.of(X, Y)
    first, second = ASKING.questions(pair)
    assert first.pieces == {"A": pair.one, "B": pair.two}
    assert second.pieces == {"A": pair.two, "B": pair.one}
    assert (first.key.slot.passage, second.key.slot.passage) == (0, 1)
    assert [m.role for m in first.messages] == ["system", "user"]
    asked = json.loads(second.messages[1].content)
    assert asked == {"instruction": "Write about rain.", "A": pair.two.text, "B": pair.one.text}


def test_a_pair_is_the_same_question_whichever_way_round_it_is_asked() -> None:
    assert ASKING.questions(Pair.of(X, Y)) == ASKING.questions(Pair.of(Y, X))


def test_escaping_wording_judge_and_repeat_each_make_another_question() -> None:
    pair = Pair.of(X, Y)
    variants = [
        ASKING.questions(pair),
        ASKING.questions(pair, repeat=1),
        replace(ASKING, escape_non_ascii=True).questions(pair),
        replace(ASKING, worded=True).questions(pair),
        replace(ASKING, judge={"kind": "other"}).questions(pair),
    ]
    assert len({q.key for both in variants for q in both}) == 2 * len(variants)


def test_the_two_protocols_have_two_names() -> None:
    assert ASKING.fingerprint["name"] == "pairwise-logprob"
    assert replace(ASKING, worded=True).fingerprint["name"] == "pairwise-worded"
    assert ASKING.fingerprint != replace(ASKING, card_fallback=True).fingerprint


def test_a_pass_is_read_as_the_probability_of_a() -> None:
    question = ASKING.questions(Pair.of(X, Y))[0]
    outcome = ASKING.read(question, letters(0.7))
    assert isinstance(outcome, Verdict)
    assert outcome.preference == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("reply", "cls", "reason"),
    [
        (Reply("A"), Class.UNPARSEABLE, "without log-probabilities"),
        (Reply("", "content_filter"), Class.REFUSED, "content filter"),
        (
            Reply("The", logprobs=LetterLogprobs(-9.0, -9.0, "The", True, True)),
            Class.UNPARSEABLE,
            "neither A nor B is among the returned tokens (first: 'The')",
        ),
        (Reply("x", logprobs=LetterLogprobs(-9999.0, -9999.0, "x")), Class.UNPARSEABLE, "no prob"),
    ],
)
def test_a_pass_that_says_nothing_is_a_failure(reply: Reply, cls: Class, reason: str) -> None:
    outcome = ASKING.read(ASKING.questions(Pair.of(X, Y))[0], reply)
    assert isinstance(outcome, Failure)
    assert outcome.cls is cls
    assert reason in outcome.reason


def test_the_cards_fallback_makes_two_unseen_letters_a_tie() -> None:
    card = replace(ASKING, card_fallback=True)
    unseen = Reply("The", logprobs=LetterLogprobs(-9.0, -9.0, "The", True, True))
    outcome = card.read(card.questions(Pair.of(X, Y))[0], unseen)
    assert outcome == Verdict(Class.OK, preference=0.5)


def outcomes_of(pair: Pair, as_a: float, as_b: float) -> dict[QuestionKey, Outcome]:
    first, second = ASKING.questions(pair)
    return {
        first.key: Verdict(Class.OK, preference=as_a),
        second.key: Verdict(Class.OK, preference=as_b),
    }


def test_the_preference_of_a_pair_averages_both_passes() -> None:
    pair = Pair.of(X, Y)
    # P(one) = (P(A) of pass 0 + P(B) of pass 1) / 2 = (.8 + .7) / 2
    p = preference_of_one(pair, ASKING.questions(pair), outcomes_of(pair, 0.8, 0.3))
    assert p == pytest.approx(0.75)
    assert preference_of(pair.one, pair, p) == p
    assert preference_of(pair.two, pair, p) == 1.0 - p  # type: ignore[operator]


@settings(deadline=None, max_examples=100)
@given(st.floats(0, 1), st.floats(0, 1))
def test_swap_symmetry_is_exact(as_a: float, as_b: float) -> None:
    pair = Pair.of(X, Y)
    p = preference_of_one(pair, ASKING.questions(pair), outcomes_of(pair, as_a, as_b))
    here, there = preference_of(X, pair, p), preference_of(Y, pair, p)
    assert here is not None
    assert there is not None
    assert here + there == 1.0


def test_a_pair_with_a_failed_or_absent_pass_is_missing() -> None:
    pair = Pair.of(X, Y)
    questions = ASKING.questions(pair)
    outcomes = outcomes_of(pair, 0.8, 0.3)
    outcomes[questions[1].key] = Failure(Class.UNPARSEABLE, "nothing")
    assert preference_of_one(pair, questions, outcomes) is None
    del outcomes[questions[1].key]
    assert preference_of_one(pair, questions, outcomes) is None
    assert preference_of(X, pair, None) is None


def test_identical_texts_are_an_exact_tie_and_not_asked() -> None:
    twin = Sample("cat", "1", "7", X.text)
    pair = Pair.of(X, twin)
    assert pair == Pair.of(twin, X)
    assert preference_of_one(pair, ASKING.questions(pair), {}) == 0.5
    assert preference_of(twin, pair, 0.5) == 0.5
    assert list(ListedPairs(ASKING, (pair,)).plan()) == []


def test_listed_pairs_are_one_wave_with_both_passes_together() -> None:
    z = Sample("cat", "1", "7", "Third.")
    pairs = (Pair.of(X, Y), Pair.of(X, z), Pair.of(Y, X))
    waves = list(ListedPairs(ASKING, pairs).plan())
    assert len(waves) == 1
    assert [q.key.slot.passage for q in waves[0]] == [0, 1, 0, 1]  # the repeated pair once
    assert len(next(iter(ListedPairs(ASKING, pairs, repeats=2).plan()))) == 8
