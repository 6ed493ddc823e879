"""Brier score, calibration error, reliability and bands of margin by hand."""

from __future__ import annotations

import pytest

from judgemark.errors import UndefinedFigure
from judgemark.metrics.validity.known_pair import AnsweredPair, KnownPair, PairedText, PairSource
from judgemark.metrics.validity.pair_calibration import by_margin, calibrate_pairs


def answered(p: float | None, n: int, margin: float | None = None) -> AnsweredPair:
    pair = KnownPair(
        PairSource.PEOPLE,
        "7",
        PairedText(f"a{n}"),
        PairedText(f"b{n}"),
        cluster=str(n),
        margin=margin,
    )
    return AnsweredPair(pair, p)


def test_brier_and_calibration_error_by_hand() -> None:
    found = calibrate_pairs([answered(p, n) for n, p in enumerate([0.9, 0.9, 0.1, 0.5, None])])
    assert found.n == 4
    assert found.brier == pytest.approx((0.01 + 0.01 + 0.81 + 0.25) / 4)
    # Confidence .9 three times, right twice: |2.7 - 2|; confidence .5, half right: 0.
    assert found.ece == pytest.approx(0.7 / 4)
    filled = [(round(b.low, 2), b.n) for b in found.reliability if b.n]
    assert filled == [(0.5, 1), (0.9, 3)]
    sure = found.reliability[8]
    assert sure.confidence == pytest.approx(0.9)
    assert sure.accuracy is not None and sure.accuracy.value == pytest.approx(2 / 3)
    assert sure.accuracy.interval is None  # three clusters


def test_a_judge_that_is_as_sure_as_it_is_right_has_no_error() -> None:
    found = calibrate_pairs([answered(0.75 if n % 4 else 0.25, n) for n in range(40)])
    assert found.ece == pytest.approx(0.0)
    assert found.brier == pytest.approx(0.75 * 0.0625 + 0.25 * 0.5625)


def test_without_a_verdict_there_is_no_calibration() -> None:
    with pytest.raises(UndefinedFigure):
        calibrate_pairs([answered(None, 0)])


def test_bands_of_margin_include_the_last_end_alone() -> None:
    pairs = [answered(1.0, 0, 5), answered(0.0, 1, 10), answered(1.0, 2, 20), answered(1.0, 3, 21)]
    pairs += [answered(None, 4, 6), answered(1.0, 5)]
    found = by_margin(pairs, [5, 10, 20])
    assert [(b.low, b.high, b.n) for b in found] == [(5, 10, 1), (10, 20, 2)]
    assert [b.accuracy.value for b in found if b.accuracy] == [1.0, 0.5]
    assert by_margin(pairs, [30, 40])[0].accuracy is None
