"""Endpoints that misbehave on the wire, and what must come of each: the table of a test."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from tests.support.raw_server import ByteScript, HalfClose, Reset, Sent, Wait

SECONDS = 0.4
"""The deadline of those requests in this table that run into it."""
MEGABYTES = 0.05
"""The largest answer."""
REPLY = "Wit: 7"
GOOD = json.dumps(
    {"choices": [{"message": {"content": REPLY}, "finish_reason": "stop"}], "more": "é"},
    ensure_ascii=False,
)
_LARGE = b" " * 200_000
_BOMB = gzip.compress(b" " * 5_000_000)
_DEFLATED = zlib.compress(b" " * 5_000_000)


@dataclass(frozen=True)
class Behaviour:
    """What is sent for every request, and what must come of it.

    `fault` is the class of the error, None where the reply must come; `says` stands in its
    message; the last three are those of a TransientFault.
    """

    name: str
    sent: ByteScript
    fault: str | None = None
    says: str = ""
    timed_out: bool = False
    maybe_paid: bool = False
    unreached: bool = False


def answer(body: bytes | str = GOOD, *headers: str, status: str = "200 OK") -> bytes:
    """A whole answer."""
    data = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(data)}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + data


def head(*headers: str, status: str = "200 OK") -> bytes:
    """The head of an answer."""
    return "\r\n".join([f"HTTP/1.1 {status}", "Connection: close", *headers, "", ""]).encode()


def chunk(data: bytes) -> bytes:
    """One chunk of a chunked body."""
    return b"%x\r\n%s\r\n" % (len(data), data)


def for_ever(*parts: Sent) -> Iterator[Sent]:
    """These parts again and again."""
    while True:
        yield from parts


def after(first: bytes, *parts: Sent) -> Iterator[Sent]:
    """Something once, then parts for ever."""
    yield first
    yield from for_ever(*parts)


def _packed(data: bytes, window: int) -> bytes:
    packer = zlib.compressobj(wbits=window)
    return packer.compress(data) + packer.flush()


CHUNKED = "Transfer-Encoding: chunked"
SLOW = Wait(0.02)
_BODY = GOOD.encode()

GOOD_ENDINGS = (
    Behaviour("whole", lambda: [answer()]),
    Behaviour("in two parts", lambda: [answer()[:70], Wait(0.05), answer()[70:]]),
    Behaviour(
        "chunked", lambda: [head(CHUNKED) + chunk(_BODY[:9]) + chunk(_BODY[9:]) + b"0\r\n\r\n"]
    ),
    Behaviour(
        "chunked with a trailer", lambda: [head(CHUNKED) + chunk(_BODY) + b"0\r\nX: 1\r\n\r\n"]
    ),
    Behaviour("ended by closing", lambda: [head() + _BODY]),
    Behaviour("ended by half closing", lambda: [head() + _BODY, HalfClose(), Wait(0.1)]),
    Behaviour("HTTP/1.0", lambda: [b"HTTP/1.0 200 OK\r\n\r\n" + _BODY]),
    Behaviour("lines ended by line feeds alone", lambda: [b"HTTP/1.1 200 OK\n\n" + _BODY]),
    Behaviour("told to go on first", lambda: [b"HTTP/1.1 100 Continue\r\n\r\n" + answer()]),
    Behaviour("early hints first", lambda: [b"HTTP/1.1 103 Early\r\nLink: <x>\r\n\r\n" + answer()]),
    Behaviour("in UTF-8 with a mark", lambda: [answer(b"\xef\xbb\xbf" + _BODY)]),
    Behaviour("in UTF-16 with a mark", lambda: [answer(GOOD.encode("utf-16"))]),
    Behaviour("in UTF-16 without a mark", lambda: [answer(GOOD.encode("utf-16-be"))]),
    Behaviour("in UTF-32", lambda: [answer(GOOD.encode("utf-32"))]),
    Behaviour("spaces around", lambda: [answer(f"\n\n  {GOOD}\n\n")]),
    Behaviour("called HTML", lambda: [answer(GOOD, "Content-Type: text/html")]),
    Behaviour("called by no type", lambda: [answer(GOOD, "Content-Type:")]),
    Behaviour("of an unknown charset", lambda: [answer(GOOD, "Content-Type: a/b; charset=x-9")]),
    Behaviour("the same header twice", lambda: [answer(GOOD, "X-Id: 1", "X-Id: 2", "Via: a")]),
    Behaviour("the same length twice", lambda: [answer(GOOD, f"Content-Length: {len(_BODY)}")]),
    Behaviour("status 201", lambda: [answer(status="201 Created")]),
    Behaviour("without a reason", lambda: [answer(status="200")]),
    Behaviour("gzip", lambda: [answer(gzip.compress(_BODY), "Content-Encoding: gzip")]),
    Behaviour("deflate", lambda: [answer(zlib.compress(_BODY), "Content-Encoding: deflate")]),
    Behaviour("bare deflate", lambda: [answer(_packed(_BODY, -15), "Content-Encoding: deflate")]),
    Behaviour(
        "gzip twice",
        lambda: [answer(gzip.compress(gzip.compress(_BODY)), "Content-Encoding: gzip, gzip")],
    ),
    Behaviour(
        "an unknown encoding that is none", lambda: [answer(GOOD, "Content-Encoding: identity")]
    ),
    Behaviour("cookies", lambda: [answer(GOOD, "Set-Cookie: a=b; Path=/", "Set-Cookie: c=d")]),
)

_SLOW_SCRIPTS: dict[str, ByteScript] = {
    "says nothing": lambda: [Wait(60)],
    "a trickle in the status line": lambda: after(b"HTTP/1.1 ", b"2", SLOW),
    "a trickle of headers": lambda: after(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", SLOW),
    "a trickle in one header": lambda: after(b"HTTP/1.1 200 OK\r\nX: ", b"y", SLOW),
    "a trickle of body": lambda: after(head("Content-Length: 9999"), b" ", SLOW),
    "a trickle of spaces before the JSON": lambda: after(head(), b" ", SLOW),
    "a trickle of chunks": lambda: after(head(CHUNKED), chunk(b" "), SLOW),
    "a trickle of chunk extensions": lambda: after(head(CHUNKED) + b"1;", b"x", SLOW),
    "a trickle of going on": lambda: for_ever(b"HTTP/1.1 100 Continue\r\n\r\n", SLOW),
    "a body that stops": lambda: [head("Content-Length: 500") + b"{", Wait(60)],
    "a chunk that stops": lambda: [head(CHUNKED) + b"ff\r\n{", Wait(60)],
    "an error whose body trickles": lambda: after(
        head("Content-Length: 999", status="500 Oh"), b" ", SLOW
    ),
    "gzip that trickles and gives nothing": lambda: after(
        head("Content-Encoding: gzip") + gzip.compress(b"")[:10], b"\x00\x00\x00\xff\xff", SLOW
    ),
}
TOO_SLOW = tuple(
    Behaviour(
        name, sent, "TransientFault", "within the time limit", timed_out=True, maybe_paid=True
    )
    for name, sent in _SLOW_SCRIPTS.items()
)

_LARGE_SCRIPTS: dict[str, ByteScript] = {
    "a large body": lambda: [answer(_LARGE)],
    "a large body without a length": lambda: [head() + _LARGE],
    "an endless body": lambda: after(head(), _LARGE),
    "endless chunks": lambda: after(head(CHUNKED), chunk(_LARGE)),
    "a large error": lambda: [answer(_LARGE, status="500 Oh")],
    "a gzip bomb": lambda: [answer(_BOMB, "Content-Encoding: gzip")],
    "a deflate bomb": lambda: [answer(_DEFLATED, "Content-Encoding: deflate")],
    "a bomb within a bomb": lambda: [answer(gzip.compress(_BOMB), "Content-Encoding: gzip, gzip")],
}
TOO_LARGE = tuple(
    Behaviour(name, sent, "AskFault", "max_reply_mb") for name, sent in _LARGE_SCRIPTS.items()
)

_BROKEN_SCRIPTS: tuple[tuple[str, str, ByteScript], ...] = (
    ("closes at once", "connection failed", list),
    ("resets at once", "connection failed", lambda: [Reset()]),
    (
        "resets in the head",
        "connection failed",
        lambda: [b"HTTP/1.1 200 OK\r\nX", SLOW, Reset()],
    ),
    ("closes in the head", "connection failed", lambda: [b"HTTP/1.1 200 OK\r\nX"]),
    (
        "closes in the body",
        "connection failed",
        lambda: [head("Content-Length: 500") + _BODY[:20]],
    ),
    ("closes in a chunk", "connection failed", lambda: [head(CHUNKED) + b"ff\r\n{"]),
    (
        "closes before the last chunk",
        "connection failed",
        lambda: [head(CHUNKED) + chunk(_BODY)],
    ),
    ("a chunk of no size", "connection failed", lambda: [head(CHUNKED) + b"zz\r\n{}\r\n"]),
    ("a length that is none", "connection failed", lambda: [head("Content-Length: x") + _BODY]),
    ("a length below 0", "connection failed", lambda: [head("Content-Length: -1") + _BODY]),
    (
        "two lengths that differ",
        "connection failed",
        lambda: [head("Content-Length: 5", "Content-Length: 6") + _BODY],
    ),
    ("another protocol", "connection failed", lambda: [b"SSH-2.0-OpenSSH_9.6\r\n"]),
    ("bytes that are no text", "connection failed", lambda: [b"\x00\xff\x16\x03" * 40]),
    (
        "endless headers",
        "connection failed",
        lambda: after(b"HTTP/1.1 200 OK\r\n", b"X-A: " + b"y" * 8_000 + b"\r\n"),
    ),
    (
        "one endless header",
        "connection failed",
        lambda: after(b"HTTP/1.1 200 OK\r\nX: ", _LARGE),
    ),
    (
        "a length that is too small",
        "did not answer in JSON",
        lambda: [head(f"Content-Length: {len(_BODY) - 9}") + _BODY],
    ),
    ("gzip that is none", "decompressed", lambda: [answer(GOOD, "Content-Encoding: gzip")]),
    (
        "half of a gzip",
        "did not answer in JSON",
        lambda: [answer(gzip.compress(_BODY)[:40], "Content-Encoding: gzip")],
    ),
    (
        "many encodings",
        "decompressed",
        lambda: [answer(GOOD, "Content-Encoding: " + ", ".join(["gzip"] * 50))],
    ),
    (
        "another protocol is offered",
        "connection failed",
        lambda: [head("Upgrade: websocket", status="101 Switching Protocols")],
    ),
    ("status 204", "HTTP 204 without a body", lambda: [head(status="204 No Content")]),
    ("an empty body", "HTTP 200 without a body", lambda: [answer(b"")]),
    ("half of the JSON", "did not answer in JSON", lambda: [answer(_BODY[:40])]),
    ("JSON twice", "did not answer in JSON", lambda: [answer(_BODY * 2)]),
    ("JSON far too deep", "did not answer in JSON", lambda: [answer(b"[" * 40_000)]),
    (
        "a number of 9,000 digits",
        "did not answer in JSON",
        lambda: [answer(b"[" + b"9" * 9_000)],
    ),
    (
        "bytes that are not UTF-8",
        "did not answer in JSON",
        lambda: [answer(b'{"a": "\xff\xfe"}')],
    ),
    ("nothing but a null", "without a completion", lambda: [answer(b"null")]),
)
BROKEN = tuple(
    Behaviour(name, sent, "TransientFault", says, maybe_paid=True)
    for name, says, sent in _BROKEN_SCRIPTS
)


def _redirect(status: int, *headers: str) -> ByteScript:
    return lambda: [answer(b"", *headers, status=f"{status} Elsewhere")]


REDIRECTS = (
    *(
        Behaviour(
            f"redirect {status}",
            _redirect(status, "Location: https://me:pw@elsewhere.example/v1/x?key=secret"),
            "Refused",
            f"HTTP {status}: the endpoint redirects to https://elsewhere.example/v1/x;",
        )
        for status in (301, 302, 303, 307, 308)
    ),
    Behaviour(
        "redirect to a path", _redirect(307, "Location: /other"), "Refused", "/other; a redirect"
    ),
    Behaviour("redirect to nowhere", _redirect(302), "Refused", "HTTP 302"),
    Behaviour("status 304", _redirect(304), "Refused", "check base_url"),
)

ALL = (*GOOD_ENDINGS, *TOO_SLOW, *TOO_LARGE, *BROKEN, *REDIRECTS)
