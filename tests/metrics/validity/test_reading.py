"""What a judge reads, by hand and with planted judges."""

from __future__ import annotations

import math

import numpy as np
import pytest

from judgemark.metrics.validity.counting_rules import RULES, pair_differences, rule_answers
from judgemark.metrics.validity.known_pair import AnsweredPair, KnownPair
from judgemark.metrics.validity.reading import Reading, count_pairs, margin_over, read_pairs
from tests.metrics.validity.worlds import features, pairs_of, reader

T4 = 2.7764451051977987  # 97.5% quantile of Student's t with 4 degrees of freedom


def test_a_margin_and_its_interval_by_hand() -> None:
    # Five clusters; judge minus counter: (1, 1), (0, 1), (0), (1, 0, 0), (-1, 0).
    # Sum 3 of 10 pairs, margin .3; D_c - .3 n_c = 1.4, .4, -.3, .1, -1.6, squares 4.78.
    judge = [1, 1, 1, 1, 1, 1, 1, 0, 0, 1]
    counter = [0, 0, 1, 0, 1, 0, 1, 0, 1, 1]
    clusters = list("aabbcdddee")
    found = margin_over(np.array(judge, float), np.array(counter, float), clusters)
    assert found.estimate.value == pytest.approx(0.3)
    half = T4 * math.sqrt(5 / 4 * (1.4**2 + 0.4**2 + 0.3**2 + 0.1**2 + 1.6**2)) / 10
    assert found.estimate.interval is not None
    assert found.estimate.interval.ends() == pytest.approx([0.3 - half, 0.3 + half])


def test_where_all_clusters_agree_the_sign_decides() -> None:
    ones, clusters = np.ones(10), list("aabbccddee")
    assert margin_over(ones, np.zeros(10), clusters).p == 0.0
    assert margin_over(ones, ones, clusters).p == 1.0


def read(accuracy: float, clusters: int, size: int, seed: int) -> Reading:
    rng = np.random.default_rng(seed)
    pairs = pairs_of(clusters, size)
    return read_pairs(reader(pairs, accuracy, rng), features(pairs, rng), seed)


def test_a_reader_reads_and_all_figures_belong_together() -> None:
    found = read(0.9, 30, 3, seed=1)
    assert found.reads is True
    assert (found.pairs, found.clusters, found.missing) == (90, 30, 0)
    assert found.accuracy and found.counter and found.margin and found.twin
    gap = found.accuracy.value - found.counter.accuracy.value
    assert found.margin.estimate.value == pytest.approx(gap)
    assert found.chance_corrected == pytest.approx(2 * found.accuracy.value - 1)
    assert found.over_half and found.over_twin
    ends = [m.low for m in (found.margin, found.over_half, found.over_twin)]
    assert found.smallest_lower_end == min(e for e in ends if e is not None)
    assert found.p is not None and found.p < 0.025


def test_reading_needs_all_three_lower_ends_above_0() -> None:
    # The p value of the three together is below .025 exactly where the judge reads.
    for seed in range(12):
        found = read(0.72, 20, 2, seed)
        assert found.p is not None
        assert found.reads == (found.p < 0.025)


def test_missing_pairs_are_counted_and_left_out() -> None:
    rng = np.random.default_rng(3)
    pairs = pairs_of(12, 2)
    answered = [AnsweredPair(pair, None if n % 4 == 0 else 1.0) for n, pair in enumerate(pairs)]
    found = read_pairs(answered, features(pairs, rng))
    assert (found.pairs, found.missing) == (24, 6)
    assert found.accuracy and found.accuracy.n == 18
    assert found.accuracy.value == 1.0
    assert found.accuracy.interval and found.accuracy.interval.low < 0.9


def test_the_counter_does_not_depend_on_the_judge() -> None:
    pairs = pairs_of(20, 3)
    known = features(pairs, np.random.default_rng(4))
    one = read_pairs(reader(pairs, 0.9, np.random.default_rng(5)), known)
    two = read_pairs(reader(pairs, 0.4, np.random.default_rng(6)), known)
    assert one.counter == two.counter
    assert one.twin != two.twin


def test_fewer_than_five_clusters_say_nothing_about_reading() -> None:
    found = read(1.0, 4, 10, seed=2)
    assert found.reads is None
    assert found.smallest_lower_end is None
    assert found.accuracy and found.accuracy.value == 1.0
    assert found.accuracy.interval is None
    assert "at least 5" in found.reasons["intervals"]


def test_without_verdicts_and_without_pairs_nothing_is_known() -> None:
    pairs = pairs_of(6, 1)
    known = features(pairs, np.random.default_rng(0))
    unanswered = read_pairs([AnsweredPair(pair, None) for pair in pairs], known)
    assert (unanswered.pairs, unanswered.missing, unanswered.reads) == (6, 6, None)
    assert unanswered.reasons["accuracy"] == "no known pair has a verdict"
    nothing = read_pairs([], {})
    assert (nothing.pairs, nothing.reads) == (0, None)
    assert nothing.reasons["accuracy"] == "there are no known pairs"


def counters(pairs: list[KnownPair], seed: int) -> list[Reading]:
    """A judge for each single rule, on one set of pairs."""
    known = features(pairs, np.random.default_rng(seed))
    answers = rule_answers(pair_differences(pairs, known))
    return [
        read_pairs([AnsweredPair(p, a) for p, a in zip(pairs, column, strict=True)], known, seed)
        for column in answers[:, ::7].T
    ]


def test_judges_that_count_never_read_because_each_is_its_own_twin() -> None:
    assert len(RULES[::7]) == 6
    found = [one for seed in range(3) for one in counters(pairs_of(25, 2), seed)]
    assert [one.reads for one in found] == [False] * 18


def test_random_judges_are_seldom_said_to_read() -> None:
    # At most 2.5% of 30, with the 99% allowance of the binomial: 3.
    found = [read(0.5, 24, 2, seed=100 + s).reads for s in range(30)]
    assert sum(one is True for one in found) <= 3


@pytest.mark.slow
def test_the_planted_margin_lies_in_its_interval_at_the_nominal_rate() -> None:
    # One feature orders 80% of the pairs correctly, all others half of them, so that the counter is
    # .80, and a judge of accuracy .90 has a margin of .10. Of 60 intervals at 95%, at least 53
    # hold it with 99% (binomial).
    held = 0
    for s in range(60):
        rng = np.random.default_rng(500 + s)
        pairs = pairs_of(24, 4)
        known = features(pairs, rng)
        for pair in pairs:
            better, worse = (known[t.text_sha256] for t in (pair.better, pair.worse))
            better[0] = worse[0] + (1.0 if rng.random() < 0.8 else -1.0)
        counter = count_pairs(pairs, known, s).counter
        right = (rng.random(len(pairs)) < 0.9).astype(float)
        assert counter is not None
        margin = margin_over(right, counter.answers, [pair.cluster for pair in pairs])
        assert margin.estimate.interval is not None
        low, high = margin.estimate.interval.ends()
        held += low <= 0.1 <= high
    assert held >= 53


def test_most_strong_readers_are_found() -> None:
    # The contract's power: .85 to 1 for an accuracy of .80 at 24 to 29 clusters of several pairs.
    strong = [read(0.8, 29, 3, seed=700 + s).reads for s in range(12)]
    assert sum(one is True for one in strong) >= 9


def test_the_order_of_the_pairs_does_not_matter() -> None:
    pairs = pairs_of(15, 2)
    known = features(pairs, np.random.default_rng(7))
    answered = reader(pairs, 0.7, np.random.default_rng(8))
    one, two = read_pairs(answered, known), read_pairs(answered[::-1], known)
    assert one.counter and two.counter and one.margin and two.margin
    assert one.counter.name == two.counter.name
    assert one.margin.estimate.value == pytest.approx(two.margin.estimate.value)
    assert one.reads == two.reads
