"""What a judge must be able to do; the embedded baselines and everyone else's alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, runtime_checkable

from judgemark.errors import AskFault
from judgemark.records import Question, Reply

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]


class Judge(Protocol):
    """Answers one question at a time, from several threads at once."""

    @property
    def configuration(self) -> Mapping[str, Json]:
        """All that shapes the answers (name, parameters; never a key): part of a question's key."""

    def ask(self, question: Question) -> Reply:
        """The judge's reply, unread.

        Raises TransientFault or ParameterRejected for this question alone, Refused where asking
        anything further would be in vain.
        """

    def enter_thread(self) -> None:
        """Make ready what the calling thread needs to ask; asked once by each thread."""

    def interrupt(self) -> None:
        """Break off all requests in flight, from any thread; asking raises TransientFault then.

        Called when a run is stopped and what is under way did not end by itself.
        """

    def close(self) -> None:
        """Let go of connections or memory; asked once, at the end."""


@runtime_checkable
class BatchJudge(Protocol):
    """Answers whole batches: an engine in this process."""

    @property
    def configuration(self) -> Mapping[str, Json]:
        """As in `Judge`."""

    @property
    def batch(self) -> int:
        """How many questions to hand over at once: they fill the engine, and a kill loses them."""

    def ask_batch(self, questions: Sequence[Question]) -> Sequence[Reply | AskFault]:
        """A reply or a fault for each question, in their order."""

    def close(self) -> None:
        """As in `Judge`."""


@runtime_checkable
class StreamJudge(Protocol):
    """Answers a stream of questions, in any order."""

    @property
    def configuration(self) -> Mapping[str, Json]:
        """As in `Judge`."""

    def ask_stream(self, questions: Iterator[Question]) -> Iterator[tuple[int, Reply | AskFault]]:
        """A reply or a fault for each question, with the number (from 0) of the question.

        Questions are taken from the iterator as the judge has room for them; it may end at any
        time. Each answer is recorded as soon as it is yielded, so that a kill loses only what the
        judge holds. Answers may come in any order.
        """

    def close(self) -> None:
        """As in `Judge`."""


@runtime_checkable
class LoadsWeights(Protocol):
    """A judge that must load its weights first, which is no part of the time of a reply."""

    def load(self) -> None:
        """Load them, if they are not loaded yet; Refused or UsageError where that fails."""
