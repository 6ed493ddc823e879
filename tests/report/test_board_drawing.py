"""The leaderboard's drawings: axes, positions, and the plot of score against cost."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.leaderboard.assembly import leaderboard
from judgemark.leaderboard.cost_frontier import Frontier, frontier
from judgemark.leaderboard.section_rows import RankedTable
from judgemark.report.charts_axis import cost_axis, linear_axis
from judgemark.report.cost_plot import cost_plot
from tests.leaderboard.board_data import entry


def table(*judges: tuple[str, float, float | None]) -> RankedTable:
    entries = [entry(name, score, cost=cost) for name, score, cost in judges]
    return leaderboard(entries).parts[0].tables["v4"]


def best(found: Frontier) -> list[str]:
    return [row.name for row in found.best]


def test_an_axis_has_round_ticks_and_ends_where_the_values_do() -> None:
    found = linear_axis([43.0, 93.0], most_intervals=4)
    # A step of at least (93 - 43) / 4 = 12.5 is 20.
    assert found.ticks == (60.0, 80.0)
    assert found.share(43.0) == 0
    assert found.share(68.0) == pytest.approx(0.5)
    assert found.share(93.0) == 1


def test_an_axis_of_one_value_and_of_none() -> None:
    assert linear_axis([5.0]).low < 5 < linear_axis([5.0]).high
    assert linear_axis([]).high > linear_axis([]).low


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=20))
def test_no_value_lies_outside_its_axis(values: list[float]) -> None:
    found = linear_axis(values)
    assert all(-1e-6 <= found.share(v) <= 1 + 1e-6 for v in values)
    assert 2 <= len(found.ticks) <= 6


def test_costs_of_a_wide_range_get_a_logarithmic_axis() -> None:
    found = cost_axis([0.02, 3.0])
    assert found.log
    assert found.ticks == pytest.approx((0.01, 0.1, 1.0, 10.0))
    assert found.share(0.1) == pytest.approx(1 / 3)
    assert not cost_axis([0.5, 3.0]).log
    assert cost_axis([0.5, 3.0]).low == 0


def test_the_frontier_is_what_no_cheaper_judge_reaches() -> None:
    found = frontier(table(("dear", 90.0, 5.0), ("cheap", 60.0, 0.1), ("worse", 55.0, 0.2)))
    assert best(found) == ["cheap", "dear"]
    assert [row.name for row in found.drawn] == ["cheap", "worse", "dear"]


def test_of_equal_costs_the_better_and_of_equal_scores_the_cheaper() -> None:
    assert best(frontier(table(("a", 60.0, 1.0), ("b", 70.0, 1.0)))) == ["b"]
    assert best(frontier(table(("a", 60.0, 1.0), ("b", 60.0, 2.0)))) == ["a"]


def test_unknown_costs_are_counted_and_floors_do_not_compete() -> None:
    found = frontier(table(("a", 60.0, None), ("b", 50.0, 1.0)))
    assert found.unknown == 1
    assert best(found) == ["b"]


def test_judges_without_cost_stand_left_of_the_dollars() -> None:
    board = table(("free", 50.0, 0.0), ("cheap", 60.0, 0.01), ("dear", 90.0, 5.0))
    found = cost_plot(board, frontier(board), 800, 400)
    x = {p.row.name: p.x for p in found.points}
    assert x["free"] < found.x_ticks[1][0] <= x["cheap"] < x["dear"]
    assert found.x_ticks[0][1] == "free"


def test_names_on_the_plot_do_not_cover_each_other() -> None:
    board = table(*((f"a-judge-of-some-length-{n}", 50.0 + n, 0.1 + n / 5) for n in range(30)))
    found = cost_plot(board, frontier(board), 800, 400)
    boxes = []
    for p in (p for p in found.points if p.label):
        left = p.label_x - 7 * len(p.label) if p.anchor == "end" else p.label_x
        boxes.append((left, p.label_y - 13, left + 7 * len(p.label), p.label_y + 3))
    assert len(boxes) > 3
    for n, one in enumerate(boxes):
        for other in boxes[:n]:
            apart = one[2] <= other[0] or other[2] <= one[0]
            assert apart or one[3] <= other[1] or other[3] <= one[1]


def test_points_lie_within_the_frame() -> None:
    board = table(*((f"j{n}", 20.0 + 3 * n, 10.0 ** (n % 5 - 3)) for n in range(25)))
    found = cost_plot(board, frontier(board), 350, 330)
    for p in found.points:
        assert found.left <= p.x <= found.right
        assert found.top - 1 <= p.y <= found.bottom + 1
    assert re.fullmatch(r"M[\d.]+ [\d.]+(H[\d.]+V[\d.]+)*H[\d.]+", found.line)
