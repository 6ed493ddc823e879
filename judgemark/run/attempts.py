"""The outcome of one request, and when a question is asked again."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from judgemark.errors import (
    AskFault,
    ContentRefused,
    OutputLimitReached,
    ParameterRejected,
    TransientFault,
)
from judgemark.records import Class, Failure, Outcome, QuestionKey, Reply, Usage
from judgemark.redaction import without_shapes

UNLIKELY_TO_CHANGE = frozenset((Class.TRUNCATED, Class.REFUSED, Class.EMPTY))
"""How a reply can fail that a judge at temperature 0 will most likely give again."""

_FEWEST_RECOVERED = 8
_SHARE_RECOVERED = 0.75
_TRIES_UNLIKELY_TO_CHANGE = 2
_TRIES_TIMED_OUT = 2


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request: a reply and how it was read, or a fault.

    `tests_endpoint` marks the requests by which a paused run tries whether its endpoint answers
    again; they use up no retries. `place` numbers the endpoint that was asked, from 0.
    """

    outcome: Outcome
    seconds: float
    reply: Reply | None = None
    fault: AskFault | None = None
    tests_endpoint: bool = False
    place: int = 0


@dataclass(frozen=True, slots=True)
class RetryRules:
    """When a question is asked again.

    `max_retries` is per question, over all causes. `repeatable` says that the judge answers the
    same question in nearly the same way each time (temperature 0): then a truncated, refused or
    empty reply is asked for once more at most. A request that timed out may have been paid for
    and is repeated once. With `all_retries` neither rule holds.
    """

    max_retries: int
    repeatable: bool = False
    all_retries: bool = False

    def ask_again(
        self, attempts: Sequence[Attempt], *, failed_before: Class | None, once: bool
    ) -> bool:
        """Return whether another request about the question makes sense after these.

        `failed_before` is how the question ended when it was last asked (by an earlier command,
        or as a probe); None where it was not. `once` says that a reply that cannot be scored
        shall not be asked for again.
        """
        last = attempts[-1]
        if sum(not a.tests_endpoint for a in attempts) > self.max_retries:
            return False
        if last.fault is not None:
            return self._fault_may_pass(last.fault, attempts)
        if last.outcome.cls.good or once:
            return False
        if self.repeatable and not self.all_retries and last.outcome.cls in UNLIKELY_TO_CHANGE:
            tries = sum(
                a.fault is None and a.outcome.cls in UNLIKELY_TO_CHANGE for a in attempts
            ) + (failed_before in UNLIKELY_TO_CHANGE)
            return tries < _TRIES_UNLIKELY_TO_CHANGE
        return True

    def _fault_may_pass(self, fault: AskFault, attempts: Sequence[Attempt]) -> bool:
        if _timed_out(fault) and not self.all_retries:
            return sum(_timed_out(a.fault) for a in attempts) < _TRIES_TIMED_OUT
        return isinstance(fault, TransientFault | ParameterRejected)


def _timed_out(fault: AskFault | None) -> bool:
    return isinstance(fault, TransientFault) and fault.timed_out


class RepeatsSoFar:
    """Whether asking again has helped at this endpoint so far.

    A truncated, refused or empty reply and a time-out are normally due to the question, and then
    asking again costs money without a result. At an unreliable endpoint they come by chance.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._repeated = 0
        self._recovered = 0
        self._given_up: set[QuestionKey] = set()

    def count(self, key: QuestionKey, attempts: Sequence[Attempt]) -> None:
        """Count how a question ended after these."""
        if len(attempts) == 1 and attempts[0].outcome.cls.good:
            return

        def doubtful(a: Attempt) -> bool:
            return _timed_out(a.fault) or (a.fault is None and a.outcome.cls in UNLIKELY_TO_CHANGE)

        with self._lock:
            if any(doubtful(a) for a in attempts[:-1]):
                self._repeated += 1
                self._recovered += attempts[-1].outcome.cls.good
            if doubtful(attempts[-1]):
                self._given_up.add(key)

    def worth_another(self) -> frozenset[QuestionKey]:
        """Return the questions that were given up early although asking again helps here.

        It helps where at least eight questions recovered, and three quarters of those repeated.
        """
        with self._lock:
            enough = max(_FEWEST_RECOVERED, _SHARE_RECOVERED * self._repeated)
            return frozenset(self._given_up) if self._recovered >= enough else frozenset()


def failure_of(fault: AskFault) -> Failure:
    """Return the failure of a question that could not be asked; its settings stay marked."""
    cls = Class.ERROR
    if isinstance(fault, ContentRefused):
        cls = Class.REFUSED
    elif isinstance(fault, OutputLimitReached):
        cls = Class.TRUNCATED
    return Failure(cls, without_shapes(fault.message))


def total_usage(parts: Sequence[Usage]) -> Usage:
    """Return the sum over attempts; a figure that no attempt reported is None."""

    if len(parts) == 1:
        return parts[0]

    def add(values: Sequence[float | None]) -> float | None:
        known = [v for v in values if v is not None]
        return sum(known) if known else None

    prompt = add([u.prompt_tokens for u in parts])
    completion = add([u.completion_tokens for u in parts])
    return Usage(
        None if prompt is None else int(prompt),
        None if completion is None else int(completion),
        add([u.cost for u in parts]),
    )


_ADVICE: Mapping[Class, str] = {
    Class.TRUNCATED: "a larger ‹max_tokens› leaves room for a whole reply",
    Class.EMPTY: "a judge that reasons may need a larger ‹max_tokens›",
}


def advice(cls: Class) -> str:
    """Return what the user can do about questions that end in this way; empty if unknown."""
    return _ADVICE.get(cls, "")
