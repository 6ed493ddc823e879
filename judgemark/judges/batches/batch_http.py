"""Requests to a provider's batch addresses, with its faults mapped to the project's own errors."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from judgemark.errors import TransientFault
from judgemark.judges.endpoint import Endpoint
from judgemark.judges.faults import map_answer_without_json, map_fault, map_refusal
from judgemark.judges.http_exchange import RAISED, HttpAnswer
from judgemark.judges.request_limits import RequestLimits
from judgemark.judges.thread_clients import EndpointClient, ThreadClients
from judgemark.redaction import Scrubber

_PURPOSE = {"purpose": "batch"}
_LARGEST_RESULTS_MB = 4096.0
_READINGS = 2
"""How often a file with a line that is not JSON is read again before the line is left out."""

_LOG = logging.getLogger(__name__)


class BatchHttp:
    """Sends requests beside the chat API of an endpoint; secrets are taken out of every answer.

    `headers` are sent with every request. Raises UsageError where no client can be made.
    """

    def __init__(
        self, endpoint: Endpoint, limits: RequestLimits, headers: Mapping[str, str] | None = None
    ) -> None:
        self._clients = ThreadClients(
            endpoint, RequestLimits(limits.timeout, max(limits.reply_mb, _LARGEST_RESULTS_MB))
        )
        self._scrubber = Scrubber(endpoint.secrets)
        self._headers = dict(headers or {})
        self._unread: Counter[str] = Counter()
        self._reached = False

    def get(self, path: str) -> Any:
        """Return the JSON that an address answers with."""
        return self._json(self._get(path))

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Send JSON and return the JSON of the answer."""
        return self._json(self._sent(lambda client: client.post(path, body, self._headers)))

    def upload(self, name: str, content: bytes) -> str:
        """Store a file of requests with the provider and return its id."""
        answer = self._json(
            self._sent(lambda client: client.upload("/files", name, content, _PURPOSE))
        )
        found = answer.get("id") if isinstance(answer, Mapping) else None
        if not isinstance(found, str) or not found:
            raise TransientFault("the provider stored a file but did not say under which id")
        return found

    def lines(self, path: str) -> Iterator[Any]:
        """Yield the JSON of each line of a file.

        TransientFault where a line is not JSON, since it may be whole when it is read again. If it
        is not, it is left out with a warning: its question has no answer, the others are kept.
        """
        for raw in self._scrubber.body(self._get(path).content).splitlines():
            if not raw.strip():
                continue
            try:
                yield json.loads(raw)
            except (ValueError, RecursionError) as exc:
                if self._unread[path] < _READINGS:
                    self._unread[path] += 1
                    told = f"the results at {path} hold a line that is not JSON"
                    raise TransientFault(told) from exc
                _LOG.warning("a line of the results at %s is not JSON and is left out", path)

    def pages(self, path: str, size: int) -> Iterator[Mapping[str, Any]]:
        """Yield the entries of a list that comes in pages, the newest first as providers do."""
        last: object = None
        while True:
            behind = "" if last is None else f"&after={last}&after_id={last}"
            page = self.get(f"{path}{'&' if '?' in path else '?'}limit={size}{behind}")
            listed = page.get("data") if isinstance(page, Mapping) else page
            entries = [e for e in listed or () if isinstance(e, Mapping)]
            yield from entries
            more = isinstance(page, Mapping) and page.get("has_more") is True
            if not entries or not more or entries[-1].get("id") in (None, last):
                return
            last = entries[-1]["id"]

    def _get(self, path: str) -> HttpAnswer:
        return self._sent(lambda client: client.get(path, self._headers))

    def _sent(self, send: Callable[[EndpointClient], HttpAnswer]) -> HttpAnswer:
        try:
            answer = send(self._clients.mine())
        except RAISED as exc:
            raise map_fault(exc, self._scrubber, reached=self._reached) from exc
        self._reached = True
        if not answer.ok:
            # Another address of the same provider may be one that it does not have.
            raise map_refusal(answer, (), self._scrubber)
        return answer

    def _json(self, response: HttpAnswer) -> Any:
        try:
            return json.loads(self._scrubber.body(response.content))
        except (ValueError, RecursionError) as exc:
            raise map_answer_without_json(response, self._scrubber) from exc

    def close(self) -> None:
        """Close all connections."""
        self._clients.close()
