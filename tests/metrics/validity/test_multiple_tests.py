"""Holm and Benjamini-Hochberg by hand, and what holds for any p values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgemark.metrics.validity.multiple_tests import benjamini_hochberg, holm

SOME = [0.04, 0.01, 0.03, 0.5]


def test_holm_by_hand() -> None:
    # sorted .01 * 4, .03 * 3, .04 * 2 (below the one before it), .5 * 1
    assert holm(SOME) == pytest.approx([0.09, 0.04, 0.09, 0.5])


def test_benjamini_hochberg_by_hand() -> None:
    # sorted .01 * 4, .03 * 4 / 2 = .06, .04 * 4 / 3 = .0533, .5; no value above the next one
    assert benjamini_hochberg(SOME) == pytest.approx([0.16 / 3, 0.04, 0.16 / 3, 0.5])


@given(st.lists(st.floats(0, 1), max_size=8))
def test_adjusted_values_lie_between_p_and_one_and_holm_is_stricter(p: list[float]) -> None:
    strict, free = holm(p), benjamini_hochberg(p)
    for raw, a, b in zip(p, strict, free, strict=True):
        assert raw <= b * (1 + 1e-12) <= a * (1 + 1e-9) + 1e-12
        assert a <= 1
