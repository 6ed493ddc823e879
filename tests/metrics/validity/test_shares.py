"""A share with Wilson's interval on the effective number of pairs, by hand."""

from __future__ import annotations

import math

import pytest

from judgemark.metrics.interval_methods import t_quantile
from judgemark.metrics.validity.shares import PairEstimate, clustered_share, wilson


def share(values: list[float], clusters: list[str], fewest: int = 2) -> PairEstimate:
    return clustered_share(values, clusters, estimand="all", fewest=fewest, named="clusters")


def test_independent_pairs_count_in_full() -> None:
    # 12 of 20 right, each pair its own cluster: spread = 20/19 * 4.8 / 400 = .0126 against
    # .6 * .4 / 20 = .012, a design effect of 20/19, so 19 effective pairs and t(19) = 2.093.
    found = share([1.0] * 12 + [0.0] * 8, [str(n) for n in range(20)])
    assert found.value == pytest.approx(0.6)
    assert found.interval is not None
    assert found.interval.ends() == pytest.approx(wilson(0.6, 19.0, t_quantile(19)))


def test_pairs_of_one_cluster_that_answer_alike_count_once() -> None:
    # Six clusters of 10 equal answers, four of them right: the design effect is 12, for
    # 6/5 * (4 * (10/3)**2 + 2 * (20/3)**2) / 3600 = .04444 against (2/9) / 60 = .0037.
    clusters = [str(n // 10) for n in range(60)]
    found = share([float(n < 40) for n in range(60)], clusters)
    assert found.interval is not None
    assert found.interval.ends() == pytest.approx(wilson(2 / 3, 60 / 12, t_quantile(5)))


def test_all_right_leaves_a_width_by_the_number_of_clusters() -> None:
    # With p = 1 Wilson's lower end is 1 / (1 + t^2 / n); t(7) = 2.3646, n = 8 clusters.
    found = share([1.0] * 40, [str(n % 8) for n in range(40)])
    assert found.interval is not None
    assert found.interval.low == pytest.approx(1 / (1 + 2.3646**2 / 8), abs=1e-4)
    assert found.interval.high == 1.0


def test_too_few_clusters_give_a_share_with_a_reason() -> None:
    found = share([1.0, 0.0, 1.0, 1.0], ["a", "a", "b", "c"], fewest=5)
    assert (found.value, found.n, found.interval) == (0.75, 4, None)
    assert found.reason == "3 clusters, and an interval needs at least 5"


def test_wilson_by_hand() -> None:
    # p = .5, n = 4, z = 2: q = 1, centre (.5 + .5) / 2 = .5, half sqrt(.25 + .25) / 2.
    half = math.sqrt(0.5) / 2
    assert wilson(0.5, 4, 2.0) == pytest.approx((0.5 - half, 0.5 + half))
