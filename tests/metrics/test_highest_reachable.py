from __future__ import annotations

import numpy as np
import pytest

from judgemark.errors import UndefinedFigure
from judgemark.metrics.composite import WEIGHTS
from judgemark.metrics.highest_reachable import greatest_kruskal_wallis, reach
from judgemark.metrics.separability import kruskal_wallis
from tests.metrics.tables import one_iteration, table_of


def test_the_published_examples() -> None:
    # (144^3 - 6 * 24^3) / (144 * 145) and (960^3 - 10 * 96^3) / (960 * 961)
    assert greatest_kruskal_wallis([24] * 6) == pytest.approx(139.03, abs=0.005)
    assert greatest_kruskal_wallis([96] * 10) == pytest.approx(949.0, abs=0.5)


@pytest.mark.parametrize("sizes", [(3, 3), (2, 5, 4), (1, 1, 1), (7, 2)])
def test_completely_separated_writers_reach_it(sizes: tuple[int, ...]) -> None:
    scores = iter(range(sum(sizes)))
    table = one_iteration(*([float(next(scores)) for _ in range(n)] for n in sizes))
    assert kruskal_wallis(table) == pytest.approx(greatest_kruskal_wallis(sizes))


def test_what_six_writers_of_24_pieces_can_reach() -> None:
    table = table_of(np.arange(144.0).reshape(6, 3, 8))
    found = reach(table, "v2.1", kw_stat=139.0, present=WEIGHTS)
    # KW gives (139.03 - 100) / 1200 = .0325: 100 * (1 + 1 + 4 * (.0325 + 1) / 2) / 6
    assert found.score_max == pytest.approx(100 * (2 + 2 * 1.032529) / 6, abs=1e-3)
    assert found.kw_share == pytest.approx(139 / 143)
    assert found.caveat == (
        "constants made for 17 writers x 96; at most 67.8 (H 139 of 1300) reachable here"
    )
    without_reference = reach(table, "v2.1", 139.0, ["stability_tau", "separability"])
    assert without_reference.score_max == pytest.approx(100 * (1 + 2 * 1.032529) / 5, abs=1e-3)


def test_ties_can_carry_h_beyond_the_bound_without_them() -> None:
    # Each writer says one number: H = (N - 1) SSB / SST = N - 1 = 11, where 12 ranks without ties
    # allow (1728 - 3 * 64) / (12 * 13) = 9.8.
    table = one_iteration([1.0] * 4, [2.0] * 4, [3.0] * 4)
    own = kruskal_wallis(table)
    assert own == pytest.approx(11)
    assert greatest_kruskal_wallis([4, 4, 4]) == pytest.approx(9.846, abs=1e-3)
    assert reach(table, "v2", own, WEIGHTS).kw_max == 11
    # Wholly apart without ties is just what the bound says, whatever the last digit.
    apart = table_of(np.arange(24.0).reshape(4, 2, 3))
    most = greatest_kruskal_wallis([6] * 4)
    assert reach(apart, "v2", kruskal_wallis(apart), WEIGHTS).kw_max == most


@pytest.mark.parametrize("pieces", [96, 120])
def test_upstreams_own_shapes_have_no_caveat(pieces: int) -> None:
    table = table_of(np.arange(17.0 * pieces).reshape(17, 1, pieces))
    assert reach(table, "v2", 1.0, WEIGHTS).caveat is None


def test_nothing_scored() -> None:
    with pytest.raises(UndefinedFigure, match="no scores"):
        greatest_kruskal_wallis([])
