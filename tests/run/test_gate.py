"""How many requests may be under way at once."""

from __future__ import annotations

import threading

from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.run.gate import Gate


def passes(gate: Gate, count: int) -> None:
    """So many requests come and go, each answered."""
    for _ in range(count):
        gate.enter()
        gate.succeeded()
        gate.leave()


def complaint(gate: Gate) -> None:
    """One request comes back with a 429."""
    ticket = gate.enter()
    gate.throttled(ticket)
    gate.leave()


def test_a_complaint_halves_and_ten_successes_regain_one_slot() -> None:
    gate = Gate(8)
    complaint(gate)
    assert gate.width == 4
    passes(gate, 9)
    assert gate.width == 4
    passes(gate, 1)
    assert gate.width == 5
    passes(gate, 30)
    assert gate.width == 8
    passes(gate, 30)
    assert gate.width == 8


def test_a_burst_of_complaints_is_one() -> None:
    gate = Gate(8)
    burst = [gate.enter() for _ in range(8)]
    for ticket in burst:
        gate.throttled(ticket)
        gate.leave()
    assert gate.width == 4
    complaint(gate)
    assert gate.width == 2


def test_a_complaint_sets_the_count_of_successes_back() -> None:
    gate = Gate(8)
    complaint(gate)
    passes(gate, 9)
    complaint(gate)
    assert gate.width == 2
    passes(gate, 9)
    assert gate.width == 2


def test_one_slot_is_always_left() -> None:
    gate = Gate(1)
    complaint(gate)
    complaint(gate)
    assert gate.width == 1
    passes(gate, 1)


@given(st.integers(1, 40), st.lists(st.one_of(st.none(), st.integers(1, 25)), max_size=20))
@settings(max_examples=100, deadline=None)
def test_the_width_follows_complaints_and_successes(widest: int, events: list[int | None]) -> None:
    """None is a complaint, a number so many successes."""
    gate, width, successes = Gate(widest), widest, 0
    for event in events:
        if event is None:
            complaint(gate)
            width, successes = max(1, width // 2), 0
        else:
            passes(gate, event)
            for _ in range(event):
                if width < widest:
                    successes += 1
                    width, successes = width + successes // 10, successes % 10
        assert gate.width == width
        assert 1 <= gate.width <= widest


def test_never_more_inside_than_the_width_and_all_come_through() -> None:
    gate, lock = Gate(3), threading.Lock()
    inside, peak, through = 0, 0, 0

    def work() -> None:
        nonlocal inside, peak, through
        gate.enter()
        with lock:
            inside += 1
            peak = max(peak, inside)
        threading.Event().wait(0.002)
        with lock:
            inside -= 1
            through += 1
        gate.leave()

    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert (peak, through) == (3, 20)
