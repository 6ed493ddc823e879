"""Caps on what one command may spend."""

from __future__ import annotations

import pytest

from judgemark.errors import CapReached
from judgemark.records import Usage
from judgemark.run.budget import Budget, Prices


def test_prices_are_per_million_tokens() -> None:
    # 1000 x $2 / 1e6 + 500 x $10 / 1e6 = $0.002 + $0.005
    assert Prices(2.0, 10.0).cost(Usage(1000, 500)) == pytest.approx(0.007)
    assert Prices(2.0, 10.0).cost(Usage(1000, None)) is None


def test_requests_are_counted_to_the_cap() -> None:
    budget = Budget(max_requests=2)
    for _ in range(2):
        budget.take()
        budget.settle(None)
    with pytest.raises(CapReached, match="--max-requests 2 is reached"):
        budget.take()
    assert budget.requests == 2


def test_no_request_is_made_that_could_pass_the_cost() -> None:
    budget = Budget(max_cost=1.0)
    for cost in (0.4, 0.3):
        budget.take()
        budget.settle(cost)
    # 0.7 is spent and the dearest came to 0.4: another could make 1.1.
    with pytest.raises(CapReached, match="--max-cost 1 is reached"):
        budget.take()
    assert budget.cost == pytest.approx(0.7)


def test_requests_under_way_are_held_against_the_cost() -> None:
    budget = Budget(max_cost=1.0, expected_cost=0.3)
    for _ in range(3):
        budget.take()
    with pytest.raises(CapReached):
        budget.take()
    budget.settle(0.1)
    budget.take()


def test_a_request_of_unknown_cost_holds_nothing_back() -> None:
    budget = Budget(max_cost=1.0)
    for _ in range(5):
        budget.take()
        budget.settle(None)
    assert budget.cost == 0.0


def test_without_caps_there_is_no_end() -> None:
    budget = Budget()
    for _ in range(1000):
        budget.take()
        budget.settle(100.0)
