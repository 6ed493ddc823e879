"""Pause a run whose endpoint does not answer, test it from time to time, and give up in the end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from judgemark.errors import AskFault, GivenUp, TransientFault
from judgemark.run.clock import Clock
from judgemark.run.stop import Stop

FEWEST_FAILURES = 12
"""How many requests in a row must have failed, at the least, before a run is paused."""

_FAILURES_PER_QUESTION = 3
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 60.0
_LOOK_EVERY = 0.1
_STEP = 1.0


@dataclass(frozen=True, slots=True)
class RequestPermit:
    """Permission for one request; `tests_endpoint`: a paused run tries its endpoint with it."""

    tests_endpoint: bool = False


class Breaker:
    """Watches the requests of all questions together.

    When the last max(12, 3 x min(threads, open questions)) requests have failed, the run is paused:
    one request at a time tries the endpoint, after pauses that double from one second to one
    minute, or longer where the endpoint asks for that, while all others wait. The first answer ends
    the pause. A complaint of too many requests (429) is neither a failure nor an answer. GivenUp is
    raised when a pause has lasted `give_up_after` seconds, when nothing but such complaints came
    for that long, and at once when the endpoint asks to wait longer than that.
    """

    def __init__(
        self,
        threads: int,
        give_up_after: float,
        *,
        clock: Clock,
        stop: Stop,
        say: Callable[[str], None],
    ) -> None:
        self._threads = threads
        self._give_up_after = give_up_after
        self._clock = clock
        self._stop = stop
        self._say = say
        self._changed = threading.Condition()
        self._open_questions = 0
        self._failures = 0
        self._paused_since: float | None = None
        self._pause = _FIRST_PAUSE
        self._tester_is_out = False
        self._last_answer = clock.now()
        self._failing_since: float | None = None
        self._held_until = 0.0

    def expect(self, questions: int) -> None:
        """Count questions that are about to be asked."""
        with self._changed:
            self._open_questions += questions

    def done(self) -> None:
        """Count a question that will not be asked again."""
        with self._changed:
            self._open_questions -= 1

    @property
    def paused(self) -> bool:
        """Return whether the run waits for its endpoint."""
        return self._paused_since is not None

    @property
    def patience(self) -> float:
        """Return the seconds that are left of `give_up_after` since requests began to fail."""
        since = self._failing_since
        passed = 0.0 if since is None else self._clock.now() - since
        return max(0.0, self._give_up_after - passed)

    def enter(self) -> RequestPermit:
        """Wait while the run is paused, or until it is this request's turn to try the endpoint."""
        with self._changed:
            while self._paused_since is not None and self._tester_is_out:
                if self._stop.wanted:
                    return RequestPermit()
                self._changed.wait(_LOOK_EVERY)
            if self._paused_since is None:
                return RequestPermit()
            self._tester_is_out = True
            now = self._clock.now()
            left = self._paused_since + self._give_up_after - now
            pause = max(0.0, min(self._pause, left), self._held_until - now)
            self._pause = min(2 * self._pause, _LONGEST_PAUSE)
        self._wait_to_test(pause)
        return RequestPermit(tests_endpoint=True)

    def _wait_to_test(self, pause: float) -> None:
        """Wait in short steps: a request still in flight may end the pause."""
        until = self._clock.now() + pause
        while self.paused and not self._stop.wanted and (left := until - self._clock.now()) > 0:
            self._clock.sleep(min(left, _STEP), self._stop)

    def give_back(self, passage: RequestPermit) -> None:
        """Take back a permit whose request was not made."""
        with self._changed:
            self._free(passage)

    def came(self, passage: RequestPermit, fault: AskFault | None) -> None:
        """Count the outcome of a request, where None is a reply; raises GivenUp."""
        with self._changed:
            self._free(passage)
            now = self._clock.now()
            if not isinstance(fault, TransientFault):
                self._answered(now)
                return
            if self._failing_since is None:
                self._failing_since = now
            self._refuse_long_wait(fault)
            self._held_until = max(self._held_until, now + (fault.retry_after or 0.0))
            if not fault.throttled:
                self._failures += 1
            elif self._paused_since is None and now >= self._last_answer + self._give_up_after:
                raise GivenUp(self._gave_up(fault))
            if self._paused_since is None and self._failures >= self._limit:
                self._paused_since = now
                self._pause = _FIRST_PAUSE
                self._say(
                    f"the last {self._failures} requests failed ({fault.message}); the run is "
                    "paused and tries the endpoint now and then with one request, for at most "
                    f"{self._give_up_after:g} s (‹give_up_after›)"
                )
            # The same sum as in `enter`: by another, rounding could leave a pause of 0 for ever.
            if self._paused_since is not None and now >= self._paused_since + self._give_up_after:
                raise GivenUp(self._gave_up(fault))

    @property
    def _limit(self) -> int:
        together = min(self._threads, self._open_questions)
        return max(FEWEST_FAILURES, _FAILURES_PER_QUESTION * together)

    def _free(self, passage: RequestPermit) -> None:
        if passage.tests_endpoint:
            self._tester_is_out = False
            self._changed.notify_all()

    def _answered(self, now: float) -> None:
        self._failures = 0
        self._failing_since = None
        self._held_until = 0.0
        self._last_answer = now
        if self._paused_since is not None:
            self._paused_since = None
            self._changed.notify_all()
            self._say("the endpoint answers again; the run goes on")

    def _refuse_long_wait(self, fault: TransientFault) -> None:
        wait = fault.retry_after or 0.0
        if wait > self._give_up_after:
            raise GivenUp(
                f"the endpoint asks to wait {wait:.0f} s, longer than ‹give_up_after› "
                f"{self._give_up_after:g}: {fault.message}"
            )

    def _gave_up(self, fault: TransientFault) -> str:
        return (
            f"the endpoint has answered no request for {self._give_up_after:g} s "
            f"(‹give_up_after›); the last: {fault.message}"
        )
