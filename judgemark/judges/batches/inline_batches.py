"""Batches whose requests stand in the submission itself: OpenRouter and Anthropic.

Neither lets a batch carry a mark of ours, so each request's name begins with the batch's token.
Sources: OpenRouter's "Batch API Quickstart" and reference, and Anthropic's "Message Batches",
November 2026.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from judgemark.errors import Refused, TransientFault
from judgemark.judges.batches.batch_http import BatchHttp
from judgemark.judges.batches.batch_service import (
    BatchAnswer,
    BatchLimits,
    BatchReport,
    BatchRequest,
    BatchState,
)
from judgemark.judges.batches.file_batches import CHAT_ADDRESS, answer_of_line, told_answers
from judgemark.judges.batches.messages_form import as_completion, as_messages
from judgemark.judges.endpoint import Endpoint
from judgemark.judges.request_limits import RequestLimits

_PAGE = 100
_CLOCKS_APART = 3600.0
_ENDED = ("completed", "expired", "cancelled", "canceled")
_VERSION = "2023-06-01"


class OpenRouterBatches:
    """Implements `BatchService` for OpenRouter."""

    limits = BatchLimits(requests=20_000, size=100_000_000)

    def __init__(self, endpoint: Endpoint, limits: RequestLimits) -> None:
        self._http = BatchHttp(endpoint, limits)
        self._judge_name = endpoint.judge_name

    def submit(self, token: str, requests: Sequence[BatchRequest]) -> str:
        """Implement `BatchService`; the service reads fields in order, so requests stand last."""
        del token
        bodies = (
            (r.custom_id, {k: v for k, v in r.body.items() if k != "model"}) for r in requests
        )
        answer = self._http.post(
            "/batches",
            {
                "endpoint": CHAT_ADDRESS,
                "model": self._judge_name,
                "requests": [{"custom_id": name, "body": body} for name, body in bodies],
            },
        )
        return _id_of(answer)

    def find(self, token: str, total: int, since: float) -> str | None:
        """Implement `BatchService`; see `_found`."""
        return _found(self._http.pages("/batches", _PAGE), self, token, total, since)

    def report(self, batch: str) -> BatchReport:
        """Implement `BatchService`."""
        return _openrouter_report(self._told(batch))

    def _told(self, batch: str) -> Mapping[str, Any]:
        told = self._http.get(f"/batches/{batch}")
        return told if isinstance(told, Mapping) else {}

    def answers(self, batch: str) -> Iterator[BatchAnswer]:
        """Implement `BatchService`: the results stand in the batch itself."""
        results = self._told(batch).get("results")
        yield from told_answers(results if isinstance(results, list) else (), answer_of_line, batch)

    def close(self) -> None:
        """Implement `BatchService`."""
        self._http.close()


class AnthropicBatches:
    """Implements `BatchService` for Anthropic's Message Batches."""

    limits = BatchLimits(requests=100_000, size=240_000_000)

    def __init__(self, endpoint: Endpoint, limits: RequestLimits) -> None:
        headers = {"x-api-key": endpoint.key, "anthropic-version": _VERSION}
        self._http = BatchHttp(endpoint, limits, headers)

    def submit(self, token: str, requests: Sequence[BatchRequest]) -> str:
        """Implement `BatchService`."""
        del token
        rows = [{"custom_id": r.custom_id, "params": as_messages(r.body)} for r in requests]
        return _id_of(self._http.post("/messages/batches", {"requests": rows}))

    def find(self, token: str, total: int, since: float) -> str | None:
        """Implement `BatchService`; see `_found`."""
        return _found(self._http.pages("/messages/batches", _PAGE), self, token, total, since)

    def report(self, batch: str) -> BatchReport:
        """Implement `BatchService`."""
        told = self._http.get(f"/messages/batches/{batch}")
        return _anthropic_report(told if isinstance(told, Mapping) else {})

    def answers(self, batch: str) -> Iterator[BatchAnswer]:
        """Implement `BatchService`."""
        rows = self._http.lines(f"/messages/batches/{batch}/results")
        yield from told_answers(rows, answer_of_message_row, batch)

    def close(self) -> None:
        """Implement `BatchService`."""
        self._http.close()


def answer_of_message_row(row: object) -> BatchAnswer | None:
    """Return what one line of Anthropic's results holds; None where it has not their form."""
    result = row.get("result") if isinstance(row, Mapping) else None
    name = row.get("custom_id") if isinstance(row, Mapping) else None
    if not isinstance(result, Mapping) or not isinstance(name, str):
        return None
    kind, message = result.get("type"), result.get("message")
    if kind == "succeeded":
        told = as_completion(message) if isinstance(message, Mapping) else None
        return None if told is None else BatchAnswer(name, 200, told)
    if kind == "errored":
        return BatchAnswer(name, _errored_status(result), result.get("error"))
    return BatchAnswer(name, None, {"error": {"message": str(kind)}})


def _openrouter_report(told: Mapping[str, Any]) -> BatchReport:
    counts = told.get("request_counts")
    counts = counts if isinstance(counts, Mapping) else {}
    parts = [counts.get(name) for name in ("completed", "failed")]
    done = sum(n for n in parts if isinstance(n, int)) if any(parts) else None
    status = str(told.get("status"))
    error = told.get("error")
    reason = str(error.get("message") or "") if isinstance(error, Mapping) else ""
    state = BatchState.OUT
    if status in _ENDED:
        state, reason = BatchState.ENDED, reason or (status if status in _ENDED[1:] else "")
    elif status == "failed":
        state = BatchState.FAILED
    total = counts.get("total")
    return BatchReport(state, done, total if isinstance(total, int) else None, reason)


def _anthropic_report(told: Mapping[str, Any]) -> BatchReport:
    counts = told.get("request_counts")
    by_kind = {
        name: n
        for name, n in (counts.items() if isinstance(counts, Mapping) else ())
        if isinstance(n, int)
    }
    total = sum(by_kind.values()) if by_kind else None
    done = None if total is None else total - by_kind.get("processing", 0)
    ended = told.get("processing_status") == "ended"
    return BatchReport(BatchState.ENDED if ended else BatchState.OUT, done, total)


def _found(
    listed: Iterator[Mapping[str, Any]],
    service: OpenRouterBatches | AnthropicBatches,
    token: str,
    total: int,
    since: float,
) -> str | None:
    """Return the batch whose results carry the token, among those that may be it.

    A batch may be it where it is not older and has as many requests. Its results tell once it has
    ended; as long as one that may be it has not, TransientFault is raised: the answer is not known.
    """
    for entry in listed:
        created = _seconds(entry.get("created_at"))
        if created is not None and created < since - _CLOCKS_APART:
            return None
        is_ours = _report_of(entry, service)
        if is_ours.total not in (None, total):
            continue
        batch = str(entry.get("id"))
        if is_ours.state is BatchState.OUT:
            raise TransientFault(
                f"batch {batch} of this account may be one that was submitted just before this "
                "program was stopped; whether it is shows when it has ended"
            )
        first = next(iter(service.answers(batch)), None)
        if first is not None and first.custom_id.startswith(f"{token}_"):
            return batch
    return None


def _report_of(
    entry: Mapping[str, Any], service: OpenRouterBatches | AnthropicBatches
) -> BatchReport:
    if isinstance(service, AnthropicBatches):
        return _anthropic_report(entry)
    return _openrouter_report(entry)


def _id_of(answer: object) -> str:
    batch = answer.get("id") if isinstance(answer, Mapping) else None
    if isinstance(batch, str) and batch:
        return batch
    error = answer.get("error") if isinstance(answer, Mapping) else None
    if error:
        raise Refused(f"the endpoint does not take the batch: {error}")
    raise TransientFault("the endpoint took a batch and gave no id for it")


def _seconds(value: object) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    try:
        return datetime.fromisoformat(str(value)).timestamp()
    except ValueError:
        return None


def _errored_status(result: Mapping[str, Any]) -> int:
    """Return the status of an error of Anthropic's, by its type."""
    error = result.get("error")
    inner = error.get("error") if isinstance(error, Mapping) else None
    kind = str(inner.get("type") if isinstance(inner, Mapping) else "")
    if kind == "invalid_request_error":
        return 400
    return 529 if "overloaded" in kind else 500
