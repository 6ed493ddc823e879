"""The interfaces of judges, which the embedded baselines implement as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

from judgemark.errors import AskFault
from judgemark.records import Question, Reply

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]


class Judge(Protocol):
    """Answers one question at a time, from several threads at once."""

    @property
    def configuration(self) -> Mapping[str, Json]:
        """Return everything that shapes the answers (name, parameters; never an API key).

        It is part of every question's key."""

    def ask(self, question: Question) -> Reply:
        """Return the judge's reply, not yet parsed.

        Raises TransientFault or ParameterRejected for this question alone, Refused where asking
        any further request would fail as well.
        """

    def enter_thread(self) -> None:
        """Prepare what the calling thread needs; called once by each thread."""

    def interrupt(self) -> None:
        """Break off all requests in flight, from any thread; asking raises TransientFault then.

        Called when a run is stopped and what is under way did not end by itself.
        """

    def close(self) -> None:
        """Release connections or memory; called once, at the end."""


@runtime_checkable
class AsksInLoop(Protocol):
    """A judge that one event loop can ask many questions at once, without a thread for each."""

    @property
    def may_loop(self) -> bool:
        """Return whether it can be asked so where it stands."""

    def prepare(self, question: Question) -> None:
        """Put the request together by which a question will be asked soon, in the event loop."""

    async def ask_in_loop(self, question: Question) -> Reply:
        """Return what `Judge.ask` would return, and raise the same."""

    def leave_loop(self) -> None:
        """Release what the event loop holds for this judge; called in the loop, at its end."""


USUAL_BATCH = 32
"""The batch size of a judge of whole batches that declares none."""


@runtime_checkable
class BatchJudge(Protocol):
    """Answers whole batches: an engine in this process."""

    @property
    def configuration(self) -> Mapping[str, Json]:
        """Implement `Judge`."""

    @property
    def batch(self) -> int:
        """Return the batch size: a batch should fill the engine, but a crash loses its answers."""

    def ask_batch(self, questions: Sequence[Question]) -> Sequence[Reply | AskFault]:
        """Return a reply or a fault for each question, in their order."""

    def close(self) -> None:
        """Implement `Judge`."""


@runtime_checkable
class StreamJudge(Protocol):
    """Answers a stream of questions, in any order."""

    @property
    def configuration(self) -> Mapping[str, Json]:
        """Implement `Judge`."""

    def ask_stream(self, questions: Iterator[Question]) -> Iterator[tuple[int, Reply | AskFault]]:
        """Yield a reply or a fault for each question, with the index of the question.

        Questions are taken from the iterator as the judge has room for them; it may end at any
        time. Each answer is recorded as soon as it is yielded, so that a kill loses only what the
        judge holds. Answers may come in any order.
        """

    def close(self) -> None:
        """Implement `Judge`."""


@runtime_checkable
class EndsEarly(Protocol):
    """A streaming judge whose stream can end before everything that it took is answered."""

    def interrupt(self) -> None:
        """End the stream as soon as what is under way has ended; may be called again."""


@runtime_checkable
class WaitsForMachines(Protocol):
    """A streaming judge that waits for other machines, which may be gone after an interruption."""

    def stop_waiting(self) -> None:
        """End the stream soon, whatever is still to come; may be called in a signal handler."""


@runtime_checkable
class LoadsWeights(Protocol):
    """A judge that must first load its weights, which does not count as time of a reply."""

    def load(self) -> None:
        """Load the weights unless they are loaded; raises Refused or UsageError."""


@runtime_checkable
class KeepsLog(Protocol):
    """A judge that has something to log beside its answers."""

    def keep_log(self, path: Path) -> None:
        """Append to this file from now on."""


@runtime_checkable
class SetsWidth(Protocol):
    """A judge that takes more questions at the same time than the run has threads for."""

    @property
    def width(self) -> int:
        """Return how many questions it is asked at the same time."""


@runtime_checkable
class LimitsThreads(Protocol):
    """A judge that can be called from a limited number of threads at once."""

    @property
    def threads(self) -> int:
        """Return how many calls may run at the same time; 0 for any number."""


@runtime_checkable
class AdaptsRequests(Protocol):
    """A judge that leaves out what its endpoint does not take."""

    def accepted_before(self) -> None:
        """Take all fields of a request for accepted: an earlier command was answered with them."""
