"""What a provider's batch service does: it takes many requests at once and answers hours later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """One request of a batch.

    Attributes:
        custom_id: the name by which its answer is found; at most 64 of `A-Za-z0-9_-`.
        body: the request to a chat endpoint.
    """

    custom_id: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """What came back for one request, in the form of a chat endpoint's answer.

    Attributes:
        custom_id: the name of the request.
        status: the HTTP status that the answer would have had; None where the request was not
            processed at all (the batch expired or was cancelled before).
        body: the completion, or the error as the provider told it.
    """

    custom_id: str
    status: int | None
    body: Any


class BatchState(StrEnum):
    """Where a batch stands: OUT may still bring answers, ENDED has them, FAILED has none."""

    OUT = "out"
    ENDED = "ended"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What a provider says of one batch; `done` of `total` requests are processed.

    Both counts are None where the provider does not tell them. `reason` says why a batch failed or
    ended early.
    """

    state: BatchState
    done: int | None = None
    total: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BatchLimits:
    """The largest batch that a provider takes: requests, and bytes of all requests together."""

    requests: int
    size: int


class BatchService(Protocol):
    """One provider's batches, for one judge.

    Every method raises TransientFault for a fault that may pass, and Refused for one that will not.
    """

    @property
    def limits(self) -> BatchLimits:
        """Return the size of the largest batch."""

    def submit(self, token: str, requests: Sequence[BatchRequest]) -> str:
        """Submit a batch and return the provider's id of it; `token` marks it as ours."""

    def find(self, token: str, total: int, since: float) -> str | None:
        """Return the id of the batch that was submitted with `token`; None where there is none.

        Args:
            token: what `submit` was given.
            total: the number of requests of the batch.
            since: when it was submitted at the earliest, in seconds since 1970.
        """

    def report(self, batch: str) -> BatchReport:
        """Return where the batch with this id stands."""

    def answers(self, batch: str) -> Iterator[BatchAnswer]:
        """Yield the answers of an ended batch, in any order."""

    def close(self) -> None:
        """Close all connections."""
