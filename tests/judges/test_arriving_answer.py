"""One answer put together from what a connection receives, by httptools or by h11."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import h11
import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgemark.judges.arriving_answer import ArrivingAnswer
from judgemark.judges.http_exchange import ReplyTooLarge
from judgemark.judges.request_limits import RequestLimits

LIMITS = RequestLimits(timeout=20, reply_mb=1)
OK = b"HTTP/1.1 200 OK\r\n"


def taken(*pieces: bytes, ended: bool = False) -> ArrivingAnswer:
    """The answer after these pieces came, and then perhaps the end of the connection."""
    answer = ArrivingAnswer(LIMITS)
    for piece in pieces:
        answer.take(piece)
    if ended:
        answer.take_end()
    return answer


def in_pieces(data: bytes, cuts: Sequence[int]) -> list[bytes]:
    """The data cut at these places."""
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[a:b] for a, b in pairwise(places)]


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 3\r\n",
        b"content-length:3\r\nX-Empty:\r\n",
        b"Content-Length: 3\r\nContent-Length: 3\r\n",
        b"Content-Length: 3, 3\r\n",
        b"Content-Length: 3\nX-Line-Feeds: alone\n",
        b"X-Folded: one\r\n two\r\nContent-Length: 3\r\n",
        b"X-Control: \x01\r\nContent-Length: 3\r\n",
        b"X-Latin: \xe9\r\nContent-Length: 3\r\n",
        b"Connection: keep-alive\r\nUpgrade: h2c\r\nContent-Length: 3\r\n",
    ],
)
def test_heads_as_servers_write_them(head: bytes) -> None:
    """What httptools refuses, h11 reads."""
    end = b"\n" if b"\r\n" not in head else b"\r\n"
    answer = taken(OK + head + end + b"one")
    assert (answer.status, b"".join(answer.body)) == (200, b"one")
    assert answer.whole
    assert answer.reusable


@pytest.mark.parametrize(
    "chunked",
    [
        b"3\r\none\r\n0\r\n\r\n",
        b"1\r\no\r\n2\r\nne\r\n0\r\n\r\n",
        b"3 \r\none\r\n0\r\n\r\n",
        b"3;name=value\r\none\r\n0\r\nX-Behind: it\r\n\r\n",
    ],
)
@pytest.mark.parametrize("length", [b"", b"Content-Length: 3\r\n"])
def test_bodies_in_chunks(chunked: bytes, length: bytes) -> None:
    """Where a length is told beside them, the chunks count; what stands behind them is no head."""
    answer = taken(OK + length + b"Transfer-Encoding: chunked\r\n\r\n" + chunked)
    assert b"".join(answer.body) == b"one"
    assert answer.whole
    assert b"X-Behind" not in dict(answer.headers)


def test_an_answer_that_only_says_that_one_will_come_is_not_it() -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </style>\r\n\r\n"
    answer = taken(b"HTTP/1.1 100 Continue\r\n\r\n", early + OK + b"Content-Length: 3\r\n\r\none")
    assert (answer.status, b"".join(answer.body)) == (200, b"one")
    assert answer.headers == [(b"Content-Length", b"3")]
    assert answer.reusable


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
        b"HTTP/1.1 000 Nothing\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nBroken Name: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"<html>not HTTP</html>\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
    ],
)
def test_what_is_no_answer_is_a_fault_of_the_protocol(answer: bytes) -> None:
    with pytest.raises(httpx2.RemoteProtocolError):
        taken(answer, ended=True)


@pytest.mark.parametrize("surplus", [b"\r\n", b"x", OK, b"HTTP/1.1 500 No\r\nX: y\r\n\r\nbody"])
def test_what_stands_behind_an_answer_is_not_part_of_it(surplus: bytes) -> None:
    head = OK + b"Content-Length: 3\r\n\r\n"
    for pieces in ((head + b"one" + surplus,), (head + b"one", surplus)):
        answer = taken(*pieces)
        assert (answer.status, b"".join(answer.body)) == (200, b"one")
        assert answer.headers == [(b"Content-Length", b"3")]
        assert answer.whole
        assert not answer.reusable


@pytest.mark.parametrize(
    "head", [b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n", OK + b"Connection: close\r\n"]
)
def test_a_connection_that_the_server_closes_is_not_used_again(head: bytes) -> None:
    answer = taken(head + b"Content-Length: 3\r\n\r\none")
    assert answer.whole
    assert not answer.reusable


@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
def test_a_body_without_a_length_ends_with_the_connection(end: bytes) -> None:
    answer = taken(b"HTTP/1.1 200 OK" + end + b"X: y" + end + end, b"one", ended=True)
    assert b"".join(answer.body) == b"one"
    assert answer.whole
    assert not answer.reusable


@pytest.mark.parametrize(
    ("came", "said"),
    [
        (b"", "closed without an answer"),
        (b"HTTP/1.1 200 O", "before its answer was whole"),
        (OK + b"Content-Length: 3\r\n\r\non", "before its answer was whole"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n", "before its answer was whole"),
        (OK + b"Transfer-Encoding: CHUNKED\r\n\r\n3\r\none\r\n", "before its answer was whole"),
    ],
)
def test_an_answer_that_ends_too_early(came: bytes, said: str) -> None:
    with pytest.raises(httpx2.RemoteProtocolError, match=said):
        taken(*([came] if came else []), ended=True)


@pytest.mark.parametrize("status", [b"204 No Content", b"304 Not Modified"])
def test_a_status_without_a_body_is_whole_after_its_head(status: bytes) -> None:
    answer = taken(b"HTTP/1.1 " + status + b"\r\nX: y\r\n\r\n")
    assert answer.whole
    assert answer.body == []


def test_a_body_above_the_limit_is_not_held() -> None:
    answer = ArrivingAnswer(LIMITS)
    with pytest.raises(ReplyTooLarge):
        answer.take(OK + b"Content-Length: 2000000\r\n\r\n" + b"x" * 1_500_000)
    assert sum(map(len, answer.body)) <= 2**20


@pytest.mark.parametrize(
    "flood",
    [
        [OK + b"X: " + b"y" * 60_000, b"y" * 60_000],
        [OK, *[b"X-Name: value\r\n"] * 10_000],
        [b"HTTP/1.1 100 Continue\r\n\r\n"] * 10_000,
        [OK + b"Transfer-Encoding: chunked\r\n\r\n", *[b"1;" + b"e" * 50_000 + b"\r\nx\r\n"] * 9],
        [OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", *[b"X-Behind: it\r\n"] * 10_000],
    ],
)
def test_what_stands_around_a_body_is_limited(flood: list[bytes]) -> None:
    with pytest.raises(httpx2.RemoteProtocolError):
        taken(*flood)


def test_small_chunks_are_no_flood() -> None:
    """A server may send a body of 50,000 characters one by one."""
    answer = taken(OK + b"Transfer-Encoding: chunked\r\n\r\n", *[b"1\r\nx\r\n"] * 50_000)
    assert not answer.whole
    answer.take(b"0\r\n\r\n")
    assert b"".join(answer.body) == b"x" * 50_000


NAMES = st.from_regex(r"\A[A-Za-z][A-Za-z0-9-]{0,12}\Z").filter(
    lambda name: name.lower() not in {"content-length", "transfer-encoding", "connection"}
)
VALUES = st.from_regex(r"\A([!-~]([ -~]{0,20}[!-~])?)?\Z")
CUTS = st.lists(st.integers(0, 10_000), max_size=12)


@st.composite
def answers(draw: st.DrawFn) -> bytes:
    """A whole answer with a length or in chunks."""
    body = draw(st.binary(max_size=60))
    headers = draw(st.lists(st.tuples(NAMES, VALUES), max_size=4))
    status = draw(st.sampled_from([200, 201, 400, 404, 429, 500, 503]))
    end = draw(st.sampled_from([b"\r\n", b"\n"]))
    lines = [b"HTTP/1.1 %d Word" % status, *(f"{n}: {v}".encode() for n, v in headers)]
    if draw(st.booleans()):
        return end.join([*lines, b"Content-Length: %d" % len(body), b"", body])
    size = draw(st.integers(1, 20))
    parts = [body[n : n + size] for n in range(0, len(body), size)]
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
    head = end.join([*lines, b"Transfer-Encoding: chunked", b"", b""])
    return head + chunks + b"0\r\n\r\n"


def by_h11(data: bytes) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Status, headers and body as h11 reads them from one piece."""
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/", headers=[("Host", "here")]))
    connection.send(h11.EndOfMessage())
    connection.receive_data(data)
    head = connection.next_event()
    assert isinstance(head, h11.Response)
    body = b""
    while isinstance(event := connection.next_event(), h11.Data):
        body += event.data
    assert isinstance(event, h11.EndOfMessage)
    return head.status_code, head.headers.raw_items(), body


@given(answers(), CUTS)
def test_answers_read_as_by_h11_wherever_they_are_cut(data: bytes, cuts: list[int]) -> None:
    answer = taken(*in_pieces(data, cuts))
    assert answer.whole
    assert answer.reusable
    assert (answer.status, answer.headers, b"".join(answer.body)) == by_h11(data)


@given(answers(), CUTS, st.integers(0, 10_000), st.binary(max_size=3))
def test_damaged_answers_raise_nothing_else(
    data: bytes, cuts: list[int], place: int, instead: bytes
) -> None:
    at = place % len(data)
    damaged = data[:at] + instead + data[at + 1 :]
    try:
        taken(*in_pieces(damaged, cuts), ended=True)
    except (httpx2.RemoteProtocolError, ReplyTooLarge):
        return
