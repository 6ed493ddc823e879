"""A judge at an OpenAI-compatible endpoint, against one that answers as it is told."""

from __future__ import annotations

import json
import logging
import math
from typing import Any

import pytest

from judgemark.errors import (
    AskFault,
    ContentRefused,
    ParameterRejected,
    Refused,
    TransientFault,
)
from judgemark.judges.chat import ChatJudge
from judgemark.judges.chat_parameters import ChatParameters
from judgemark.judges.endpoint import choose_endpoint
from judgemark.judges.request_limits import RequestLimits
from judgemark.records import Message, Question, QuestionKey, Reply, Slot, Usage
from tests.judges.chat_judges import BOTH_WAYS, KEY, Asks, always, judge_at
from tests.support.fake_endpoint import (
    HANG,
    RESET,
    Answer,
    Asked,
    FakeEndpoint,
    as_json,
    refused,
    said,
    web_page,
)
from tests.support.questions import question


def fault_of(answer: Answer, **more: Any) -> Exception:
    """What asking raises when the endpoint answers so."""
    with judge_at(always(answer), **more) as (judge, _), pytest.raises(Exception) as caught:
        judge.ask(question())
    return caught.value


def test_the_messages_and_the_parameters_that_were_given_are_sent() -> None:
    parameters = ChatParameters(0.5, top_k=3, max_tokens=100, extra_body={"seed": 7})
    messages = (Message("system", "Be fair."), Message("user", "Once – “upon” 😀"))
    asked = Question(QuestionKey("k", Slot()), "7", messages, {})
    with judge_at(always(said("Wit: 7")), parameters) as (judge, server):
        assert judge.ask(asked).text == "Wit: 7"
    (request,) = server.asked
    assert request.path == "/v1/chat/completions"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.body == {
        "model": "some/judge:free",
        "messages": [
            {"role": "system", "content": "Be fair."},
            {"role": "user", "content": "Once – “upon” 😀"},
        ],
        "temperature": 0.5,
        "top_k": 3,
        "max_tokens": 100,
        "seed": 7,
    }


def test_what_the_endpoint_reports_is_kept() -> None:
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15, "cost": 0.002}
    answer = said("Wit: 7", "length", model="judge-2025", provider="Host", usage=usage)
    with judge_at(always(answer)) as (judge, _):
        assert judge.ask(question()) == Reply(
            text="Wit: 7",
            finish_reason="length",
            judge_name="judge-2025",
            provider="Host",
            usage=Usage(10, 5, 0.002),
        )


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        (None, Usage()),
        ([], Usage()),
        ({"prompt_tokens": "10", "cost": True}, Usage()),
        ({"prompt_tokens": 10.0, "cost": float("nan")}, Usage(10)),
        ({"completion_tokens": 5, "cost": float("inf")}, Usage(None, 5)),
    ],
)
def test_what_the_endpoint_does_not_report_is_none(usage: object, expected: Usage) -> None:
    with judge_at(always(said("x", usage=usage))) as (judge, _):
        assert judge.ask(question()).usage == expected


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (None, ""),
        ("", ""),
        ("half \ud83d", "half \ud83d"),
        (
            [{"type": "thinking", "thinking": "Wit: 1"}, {"type": "text", "text": "Wit: 7"}],
            "Wit: 7",
        ),
    ],
)
def test_only_the_completion_is_the_reply(content: object, text: str) -> None:
    with judge_at(always(said(content))) as (judge, _):
        assert judge.ask(question()).text == text


def test_hidden_reasoning_beside_the_completion_is_left_out() -> None:
    message = {"role": "assistant", "content": "Wit: 7", "reasoning_content": "Wit: 1"}
    answer = as_json({"choices": [{"message": message, "finish_reason": "stop"}]})
    with judge_at(always(answer)) as (judge, _):
        assert judge.ask(question()).text == "Wit: 7"


def test_a_refusal_beside_an_empty_completion_is_the_reply() -> None:
    answer = as_json({"choices": [{"message": {"content": None, "refusal": "I cannot judge."}}]})
    with judge_at(always(answer)) as (judge, _):
        assert judge.ask(question()).text == "I cannot judge."


@BOTH_WAYS
def test_a_page_of_a_gateway_between_completions_may_pass_a_refused_key_not(asks: Asks) -> None:
    told = iter([said("Wit: 7"), web_page(404), said("Wit: 8"), refused(401, "no such key")])
    with judge_at(lambda _: next(told)) as (judge, _):
        assert asks(judge, question()).text == "Wit: 7"
        with pytest.raises(TransientFault):
            asks(judge, question())
        assert asks(judge, question()).text == "Wit: 8"
        with pytest.raises(Refused):
            asks(judge, question())


@pytest.mark.parametrize(
    "answer",
    [
        refused(401, f"Incorrect API key provided: {KEY}"),
        refused(404, "The model `some/judge` does not exist", code="model_not_found"),
        refused(400, "some/judge is not a valid model ID"),
        refused(429, "You exceeded your current quota", code="insufficient_quota"),
        refused(402, "Insufficient credits"),
        web_page(404),
    ],
)
def test_what_is_final_is_refused(answer: Answer) -> None:
    fault = fault_of(answer)
    assert type(fault) is Refused
    assert KEY not in str(fault)


def test_a_moderated_piece_concerns_its_question_alone() -> None:
    assert type(fault_of(refused(403, "Your input was flagged"))) is ContentRefused


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (refused(500, "boom"), "HTTP 500: boom"),
        (web_page(), "did not answer in JSON"),
        (web_page(503), "HTTP 503: a web page instead of JSON"),
        (RESET, "connection failed"),
        (
            as_json({"error": {"message": f"over\nloaded {KEY}"}}),
            "completion: over loaded (withheld)",
        ),
        (as_json({"choices": []}), "the endpoint answered without a completion"),
        (as_json({"choices": [{"message": None}]}), "the endpoint answered without a completion"),
        (as_json(["no", "completion"]), "the endpoint answered without a completion"),
        (as_json(None), "the endpoint answered without a completion"),
        (Answer(body=b""), "did not answer in JSON"),
        (Answer(body=b"[" * 100_000), "did not answer in JSON"),
    ],
)
def test_what_may_pass_is_transient(answer: Answer, reason: str) -> None:
    fault = fault_of(answer)
    assert isinstance(fault, TransientFault)
    assert reason in str(fault)
    assert KEY not in str(fault)


def test_no_answer_within_the_limit_is_transient() -> None:
    fault = fault_of(HANG, timeout=0.1)
    assert isinstance(fault, TransientFault)
    assert str(fault) == "no answer within the time limit"


def test_half_a_character_concerns_its_question_alone() -> None:
    with judge_at(always(said("7"))) as (judge, server):
        with pytest.raises(AskFault, match="lone surrogate") as caught:
            judge.ask(question("half \ud83d"))
        assert not isinstance(caught.value, TransientFault)
        assert server.asked == []


def test_a_rate_limit_says_how_long_to_wait() -> None:
    fault = fault_of(as_json({"error": {"message": "slow"}}, 429, Retry_After="0.2"))
    assert isinstance(fault, TransientFault)
    assert (fault.throttled, fault.retry_after) == (True, 0.2)


def test_nobody_at_the_address_is_said_as_such() -> None:
    with FakeEndpoint(always(said("x"))) as server:
        address = server.url
    endpoint = choose_endpoint("x", {}, base_url=address)
    judge = ChatJudge(endpoint, ChatParameters(), RequestLimits(1.0))
    with pytest.raises(TransientFault) as caught:
        judge.ask(question())
    judge.close()
    assert caught.value.unreached


def test_the_key_is_in_no_log_and_no_printed_form(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with judge_at(always(said("x"))) as (judge, _):
        judge.ask(question())
        shown = repr(judge) + repr(vars(judge)["_endpoint"]) + repr(judge.configuration)
    assert KEY not in shown
    assert KEY not in caplog.text


def test_the_configuration_names_judge_and_parameters_not_the_address() -> None:
    with judge_at(always(said("x")), ChatParameters(top_p=0.9)) as (judge, _):
        assert judge.configuration == {
            "kind": "endpoint",
            "name": "some/judge:free",
            "parameters": {
                "temperature": 0.0,
                "top_p": 0.9,
                "top_k": None,
                "max_tokens": 16_000,
                "reasoning_effort": None,
                "extra_body": {},
            },
        }


def test_prices_are_asked_only_where_they_are_published() -> None:
    with judge_at(always(as_json({"data": []}))) as (judge, server):
        assert judge.prices() is None
    assert server.asked == []


@pytest.mark.parametrize(
    ("listed", "prices"),
    [
        ({"pricing": {"prompt": "0.0000025", "completion": "0.00001"}}, (2.5, 10.0)),
        ({"pricing": {"prompt": "free"}}, None),
        ({}, None),
    ],
)
def test_published_prices_are_per_million_tokens(
    listed: dict[str, Any], prices: tuple[float, float] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("judgemark.judges.endpoint.Endpoint.publishes_prices", True)
    answer = as_json({"object": "list", "data": [{"id": "some/judge:free", **listed}]})
    with judge_at(always(answer)) as (judge, _):
        assert judge.prices() == (pytest.approx(prices) if prices else None)


@pytest.mark.parametrize(
    ("status", "answer", "fault"),
    [
        (200, {"error": {"message": "too many", "code": 429}}, TransientFault),
        (429, {"error": {"message": "slow down"}}, TransientFault),
        (401, {"error": {"message": "invalid api key"}}, Refused),
        (400, {"error": {"message": "temperature is not supported"}}, ParameterRejected),
    ],
)
def test_an_answer_that_another_program_received_means_the_same(
    status: int, answer: dict[str, Any], fault: type[Exception]
) -> None:
    with judge_at(lambda _: said("never asked")) as (judge, server):
        with pytest.raises(fault):
            judge.read_answer(question(), status, answer)
        good = json.loads(said("Wit: 7").body)
        assert judge.read_answer(question(), 200, good).text == "Wit: 7"
        dropped = "temperature" not in judge.batch_body(question())
        assert dropped is (fault is ParameterRejected)
    assert server.asked == []


def requests_built(judge: ChatJudge, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The bodies of which requests are put together from now on."""
    built: list[Any] = []
    put_together = judge._clients.request

    def request(path: str, body: Any) -> Any:
        built.append(body)
        return put_together(path, body)

    monkeypatch.setattr(judge._clients, "request", request)
    return built


@BOTH_WAYS
def test_a_prepared_request_is_sent_once_and_then_forgotten(
    asks: Asks, monkeypatch: pytest.MonkeyPatch
) -> None:
    with judge_at(always(said("Wit: 7"))) as (judge, server):
        built = requests_built(judge, monkeypatch)
        judge.prepare(question())
        judge.prepare(question())
        assert len(built) == 1
        asks(judge, question())
        assert len(built) == 1
        asks(judge, question())
        assert len(built) == 2
    assert server.asked[0].body == server.asked[1].body == built[0]


@BOTH_WAYS
def test_what_is_learnt_after_a_request_was_prepared_is_in_the_request(asks: Asks) -> None:
    def script(asked: Asked) -> Answer:
        if "temperature" in asked.body:
            return refused(400, "Unsupported parameter: 'temperature'", param="temperature")
        return said("Wit: 7")

    first, second = question("1"), question("2")
    with judge_at(script, ChatParameters(0.5)) as (judge, server):
        judge.prepare(second)
        with pytest.raises(ParameterRejected):
            asks(judge, first)
        assert asks(judge, second).text == "Wit: 7"
    assert ["temperature" in request.body for request in server.asked] == [True, False]


def test_what_is_prepared_for_long_pieces_takes_little_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A thousand of them take as much again as those that are being asked about."""
    with judge_at(always(said("Wit: 7"))) as (judge, _):
        built = requests_built(judge, monkeypatch)
        long = [question(f"{n} " + "x" * 1_000_000) for n in range(40)]
        for one in long:
            judge.prepare(one)
        assert len(built) == 17
        # After the loop has ended, nothing that was prepared will be sent.
        judge.leave_loop()
        judge.prepare(long[0])
        assert len(built) == 18


@BOTH_WAYS
def test_what_cannot_be_sent_is_said_when_it_is_asked_not_when_it_is_prepared(asks: Asks) -> None:
    broken = ChatParameters(extra_body={"seed": math.nan})
    with judge_at(always(said("Wit: 7")), broken) as (judge, server):
        judge.prepare(question())
        with pytest.raises(Refused):
            asks(judge, question())
    assert server.asked == []
