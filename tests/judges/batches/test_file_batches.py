"""OpenAI's form of batches: how a lost batch is found, and what its answers look like."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from judgemark.errors import TransientFault
from judgemark.judges.batches.batch_service import BatchAnswer, BatchRequest, BatchState
from judgemark.judges.batches.file_batches import FileBatches, answer_of_line
from judgemark.judges.endpoint import Endpoint
from judgemark.judges.request_limits import RequestLimits
from tests.support.fake_endpoint import Answer, Asked, FakeEndpoint, as_json, refused

REQUEST = BatchRequest("tok_q1", {"model": "j", "messages": []})
FILE = {"id": "file-1", "filename": "judgemark-tok.jsonl"}


@contextmanager
def served(answers: Mapping[str, Any]) -> Iterator[tuple[FileBatches, FakeEndpoint]]:
    """Batches at an endpoint that answers by path; 404 for every other path."""

    def script(asked: Asked) -> Answer:
        found = answers.get(asked.path.removeprefix("/v1"))
        if isinstance(found, Answer):
            return found
        return refused(404, "no such path") if found is None else as_json(found)

    with FakeEndpoint(script) as endpoint:
        service = FileBatches(Endpoint(endpoint.url, "j", "none"), RequestLimits(timeout=5))
        try:
            yield service, endpoint
        finally:
            service.close()


def listed(*batches: Mapping[str, Any], files: Any = ()) -> dict[str, Any]:
    return {
        "/batches?limit=100": {"data": list(batches)},
        "/files?purpose=batch&limit=100": {"data": list(files)},
    }


def batch(name: str, *, file: str = "other", created: Any = 9e9, **more: Any) -> dict[str, Any]:
    return {"id": name, "input_file_id": file, "created_at": created, **more}


@pytest.mark.parametrize(
    ("batches", "files", "found"),
    [
        ([batch("b1", metadata={"judgemark": "tok"})], [], "b1"),
        ([batch("b1", metadata={"judgemark": "else"}), batch("b2", file="file-1")], [FILE], "b2"),
        ([batch("b1", file="file-1")], [{"id": "file-1", "filename": "theirs"}], None),
        # The list is sorted by time: what comes after an old batch is older still.
        ([batch("b1", created=5), batch("b2", metadata={"judgemark": "tok"})], [], None),
        ([batch("b1", created="yesterday")], [], None),
        ([], [], None),
    ],
)
def test_a_lost_batch_is_found_by_its_mark_or_by_the_name_of_its_file(
    batches: list[dict[str, Any]], files: list[dict[str, Any]], found: str | None
) -> None:
    with served(listed(*batches, files=files)) as (service, _):
        assert service.find("tok", 1, since=10_000.0) == found


def test_long_lists_come_in_pages() -> None:
    pages = {
        "/batches?limit=100": {"data": [batch("b1", metadata={"a": "b"})], "has_more": True},
        "/batches?limit=100&after=b1&after_id=b1": {
            "data": [batch("b2", metadata={"judgemark": "tok"})],
            "has_more": False,
        },
    }
    with served(pages) as (service, _):
        assert service.find("tok", 1, since=0.0) == "b2"


def test_a_stored_file_is_not_uploaded_again() -> None:
    answers = {**listed(files=[FILE]), "/batches": {"id": "b7"}}
    with served(answers) as (service, endpoint):
        assert service.submit("tok", [REQUEST]) == "b7"
    sent = endpoint.asked[-1].body
    assert (sent["input_file_id"], sent["metadata"]) == ("file-1", {"judgemark": "tok"})
    assert not any("upload" in asked.body for asked in endpoint.asked)


def test_a_service_without_a_list_of_files_takes_batches_all_the_same() -> None:
    answers = {"/files": {"id": "file-9", "object": "file"}, "/batches": {"id": "b7"}}
    with served(answers) as (service, endpoint):
        assert service.submit("tok", [REQUEST]) == "b7"
    name, content = next(a.body["upload"] for a in endpoint.asked if "upload" in a.body)
    assert name == "judgemark-tok.jsonl"
    assert json.loads(content)["url"] == "/v1/chat/completions"


def test_a_batch_without_an_id_may_have_arrived() -> None:
    with (
        served({**listed(files=[FILE]), "/batches": {"status": "validating"}}) as (service, _),
        pytest.raises(TransientFault, match="no id"),
    ):
        service.submit("tok", [REQUEST])


@pytest.mark.parametrize(
    ("told", "state", "reason"),
    [
        ({"status": "in_progress", "request_counts": {"total": 2, "completed": 1}}, "out", ""),
        ({"status": "cancelling"}, "out", ""),
        ({"status": "completed"}, "ended", ""),
        ({"status": "expired"}, "ended", "expired"),
        ({"status": "failed", "errors": {"data": [{"code": "bad", "message": "line 1"}]}},
         "failed", "bad line 1"),
        ({"status": "failed", "errors": {"data": ["odd"]}}, "failed", ""),
        (["no object"], "out", ""),
    ],
)  # fmt: skip
def test_where_a_batch_stands(told: Any, state: str, reason: str) -> None:
    with served({"/batches/b1": told}) as (service, _):
        report = service.report("b1")
    assert (report.state, report.reason) == (BatchState(state), reason)


def test_answers_and_errors_lie_in_two_files(caplog: pytest.LogCaptureFixture) -> None:
    good = {"custom_id": "tok_q1", "response": {"status_code": 200, "body": {"choices": []}}}
    bad = {"custom_id": "tok_q2", "error": {"code": "batch_expired", "message": "late"}}
    odd = ({"no": "result"}, {"custom_id": "tok_q3", "response": 7})
    rows = b"\n".join(json.dumps(row).encode() for row in (good, *odd))
    answers = {
        "/batches/b1": {"output_file_id": "f1", "error_file_id": "f2"},
        "/files/f1/content": Answer(body=rows + b"\n\n"),
        "/files/f2/content": Answer(body=json.dumps(bad).encode()),
        "/batches/b2": {"output_file_id": None},
        "/batches/b3": {"output_file_id": "f3"},
        "/files/f3/content": Answer(
            body=b'{"custom_id": "tok_q1", "resp\n' + json.dumps(bad).encode()
        ),
    }
    with served(answers) as (service, _):
        found = list(service.answers("b1"))
        assert list(service.answers("b2")) == []
        for _ in range(2):
            with pytest.raises(TransientFault, match="is not JSON"):
                list(service.answers("b3"))
        # Read a third time it is left out, and what is good beside it is kept.
        assert [a.custom_id for a in service.answers("b3")] == ["tok_q2"]
    assert found[0] == BatchAnswer("tok_q1", 200, {"choices": []})
    assert (found[1].custom_id, found[1].status) == ("tok_q2", None)
    assert caplog.text.count("a result of batch b1 has not the form of one") == 2


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ({"custom_id": "a", "error": {"code": "429", "message": "busy"}}, 429),
        ({"custom_id": "a", "error": {"code": "server_error"}}, 500),
        ({"custom_id": "a", "error": "odd"}, 500),
        ({"custom_id": "a", "response": {"body": {"choices": []}}}, 200),
    ],
)
def test_the_status_of_an_answer(line: dict[str, Any], status: int) -> None:
    found = answer_of_line(line)
    assert found is not None and found.status == status


@pytest.mark.parametrize("error", [{"message": "too long"}, {"error": {"message": "too long"}}])
def test_a_refusal_as_vllm_writes_it_keeps_its_words(error: dict[str, Any]) -> None:
    response = {"status_code": 400, "request_id": "vllm-1", "body": None}
    found = answer_of_line({"custom_id": "a", "response": response, "error": error})
    assert found == BatchAnswer("a", 400, {"error": {"message": "too long"}})


@pytest.mark.parametrize(
    "line",
    [
        [],
        {"custom_id": 7},
        {"response": {}},
        {"custom_id": "a", "response": 7},
        {"custom_id": "a", "response": None, "error": None},
        {"custom_id": "a", "error": 7},
    ],
)
def test_what_is_no_answer(line: object) -> None:
    assert answer_of_line(line) is None
