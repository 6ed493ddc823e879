"""What an endpoint complains of, in whatever form it says so."""

from __future__ import annotations

import email.utils
import json
import time
from typing import Any

import pytest

from judgemark.judges.complaints import (
    INVALID,
    Complaint,
    complaint_within,
    is_web_page,
    quoted_start,
    read_complaint,
)


def read(body: object, status: int = 400, **headers: str) -> Complaint:
    """What an answer with this body says; a header's `_` stands for `-`."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return read_complaint(status, {k.replace("_", "-"): v for k, v in headers.items()}, content)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"error": {"message": "no"}}, "no"),
        ({"error": "no"}, "no"),
        ({"error": "NotFound", "message": "no such judge"}, "no such judge"),
        ({"message": "no"}, "no"),
        ({"detail": "no"}, "no"),
        ({"detail": [{"loc": ["body", "top_k"], "msg": "extra", "input": "A story"}]},
         "body.top_k: extra"),
        ({"detail": [{"msg": "one"}, "two"]}, "one; two"),
        ([{"error": {"message": "no"}}], "no"),
        ({"errors": [{"message": "no"}, {"message": "never"}]}, "no"),
        ({"error": {"msg": "two\nlines"}}, "two lines"),
        ({"error": {"message": "Provider", "metadata": {"raw": "its words"}}},
         "Provider: its words"),
        ({"error": {"message": "Provider", "metadata": {"raw": '{"error": {"message": "x"}}'}}},
         "Provider: x"),
        (b"plain words", '"plain words"'),
        (b"<html>no</html>", "a web page instead of JSON"),
        ({"error": "<html>no</html>"}, '"{"error": "<html>no</html>"}"'),
        (b"", "nothing was said"),
        (b" \n ", "nothing was said"),
        (None, '"null"'),
        (3, '"3"'),
        ({"error": {}}, '"{"error": {}}"'),
        (b"[" * 9_000, '"' + "[" * 200 + '…"'),
    ],
)  # fmt: skip
def test_the_message_is_found_in_every_form(body: object, said: str) -> None:
    assert read(body).said == said


def test_codes_are_gathered_from_everywhere() -> None:
    error = {
        "code": 400, "type": "Bad", "status": "INVALID", "innererror": {"code": "Inner"},
        "details": [{"reason": "API_KEY_INVALID"}, "odd"], "param": "prompt",
    }  # fmt: skip
    found = read({"error": error})
    assert found.codes == {"400", "bad", "invalid", "inner", "api_key_invalid"}
    assert found.param == "prompt"
    assert read({"error": {"code": True, "param": 3}}) == Complaint(
        400, '"{"error": {"code": true, "param": 3}}"'
    )


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "7"}, 7.0),
        ({"retry_after": " 7 "}, 7.0),
        ({"retry_after": "0.25"}, 0.25),
        ({"retry_after": "-3"}, 0.0),
        ({"retry_after": "86400"}, 86_400.0),
        ({"retry_after": "604800"}, 604_800.0),
        ({"retry_after": "9" * 400}, 1e9),
        ({"retry_after": "1e99"}, 1e9),
        ({"retry_after": "5, 10"}, 10.0),
        ({"retry_after": "inf"}, None),
        ({"retry_after": "nan"}, None),
        ({"retry_after": "soon"}, None),
        ({"retry_after": ""}, None),
        ({}, None),
        ({"retry_after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
        ({"retry_after": "Wed Oct 21 07:28:00 2015"}, 0.0),
        ({"retry_after": "Wed, 99 Oct 99999 07:28:00 GMT"}, None),
        ({"retry_after": "2", "retry_after_ms": "1250"}, 1.25),
        ({"retry_after": "2", "retry_after_ms": "x"}, 2.0),
    ],
)
def test_the_pause_that_is_asked_for(headers: dict[str, str], seconds: float | None) -> None:
    assert read({"error": "busy"}, 503, **headers).retry_after == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"llm_provider-retry-after": "7"}, 7.0),
        ({"llm_provider-retry-after-ms": "1250"}, 1.25),
        ({"retry-after": "2", "llm_provider-retry-after": "7"}, 2.0),
        ({"retry-after": "soon", "llm_provider-retry-after": "7"}, 7.0),
    ],
)
def test_a_router_passes_on_the_pause_of_the_provider(
    headers: dict[str, str], seconds: float
) -> None:
    assert read_complaint(429, headers, b'{"error": "busy"}').retry_after == seconds


@pytest.mark.parametrize(
    ("message", "seconds"),
    [
        ("No deployments available for selected model, Try again in 5 seconds. Passed", 5.0),
        ("Rate limit reached. Please try again in 7.66s. Need more tokens?", 7.66),
        ("Please try again in 1m2.5s.", 62.5),
        ("Please try again in 1h2m.", 3720.0),
        ("Please try again in 20ms", 0.02),
        ("Please retry in 17 s", 17.0),
        ("Please retry after 2 minutes", 120.0),
        ("try again in an hour", None),
        ("Please try again later", None),
        ("Please try again in 3 parts", None),
    ],
)
def test_the_pause_that_is_told_in_words(message: str, seconds: float | None) -> None:
    assert read({"error": message}, 429).retry_after == seconds
    assert read({"error": message}, 429, retry_after="3").retry_after == 3.0
    assert read({"error": message}, 400).retry_after is None


def test_a_validator_that_prints_its_list_is_read_without_what_it_quotes() -> None:
    message = (
        "2 validation errors:\n  {'type': 'literal_error', 'loc': ('body', 'response_format', "
        "'type'), 'msg': \"Input should be 'text' or 'json_object'\", 'input': 'json_schema'}\n"
        "  {'type': 'int_parsing', 'loc': ('body', 'top_k'), 'msg': 'Input should be a valid "
        "integer', 'input': 'the whole piece'}\n\n  File \"app.py\", line 376"
    )
    found = read({"error": {"message": message, "type": "internal_server_error"}}, 500)
    assert found.said == (
        "body.response_format.type: Input should be 'text' or 'json_object'; "
        "body.top_k: Input should be a valid integer"
    )
    assert {INVALID, "literal_error", "int_parsing"} <= found.codes


def test_a_date_days_ahead_keeps_its_meaning() -> None:
    later = email.utils.formatdate(time.time() + 3 * 86_400, usegmt=True)
    asked = read({"error": "busy"}, 429, retry_after=later).retry_after
    assert asked == pytest.approx(3 * 86_400, abs=60)


@pytest.mark.parametrize(
    ("details", "seconds"),
    [
        ([{"retryDelay": "17s"}], 17.0),
        ([{"x": 1}, {"retryDelay": "1.5s"}], 1.5),
        ([{"retryDelay": "soon"}], None),
        ([{"retryDelay": 3}], None),
        ("odd", None),
    ],
)
def test_the_pause_within_the_error(details: object, seconds: float | None) -> None:
    body = {"error": {"message": "busy", "details": details}}
    assert read(body, 429).retry_after == seconds
    assert read(body, 429, retry_after="3").retry_after == 3.0


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ({"code": 402}, 402),
        ({"code": "402"}, 402),
        ({"code": 200}, 500),
        ({"code": "invalid_api_key"}, 401),
        ({"type": "insufficient_quota"}, 402),
        ({"type": "rate_limit_error"}, 429),
        ({"status": "PERMISSION_DENIED"}, 403),
        ({"code": "model_not_found"}, 404),
        ({"type": "invalid_request_error"}, 400),
        ({"type": "overloaded_error"}, 500),
        ("words alone", 500),
    ],
)
def test_an_error_inside_an_answer_has_the_status_that_its_code_means(
    error: object, status: int
) -> None:
    found = complaint_within({"error": error})
    assert found is not None
    assert found.status == status


@pytest.mark.parametrize("answer", [None, 3, [], {}, {"error": None}, {"error": ""}, {"error": {}}])
def test_an_answer_without_an_error_has_none(answer: Any) -> None:
    assert complaint_within(answer) is None


def test_a_body_is_quoted_by_its_beginning() -> None:
    assert quoted_start(b"") == "nothing"
    assert quoted_start("ok\n then".encode("utf-16")) == '"ok then"'
    assert quoted_start(b"\xff\xfe\xfa") != ""
    assert len(quoted_start(b"x" * 9_999)) == 203
    assert is_web_page(b"\xef\xbb\xbf\n <!DOCTYPE html>")
    assert not is_web_page(b'{"a": "<b>"}')
