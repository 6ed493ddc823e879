"""Puts an answer together from the pieces that a connection receives."""

from __future__ import annotations

from typing import Protocol

import h11
import httptools
import httpx2

from judgemark.judges.http_exchange import ReplyTooLarge
from judgemark.judges.request_limits import RequestLimits

_LARGEST_HEAD = 100 * 1024
# Chunks of one byte each, the shortest there are, come with five bytes around each.
_AROUND_EACH_BYTE = 8
_NO_BODY = (204, 304)
_NOT_ASKED_FOR = 101


class _Parser(Protocol):
    """Calls the `on_...` methods of an ArrivingAnswer."""

    def feed_data(self, data: bytes) -> None:
        """Read on; raises HttpParserError, HttpParserUpgrade or h11.RemoteProtocolError."""

    def should_keep_alive(self) -> bool:
        """Return whether the server keeps the connection after this answer."""

    def get_status_code(self) -> int:
        """Return the status of the answer."""

    def get_http_version(self) -> str:
        """Return the version of the answer, as "1.1"."""


class ArrivingAnswer:
    """One answer while it arrives.

    httptools reads it, in a tenth of the time that h11 needs. Where it refuses a head, h11 has the
    last word: it understands more servers, such as those whose lines end in LF alone or that tell
    the length twice.

    Attributes:
        status: the HTTP status, once the head was read.
        headers: the headers as they were sent.
        body: the pieces of the body as they were sent, without the marks of chunks.
        begun: whether anything came.
        whole: whether the answer is complete.
        reusable: whether another request may follow on the connection, once it is complete.
    """

    def __init__(self, limits: RequestLimits) -> None:
        self._limits = limits
        self._parser: _Parser | None = _by_httptools(self)
        self._pieces: list[bytes] = []
        self._received = 0
        self._size = 0
        self._head_read = False
        self._surplus = False
        self._kept = False
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.body: list[bytes] = []
        self.whole = False

    @property
    def begun(self) -> bool:
        """Whether anything came."""
        return self._received > 0

    @property
    def reusable(self) -> bool:
        """Whether another request may follow on the connection: nothing came behind the answer."""
        return self._kept and not self._surplus

    def take(self, data: bytes) -> None:
        """Read what came next; raises httpx2.RemoteProtocolError and ReplyTooLarge."""
        if self._parser is None:
            self._surplus = True
            return
        self._received += len(data)
        if not self._head_read:
            self._pieces.append(data)
        try:
            if len(data) > 1:
                self._parser.feed_data(data[:-1])
            # An answer that does not need the last byte has something behind it; nothing else
            # would tell of an empty line there.
            self._surplus = self.whole
            self._parser.feed_data(data[-1:])
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as exc:
            self._refused(exc)
        except h11.RemoteProtocolError as exc:
            raise httpx2.RemoteProtocolError(str(exc)) from exc
        if self.whole:
            self._parser = None
        self._check_size()

    def take_end(self) -> None:
        """Take in that the server sends no more, which can be the end of a body.

        Raises httpx2.RemoteProtocolError where the answer is not whole by that.
        """
        if self.whole:
            return
        if not self.begun:
            raise httpx2.RemoteProtocolError("the server closed without an answer")
        if not (self._head_read and self._ends_with_connection()):
            raise httpx2.RemoteProtocolError("the server closed before its answer was whole")
        self.whole = True
        self._parser = None

    def _ends_with_connection(self) -> bool:
        told = {name.lower(): value.lower() for name, value in self.headers}
        chunked = told.get(b"transfer-encoding", b"").endswith(b"chunked")
        return not (chunked or b"content-length" in told or self.status in _NO_BODY)

    def _refused(self, exc: Exception) -> None:
        """Go on by h11 where httptools refused a head; what is wrong behind an answer is not it."""
        if self.whole:
            self._surplus = True
        elif self._head_read:
            raise httpx2.RemoteProtocolError(str(exc)) from exc
        else:
            self._parser = _ByH11(self)
            self.headers = []
            try:
                self._parser.feed_data(b"".join(self._pieces))
            except h11.RemoteProtocolError as refused:
                raise httpx2.RemoteProtocolError(str(refused)) from refused

    def _check_size(self) -> None:
        if self._size > self._limits.reply_bytes:
            raise ReplyTooLarge(self._limits)
        around = self._received - self._size
        if not self.whole and around > _LARGEST_HEAD + _AROUND_EACH_BYTE * self._size:
            raise httpx2.RemoteProtocolError("the head of the answer is too large")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Implement `httptools.HTTPProtocol`; what stands behind a body is left out."""
        if not (self._head_read or self.whole):
            self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        """Implement `httptools.HTTPProtocol`; what it raises counts as a head that was refused."""
        if self.whole or self._parser is None:
            return
        self.status = self._parser.get_status_code()
        self._head_read = self.status >= 200
        if self._head_read:
            self._pieces.clear()
        elif self.status < 100 or self.status == _NOT_ASKED_FOR:
            raise ValueError("no answer has such a status")

    def on_body(self, body: bytes) -> None:
        """Implement `httptools.HTTPProtocol`."""
        if self.whole:
            return
        self._size += len(body)
        if self._size <= self._limits.reply_bytes:
            self.body.append(body)

    def on_message_complete(self) -> None:
        """Implement `httptools.HTTPProtocol`; an answer of 1xx only says that one will come."""
        if self.whole or self._parser is None:
            return
        if not self._head_read:
            self.headers = []
            return
        self.whole = True
        kept = self._parser.should_keep_alive()
        self._kept = kept and self._parser.get_http_version() == "1.1"


def _by_httptools(answer: ArrivingAnswer) -> _Parser:
    parser = httptools.HttpResponseParser(answer)
    parser.set_dangerous_leniencies(lenient_spaces_after_chunk_size=True)
    return parser


class _ByH11:
    """Reads one answer by h11."""

    def __init__(self, answer: ArrivingAnswer) -> None:
        self._answer = answer
        self._connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LARGEST_HEAD)
        self._connection.send(h11.Request(method="GET", target="/", headers=[("Host", "asked")]))
        self._connection.send(h11.EndOfMessage())
        self._status = 0

    def feed_data(self, data: bytes) -> None:
        """Implement `_Parser`."""
        answer = self._answer
        self._connection.receive_data(data)
        while not answer.whole:
            event = self._connection.next_event()
            if isinstance(event, h11.Response):
                self._status = event.status_code
                for name, value in event.headers.raw_items():
                    answer.on_header(name, value)
                answer.on_headers_complete()
            elif isinstance(event, h11.Data):
                answer.on_body(bytes(event.data))
            elif isinstance(event, h11.EndOfMessage):
                answer.on_message_complete()
            elif not isinstance(event, h11.InformationalResponse):
                return

    def should_keep_alive(self) -> bool:
        """Implement `_Parser`."""
        done = self._connection.their_state is h11.DONE
        return done and not self._connection.trailing_data[0]

    def get_status_code(self) -> int:
        """Implement `_Parser`."""
        return self._status

    def get_http_version(self) -> str:
        """Implement `_Parser`; h11 keeps no connection of an older version."""
        return "1.1"
