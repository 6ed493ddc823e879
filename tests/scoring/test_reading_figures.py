"""Intervals of margins that reach beyond what a margin can be."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from judgemark.scoring.reading_figures import LOWER_ENDS, reaches_beyond

INSIDE = {"margin_ci95": [-1.0, 1.0], "over_half_ci95": [-0.5, 0.5], "over_twin_ci95": None}


@pytest.mark.parametrize(
    ("name", "ends"),
    [
        ("margin_ci95", [-1.02, 0.2]),
        ("margin_ci95", [0.4, 1.02]),
        ("over_half_ci95", [0.4, 0.52]),
        ("over_twin_ci95", [-1.02, 0.2]),
    ],
)
def test_an_end_beyond_the_range_of_its_margin_is_found(name: str, ends: Sequence[float]) -> None:
    assert name in LOWER_ENDS
    assert not reaches_beyond([INSIDE])
    assert reaches_beyond([INSIDE, {**INSIDE, name: ends}])
