"""How many clusters a margin needs: against simulation, by hand, and what a pilot says."""

from __future__ import annotations

import numpy as np
import pytest

from judgemark.errors import UndefinedFigure, UsageError
from judgemark.metrics.validity.pair_planner import (
    ClusterVariance,
    pilot_variance,
    plan_pairs,
    power_of,
    smallest_margin,
)
from judgemark.metrics.validity.reading import margin_over

SOME = ClusterVariance(between=0.02, within=0.4)


def test_the_plan_is_the_fewest_clusters_with_the_power() -> None:
    plan = plan_pairs(0.1, pairs_per_cluster=4, questions_per_cluster=5, variance=SOME)
    deviation = (0.02 + 0.4 / 4) ** 0.5
    assert (
        power_of(0.1, plan.clusters, deviation) >= 0.8 > power_of(0.1, plan.clusters - 1, deviation)
    )
    # By the normal approximation (1.96 + .84)^2 * .12 / .01 = 94, and a little more for t.
    assert 94 <= plan.clusters <= 98
    assert (plan.pairs, plan.questions) == (4 * plan.clusters, 5 * plan.clusters)
    assert plan.dollars is None


def test_what_it_costs_where_prices_are_known() -> None:
    plan = plan_pairs(0.2, questions_per_cluster=3, dollars_per_question=0.01, variance=SOME)
    assert plan.dollars == pytest.approx(plan.clusters * 3 * 0.01)


def test_a_huge_margin_still_needs_five_clusters() -> None:
    assert plan_pairs(1.0, variance=ClusterVariance(0.0, 1e-6)).clusters == 5


@pytest.mark.parametrize("margin", [0.0, -0.1, 1.5, float("nan")])
def test_a_margin_must_be_possible(margin: float) -> None:
    with pytest.raises(UsageError, match="margin"):
        plan_pairs(margin)


def test_the_planned_power_is_what_simulation_finds() -> None:
    # Normal cluster means with deviation .5, margin .25: 34 clusters; of 400 runs 80% are
    # expected to show it, and 301 to 338 do in 99% (binomial).
    rng = np.random.default_rng(11)
    plan = plan_pairs(0.25, variance=ClusterVariance(0.25, 0.0))
    names = [str(n) for n in range(plan.clusters)]
    shown = 0
    for _ in range(400):
        low = margin_over(rng.normal(0.25, 0.5, plan.clusters), np.zeros(plan.clusters), names).low
        shown += low is not None and low > 0
    assert 301 <= shown <= 338


def test_a_pilot_by_hand() -> None:
    # Five clusters of two pairs with differences (1, 0), (1, 1), (0, 0), (1, 0), (0, 0).
    # Within: squares .5 + 0 + 0 + .5 + 0 = 1 over 10 - 5; means .5, 1, 0, .5, 0 around .4:
    # 2 * (.01 + .36 + .16 + .01 + .16) / 4 = .35; between (.35 - .2) / 2.
    found = pilot_variance([1, 0, 1, 1, 0, 0, 1, 0, 0, 0], [0] * 10, list("aabbccddee"))
    assert found.within == pytest.approx(0.2)
    assert found.between == pytest.approx(0.075)


def test_a_pilot_of_single_pairs_and_one_that_is_too_small() -> None:
    found = pilot_variance([1, 0, 1, 0, 1], [0] * 5, list("abcde"))
    assert found.between == 0.0
    assert found.within == pytest.approx(0.3)
    with pytest.raises(UndefinedFigure, match="at least 5"):
        pilot_variance([1, 0], [0, 0], ["a", "b"])


@pytest.mark.parametrize("pairs_per_cluster", [1, 3, 15])
def test_the_smallest_margin_is_the_other_way_round(pairs_per_cluster: int) -> None:
    """The clusters that a margin needs show that margin, and one cluster fewer does not."""
    clusters = plan_pairs(0.2, pairs_per_cluster=pairs_per_cluster).clusters
    here = smallest_margin(clusters, pairs_per_cluster)
    fewer = smallest_margin(clusters - 1, pairs_per_cluster)
    assert here is not None and fewer is not None
    assert here <= 0.2 + 1e-4 < fewer + 2e-4


def test_too_few_clusters_show_no_margin() -> None:
    assert smallest_margin(4, 3) is None
    assert smallest_margin(5, 1, ClusterVariance(4.0, 4.0)) is None
