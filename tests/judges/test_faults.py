"""What an endpoint's complaint means: this time, this question, this parameter, or for good."""

from __future__ import annotations

import email.utils
import errno
import json
import ssl
import time
from typing import Any

import httpx2
import pytest

from judgemark.errors import (
    AskFault,
    ContentRefused,
    JudgemarkError,
    OutputLimitReached,
    ParameterRejected,
    Refused,
    TransientFault,
    UsageError,
)
from judgemark.judges.faults import map_fault, map_refusal, map_told_error, one_line
from judgemark.judges.http_exchange import HttpAnswer
from judgemark.redaction import WITHHELD, Scrubber

KEY = "sk-abcdefgh12345678"
SENT = ("model", "messages", "temperature", "max_tokens")


def refused(
    status: int,
    body: Any,
    headers: dict[str, str] | None = None,
    path: str = "/v1/chat/completions",
) -> HttpAnswer:
    """An answer of an error status."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return HttpAnswer(status, httpx2.Headers(headers), content, "http://h" + path)


def mapped(status: int, body: Any, sent: tuple[str, ...] = SENT, **headers: str) -> JudgemarkError:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return map_refusal(refused(status, body, named), sent, Scrubber([KEY]))


def error(message: str, **more: Any) -> dict[str, Any]:
    return {"error": {"message": message, **more}}


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 504, 529])
def test_what_may_pass_is_transient(status: int) -> None:
    fault = mapped(status, error("busy"))
    assert isinstance(fault, TransientFault)
    assert fault.throttled is (status == 429)
    assert str(fault) == f"HTTP {status}: busy"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, error("Incorrect API key provided")),
        (402, error("Insufficient credits")),
        (403, error("Country not supported")),
        (404, error("The model `x` does not exist", code="model_not_found")),
        (404, b"<html>nginx</html>"),
        (405, error("Method not allowed")),
        (400, error("The model `gpt-9.9` does not exist or you do not have access to it.")),
        (400, error("foo/bar is not a valid model ID")),
        (400, error("Invalid model: foo")),
        (400, error("bad", code="model_not_found")),
        (429, error("You exceeded your current quota", code="insufficient_quota")),
        (429, error("You exceeded your current quota", type="insufficient_quota")),
        (429, error("Insufficient balance")),
    ],
)
def test_what_will_not_pass_stops_the_run(status: int, body: Any) -> None:
    assert type(mapped(status, body)) is Refused


@pytest.mark.parametrize("status", [403, 404])
def test_what_a_gateway_says_before_an_endpoint_that_answered_may_pass(status: int) -> None:
    page, told = b"<html>nginx</html>", json.dumps(error("no such judge")).encode()
    scrubber = Scrubber([KEY])
    assert type(map_refusal(refused(status, page), SENT, scrubber)) is Refused
    fault = map_refusal(refused(status, page), SENT, scrubber, completed=True)
    assert isinstance(fault, TransientFault)
    # The endpoint itself speaks JSON, and means it.
    assert type(map_refusal(refused(status, told), SENT, scrubber, completed=True)) is Refused
    empty = refused(status, b"Insufficient balance")
    assert type(map_refusal(empty, SENT, scrubber, completed=True)) is Refused
    unknown = refused(401, page)
    assert type(map_refusal(unknown, SENT, scrubber, completed=True)) is Refused


def test_an_address_without_its_version_is_asked_about() -> None:
    answer = refused(404, b"404 page not found", path="/chat/completions")
    fault = map_refusal(answer, SENT, Scrubber([KEY]))
    assert "is /v1 missing at the end of base_url?" in str(fault)
    assert "/v1" not in str(mapped(404, b"404 page not found"))


@pytest.mark.parametrize(
    ("path", "hints"),
    [
        ("/v1/models/chat/completions", True),
        ("/v1/completions/chat/completions", True),
        ("/v1/v1/chat/completions", True),
        ("/v1/chat/completions", False),
        ("/v1beta/openai/chat/completions", False),
        ("/openai/deployments/chat-1/chat/completions", False),
    ],
)
def test_an_address_that_names_one_call_is_asked_about(path: str, hints: bool) -> None:
    fault = map_refusal(refused(404, b"Not Found", path=path), SENT, Scrubber([KEY]))
    assert ("base_url names one call of the API" in str(fault)) is hints


@pytest.mark.parametrize(
    "message",
    [
        "Rate limit reached. Add a payment method: https://platform.openai.com/account/billing",
        "You exceeded your current quota, please check your plan and billing details. Wait 9 s.",
    ],
)
def test_a_rate_limit_that_speaks_of_billing_may_pass(message: str) -> None:
    fault = mapped(429, error(message, code="rate_limit_exceeded"))
    assert isinstance(fault, TransientFault)
    assert fault.throttled


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (400, "This model's maximum context length is 8192 tokens. Your input is invalid."),
        (413, "Payload too large"),
        (422, "messages: too long"),
    ],
)
def test_what_concerns_one_question_leaves_the_others_alone(status: int, message: str) -> None:
    assert type(mapped(status, error(message))) is AskFault


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, error("The response was filtered due to the prompt")),
        (400, error("no", code="content_filter")),
        (400, error("Content Exists Risk", code="invalid_request_error")),
        (403, error("Your input was flagged for violence by the moderation of the provider")),
        (500, error("Output blocked by content filtering policy")),
    ],
)
def test_what_the_content_filter_refuses_is_a_refusal(status: int, body: Any) -> None:
    assert type(mapped(status, body)) is ContentRefused


@pytest.mark.parametrize(
    ("body", "sent", "field"),
    [
        (
            error(
                "Unsupported parameter: 'max_tokens' is not supported with this model. "
                "Use 'max_completion_tokens' instead.",
                param="max_tokens",
                code="unsupported_parameter",
            ),
            SENT,
            "max_tokens",
        ),
        (
            error("Unsupported value: 'temperature' does not support 0 with this model."),
            SENT,
            "temperature",
        ),
        (
            error("max_tokens is not supported"),
            ("max_completion_tokens",),
            "max_completion_tokens",
        ),
        ({"detail": [{"loc": ["body", "top_k"], "msg": "Extra inputs"}]}, ("top_k",), "top_k"),
        (
            error("x" * 400 + " unknown field: reasoning_effort"),
            ("reasoning_effort",),
            "reasoning_effort",
        ),
        (error("Unrecognized request argument", param="my_field"), ("my_field",), "my_field"),
    ],
)
def test_a_rejected_parameter_is_named(body: Any, sent: tuple[str, ...], field: str) -> None:
    for status in (400, 422):
        fault = mapped(status, body, sent)
        assert isinstance(fault, ParameterRejected)
        assert fault.name == field


def test_a_figure_that_is_too_high_comes_with_the_one_that_is_allowed() -> None:
    message = "max_tokens is too large: 16000. This model supports at most 4096 completion tokens"
    fault = map_refusal(refused(400, error(message)), {"max_tokens": 16_000}, Scrubber([KEY]))
    assert isinstance(fault, ParameterRejected)
    assert (fault.name, fault.at_most) == ("max_tokens", 4096)


def test_a_reply_of_which_nothing_came_within_its_limit_is_no_rejected_field() -> None:
    message = "Could not finish the message because max_tokens or model output limit was reached."
    for status in (400, 500):
        assert type(mapped(status, error(message))) is OutputLimitReached


def test_only_a_parameter_that_was_sent_and_may_be_left_out_is_rejected() -> None:
    assert (
        type(mapped(400, error("temperature is not supported"), ("model", "messages"))) is AskFault
    )
    assert type(mapped(400, error("bad", param="messages"))) is AskFault
    assert type(mapped(400, error("a temperature_of 3"))) is AskFault


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        ("0.25", 0.25),
        ("-3", 0.0),
        ("inf", None),
        ("nan", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_in_seconds(value: str, seconds: float | None) -> None:
    fault = mapped(503, error("busy"), Retry_After=value)
    assert isinstance(fault, TransientFault)
    assert fault.retry_after == seconds


def test_retry_after_as_a_date() -> None:
    later = email.utils.formatdate(time.time() + 100, usegmt=True)
    fault = mapped(429, error("busy"), Retry_After=later)
    assert isinstance(fault, TransientFault)
    assert fault.retry_after == pytest.approx(100, abs=2)
    past = mapped(429, error("busy"), Retry_After="Wed, 21 Oct 2015 07:28:00 GMT")
    assert isinstance(past, TransientFault)
    assert past.retry_after == 0.0


@pytest.mark.parametrize(
    ("exc", "timed_out", "maybe_paid"),
    [
        (httpx2.ReadTimeout("slow"), True, True),
        (httpx2.WriteTimeout("slow"), True, True),
        (httpx2.ConnectTimeout("slow"), False, False),
        (httpx2.PoolTimeout("slow"), False, False),
        (httpx2.ConnectError("refused"), False, False),
        (httpx2.ReadError("reset by peer"), False, True),
        (httpx2.RemoteProtocolError("closed"), False, True),
    ],
)
def test_a_request_whose_answer_was_lost_may_have_been_paid_for(
    exc: Exception, timed_out: bool, maybe_paid: bool
) -> None:
    fault = map_fault(exc, Scrubber([KEY]))
    assert isinstance(fault, TransientFault)
    assert (fault.timed_out, fault.maybe_paid) == (timed_out, maybe_paid)


@pytest.mark.parametrize(
    ("exc", "unreached", "said"),
    [
        (httpx2.ReadTimeout("slow"), False, "no answer within the time limit"),
        (httpx2.ConnectError("refused"), True, "connection failed: refused"),
        (httpx2.ReadError("reset"), False, "connection failed: reset"),
        (httpx2.RemoteProtocolError("cut"), False, "connection failed: cut"),
    ],
)
def test_broken_connections_may_pass(exc: Exception, unreached: bool, said: str) -> None:
    fault = map_fault(exc, Scrubber([KEY]))
    assert isinstance(fault, TransientFault)
    assert fault.unreached is unreached
    assert said in str(fault)


def test_a_certificate_that_fails_may_pass_once_the_endpoint_has_answered() -> None:
    exc = httpx2.ConnectError("expired")
    exc.__cause__ = ssl.SSLCertVerificationError("certificate has expired")
    assert type(map_fault(exc, Scrubber([KEY]))) is Refused
    fault = map_fault(exc, Scrubber([KEY]), reached=True)
    assert isinstance(fault, TransientFault)
    assert fault.unreached
    assert "certificate" in str(fault)


def test_a_machine_without_room_for_more_connections_is_not_taken_for_an_outage() -> None:
    exc = httpx2.ConnectError("no")
    exc.__cause__ = OSError(errno.EMFILE, "Too many open files")
    fault = map_fault(exc, Scrubber([KEY]))
    assert isinstance(fault, UsageError)
    assert "ulimit -n" in str(fault)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
@pytest.mark.parametrize("key", [KEY, "short"])
def test_a_key_that_the_endpoint_says_back_does_not_show(status: int, key: str) -> None:
    for body in (error(f"bad key {key}!"), {"error": f"bad key {key}"}, f"bad key {key}".encode()):
        fault = map_refusal(refused(status, body), SENT, Scrubber([key]))
        assert key not in str(fault)
        assert f"bad key {WITHHELD}" in str(fault)


def test_a_message_is_one_line_of_bounded_length_and_a_web_page_is_called_one() -> None:
    assert str(mapped(500, error("two\nlines\tand  more"))) == "HTTP 500: two lines and more"
    assert len(str(mapped(500, error("long " * 200)))) <= 310
    assert str(mapped(502, b"<html><h1>Bad\nGateway</h1></html>")) == (
        "HTTP 502: a web page instead of JSON"
    )


def test_a_short_key_is_not_taken_out_of_words() -> None:
    assert one_line("test: testing x-test", Scrubber(["test"])) == f"{WITHHELD}: testing x-test"
    assert one_line("none given", Scrubber(["none"])) == "none given"


@pytest.mark.parametrize(
    ("raised", "fault", "says"),
    [
        (httpx2.TooManyRedirects("round and round"), TransientFault, "connection failed: round"),
        (ValueError(f"no {KEY}"), Refused, f"could not be made: no {WITHHELD}"),
        (RecursionError(), Refused, "could not be made: RecursionError"),
        (httpx2.LocalProtocolError("bad header"), Refused, "could not be made: bad header"),
    ],
)
def test_what_is_raised_for_other_reasons_is_one_line_too(
    raised: Exception, fault: type[JudgemarkError], says: str
) -> None:
    found = map_fault(raised, Scrubber([KEY]))
    assert type(found) is fault
    assert says in str(found)


def test_what_another_program_was_told_means_the_same() -> None:
    found = map_told_error(429, error("busy"), SENT, Scrubber([KEY]))
    assert isinstance(found, TransientFault)
    assert (str(found), found.throttled) == ("HTTP 429: busy", True)
