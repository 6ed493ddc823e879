"""Ctrl-C and SIGTERM."""

from __future__ import annotations

import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from judgemark.errors import CapReached, Interrupted
from judgemark.run.stop import Stop, stop_on_signals


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_asks_to_stop_and_the_second_leaves_at_once(number: int) -> None:
    stop = Stop()
    before = signal.getsignal(number)
    with stop_on_signals(stop):
        signal.raise_signal(number)
        assert stop.wanted
        assert isinstance(stop.reason, Interrupted)
        with pytest.raises(Interrupted):
            signal.raise_signal(number)
    assert signal.getsignal(number) is before


def test_the_first_reason_stays_and_two_signals_still_leave() -> None:
    stop = Stop()
    cap = CapReached("--max-cost 1 is reached")
    stop.set(cap)
    with stop_on_signals(stop):
        signal.raise_signal(signal.SIGINT)
        assert stop.reason is cap
        with pytest.raises(Interrupted):
            signal.raise_signal(signal.SIGTERM)


def test_handlers_come_back_after_an_error_too() -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyError), stop_on_signals(Stop()):
        raise KeyError
    assert signal.getsignal(signal.SIGINT) is before


def test_off_the_main_thread_signals_stay_as_they_are() -> None:
    """Python lets the main thread alone handle signals."""

    def handler_within() -> object:
        with stop_on_signals(Stop()):
            return signal.getsignal(signal.SIGINT)

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(handler_within).result() is signal.getsignal(signal.SIGINT)
