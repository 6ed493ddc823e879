"""One judge at several endpoints, which share its questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from judgemark.judges.base import BatchJudge, Json, Judge
from judgemark.judges.endpoint import Endpoint
from judgemark.records import Question, Reply

if TYPE_CHECKING:
    from judgemark.judges.chat import ChatJudge


class SharedJudge:
    """The same judge at several endpoints; the caller chooses among `members` by their state.

    `places` are their addresses as they may be printed. Asked itself, it asks the first.
    """

    def __init__(self, members: Sequence[Judge], places: Sequence[str]) -> None:
        self.members = tuple(members)
        self.places = tuple(places)

    @property
    def configuration(self) -> Mapping[str, Json]:
        """Return that of the first: addresses are not part of it, and all else is the same."""
        return self.members[0].configuration

    def ask(self, question: Question) -> Reply:
        """Implement `Judge`."""
        return self.members[0].ask(question)

    def enter_thread(self) -> None:
        """Implement `Judge`; each member builds a client when the thread first asks it."""

    def interrupt(self) -> None:
        """Implement `Judge`."""
        for member in self.members:
            member.interrupt()

    def close(self) -> None:
        """Implement `Judge`."""
        for member in self.members:
            member.close()


def at_all_endpoints(
    endpoint: Endpoint, open_at: Callable[[Endpoint], ChatJudge]
) -> ChatJudge | SharedJudge:
    """Return the judge at its endpoint, or at all of them where it has several."""
    if not endpoint.others:
        return open_at(endpoint)
    every = (replace(endpoint, others=()), *endpoint.others)
    return SharedJudge([open_at(one) for one in every], [one.shown for one in every])


def first_of(judge: Judge | BatchJudge) -> Judge | BatchJudge:
    """Return the judge at the first of its endpoints; a judge that has one is returned itself."""
    return judge.members[0] if isinstance(judge, SharedJudge) else judge
