"""A client for each thread; none follows redirects, retries, or outlives an interruption."""

from __future__ import annotations

import threading

import pytest

from judgemark.errors import TransientFault
from judgemark.judges.chat import ChatJudge
from judgemark.judges.chat_parameters import ChatParameters
from judgemark.judges.endpoint import Endpoint, choose_endpoint
from judgemark.judges.request_limits import RequestLimits
from judgemark.judges.thread_clients import ThreadClients
from tests.support.fake_endpoint import FakeEndpoint, said
from tests.support.questions import question
from tests.support.raw_server import RawServer, Wait

LOCAL = Endpoint("http://localhost:1/v1", "x", "sk-key")


def test_each_thread_has_a_client_of_its_own_and_keeps_it() -> None:
    clients = ThreadClients(LOCAL, RequestLimits())
    found = [clients.mine()]
    thread = threading.Thread(target=lambda: found.append(clients.mine()))
    thread.start()
    thread.join()
    assert clients.mine() is found[0]
    assert found[0] is not found[1]
    clients.close()


@pytest.mark.parametrize(
    ("base_url", "query", "sent"),
    [
        ("https://x.openai.azure.com/openai/v1", "", "sk-key"),
        ("http://localhost:1", "api-version=1", "sk-key"),
        ("http://localhost:1/v1", "", None),
    ],
)
def test_azure_gets_the_key_in_a_header_of_its_own(
    base_url: str, query: str, sent: str | None
) -> None:
    clients = ThreadClients(Endpoint(base_url, "x", "sk-key", query), RequestLimits())
    assert clients.mine().headers.get("api-key") == sent
    clients.close()


@pytest.mark.parametrize(
    ("base", "path", "query", "target"),
    [
        ("/v1", "/models", "", "/v1/models"),
        ("/v1/", "/models", "", "/v1/models"),
        ("", "/models", "a=1&a=2", "/models?a=1&a=2"),
        ("/v1", "/files?purpose=batch", "a=1", "/v1/files?purpose=batch&a=1"),
    ],
)
def test_the_query_stands_behind_the_path_of_every_request(
    base: str, path: str, query: str, target: str
) -> None:
    with RawServer(lambda: [b"HTTP/1.1 204 No Content\r\n\r\n"]) as server:
        clients = ThreadClients(Endpoint(server.url + base, "x", "k", query), RequestLimits(9))
        assert clients.mine().get(path).ok
        clients.close()
    assert server.heard[0].startswith(f"GET {target} HTTP/1.1\r\n".encode())


def test_a_whole_address_at_the_same_host_is_asked_as_it_is() -> None:
    with FakeEndpoint(lambda _: said("7")) as server:
        clients = ThreadClients(Endpoint(server.url, "x", "k"), RequestLimits(9))
        answer = clients.mine().post(server.url.removesuffix("/v1") + "/tokenize", {"a": 1})
        clients.close()
    assert answer.url.endswith("/tokenize")


def test_headers_of_the_environment_are_sent() -> None:
    environment = {
        "OPENAI_ORG_ID": "org-1",
        "OPENAI_PROJECT_ID": "proj-1",
        "OPENAI_CUSTOM_HEADERS": "X-Team: judges\nAuthorization: Token abc",
    }
    with RawServer(lambda: [b"HTTP/1.1 204 No Content\r\n\r\n"]) as server:
        endpoint = choose_endpoint("x", environment, base_url=server.url)
        clients = ThreadClients(endpoint, RequestLimits(9))
        clients.mine().get("/")
        clients.close()
    heard = server.heard[0].lower()
    for line in (b"openai-organization: org-1", b"openai-project: proj-1", b"x-team: judges"):
        assert line in heard
    assert heard.count(b"authorization:") == 1
    assert b"authorization: token abc" in heard


def test_an_interrupted_judge_breaks_off_and_asks_no_more() -> None:
    with RawServer(lambda: [Wait(60)]) as server:
        endpoint = choose_endpoint("x", {}, base_url=server.url + "/v1")
        judge = ChatJudge(endpoint, ChatParameters(), RequestLimits(60))
        faults: list[Exception] = []

        def ask() -> None:
            try:
                judge.ask(question())
            except TransientFault as fault:
                faults.append(fault)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        server.wait_for(4)
        judge.interrupt()
        for thread in threads:
            thread.join()
        ask()
        judge.close()
        assert len(server.heard) == 4
    assert len(faults) == 5
    assert all("because the run was stopped" in str(fault) for fault in faults)


def test_another_judge_is_not_broken_off() -> None:
    with FakeEndpoint(lambda _: said("7")) as server:
        endpoint = choose_endpoint("x", {}, base_url=server.url)
        one, other = (ChatJudge(endpoint, ChatParameters(), RequestLimits(9)) for _ in range(2))
        one.interrupt()
        assert other.ask(question()).text == "7"
        one.close()
        other.close()
