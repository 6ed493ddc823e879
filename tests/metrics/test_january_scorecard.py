"""The scorecard of January 2025: published scores, and its parts by hand."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from judgemark.errors import UndefinedFigure
from judgemark.metrics.january_scorecard import (
    JanuaryComponents,
    WriterSummary,
    january_score,
    neighbours_d,
    overlap_magnitude,
)

PUBLISHED = (
    Path(__file__).resolve().parents[2].parent / "shared" / "golden" / "published_v2_jan2025.json"
)
JUDGED_IN_PART = "liquid__lfm-7b"


def test_thirteen_published_scores_raw_and_calibrated() -> None:
    if not PUBLISHED.exists():
        pytest.skip("../shared/golden is absent")
    judges = json.loads(PUBLISHED.read_text("utf-8"))["judges"]
    close = 0
    for name, versions in judges.items():
        for table in versions.values():
            writers = [WriterSummary(w["n"], w["mean"], w["sd"]) for w in table["writers"].values()]
            components = JanuaryComponents(
                *(table[key] for key in ("kw_stat", "kendall_tau", "emd", "stability_tau"))
            )
            score, _ = january_score(writers, components)
            if name == JUDGED_IN_PART:
                assert 0.3 < abs(score - table["published_score"]) < 1.2
            else:
                assert score == pytest.approx(table["published_score"], abs=1e-9)
                close += 1
    assert close == 26


SOME = [WriterSummary(100, 7.0, 1.0), WriterSummary(100, 6.5, 2.0), WriterSummary(100, 3.0, 1.0)]


def test_overlap_magnitude_by_hand() -> None:
    # z = 2.5758, halves 1.5 z s / 10 = .38637, .77275, .38637: [6.61, 7.39], [5.73, 7.27],
    # [2.61, 3.39]. The first two overlap from 6.61 to 7.27, the others do not.
    assert overlap_magnitude(SOME) == pytest.approx(0.77275 + 0.38637 - 0.5, abs=1e-4)


def test_cohens_d_of_neighbours_by_hand() -> None:
    # Population variances .99 and 3.96: pooled 2.475, then 2.475 again.
    expected = (0.5 / math.sqrt(2.475) + 3.5 / math.sqrt(2.475)) / 2
    assert neighbours_d(SOME) == pytest.approx(expected)


def test_a_perfect_judge_has_a_hundred() -> None:
    writers = [WriterSummary(120, float(m), 0.2) for m in (0.5, 3.0, 6.0, 9.5)]
    score, separability = january_score(writers, JanuaryComponents(1500, 1.0, 4.0, 1.0))
    assert [score, separability] == pytest.approx([100, 1])


def test_one_writer_and_single_scores_have_no_score() -> None:
    nothing = JanuaryComponents(0, 0, 0, 0)
    with pytest.raises(UndefinedFigure):
        january_score(SOME[:1], nothing)
    with pytest.raises(UndefinedFigure):
        january_score([*SOME, WriterSummary(1, 2.0, 0.0)], nothing)
