"""Whatever an endpoint sends on the wire, asking ends in time, in bounds, and as a known fault."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from judgemark.errors import AskFault, Refused, TransientFault
from judgemark.judges.chat import ChatJudge
from judgemark.judges.chat_parameters import ChatParameters
from judgemark.judges.endpoint import choose_endpoint
from judgemark.judges.request_limits import RequestLimits
from tests.judges.chat_judges import BOTH_WAYS, Asks
from tests.judges.endpoint_behaviours_data import ALL, MEGABYTES, REPLY, SECONDS, Behaviour, answer
from tests.support.questions import question
from tests.support.raw_server import RawServer, Sent, Wait

KEY = "sk-very-secret-0123456789"
TLS = Path(__file__).parents[1] / "fixtures" / "tls"


@contextmanager
def judge_at(address: str, seconds: float = 30.0) -> Iterator[ChatJudge]:
    """A judge that has this many seconds for each request."""
    endpoint = choose_endpoint("x", {"OPENAI_API_KEY": KEY}, base_url=address + "/v1")
    judge = ChatJudge(endpoint, ChatParameters(), RequestLimits(seconds, MEGABYTES))
    try:
        yield judge
    finally:
        judge.close()


def fault_at(asks: Asks, address: str, seconds: float = 30.0) -> Exception:
    """What asking there raises."""
    with judge_at(address, seconds) as judge, pytest.raises(Exception) as caught:
        asks(judge, question())
    return caught.value


def test_the_table_is_long_and_names_every_behaviour_once() -> None:
    names = [b.name for b in ALL]
    assert len(names) == len(set(names)) >= 60


@BOTH_WAYS
@pytest.mark.parametrize("behaviour", ALL, ids=lambda b: b.name)
def test_a_behaviour_ends_as_it_should(asks: Asks, behaviour: Behaviour) -> None:
    with RawServer(behaviour.sent) as server:
        if behaviour.fault is None:
            with judge_at(server.url) as judge:
                assert asks(judge, question()).text == REPLY
            return
        fault = fault_at(asks, server.url, SECONDS if behaviour.timed_out else 30.0)
        assert len(server.heard) == 1
    assert type(fault).__name__ == behaviour.fault, str(fault)
    assert behaviour.says in str(fault)
    assert "secret" not in str(fault)
    assert "\n" not in str(fault)
    if isinstance(fault, TransientFault):
        told = (fault.timed_out, fault.maybe_paid, fault.unreached)
        assert told == (behaviour.timed_out, behaviour.maybe_paid, behaviour.unreached)


@BOTH_WAYS
def test_an_answer_that_comes_before_the_question_is_an_answer(asks: Asks) -> None:
    script: list[Sent] = [answer(), Wait(0.1)]
    with RawServer(lambda: script, unasked=True) as server, judge_at(server.url) as judge:
        assert asks(judge, question()).text == REPLY


@BOTH_WAYS
def test_nobody_listens(asks: Asks) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    fault = fault_at(asks, f"http://127.0.0.1:{port}")
    assert isinstance(fault, TransientFault)
    assert (fault.unreached, fault.maybe_paid, fault.timed_out) == (True, False, False)


@BOTH_WAYS
def test_a_host_that_does_not_exist(asks: Asks) -> None:
    fault = fault_at(asks, "http://no-such-host.localhost.invalid")
    assert isinstance(fault, TransientFault)
    assert fault.unreached


@BOTH_WAYS
def test_nobody_accepts_a_connection(asks: Asks) -> None:
    """A full queue of connections: the system answers no further one."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(address)
        fault = fault_at(asks, f"http://127.0.0.1:{address[1]}", SECONDS)
        for one in waiting:
            one.close()
    assert isinstance(fault, TransientFault)
    assert "within the time limit" in str(fault)


def tls_context() -> ssl.SSLContext:
    """The context of a server whose certificate nobody vouches for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "localhost.pem", TLS / "localhost-key.pem")
    return context


@BOTH_WAYS
def test_a_certificate_that_nobody_vouches_for_is_refused(
    asks: Asks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with RawServer(lambda: [answer()], tls=tls_context()) as server:
        fault = fault_at(asks, server.url)
        assert server.heard == []
    assert type(fault) is Refused
    assert "certificate" in str(fault)
    assert "SSL_CERT_FILE" in str(fault)


@BOTH_WAYS
def test_a_certificate_of_ones_own_is_accepted_by_name(
    asks: Asks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "localhost.pem"))
    with RawServer(lambda: [answer()], tls=tls_context()) as server, judge_at(server.url) as judge:
        assert asks(judge, question()).text == REPLY


@BOTH_WAYS
def test_a_handshake_that_never_ends(asks: Asks) -> None:
    with RawServer(lambda: [Wait(60)], unasked=True) as server:
        fault = fault_at(asks, server.url.replace("http:", "https:"), SECONDS)
    assert isinstance(fault, TransientFault)
    assert (fault.unreached, fault.timed_out) == (True, False)


@BOTH_WAYS
def test_an_endpoint_that_speaks_no_tls_is_said_as_such(asks: Asks) -> None:
    with RawServer(lambda: [answer()], unasked=True) as server:
        fault = fault_at(asks, server.url.replace("http:", "https:"))
    assert type(fault) is Refused
    assert "is it http://" in str(fault)


@BOTH_WAYS
def test_a_plain_answer_to_a_handshake_may_pass_once_the_endpoint_has_answered(
    asks: Asks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "localhost.pem"))
    with (
        RawServer(lambda: [answer()], tls=tls_context(), plain=[1]) as server,
        judge_at(server.url) as judge,
    ):
        assert asks(judge, question()).text == REPLY
        with pytest.raises(TransientFault) as caught:
            asks(judge, question())
        assert (caught.value.unreached, caught.value.maybe_paid) == (True, False)
        assert asks(judge, question()).text == REPLY


@BOTH_WAYS
def test_an_endpoint_that_speaks_only_tls(asks: Asks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with RawServer(lambda: [answer()], tls=tls_context()) as server:
        fault = fault_at(asks, server.url.replace("https:", "http:"))
    assert isinstance(fault, AskFault)
