"""Requests that were put together before they are sent."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from judgemark.judges.http_exchange import HttpRequest
from judgemark.records import QuestionKey

_MOST_BYTES = 16 * 2**20


class PreparedRequests:
    """Holds what was prepared for questions that are asked soon; safe for many threads.

    Nothing more is held once the contents take `most` bytes: hundreds of long pieces would take
    as much room again as those that are being asked about.
    """

    def __init__(self, most: int = _MOST_BYTES) -> None:
        self._most = most
        self._size = 0
        self._held: dict[QuestionKey, tuple[Mapping[str, Any], HttpRequest]] = {}
        self._lock = threading.Lock()

    def wants(self, key: QuestionKey) -> bool:
        """Return whether the request about a question is worth preparing now."""
        return self._size < self._most and key not in self._held

    def hold(self, key: QuestionKey, body: Mapping[str, Any], request: HttpRequest) -> None:
        """Hold the request about a question, made of this body, until it is taken."""
        with self._lock:
            self._forget(key)
            self._held[key] = body, request
            self._size += len(request.content)

    def take(self, key: QuestionKey, body: Mapping[str, Any]) -> HttpRequest | None:
        """Return the request about a question and forget it.

        None where none is held, or where it was made of another body than this.
        """
        with self._lock:
            held = self._forget(key)
        return held[1] if held is not None and held[0] == body else None

    def clear(self) -> None:
        """Forget all: none of them will be sent."""
        with self._lock:
            self._held.clear()
            self._size = 0

    def _forget(self, key: QuestionKey) -> tuple[Mapping[str, Any], HttpRequest] | None:
        held = self._held.pop(key, None)
        if held is not None:
            self._size -= len(held[1].content)
        return held
