"""Accuracy by margin, by source and by age, with the arithmetic in view."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from judgemark.inputs.known_pair_set import KnownPairSet, PairFacts
from judgemark.inputs.samples import SampleSet
from judgemark.metrics.validity.known_pair import AnsweredPair, KnownPair, PairedText, PairSource
from judgemark.scoring.pair_groups import (
    PairAnswer,
    accuracy_of,
    by_age,
    by_margin,
    by_origin,
    pair_answers,
)


def answer(n: int, p: float | None, *, margin: float | None = None, **facts: Any) -> PairAnswer:
    pair = KnownPair(
        PairSource.PEOPLE, "7", PairedText(f"good {n}"), PairedText(f"bad {n}"), f"c{n}",
        margin=margin,
    )  # fmt: skip
    return PairAnswer(AnsweredPair(pair, p), PairFacts(**facts), 0.5)


def shown(bands: list[dict[str, Any]]) -> list[tuple[float, float, int, float]]:
    return [(b["low"], b["high"], b["n"], b["accuracy"]) for b in bands]


def test_bands_of_margin_hold_equally_many_pairs() -> None:
    # Margins 1 to 8; the judge is right from 5 on, and prefers neither text at 4.
    found = by_margin(
        [answer(n, 1.0 if n > 4 else 0.5 if n == 4 else 0.0, margin=n) for n in range(1, 9)]
    )
    assert shown(found) == [(1, 2, 2, 0), (3, 4, 2, 0.25), (5, 6, 2, 1), (7, 8, 2, 1)]
    assert [b["counter"] for b in found] == [0.5] * 4


def test_few_different_margins_have_a_band_each() -> None:
    found = by_margin([answer(n, 1.0, margin=16 if n % 2 else 24) for n in range(8)])
    assert shown(found) == [(16, 16, 4, 1), (24, 24, 4, 1)]


def test_equal_decimal_margins_share_a_band() -> None:
    # 64.1 - 58.1 is 5.999999999999993 in floating point, and 66 - 60 is 6.
    found = by_margin([answer(n, 1.0, margin=64.1 - 58.1 if n < 2 else 6) for n in range(4)])
    assert shown(found) == [(6, 6, 4, 1)]


def test_one_margin_is_one_band_and_none_is_no_band() -> None:
    assert shown(by_margin([answer(n, 0.0, margin=5) for n in range(3)])) == [(5, 5, 3, 0)]
    assert by_margin([answer(1, 1.0)]) == []


def test_sources_come_with_the_largest_first_and_only_where_the_file_names_one() -> None:
    pairs = [answer(n, float(n % 2), origin="b" if n < 4 else "a") for n in range(6)]
    assert [(g["name"], g["n"], g["accuracy"]) for g in by_origin(pairs)] == [
        ("b", 4, 0.5), ("a", 2, 0.5),
    ]  # fmt: skip
    assert by_origin([answer(1, 1.0)]) == []


def test_years_count_before_ages_and_one_band_is_no_comparison() -> None:
    years = [answer(n, 1.0, year=2000 + n, age=n) for n in range(6)]
    found = by_age(years)
    assert found is not None and found["unit"] == "year"
    assert shown(found["bands"]) == [(2000, 2001, 2, 1), (2002, 2003, 2, 1), (2004, 2005, 2, 1)]
    ages = by_age([answer(n, 1.0, age=n) for n in range(6)])
    assert ages is not None and ages["unit"] == "age"
    assert by_age([answer(n, 1.0, year=2000) for n in range(6)]) is None


def test_a_group_of_few_clusters_has_no_interval() -> None:
    (band,) = by_margin([answer(n, 1.0, margin=5) for n in range(4)])
    assert (band["clusters"], band["ci95"]) == (4, None)
    estimate = accuracy_of([answer(n, 1.0) for n in range(9)])
    assert estimate.value == 1 and estimate.interval is not None


@pytest.mark.parametrize("counted", [None, np.array([1.0, 0.0])])
def test_pairs_without_an_answer_are_left_out(counted: Any) -> None:
    answers = [answer(1, 0.9), answer(2, None)]
    known = KnownPairSet(
        "k", PairSource.PEOPLE, tuple(a.pair for a in answers),
        (PairFacts("one"), PairFacts("two")), SampleSet("s", ()),
    )  # fmt: skip
    (found,) = pair_answers(known, [a.answer for a in answers], counted)
    assert (found.facts.pair_id, found.counted) == ("one", None if counted is None else 1.0)
