"""Batches in the form of files: OpenAI's `/files` and `/batches`, which many services share.

Source: the API references of OpenAI and Azure, "Batch", November 2026: a file of JSON lines with
at most 50,000 requests and 200 MB; results in two files, in any order.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from judgemark.errors import AskFault, Refused, TransientFault
from judgemark.judges.batches.batch_http import BatchHttp
from judgemark.judges.batches.batch_service import (
    BatchAnswer,
    BatchLimits,
    BatchReport,
    BatchRequest,
    BatchState,
)
from judgemark.judges.endpoint import Endpoint
from judgemark.judges.request_limits import RequestLimits

_LOG = logging.getLogger(__name__)
CHAT_ADDRESS = "/v1/chat/completions"
_MARK = "judgemark"
_PAGE = 100
# Clocks of two machines differ; more than this would not pass unnoticed.
_CLOCKS_APART = 3600.0
_ENDED = ("completed", "expired", "cancelled", "canceled")


def request_line(request: BatchRequest, address: str = CHAT_ADDRESS) -> bytes:
    """Return one request as a line of a file of requests."""
    line = {
        "custom_id": request.custom_id,
        "method": "POST",
        "url": address,
        "body": dict(request.body),
    }
    return json.dumps(line, ensure_ascii=True, allow_nan=False).encode() + b"\n"


def answer_of_line(line: object) -> BatchAnswer | None:
    """Return what one line of a file of results holds; None where it has not their form."""
    if not isinstance(line, Mapping) or not isinstance(line.get("custom_id"), str):
        return None
    response, error = line.get("response"), line.get("error")
    if isinstance(response, Mapping):
        status = response.get("status_code")
        body = response.get("body", response)
        if body is None and error:
            # vLLM's `run-batch` writes the body of a refusal here.
            body = error if isinstance(error, Mapping) and "error" in error else {"error": error}
        return BatchAnswer(line["custom_id"], status if isinstance(status, int) else 200, body)
    if response is not None or not error or not isinstance(error, Mapping | str):
        return None
    return BatchAnswer(line["custom_id"], _status_of(error), {"error": error})


def told_answers(
    rows: Iterable[object], read: Callable[[object], BatchAnswer | None], batch: str
) -> Iterator[BatchAnswer]:
    """Yield the answers of a batch's results; a row that is none is left out with a warning."""
    for row in rows:
        answer = read(row)
        if answer is None:
            _LOG.warning("a result of batch %s has not the form of one and is left out", batch)
        else:
            yield answer


def _status_of(error: object) -> int | None:
    """Return the status of a request's error; None for one that was not processed."""
    code = str(error.get("code", "")) if isinstance(error, Mapping) else ""
    if "expired" in code or "cancel" in code:
        return None
    return int(code) if code.isdigit() and len(code) == 3 else 500


class FileBatches:
    """Implements `BatchService` for services with OpenAI's form."""

    limits = BatchLimits(requests=50_000, size=190_000_000)

    def __init__(self, endpoint: Endpoint, limits: RequestLimits) -> None:
        self._http = BatchHttp(endpoint, limits)
        # Azure's addresses without /v1 have none in the requests either.
        versioned = endpoint.base_url.endswith("/v1") or not endpoint.wants_api_key_header
        self._address = CHAT_ADDRESS if versioned else "/chat/completions"

    def submit(self, token: str, requests: Sequence[BatchRequest]) -> str:
        """Implement `BatchService`; a file that an earlier try has stored is used again."""
        stored = self._files(token)
        file = stored[0] if stored else self._http.upload(_file_name(token), self._lines(requests))
        answer = self._http.post(
            "/batches",
            {
                "input_file_id": file,
                "endpoint": self._address,
                "completion_window": "24h",
                "metadata": {_MARK: token},
            },
        )
        batch = answer.get("id") if isinstance(answer, Mapping) else None
        if not isinstance(batch, str):
            raise TransientFault("the endpoint took a batch and gave no id for it")
        return batch

    def _lines(self, requests: Iterable[BatchRequest]) -> bytes:
        return b"".join(request_line(request, self._address) for request in requests)

    def find(self, token: str, total: int, since: float) -> str | None:
        """Implement `BatchService`: by the metadata, or by the name of the file of requests."""
        del total
        files: list[str] | None = None
        for batch in self._http.pages("/batches", _PAGE):
            metadata = batch.get("metadata")
            if isinstance(metadata, Mapping) and metadata.get(_MARK) == token:
                return str(batch["id"])
            if not metadata:
                files = self._files(token) if files is None else files
                if batch.get("input_file_id") in files:
                    return str(batch["id"])
            created = batch.get("created_at")
            if isinstance(created, int | float) and created < since - _CLOCKS_APART:
                return None
        return None

    def _files(self, token: str) -> list[str]:
        """Return the ids of stored files of requests with this token; none where it cannot tell."""
        try:
            listed = self._http.pages("/files?purpose=batch", _PAGE)
            named = _file_name(token)
            return [str(f.get("id")) for f in listed if f.get("filename") == named]
        except TransientFault:
            raise
        except (AskFault, Refused):
            # A service without a list of files can still take batches.
            return []

    def report(self, batch: str) -> BatchReport:
        """Implement `BatchService`."""
        told = self._http.get(f"/batches/{batch}")
        told = told if isinstance(told, Mapping) else {}
        counts = told.get("request_counts")
        counts = counts if isinstance(counts, Mapping) else {}
        total, done = counts.get("total"), counts.get("completed")
        status = str(told.get("status"))
        state = BatchState.OUT
        if status in _ENDED:
            state = BatchState.ENDED
        elif status == "failed":
            state = BatchState.FAILED
        reason = _reason(told) or (status if status in _ENDED[1:] else "")
        return BatchReport(
            state,
            done if isinstance(done, int) else None,
            total if isinstance(total, int) else None,
            reason,
        )

    def answers(self, batch: str) -> Iterator[BatchAnswer]:
        """Implement `BatchService`: what was answered and what failed lie in two files."""
        told = self._http.get(f"/batches/{batch}")
        for name in ("output_file_id", "error_file_id"):
            file = told.get(name) if isinstance(told, Mapping) else None
            if isinstance(file, str) and file:
                lines = self._http.lines(f"/files/{file}/content")
                yield from told_answers(lines, answer_of_line, batch)

    def close(self) -> None:
        """Implement `BatchService`."""
        self._http.close()


def _file_name(token: str) -> str:
    return f"{_MARK}-{token}.jsonl"


def _reason(told: Mapping[str, Any]) -> str:
    errors = told.get("errors")
    listed = errors.get("data") if isinstance(errors, Mapping) else errors
    first = listed[0] if isinstance(listed, list) and listed else None
    if isinstance(first, Mapping):
        return " ".join(str(first[name]) for name in ("code", "message") if first.get(name))
    return ""
