"""An OpenAI-compatible endpoint on the loopback that answers as a script tells it."""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True)
class Asked:
    """One request: how many came before it, its headers (names in lower case) and its body."""

    number: int
    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def prompt(self) -> str:
        """The last message."""
        text: str = self.body["messages"][-1]["content"]
        return text


@dataclass(frozen=True)
class Answer:
    """What is sent back; `break_off` resets the connection, `hang` says nothing until the end."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    break_off: bool = False
    hang: bool = False


RESET = Answer(break_off=True)
HANG = Answer(hang=True)
Script = Callable[[Asked], Answer]


def said(text: Any, finish: str | None = "stop", **more: Any) -> Answer:
    """A completion; `more` are further fields of the answer (usage, model, provider)."""
    choice = {
        "index": 0,
        "finish_reason": finish,
        "message": {"role": "assistant", "content": text},
    }
    return as_json({"id": "r", "object": "chat.completion", "choices": [choice], **more})


def as_json(value: Any, status: int = 200, **headers: str) -> Answer:
    """Any JSON; a header's `_` is sent as `-`."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(status, json.dumps(value).encode(), headers=named)


def refused(status: int, message: str, **more: Any) -> Answer:
    """An error as OpenAI words it; `more` are code, type and param."""
    return as_json({"error": {"message": message, **more}}, status)


def web_page(status: int = 200) -> Answer:
    """What a gateway answers when nobody is behind it."""
    return Answer(status, b"<html><title>gateway</title></html>", "text/html")


class FakeEndpoint:
    """Within `with`, answers POSTs by `script`; `asked` are the requests in order of arrival.

    `peak` is the most requests that were under way at once, and `connections` is how many were
    opened.
    """

    def __init__(self, script: Script) -> None:
        self._script = script
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._under_way = 0
        self._sockets: set[socket.socket] = set()
        self.asked: list[Asked] = []
        self.peak = 0
        self.connections = 0
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        """The address that --base-url takes."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._server.shutdown()
        self._thread.join()
        with self._lock:
            for connection in self._sockets:
                connection.shutdown(socket.SHUT_RDWR)
        self._server.server_close()

    def _answer(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        with self._lock:
            number = len(self.asked)
            asked = Asked(number, path, headers, _parsed(headers, body))
            self.asked.append(asked)
            self._under_way += 1
            self.peak = max(self.peak, self._under_way)
        try:
            answer = self._script(asked)
            if answer.hang:
                self._over.wait()
            return answer
        finally:
            with self._lock:
                self._under_way -= 1

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self) -> None:
                super().setup()
                with endpoint._lock:
                    endpoint._sockets.add(self.connection)
                    endpoint.connections += 1

            def finish(self) -> None:
                with endpoint._lock:
                    endpoint._sockets.discard(self.connection)
                super().finish()

            def do_GET(self) -> None:
                self.do_POST()

            def do_POST(self) -> None:
                length = int(self.headers.get("content-length", 0))
                named = {name.lower(): value for name, value in self.headers.items()}
                answer = endpoint._answer(self.path, named, self.rfile.read(length))
                if answer.break_off:
                    linger = struct.pack("ii", 1, 0)
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                if answer.break_off or answer.hang:
                    self.close_connection = True
                    return
                self._send(answer)

            def _send(self, answer: Answer) -> None:
                fields = {
                    "Content-Type": answer.content_type,
                    "Content-Length": str(len(answer.body)),
                    **answer.headers,
                }
                head = "".join(f"{name}: {text}\r\n" for name, text in fields.items())
                status = f"HTTP/1.1 {answer.status} As Told\r\n"
                self.wfile.write(f"{status}{head}\r\n".encode() + answer.body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


def _parsed(headers: Mapping[str, str], body: bytes) -> Mapping[str, Any]:
    """The JSON of a request; of a form with a file, the file's name and content as `upload`."""
    kind = headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        return {"upload": _uploaded(kind, body)}
    parsed: Mapping[str, Any] = json.loads(body) if body else {}
    return parsed


def _uploaded(kind: str, body: bytes) -> tuple[str, bytes]:
    mark = kind.partition("boundary=")[2].encode()
    for part in body.split(b"--" + mark):
        head, _, content = part.partition(b"\r\n\r\n")
        if found := re.search(rb'filename="([^"]+)"', head):
            return found[1].decode(), content.removesuffix(b"\r\n")
    raise AssertionError("the form holds no file")


class _Server(ThreadingHTTPServer):
    # Threads are waited for in server_close, so that no connection is left to the collector.
    daemon_threads = False
    block_on_close = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that has gone away is no news."""
