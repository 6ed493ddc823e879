"""Asking once before a run begins, with pauses while an endpoint is in trouble."""

from __future__ import annotations

import time
from collections.abc import Callable

import tenacity

from judgemark.errors import Refused, TransientFault
from judgemark.judges.patience import Patience
from judgemark.records import Reply


def ask_patiently(
    ask: Callable[[], Reply],
    patience: Patience,
    what: str,
    sleep: Callable[[float], None] = time.sleep,
) -> Reply:
    """Ask, and ask again after a transient fault; Refused where the last retry fails too.

    `what` is what is tried out, for the message.
    """
    back_off = tenacity.wait_exponential(multiplier=patience.delay, max=patience.longest)

    def pause(state: tenacity.RetryCallState) -> float:
        fault = state.outcome.exception() if state.outcome else None
        asked_for = fault.retry_after if isinstance(fault, TransientFault) else None
        return max(back_off(state), asked_for or 0.0)

    retrying = tenacity.Retrying(
        stop=tenacity.stop_after_attempt(patience.retries + 1),
        wait=pause,
        retry=tenacity.retry_if_exception_type(TransientFault),
        sleep=sleep,
        reraise=True,
    )
    try:
        return retrying(ask)
    except TransientFault as fault:
        raise Refused(f"the probe for {what} failed: {fault.message}") from fault
