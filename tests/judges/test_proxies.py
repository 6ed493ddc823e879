"""Which proxy leads to an endpoint, and what is said of one that cannot be used."""

from __future__ import annotations

import importlib.util
import os

import pytest

from judgemark.errors import Refused, TransientFault, UsageError
from judgemark.judges.chat import ChatJudge
from judgemark.judges.chat_parameters import ChatParameters
from judgemark.judges.endpoint import Endpoint
from judgemark.judges.proxies import find_proxy
from judgemark.judges.request_limits import RequestLimits
from tests.support.questions import question
from tests.support.raw_server import RawServer

AWAY = "https://api.example.com/v1"
PLAIN = "http://api.example.com/v1"


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("variables", "address", "shown"),
    [
        ({}, AWAY, None),
        ({"HTTPS_PROXY": "http://p:3128"}, AWAY, "http://p:3128 (HTTPS_PROXY)"),
        ({"https_proxy": "http://p:3128"}, AWAY, "http://p:3128 (https_proxy)"),
        ({"HTTPS_PROXY": "http://p:3128"}, PLAIN, None),
        ({"HTTP_PROXY": "p:3128"}, PLAIN, "http://p:3128 (HTTP_PROXY)"),
        ({"ALL_PROXY": "http://[::1]:1"}, AWAY, "http://[::1]:1 (ALL_PROXY)"),
        ({"ALL_PROXY": "http://a:1", "HTTPS_PROXY": "http://p"}, AWAY, "http://p (HTTPS_PROXY)"),
        ({"ALL_PROXY": "http://me:pw@p:1"}, AWAY, "http://p:1 (ALL_PROXY)"),
        ({"ALL_PROXY": "http://p:1", "NO_PROXY": "example.com"}, AWAY, None),
        ({"ALL_PROXY": "http://p:1", "no_proxy": "*"}, AWAY, None),
        ({"ALL_PROXY": "http://p:1", "NO_PROXY": "other.com"}, AWAY, "http://p:1 (ALL_PROXY)"),
    ],
)
def test_the_environment_chooses_the_proxy(
    variables: dict[str, str], address: str, shown: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    found = find_proxy(address)
    assert (found.shown if found else None) == shown
    assert "pw" not in repr(found)


@pytest.mark.parametrize(
    "host", ["localhost:8000", "127.0.0.1", "[::1]:8000", "192.168.1.7", "box.local"]
)
@pytest.mark.parametrize("proxy", ["http://p:3128", "socks://p:1080"])
def test_local_addresses_go_past_every_proxy(
    host: str, proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    assert find_proxy(f"http://{host}/v1") is None


@pytest.mark.parametrize(
    "value",
    ["socks://me:pw@p:1080", "socks4://me:pw@p:1080", "ftp://me:pw@p", "http://me:pw@p:port",
     "http://me:pw@", "http://me:pw@p:0", "://me:pw"],
)  # fmt: skip
@pytest.mark.parametrize("variable", ["ALL_PROXY", "https_proxy"])
def test_a_proxy_that_cannot_be_used_is_one_line_with_its_variable(
    value: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(UsageError, match=f"^{variable} ") as caught:
        find_proxy(AWAY)
    assert "pw" not in str(caught.value)
    assert "add api.example.com to NO_PROXY" in str(caught.value)
    with pytest.raises(UsageError, match=variable):
        ChatJudge(Endpoint(AWAY, "x", "key"), ChatParameters(), RequestLimits())


@pytest.mark.skipif(importlib.util.find_spec("socksio") is not None, reason="socksio is there")
def test_a_socks_proxy_needs_a_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://p:1080")
    with pytest.raises(UsageError, match="pip install socksio"):
        find_proxy(AWAY)


def test_a_fault_on_the_way_names_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    denied = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
    with RawServer(lambda: [denied]) as server:
        monkeypatch.setenv("HTTPS_PROXY", server.url.replace("://", "://me:pw@"))
        judge = ChatJudge(Endpoint(AWAY, "x", "sk-secret"), ChatParameters(), RequestLimits(20))
        with pytest.raises(TransientFault) as caught:
            judge.ask(question())
        judge.close()
        assert server.heard[0].startswith(b"CONNECT api.example.com:443 ")
        assert b"sk-secret" not in server.heard[0]
        assert f"through the proxy {server.url} (HTTPS_PROXY)" in str(caught.value)
    assert "403" in str(caught.value)
    assert (caught.value.unreached, "pw" in str(caught.value)) == (True, False)


def test_a_proxy_that_wants_a_password_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    denied = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
    with RawServer(lambda: [denied]) as server:
        monkeypatch.setenv("HTTPS_PROXY", server.url)
        judge = ChatJudge(Endpoint(AWAY, "x", "key"), ChatParameters(), RequestLimits(20))
        with pytest.raises(Refused, match=r"HTTPS_PROXY.*user and a password"):
            judge.ask(question())
        judge.close()


def test_a_proxy_for_plain_addresses_is_asked_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    body = b'{"choices": [{"message": {"content": "7"}}]}'
    whole = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    with RawServer(lambda: [whole]) as server:
        monkeypatch.setenv("HTTP_PROXY", server.url)
        judge = ChatJudge(Endpoint(PLAIN, "x", "key"), ChatParameters(), RequestLimits(20))
        assert judge.ask(question()).text == "7"
        judge.close()
        assert server.heard[0].startswith(b"POST http://api.example.com/v1/chat/completions ")


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE"])
def test_certificates_that_cannot_be_read_are_one_line_with_their_variable(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "/no/such/file.pem")
    with pytest.raises(UsageError, match=variable):
        ChatJudge(Endpoint(AWAY, "x", "key"), ChatParameters(), RequestLimits())
