"""Which endpoint is asked, by which name and with which key."""

from __future__ import annotations

import pytest

from judgemark.errors import UsageError
from judgemark.judges.endpoint import (
    OPENAI,
    OPENROUTER,
    Endpoint,
    choose_endpoint,
    choose_endpoints,
    is_local,
    without_secrets_in_addresses,
)

KEY = {"OPENAI_API_KEY": "sk-abcdefgh12345678"}
ROUTER = {"OPENAI_API_KEY": "sk-or-v1-abcdefgh"}
LOCAL = "http://localhost:8000/v1"


@pytest.mark.parametrize(
    ("judge", "environment", "address", "name"),
    [
        ("openai/gpt-4o-mini", KEY, OPENAI, "gpt-4o-mini"),
        ("gpt-4o-mini", KEY, OPENAI, "gpt-4o-mini"),
        ("other/judge", KEY, OPENAI, "other/judge"),
        ("openai/gpt-4o-mini", ROUTER, OPENROUTER, "openai/gpt-4o-mini"),
        ("some/model:free", ROUTER, OPENROUTER, "some/model:free"),
        ("openai/x", {"OPENAI_BASE_URL": LOCAL}, LOCAL, "openai/x"),
        ("x", {"OPENAI_API_URL": LOCAL + "/chat/completions"}, LOCAL, "x"),
        ("x", {"OPENAI_API_URL": LOCAL + "/chat/completions/"}, LOCAL, "x"),
        ("x", {"OPENAI_API_URL": "http://localhost:1", "OPENAI_BASE_URL": LOCAL}, LOCAL, "x"),
        ("x", KEY | {"OPENAI_BASE_URL": "  "}, OPENAI, "x"),
        ("openai/x", KEY | {"OPENAI_BASE_URL": "https://API.openai.com/v1/"}, None, "x"),
    ],
)
def test_the_environment_chooses(
    judge: str, environment: dict[str, str], address: str | None, name: str
) -> None:
    found = choose_endpoint(judge, environment)
    assert found.judge_name == name
    assert address is None or found.base_url == address


def test_the_flag_beats_the_environment() -> None:
    found = choose_endpoint("x", {"OPENAI_BASE_URL": "http://localhost:1"}, base_url=LOCAL)
    assert found.base_url == LOCAL


def test_several_addresses_are_one_judge() -> None:
    other = "http://localhost:8001/v1"
    found = choose_endpoints("x", KEY, [LOCAL, other])
    assert (found.base_url, [one.base_url for one in found.others]) == (LOCAL, [other])
    assert found.all_shown == f"{LOCAL}, {other}"
    with pytest.raises(UsageError, match="the same address is given twice"):
        choose_endpoints("x", KEY, [LOCAL, LOCAL + "/"])
    with pytest.raises(UsageError, match="the judge has another name at one of the addresses"):
        choose_endpoints("openai/x", KEY, [OPENAI, LOCAL])


def test_another_variable_may_hold_the_key() -> None:
    environment = KEY | {"MY_KEY": " sk-or-mine \n"}
    found = choose_endpoint("x", environment, key_variable="MY_KEY")
    assert (found.key, found.base_url) == ("sk-or-mine", OPENROUTER)


def test_a_remote_endpoint_needs_a_key_and_a_local_one_does_not() -> None:
    with pytest.raises(UsageError, match=r"no key for api\.openai\.com: set OPENAI_API_KEY"):
        choose_endpoint("x", {})
    with pytest.raises(UsageError, match=r"no key for judge\.example: set OTHER_KEY"):
        choose_endpoint("x", KEY, base_url="https://judge.example/v1", key_variable="OTHER_KEY")
    assert choose_endpoint("x", {}, base_url=LOCAL).key == "none"


def test_a_key_may_be_demanded_later() -> None:
    found = choose_endpoint("x", {}, base_url="https://judge.example/v1", key_later=True)
    assert found.key == "none"
    with pytest.raises(UsageError, match=r"no key for judge\.example: set OPENAI_API_KEY"):
        found.demand_key()
    several = choose_endpoints("x", {}, [LOCAL, "https://judge.example/v1"], key_later=True)
    with pytest.raises(UsageError, match=r"no key for judge\.example"):
        several.demand_key()
    choose_endpoint("x", {}, base_url=LOCAL, key_later=True).demand_key()


@pytest.mark.parametrize("between", [",", ", ", ";", " "])
def test_several_addresses_in_one_are_told_apart(between: str) -> None:
    with pytest.raises(UsageError, match=r"several addresses; give base_url once for each"):
        choose_endpoint("x", KEY, base_url=f"http://a:1/v1{between}http://b:1/v1")
    nested = "https://gateway.example/https://judge.example/v1"
    assert choose_endpoint("x", KEY, base_url=nested).base_url == nested


def test_a_host_of_ones_own_network_needs_no_key_and_one_of_the_public_network_does() -> None:
    for address in ("http://gpu:8000/v1", "http://node-1:8000/v1", "http://[fd00::1]:8000/v1"):
        assert choose_endpoint("x", {}, base_url=address).base_url == address
    for address in ("http://gpu.example:8000/v1", "http://[2600::1]/v1", "http://8.8.8.8/v1"):
        with pytest.raises(UsageError, match="no key for"):
            choose_endpoint("x", {}, base_url=address)


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("0.0.0.0", True),
        ("192.168.1.7", True),
        ("10.0.0.1", True),
        ("box.local", True),
        ("host.docker.internal", True),
        ("8.8.8.8", False),
        ("api.openai.com", False),
        ("localhost.example.com", False),
        ("notlocalhost", False),
    ],
)
def test_local_addresses(host: str, local: bool) -> None:
    assert is_local(host) is local


@pytest.mark.parametrize(
    "address",
    [
        "localhost:8000",
        "ftp://x/v1",
        "http://",
        "http://x:99999/v1",
        "http://[::1/v1",
        "no address",
    ],
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match=r"base_url: .* is not an address; give one like http"):
        choose_endpoint("x", KEY, base_url=address)


@pytest.mark.parametrize(
    ("address", "base_url", "query"),
    [
        ("https://x.openai.azure.com/openai?api-version=1", None, "api-version=1"),
        ("http://localhost:1/v1/?a=1&b=2&a=3", "http://localhost:1/v1", "a=1&b=2&a=3"),
        ("http://localhost:1/v1/chat/completions?k=%20", "http://localhost:1/v1", "k=%20"),
        ("http://localhost:1?x=/", "http://localhost:1", "x=/"),
    ],
)
def test_a_query_is_kept_apart_from_the_path(
    address: str, base_url: str | None, query: str
) -> None:
    found = choose_endpoint("x", KEY, base_url=address)
    assert found.base_url == (base_url or address.partition("?")[0])
    assert found.query == query
    assert query not in repr(found) + found.shown


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("http://localhost:1/openai/deployments/x?api-version=2024-10-21", True),
        ("https://x.openai.azure.com/openai/v1", True),
        ("https://x.services.ai.azure.com/openai/v1", True),
        ("http://localhost:1/v1?version=2", False),
        ("https://azure.com.example/v1", False),
    ],
)
def test_azure_also_gets_the_key_in_its_own_header(address: str, wanted: bool) -> None:
    assert choose_endpoint("x", KEY, base_url=address).wants_api_key_header is wanted


@pytest.mark.parametrize(
    "address",
    [
        "sk-proj-s3cretKey0123456789",
        "https//me:s3cretKey0123456789@host/v1",
        "http://host:s3cretKey0123456789/v1",
        "http://[s3cretKey0123456789/v1",
        "http:///s3cretKey0123456789",
        "http://h/v1#s3cretKey0123456789",
        "http://h/v1 s3cretKey0123456789",
        "http://host s3cretKey0123456789/v1",
    ],
)
@pytest.mark.parametrize("variable", ["base_url", "OPENAI_BASE_URL", "OPENAI_API_URL"])
def test_an_unusable_address_is_never_said_back(address: str, variable: str) -> None:
    environment = {variable: address}
    given = environment.pop("base_url", None)
    with pytest.raises(UsageError, match=f"^{variable}: ") as caught:
        choose_endpoint("x", KEY | environment, base_url=given)
    assert "s3cretKey0123456789" not in str(caught.value)


def test_addresses_in_a_text_lose_what_may_be_secret() -> None:
    text = 'see "https://me:pw@h.example:8/a?key=1#x" or http://h/b?q=2, then wait'
    assert without_secrets_in_addresses(text) == (
        'see "https://h.example:8/a" or http://h/b then wait'
    )


def test_a_key_shows_in_no_message_and_no_printed_form() -> None:
    key = "s3cretKey0123456789"
    endpoint = choose_endpoint("x", {"OPENAI_API_KEY": key}, base_url=f"http://h.local/v1?k={key}")
    assert key not in repr(endpoint)
    assert endpoint.shown == "http://h.local/v1"
    for environment, address, variable in (
        ({"OPENAI_API_KEY": key}, f"htp://me:{key}@host/v1", "OPENAI_API_KEY"),
        ({"OPENAI_API_KEY": key}, f"htp://host/v1?key={key}", "OPENAI_API_KEY"),
        ({"OPENAI_API_KEY": key}, f"http://me:{key}@127.0.0.1/v1", "OPENAI_API_KEY"),
        ({}, "https://judge.example", key),
        ({}, "https://judge.example", "sk-or-v1-" + key),
        ({"OPENAI_API_KEY": key + "\x1b"}, LOCAL, "OPENAI_API_KEY"),
        ({"OPENAI_API_KEY": key + " two"}, LOCAL, "OPENAI_API_KEY"),
        ({"OPENAI_API_KEY": key + "é"}, LOCAL, "OPENAI_API_KEY"),
    ):
        with pytest.raises(UsageError) as caught:
            choose_endpoint("x", environment, base_url=address, key_variable=variable)
        assert key not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "shown", "prices"),
    [
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1", False),
        ("https://openrouter.ai/api/v1", "https://openrouter.ai/api/v1", True),
        ("https://openrouter.ai.example/v1", "https://openrouter.ai.example/v1", False),
    ],
)
def test_how_an_address_is_shown(address: str, shown: str, prices: bool) -> None:
    endpoint = Endpoint(address, "x", "key")
    assert (endpoint.shown, endpoint.publishes_prices) == (shown, prices)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("OPENAI_ORG_ID", "org-ä"),
        ("OPENAI_PROJECT_ID", "a\nb"),
        ("OPENAI_CUSTOM_HEADERS", "X Team: judges"),
        ("OPENAI_CUSTOM_HEADERS", "X-Team: jüdges"),
        ("OPENAI_CUSTOM_HEADERS", "Content-Length: 5"),
        ("OPENAI_CUSTOM_HEADERS", "transfer-encoding : chunked"),
    ],
)
def test_headers_that_cannot_be_sent_name_their_variable(variable: str, value: str) -> None:
    with pytest.raises(UsageError, match=f"^{variable}: "):
        choose_endpoint("x", {variable: value}, base_url="http://localhost:1")


def test_a_secret_among_the_headers_is_one_that_must_not_be_printed() -> None:
    environment = {"OPENAI_CUSTOM_HEADERS": "Authorization: Token abc-secret-1\nX-Team: judges"}
    endpoint = choose_endpoint("x", environment, base_url="http://localhost:1")
    assert {"Token abc-secret-1", "abc-secret-1"} <= set(endpoint.secrets)
    assert "judges" not in endpoint.secrets
