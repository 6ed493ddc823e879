"""Batches whose requests stand in the submission: what is sent, and how a lost one is found."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from judgemark.errors import Refused, TransientFault
from judgemark.judges.batches.batch_service import BatchRequest, BatchService, BatchState
from judgemark.judges.batches.inline_batches import answer_of_message_row
from judgemark.judges.batches.service_choice import BATCH_FORMS, form_of
from judgemark.judges.endpoint import Endpoint
from judgemark.judges.request_limits import RequestLimits
from tests.support.fake_endpoint import Answer, Asked, FakeEndpoint, as_json, refused

BODY = {"model": "j", "messages": [{"role": "user", "content": "Score"}], "max_tokens": 9}
REQUESTS = [BatchRequest("tok_q1", BODY), BatchRequest("tok_q2", BODY)]
COMPLETION = {"choices": [{"message": {"content": "Wit: 7"}, "finish_reason": "stop"}]}


class Provider:
    """Both inline forms; `over` says whether batches have ended."""

    def __init__(self, *, over: bool = True) -> None:
        self.over = over
        self.taken: list[dict[str, Any]] = []

    def __call__(self, asked: Asked) -> Answer:
        path = asked.path.removeprefix("/v1")
        anthropic = path.startswith("/messages")
        shown = self.anthropic if anthropic else self.openrouter
        if asked.body:
            self.taken.append(dict(asked.body))
            return as_json(shown(len(self.taken) - 1))
        if "?" in path:
            return as_json({"data": [shown(n) for n in reversed(range(len(self.taken)))]})
        if found := re.fullmatch(r"(?:/messages)?/batches/b(\d+)", path):
            return as_json(shown(int(found[1])))
        if found := re.fullmatch(r"/messages/batches/b(\d+)/results", path):
            rows = self.message_rows(int(found[1]))
            return Answer(body="".join(json.dumps(r) + "\n" for r in rows).encode())
        return refused(404, "no such path")

    def names(self, number: int) -> list[str]:
        return [r["custom_id"] for r in self.taken[number]["requests"]]

    def openrouter(self, number: int) -> dict[str, Any]:
        names = self.names(number)
        rows = [
            {"custom_id": names[0], "response": {"status_code": 200, "body": COMPLETION}},
            {"custom_id": names[-1], "error": {"code": 429, "message": "busy"}},
        ]
        return {
            "id": f"b{number}",
            "status": "completed" if self.over else "in_progress",
            "created_at": 5000,
            "request_counts": {"total": len(names), "completed": 1, "failed": 1},
            "results": rows if self.over else None,
        }

    def anthropic(self, number: int) -> dict[str, Any]:
        return {
            "id": f"b{number}",
            "processing_status": "ended" if self.over else "in_progress",
            "created_at": "2026-11-27T10:00:00Z",
            "request_counts": {"processing": 0 if self.over else 2, "succeeded": 2 * self.over},
        }

    def message_rows(self, number: int) -> Iterator[dict[str, Any]]:
        first, *_, last = self.names(number)
        message = {"content": [{"type": "text", "text": "Wit: 7"}], "stop_reason": "end_turn"}
        yield {"custom_id": last, "result": {"type": "expired"}}
        yield {"custom_id": first, "result": {"type": "succeeded", "message": message}}


@contextmanager
def served(form: str, provider: Provider) -> Iterator[BatchService]:
    with FakeEndpoint(provider) as endpoint:
        service = BATCH_FORMS[form](Endpoint(endpoint.url, "j", "none"), RequestLimits(timeout=5))
        try:
            yield service
        finally:
            service.close()


def test_openrouter_reads_the_judge_before_the_requests() -> None:
    provider = Provider()
    with served("openrouter", provider) as service:
        assert service.submit("tok", REQUESTS) == "b0"
        answers = {a.custom_id: a for a in service.answers("b0")}
        assert service.report("b0").state is BatchState.ENDED
    assert list(provider.taken[0]) == ["endpoint", "model", "requests"]
    assert provider.taken[0]["requests"][0]["body"] == {
        k: BODY[k] for k in ("messages", "max_tokens")
    }
    assert (answers["tok_q1"].status, answers["tok_q1"].body) == (200, COMPLETION)
    assert answers["tok_q2"].status == 429


def test_anthropic_is_asked_in_messages() -> None:
    provider = Provider()
    with served("anthropic", provider) as service:
        service.submit("tok", REQUESTS)
        answers = {a.custom_id: a for a in service.answers("b0")}
    assert provider.taken[0]["requests"][0]["params"]["max_tokens"] == 9
    assert answers["tok_q2"].status is None
    assert answers["tok_q1"].body["choices"][0]["message"]["content"] == "Wit: 7"


@pytest.mark.parametrize("form", ["openrouter", "anthropic"])
def test_a_lost_batch_is_found_by_the_names_of_its_requests(form: str) -> None:
    with served(form, Provider()) as service:
        service.submit("other", [BatchRequest("other_q1", BODY), BatchRequest("other_q2", BODY)])
        assert service.find("tok", 2, 0.0) is None
        lost = service.submit("tok", REQUESTS)
        service.submit("third", [BatchRequest("third_q1", BODY), BatchRequest("third_q2", BODY)])
        assert service.find("tok", 2, 0.0) == lost


@pytest.mark.parametrize("form", ["openrouter", "anthropic"])
def test_a_batch_that_is_out_may_be_the_lost_one(form: str) -> None:
    with served(form, Provider(over=False)) as service:
        service.submit("tok", REQUESTS)
        with pytest.raises(TransientFault, match="b0 of this account may be one"):
            service.find("tok", 2, 0.0)
        # Neither is one of another size, nor one that was there long before.
        assert service.find("tok", 3, 0.0) is None
        assert service.find("tok", 2, 4e9) is None


def test_a_refused_submission_is_refused() -> None:
    with FakeEndpoint(lambda _: refused(404, "no batches here")) as endpoint:
        service = BATCH_FORMS["files"](
            Endpoint(endpoint.url, "j", "none"), RequestLimits(timeout=5)
        )
        with pytest.raises(Refused, match="no batches here"):
            service.submit("tok", REQUESTS)
        service.close()


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("https://api.anthropic.com/v1", "anthropic"),
        ("https://openrouter.ai/api/v1", "openrouter"),
        ("https://api.openai.com/v1", "files"),
        ("https://x.openai.azure.com/openai/v1", "files"),
    ],
)
def test_the_address_tells_the_form(address: str, form: str) -> None:
    assert form_of(Endpoint(address, "j", "sk-x")) == form


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ({"custom_id": "a", "result": {"type": "errored", "error": {
            "error": {"type": "invalid_request_error", "message": "no"}}}}, 400),
        ({"custom_id": "a", "result": {"type": "errored", "error": {
            "error": {"type": "overloaded_error"}}}}, 529),
        ({"custom_id": "a", "result": {"type": "errored", "error": "odd"}}, 500),
        ({"custom_id": "a", "result": {"type": "canceled"}}, None),
    ],
)  # fmt: skip
def test_the_status_of_a_message_that_did_not_come(row: dict[str, Any], status: int | None) -> None:
    found = answer_of_message_row(row)
    assert found is not None and found.status == status


@pytest.mark.parametrize(
    "row",
    [
        [],
        {"custom_id": "a"},
        {"result": {"type": "succeeded"}},
        {"custom_id": "a", "result": {"type": "succeeded", "message": 7}},
    ],
)
def test_a_row_that_is_no_result(row: object) -> None:
    assert answer_of_message_row(row) is None


@pytest.mark.parametrize(
    ("told", "state", "reason"),
    [
        ({"status": "failed", "error": {"message": "no such judge"}}, "failed", "no such judge"),
        ({"status": "expired", "request_counts": None}, "ended", "expired"),
        ({"status": "validating", "error": None}, "out", ""),
    ],
)
def test_where_a_batch_of_openrouters_stands(told: dict[str, Any], state: str, reason: str) -> None:
    with FakeEndpoint(lambda _: as_json(told)) as endpoint:
        service = BATCH_FORMS["openrouter"](
            Endpoint(endpoint.url, "j", "none"), RequestLimits(timeout=5)
        )
        report = service.report("b1")
        assert list(service.answers("b1")) == []
        service.close()
    assert (report.state, report.reason) == (BatchState(state), reason)


@pytest.mark.parametrize(
    ("told", "error"),
    [({"error": {"message": "not for this judge"}}, Refused), ({}, TransientFault)],
)
def test_a_submission_without_an_id(told: dict[str, Any], error: type[Exception]) -> None:
    with FakeEndpoint(lambda _: as_json(told)) as endpoint:
        service = BATCH_FORMS["anthropic"](
            Endpoint(endpoint.url, "j", "none"), RequestLimits(timeout=5)
        )
        with pytest.raises(error):
            service.submit("tok", REQUESTS)
        service.close()
