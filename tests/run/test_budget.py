"""Caps on what one command may spend."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.errors import CapReached, Interrupted
from judgemark.records import Usage
from judgemark.run.budget import REPLIES_BEFORE_LEARNING, Budget, CostCap, Prices, Reservation
from judgemark.run.stop import Stop
from tests.support.questions import question

PRICES = Prices(0.0, 1e6)
"""A dollar for each token of a reply, and nothing for prompts: easy to reckon with."""


def reserved(budget: Budget) -> Reservation:
    """A reservation for one more request, which must fit."""
    found = budget.reserve(question(), Stop())
    assert found is not None
    return found


def replied(budget: Budget, tokens: int) -> None:
    """One request from its reservation to a reply of this many tokens."""
    budget.settle(reserved(budget), Usage(1, tokens, float(tokens)))


def test_prices_are_per_million_tokens() -> None:
    # 1000 x $2 / 1e6 + 500 x $10 / 1e6 = $0.002 + $0.005
    assert Prices(2.0, 10.0).cost(Usage(1000, 500)) == pytest.approx(0.007)
    assert Prices(2.0, 10.0).cost(Usage(1000, None)) is None


def test_requests_are_counted_to_the_cap() -> None:
    budget = Budget(max_requests=2)
    for _ in range(2):
        budget.settle(reserved(budget), Usage())
    with pytest.raises(CapReached, match="max_requests 2 is reached"):
        budget.reserve(question(), Stop())
    assert budget.requests == 2


def test_a_request_reserves_the_longest_reply_until_ten_have_come() -> None:
    budget = Budget(cost_cap=CostCap(1000.0, PRICES, 100))
    for _ in range(REPLIES_BEFORE_LEARNING):
        assert reserved_dollars(budget) == 100.0
        replied(budget, 7)
    # From now on twice the longest reply seen, or the longest that is allowed if that is less.
    assert reserved_dollars(budget) == 14.0
    replied(budget, 60)
    assert reserved_dollars(budget) == 100.0


def reserved_dollars(budget: Budget) -> float:
    """What the next request would reserve."""
    held = reserved(budget)
    budget.settle(held, None)
    return held.held


def test_replies_of_earlier_commands_count() -> None:
    budget = Budget(cost_cap=CostCap(1000.0, PRICES, 100))
    for _ in range(REPLIES_BEFORE_LEARNING):
        budget.learn(Usage(1, 8, 8.0))
    assert reserved_dollars(budget) == 16.0
    assert budget.cost == 0.0


def test_a_prompt_is_reserved_too() -> None:
    budget = Budget(cost_cap=CostCap(1000.0, Prices(1e6, 0.0), 100))
    length = sum(len(m.content) for m in question().messages)
    # Half a token for each byte, as long as no reply has told.
    assert reserved_dollars(budget) == length / 2
    budget.settle(reserved(budget), Usage(2 * length, 1, 2.0 * length))
    # Two tokens for each byte were seen; a tenth is added. The prices did not foresee as much.
    assert reserved_dollars(budget) >= 2 * length * 1.1


def test_what_does_not_fit_waits_for_requests_in_flight() -> None:
    budget = Budget(cost_cap=CostCap(150.0, PRICES, 100))
    first = reserved(budget)
    came: list[Reservation | None] = []
    waiting = threading.Thread(target=lambda: came.append(budget.reserve(question(), Stop())))
    waiting.start()
    waiting.join(0.05)
    assert waiting.is_alive()
    budget.settle(first, Usage(1, 20, 20.0))
    waiting.join(5)
    # 20 are spent and 100 reserved, of 150.
    assert came and came[0] is not None


def test_the_run_ends_only_when_nothing_is_in_flight() -> None:
    budget = Budget(cost_cap=CostCap(150.0, PRICES, 100))
    budget.settle(reserved(budget), Usage(1, 60, 60.0))
    with pytest.raises(CapReached, match="max_cost 150 is reached"):
        budget.reserve(question(), Stop())


def test_a_stop_ends_the_wait() -> None:
    budget, stop = Budget(cost_cap=CostCap(150.0, PRICES, 100)), Stop()
    reserved(budget)
    stop.set(Interrupted("SIGINT"))
    assert budget.reserve(question(), stop) is None


def test_an_unknown_cost_counts_as_reserved_and_a_fault_as_nothing() -> None:
    budget = Budget(cost_cap=CostCap(1000.0, PRICES, 100))
    budget.settle(reserved(budget), Usage())
    assert budget.cost == 100.0
    budget.settle(reserved(budget), None)
    assert budget.cost == 100.0


def test_an_endpoint_that_charges_more_than_its_prices_is_believed() -> None:
    budget = Budget(cost_cap=CostCap(10_000.0, PRICES, 100))
    budget.settle(reserved(budget), Usage(1, 100, 300.0))
    # Three times what the prices say: so will be the next.
    assert reserved_dollars(budget) == 300.0


def test_a_request_without_a_limit_reserves_a_very_long_reply() -> None:
    budget = Budget(cost_cap=CostCap(1e9, PRICES, None))
    assert reserved_dollars(budget) == 128_000.0


def test_without_caps_there_is_no_end() -> None:
    budget = Budget()
    for _ in range(1000):
        budget.settle(reserved(budget), Usage(1, 1, 100.0))


def spend(budget: Budget, length: Callable[[int], int], threads: int) -> float:
    """What many threads spend until the cap stops each of them; the n-th reply has length(n)."""
    lock, paid, sent = threading.Lock(), [0.0], [0]

    def work() -> None:
        chance = random.Random(threading.get_ident())
        while True:
            try:
                held = budget.reserve(question(), Stop())
            except CapReached:
                return
            assert held is not None
            with lock:
                number = sent[0]
                sent[0] += 1
            tokens = length(number)
            if chance.random() < 0.3:
                threading.Event().wait(0.0005)
            with lock:
                paid[0] += tokens
            budget.settle(held, Usage(1, tokens, float(tokens)))

    pool = [threading.Thread(target=work) for _ in range(threads)]
    for thread in pool:
        thread.start()
    for thread in pool:
        thread.join(30)
    assert not any(thread.is_alive() for thread in pool)
    return paid[0]


@given(
    st.integers(1, 64),
    st.integers(1, 200),
    st.integers(1, 3000),
    st.sampled_from(["level", "growing", "sudden"]),
)
@settings(max_examples=25, deadline=None)
def test_the_cap_is_never_passed_however_many_ask_and_however_replies_grow(
    threads: int, longest: int, dollars: int, kind: str
) -> None:
    """Growing: longer with every reply. Sudden: short ones, then all as long as is allowed."""
    lengths: dict[str, Callable[[int], int]] = {
        "level": lambda _: max(1, longest // 10),
        "growing": lambda n: min(longest, 1 + n // 4),
        # The eleventh on, when what a reply may cost is already taken from those that came.
        "sudden": lambda n: longest if n > REPLIES_BEFORE_LEARNING + 1 else max(1, longest // 2),
    }
    budget = Budget(cost_cap=CostCap(float(dollars), PRICES, longest))
    paid = spend(budget, lengths[kind], threads)
    assert paid <= dollars
    assert budget.cost == pytest.approx(paid)


def test_sixty_four_threads_stay_below_the_cap_when_replies_become_a_hundred_times_longer() -> None:
    # 64 requests at twice the short replies' cost would fit at once, and then cost $3,200 together.
    budget = Budget(cost_cap=CostCap(500.0, PRICES, 160))
    paid = spend(budget, lambda n: 1 if n < 40 else 100, 64)
    assert paid <= 500.0
