"""The embedded judges: what they read, and that they are judges like everyone else's."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.errors import UsageError
from judgemark.judges.baselines import FLOORS, NAMES, baseline, constant, length
from judgemark.metrics.surface_bias import lexical_variety
from judgemark.protocols.number_protocol import NumberProtocol
from judgemark.records import Sample, Verdict


def answer(name: str, sample: Sample, seed: int = 0) -> float:
    """What a baseline says of a piece, asked as every judge is."""
    judge = baseline(name, seed)
    protocol = NumberProtocol(judge.configuration, (sample,), judge.by_place)
    question = protocol.question(sample)
    outcome = protocol.read(question, judge.ask(question))
    assert isinstance(outcome, Verdict)
    assert outcome.value is not None
    return outcome.value


def test_lexical_is_distinct_words_over_the_root_of_words() -> None:
    # the cat the dog: 3 distinct of 4 words, 3 / sqrt(4) = 1.5
    assert lexical_variety("The cat the DOG") == 1.5
    assert lexical_variety(" \n") == 0.0


def test_length_counts_characters_and_constant_reads_nothing() -> None:
    assert length("héé") == 3.0
    assert constant("a") == constant("b") == 5.0


def test_random_depends_on_seed_and_place_not_on_the_text() -> None:
    here = Sample("ann", "1", "7", "text")
    assert answer("random", here) == answer("random", Sample("ann", "1", "7", "other text"))
    elsewhere = [
        Sample("bea", "1", "7", "text"),
        Sample("ann", "2", "7", "text"),
        Sample("ann", "1", "8", "text"),
    ]
    values = [answer("random", here), answer("random", here, seed=1)]
    values += [answer("random", s) for s in elsewhere]
    assert len(set(values)) == 5
    assert all(0 <= value < 1 for value in values)


def test_random_numbers_are_spread_evenly() -> None:
    values = [answer("random", Sample(f"w{n}", "1", "7", "t")) for n in range(400)]
    # Mean 1/2 with standard error 1 / sqrt(12 * 400) = 0.0144: four of them.
    assert abs(sum(values) / 400 - 0.5) < 0.058


@given(st.sampled_from(NAMES), st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_every_answer_reads_back_exactly_and_is_the_same_again(name: str, text: str) -> None:
    sample = Sample("ann", "1", "7", text)
    assert answer(name, sample) == answer(name, sample)
    direct = {"lexical": lexical_variety, "length": length, "constant": constant}
    if name in direct:
        assert answer(name, sample) == direct[name](text)


def test_the_seed_shapes_the_configuration_of_random_only() -> None:
    same = {
        name: baseline(name, 1).configuration == baseline(name, 2).configuration for name in NAMES
    }
    assert same == {"lexical": True, "length": True, "random": False, "constant": True}
    assert set(FLOORS) < set(NAMES)


def test_an_unknown_baseline_is_refused() -> None:
    with pytest.raises(UsageError, match='no baseline "x"; there are lexical, length, random, con'):
        baseline("x", 0)
