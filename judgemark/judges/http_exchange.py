"""What is sent to an endpoint, and what comes back, whichever way it travels."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx2

from judgemark.judges.request_limits import RequestLimits

RAISED = (httpx2.HTTPError, httpx2.InvalidURL, ValueError, RecursionError)
"""What is raised where a request could not be sent or no answer came."""

PORTS = {"http": 80, "https": 443}
IDLE_SECONDS = 5.0
"""A connection that was not used for so long is not used again: servers close them at any time."""

_JSON = "application/json"
_CHARSET = re.compile(r"charset=[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_PIECE = 65_536
_DESCRIBES_THE_ENCODED_BODY = frozenset(("content-encoding", "content-length", "transfer-encoding"))
# A coding that was not asked for stays in the headers: it says why the body cannot be read.
_DECODED = re.compile(r"(?:identity|gzip|x-gzip|deflate|,|\s)*", re.IGNORECASE)

RawHeaders = Sequence[tuple[bytes, bytes]]
SentHeaders = tuple[tuple[bytes, bytes], ...]


class ReplyTooLarge(httpx2.RequestError):
    """The answer is larger than the limit; what was read is thrown away."""

    def __init__(self, limits: RequestLimits) -> None:
        super().__init__(f"the answer is larger than {limits.reply_mb:g} MB")


class BrokenOff(httpx2.RequestError):
    """The request was broken off because the run was stopped."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request; `target` is the path with its query, `headers` lack the length of the content."""

    method: str
    target: bytes
    headers: SentHeaders
    content: bytes

    @property
    def length(self) -> SentHeaders:
        """The header that says how long the content is; none for a GET, which has no content."""
        return () if self.method == "GET" else ((b"content-length", b"%d" % len(self.content)),)


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An answer, read whole and decompressed.

    Attributes:
        status: the HTTP status.
        headers: its headers by their names in small letters, without those that describe the
            encoded body; the values of one that came several times are joined by commas.
        content: its body.
        url: the whole address that was asked.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes
    url: str

    @property
    def ok(self) -> bool:
        """Whether the status says that the request was carried out."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """Return the body as JSON; ValueError or RecursionError where it is none.

        In a completion a byte that is no UTF-8 costs its own character, not the reply around it.
        """
        try:
            return json.loads(self.content)
        except UnicodeDecodeError:
            decoded = json.loads(self.content.decode(self._charset, "replace"))
            if isinstance(decoded, dict) and decoded.get("choices"):
                return decoded
            raise

    @property
    def _charset(self) -> str:
        told = _CHARSET.search(self.headers.get("content-type", ""))
        try:
            return codecs.lookup(told[1]).name if told else "utf-8"
        except LookupError:
            return "utf-8"


def read_answer(
    status: int, headers: RawHeaders, pieces: Iterable[bytes], limits: RequestLimits, url: str
) -> HttpAnswer:
    """Return an answer whose body comes in these pieces, decompressed.

    No more of it is held than the limit allows; ReplyTooLarge where it is larger.
    """
    if any(name.lower() == b"content-encoding" for name, _ in headers):
        coded = httpx2.Response(status, headers=list(headers), stream=_Body(pieces))
        pieces = coded.iter_bytes()
    read, size = [], 0
    for piece in pieces:
        size += len(piece)
        if size > limits.reply_bytes:
            raise ReplyTooLarge(limits)
        read.append(piece)
    return HttpAnswer(status, _as_texts(headers), b"".join(read), url)


def _as_texts(headers: RawHeaders) -> dict[str, str]:
    texts: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("utf-8", "replace")
        unread = name == "content-encoding" and _DECODED.fullmatch(value) is None
        if unread or name not in _DESCRIBES_THE_ENCODED_BODY:
            texts[name] = f"{texts[name]}, {value}" if name in texts else value
    return texts


class _Body(httpx2.SyncByteStream):
    """The body of an answer as it arrives."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        # A piece can become a thousand times as large, and only then is its size looked at.
        for piece in self._pieces:
            for start in range(0, len(piece), _PIECE):
                yield piece[start : start + _PIECE]


class EndpointRequests:
    """Puts requests to one endpoint together.

    `headers` are sent with every request, and `query` stands behind every path. ValueError or
    RecursionError is raised for what cannot be written as JSON.
    """

    def __init__(self, address: httpx2.URL, query: str, headers: httpx2.Headers) -> None:
        self._path = address.raw_path.rstrip(b"/")
        self._query = query.encode("ascii")
        self.headers = headers
        self._encoder = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        self._of_json = self._with({"content-type": _JSON})

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> HttpRequest:
        """Return a GET of a path below the endpoint's address."""
        return HttpRequest("GET", self._target(path), self._with(headers), b"")

    def post(
        self, path: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> HttpRequest:
        """Return a POST of JSON.

        `path` stands below the endpoint's address, or is a whole address at the same host.
        """
        written = self._encoder.encode(body)
        own = self._with({"content-type": _JSON, **headers}) if headers else self._of_json
        return HttpRequest("POST", self._target(path), own, written.encode())

    def upload(
        self, path: str, name: str, content: bytes, fields: Mapping[str, str]
    ) -> HttpRequest:
        """Return a POST of a form with one file."""
        form = httpx2.Request(
            "POST", "http://form", data=dict(fields), files={"file": (name, content)}
        )
        own = self._with({"content-type": form.headers["content-type"]})
        return HttpRequest("POST", self._target(path), own, form.read())

    def _target(self, path: str) -> bytes:
        whole = path.startswith(("http://", "https://"))
        target = httpx2.URL(path).raw_path if whole else self._path + path.encode("ascii")
        if self._query:
            target += (b"&" if b"?" in target else b"?") + self._query
        return target

    def _with(self, headers: Mapping[str, str] | None) -> SentHeaders:
        return (*self.headers.raw, *httpx2.Headers(headers or {}).raw)
