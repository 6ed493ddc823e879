"""Where pairs come from: the defaults of each source, and what excludes what."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from judgemark.errors import UsageError
from judgemark.inputs.known_pair_set import ALL_PAIRS
from judgemark.jobs.pairs_source import PairsSource
from judgemark.metrics.validity.drawn_pairs import PairRules


@pytest.mark.parametrize(
    ("given", "rules"),
    [
        ({"reference": "run"}, PairRules(1.2, 5, 10, 500, 42)),
        ({"ratings": Path("r")}, PairRules(math.inf, 5, math.inf, ALL_PAIRS, 42)),
        ({"pairs_file": "p"}, PairRules(math.inf, 0, math.inf, ALL_PAIRS, 42)),
        ({"pairs_file": "p", "pairs": 9, "seed": 1}, PairRules(math.inf, 0, math.inf, 9, 1)),
        (
            {"reference": "r", "margin_min": 0.0, "margin_max": 3.0, "length_ratio": 2.0},
            PairRules(2, 0, 3),
        ),
    ],
)
def test_bounds_that_are_not_given_are_those_of_the_source(
    given: dict[str, Any], rules: PairRules
) -> None:
    source = PairsSource(**given)
    source.check()
    assert source.rules == rules


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({}, "none of them is given"),
        ({"reference": "r", "pairs_file": "p"}, "pairs_file and reference are given"),
        ({"reference": "r", "columns": {"a": "b"}}, "columns is for pairs_file"),
        ({"pairs_file": "p", "ratings_max": 5.0}, "ratings_max is for ratings"),
    ],
)
def test_one_source_and_what_belongs_to_it(given: dict[str, Any], problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        PairsSource(**given).check()
