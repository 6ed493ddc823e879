from __future__ import annotations

import numpy as np
import pytest

from judgemark.errors import UndefinedFigure
from judgemark.metrics.interval_methods import (
    bounded_jackknife_t,
    jackknife_t,
    overstatement,
    resampled_t,
    scaled,
    spread,
    variance_within,
)

DATA = np.array([1.0, 2.0, 4.0, 9.0])
WITHOUT = np.array([(DATA.sum() - x) / 3 for x in DATA])


def test_the_jackknife_of_a_mean_is_the_textbooks_t_interval() -> None:
    # s = sqrt(38/3) = 3.559, se = s / 2; t(3) = 3.182446; a mean has no bias
    found = jackknife_t(4.0, WITHOUT, estimand="e", clusters="items", corrected=True)
    half = 3.182446305284263 * np.std(DATA, ddof=1) / 2
    assert found.ends() == pytest.approx([4 - half, 4 + half])
    assert (found.estimand, found.method) == ("e", "jackknife-t over items, bias-corrected")
    assert (found.n, found.level, found.seed, found.void) == (4, 0.95, None, 0)


def test_the_jackknife_corrects_bias_where_asked() -> None:
    # the population variance has the bias -sigma^2 / n: corrected, the centre is the sample one
    variances = np.array([np.var(np.delete(DATA, n)) for n in range(4)])
    estimate = float(np.var(DATA))
    plain = jackknife_t(estimate, variances, estimand="", clusters="writers", corrected=False)
    exact = jackknife_t(estimate, variances, estimand="", clusters="writers", corrected=True)
    assert sum(plain.ends()) / 2 == pytest.approx(estimate)
    assert sum(exact.ends()) / 2 == pytest.approx(np.var(DATA, ddof=1))
    assert plain.method == "jackknife-t over writers"
    assert plain.corrected is None
    assert exact.corrected == pytest.approx(np.var(DATA, ddof=1))


def test_a_score_with_two_ends_has_its_interval_inside_them() -> None:
    # On 0..100, scores without each of three writers of 50, 80 and 90 around 75:
    # logits 0, ln 4 and ln 9 = 0, 1.3863, 2.1972, mean 1.1945, squared deviations 1.4268 + .0368
    # + 1.0055 = 2.4691, se = sqrt(2/3 x 2.4691) = 1.2830; t(2) = 4.302653; logit(.75) = ln 3.
    without = np.array([50.0, 80.0, 90.0])
    found = bounded_jackknife_t(75.0, without, most=100, estimand="e", clusters="writers")
    ends = [100 / (1 + np.exp(-(np.log(3) + s * 4.302653 * 1.28301))) for s in (-1, 1)]
    assert found.ends() == pytest.approx(ends, abs=1e-3)
    assert found.method == "jackknife-t over writers, on the logit scale"
    assert 0 < found.low < 75 < found.high < 100


@pytest.mark.parametrize(("score", "low"), [(2.0, 0.0), (-1.0, -1.0)])
def test_a_score_that_touches_an_end_has_the_plain_interval_clipped(
    score: float, low: float
) -> None:
    # One writer less gives -1, 2 or 5: squared deviations 9 + 0 + 9, se = sqrt(2/3 x 18) = 3.4641,
    # t(2) se = 14.905; the lower end stops at 0, or at the score where that is below.
    without = np.array([-1.0, 2.0, 5.0])
    found = bounded_jackknife_t(score, without, most=400 / 3, estimand="", clusters="writers")
    half = 4.302652729911275 * 12**0.5
    assert found.ends() == pytest.approx([low, score + half])
    assert found.method == "jackknife-t over writers, clipped to the range"
    full = bounded_jackknife_t(
        130.0, np.array([130.0, 400 / 3, 120.0]), most=400 / 3, estimand="", clusters="writers"
    )
    assert full.high == 400 / 3 and full.low < 120


def test_resampled_t() -> None:
    replicates = np.array([48.0, 50.0, 52.0, np.nan])
    # SE = 2; t(3) sqrt(4/3) * 2 = 3.182446 * 1.154701 * 2
    found = resampled_t(49.0, replicates, items=4, seed=7)
    half = 3.182446305284263 * (4 / 3) ** 0.5 * 2
    assert found.ends() == pytest.approx([49 - half, 49 + half])
    assert (found.resamples, found.void, found.seed, found.n) == (4, 1, 7, 4)
    assert "of this size" in found.estimand


def test_twins_take_the_noise_of_a_single_shuffle_out_of_the_standard_error() -> None:
    # Items make 0 or 4, a shuffle +1 or -1 on top. Deviations: 1 3 -3 -1 | their twins' -1 ... :
    # replicates 1 -1 5 3 (mean 2), twins -1 1 3 5 (mean 2): deviations -1 -3 3 1 and -3 -1 1 3,
    # covariance (3 + 3 + 3 + 3) / 3 = 4 where the variance is (1 + 9 + 9 + 1) / 3 = 20 / 3.
    replicates, twins = np.array([1.0, -1, 5, 3]), np.array([-1.0, 1, 3, 5])
    assert spread(replicates) == pytest.approx((20 / 3) ** 0.5)
    assert spread(replicates, twins) == pytest.approx(2)
    void = np.array([np.nan])
    some_void = np.append(replicates, [np.nan, 7.0]), np.append(twins, [7.0, np.nan])
    assert spread(*some_void) == pytest.approx(2)
    assert spread(np.append(replicates, void)) == pytest.approx((20 / 3) ** 0.5)


def test_where_twins_are_uncorrelated_the_plain_standard_error_is_used() -> None:
    replicates = np.array([1.0, 2, 3])
    assert spread(replicates, np.array([3.0, 2, 1])) == 1
    assert spread(np.array([2.0, 2, 2]), np.array([2.0, 2, 2])) == 0


def test_the_nested_bootstrap_estimates_the_overstatement() -> None:
    # Of 4 items a fair resampling finds 3/4 of a variance: 9 within where there are 12 above.
    assert overstatement(12.0, 9.0, items=4) == 1
    assert overstatement(12.0, 13.5, items=4) == pytest.approx(1.5)
    assert overstatement(12.0, 6.0, items=4) == pytest.approx(2 / 3)
    # More than twice, or less than half, is noise of the draws; nothing at all says nothing.
    assert overstatement(12.0, 90.0, items=4) == 2
    assert overstatement(12.0, 0.9, items=4) == 0.5
    for variance, within in ((12.0, 0.0), (12.0, -1.0), (0.0, 3.0), (12.0, float("nan"))):
        assert overstatement(variance, within, items=4) == 1


def test_the_variance_within_takes_products_of_both_shuffles_and_leaves_void_pairs_out() -> None:
    nested = np.array([[1.0, 2.0, np.nan, -1.0], [3.0, 4.0, 5.0, 1.0]])
    assert variance_within(nested) == pytest.approx((3 + 8 - 1) / 3 / 2)
    assert np.isnan(variance_within(np.full((2, 3), np.nan)))


def test_an_overstated_variance_is_divided() -> None:
    replicates = np.array([48.0, 50.0, 52.0])
    plain = resampled_t(49.0, replicates, items=3, seed=7)
    # Their variance is 4; 4 within where 8/3 were due is 1.5 times too much.
    nested = np.array([[2.0, 4.0, -2.0], [2.0, 4.0, -2.0]])  # E[(x - y)^2] / 2 = 24 / 3 / 2
    corrected = resampled_t(49.0, replicates, items=3, seed=7, nested=nested)
    assert plain.overstated == 1
    assert corrected.overstated == pytest.approx(1.5)
    widths = [i.high - i.low for i in (plain, corrected)]
    assert widths[0] / widths[1] == pytest.approx(1.5**0.5)


def test_a_standard_error_dominated_by_shuffles_is_not_corrected() -> None:
    replicates, twins = np.array([1.0, 2, 3]), np.array([3.0, 2, 1])
    nested = np.array([[3.0, 4.0], [6.0, 4.5]])  # 18 and 18, halved: 9 within
    found = resampled_t(2.0, replicates, items=3, seed=0, twins=twins, nested=nested)
    assert found == resampled_t(2.0, replicates, items=3, seed=0, twins=twins)


def test_intervals_that_are_undefined_say_why() -> None:
    with pytest.raises(UndefinedFigure, match="fewer than two items"):
        jackknife_t(1.0, np.array([1.0]), estimand="", clusters="items", corrected=True)
    with pytest.raises(UndefinedFigure, match="without one of the writers"):
        jackknife_t(1.0, np.array([1.0, np.nan]), estimand="", clusters="writers", corrected=True)
    with pytest.raises(UndefinedFigure, match="fewer than two items"):
        resampled_t(1.0, np.array([1.0, 2.0]), items=1, seed=0)
    with pytest.raises(UndefinedFigure, match="3 of 4 item resamples"):
        resampled_t(1.0, np.array([1.0, np.nan, np.nan, np.nan]), items=5, seed=0)


def test_another_unit() -> None:
    found = scaled(resampled_t(49.0, np.array([48.0, 50.0]), items=4, seed=7), 0.5)
    assert sum(found.ends()) / 2 == pytest.approx(24.5) and found.seed == 7
