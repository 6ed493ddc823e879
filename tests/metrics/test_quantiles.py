"""Quantiles and the logit: the same numbers as scipy's, and no scipy for a usual run."""

from __future__ import annotations

import subprocess
import sys

import pytest
from scipy.special import expit as scipy_expit
from scipy.special import logit as scipy_logit
from scipy.special import ndtri, stdtrit

from judgemark.metrics.composite import CONSTANTS
from judgemark.metrics.january_scorecard import OVERLAP_LEVEL
from judgemark.metrics.quantiles import expit, logit, two_sided_normal, two_sided_t


@pytest.mark.parametrize("level", [*(c.overlap_level for c in CONSTANTS.values()), OVERLAP_LEVEL])
def test_the_normal_quantiles_of_published_overlaps_are_scipys(level: float) -> None:
    assert two_sided_normal(level) == pytest.approx(float(ndtri(0.5 + level / 2)), rel=1e-15)


def test_the_quantiles_of_student_are_scipys() -> None:
    for freedom in range(1, 160):
        expected = float(stdtrit(freedom, 0.975))
        assert two_sided_t(freedom, 0.95) == pytest.approx(expected, rel=1e-14), freedom


def test_other_levels_are_computed() -> None:
    assert two_sided_normal(0.95) == pytest.approx(1.959963984540054)
    assert two_sided_t(4, 0.9) == pytest.approx(2.13184678632665)


@pytest.mark.parametrize("share", [1e-12, 0.1, 0.3, 0.499999, 0.5, 0.65, 0.9, 1 - 1e-12])
def test_the_logit_and_its_inverse_are_scipys(share: float) -> None:
    assert logit(share) == pytest.approx(float(scipy_logit(share)), rel=1e-14)
    assert expit(logit(share)) == pytest.approx(share, rel=1e-12)


@pytest.mark.parametrize("value", [-1e6, -800.0, -3.0, 0.0, 3.0, 1e6])
def test_the_share_of_any_value_is_scipys(value: float) -> None:
    assert expit(value) == pytest.approx(float(scipy_expit(value)), rel=1e-14, abs=1e-300)


def test_intervals_of_a_usual_table_need_no_scipy() -> None:
    code = (
        "import sys\n"
        "from judgemark.metrics.interval_methods import t_quantile\n"
        "from judgemark.metrics.quantiles import two_sided_normal\n"
        "t_quantile(31), two_sided_normal(0.99), two_sided_normal(0.7)\n"
        "assert 'scipy' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
