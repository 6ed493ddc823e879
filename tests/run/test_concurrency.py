"""How many requests may be under way at once."""

from __future__ import annotations

import threading

from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.run.concurrency import ConcurrencyLimit


def passes(limit: ConcurrencyLimit, count: int) -> None:
    """Send `count` requests one after the other, each answered."""
    for _ in range(count):
        limit.enter()
        limit.succeeded()
        limit.leave()


def complaint(limit: ConcurrencyLimit) -> None:
    """One request comes back with a 429."""
    admission = limit.enter()
    limit.throttled(admission)
    limit.leave()


def test_a_complaint_halves_and_ten_successes_regain_one_slot() -> None:
    limit = ConcurrencyLimit(8)
    complaint(limit)
    assert limit.width == 4
    passes(limit, 9)
    assert limit.width == 4
    passes(limit, 1)
    assert limit.width == 5
    passes(limit, 30)
    assert limit.width == 8
    passes(limit, 30)
    assert limit.width == 8


def test_a_burst_of_complaints_is_one() -> None:
    limit = ConcurrencyLimit(8)
    burst = [limit.enter() for _ in range(8)]
    for admission in burst:
        limit.throttled(admission)
        limit.leave()
    assert limit.width == 4
    complaint(limit)
    assert limit.width == 2


def test_a_complaint_sets_the_count_of_successes_back() -> None:
    limit = ConcurrencyLimit(8)
    complaint(limit)
    passes(limit, 9)
    complaint(limit)
    assert limit.width == 2
    passes(limit, 9)
    assert limit.width == 2


def test_one_slot_is_always_left() -> None:
    limit = ConcurrencyLimit(1)
    complaint(limit)
    complaint(limit)
    assert limit.width == 1
    passes(limit, 1)


@given(st.integers(1, 40), st.lists(st.one_of(st.none(), st.integers(1, 25)), max_size=20))
@settings(max_examples=100, deadline=None)
def test_the_width_follows_complaints_and_successes(widest: int, events: list[int | None]) -> None:
    """None is a complaint, a number is that number of successes."""
    limit, width, successes = ConcurrencyLimit(widest), widest, 0
    for event in events:
        if event is None:
            complaint(limit)
            width, successes = max(1, width // 2), 0
        else:
            passes(limit, event)
            for _ in range(event):
                if width < widest:
                    successes += 1
                    width, successes = width + successes // 10, successes % 10
        assert limit.width == width
        assert 1 <= limit.width <= widest


def test_never_more_inside_than_the_width_and_all_come_through() -> None:
    limit, lock, full = ConcurrencyLimit(3), threading.Lock(), threading.Event()
    inside, peak, through = 0, 0, 0

    def work() -> None:
        nonlocal inside, peak, through
        limit.enter()
        with lock:
            inside += 1
            peak = max(peak, inside)
            if inside == 3:
                full.set()
        # The first ones stay until the width is used, however slowly threads start.
        full.wait(5)
        with lock:
            inside -= 1
            through += 1
        limit.leave()

    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert (peak, through) == (3, 20)
