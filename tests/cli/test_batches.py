"""Batches as a user sees them: submitted once, collected later, at half the price."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from judgemark.cli import main
from judgemark.run.batch_log import BatchLog
from tests.cli.pairwise_runs import write
from tests.support.batch_server import BatchProvider, scores_for
from tests.support.fake_endpoint import FakeEndpoint

CRITERIA = ("Wit", "Rhythm", "Voice", "Turn", "Detail")
PIECES, PROBES = 8, 3
DONE, INCOMPLETE, MISUSED, REFUSED, OUT = 0, 1, 2, 3, 4

pytestmark = pytest.mark.usefixtures("elsewhere", "undrawn")


def run(address: str, *flags: str) -> int:
    """Judge four small pieces of two writers under run id r; the exit code."""
    samples = {
        writer: {"samples": {"1": {str(i): f"{writer} wrote piece {i}" for i in range(4)}}}
        for writer in ("ann", "bea")
    }
    prompt = "Score this.\n[TEST MODEL RESPONSE]\n[TEST MODEL RESPONSE END]\nThank you."
    return main(
        [
            "--judge-model", "some-judge", "--base-url", address, "--run-id", "r",
            "--samples-file", write("s.json", samples),
            "--prompts-file", write("p.json", {str(i): prompt for i in range(4)}), *flags,
        ]
    )  # fmt: skip


def verdicts() -> list[dict[str, Any]]:
    lines = Path("runs/r/verdicts.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def provider(**more: Any) -> BatchProvider:
    return BatchProvider(scores_for(*CRITERIA), **more)


def test_the_same_command_collects_what_it_submitted(capsys: pytest.CaptureFixture[str]) -> None:
    served = provider(looks=1)
    with FakeEndpoint(served) as endpoint:
        assert run(endpoint.url, "--batch") == OUT
        assert "5 questions are out in batches (batch0)" in capsys.readouterr().err
        assert run(endpoint.url, "--batch") == DONE
        asked = len(endpoint.asked)
        assert run(endpoint.url, "--batch") == DONE
        assert len(endpoint.asked) == asked
    assert (served.at_once, len(served.batches)) == (PROBES, 1)
    assert [bool(v.get("batch")) for v in verdicts()] == [False] * 3 + [True] * 5
    # The keys of the questions say nothing of how they were asked.
    assert len({v["question"] for v in verdicts()}) == PIECES


def test_a_batch_costs_half(capsys: pytest.CaptureFixture[str]) -> None:
    prices = ("--price-in", "1000", "--price-out", "2000", "--yes")
    with FakeEndpoint(provider()) as endpoint:
        assert run(endpoint.url, "--batch", "--batch-wait", "--batch-poll", "0.01", *prices) == DONE
    capsys.readouterr()
    by_batch = [v["usage"]["cost"] for v in verdicts() if v.get("batch")]
    # 100 tokens at $1000 and 10 at $2000 a million are $0.12 at once.
    assert by_batch == pytest.approx([0.06] * 5)


def test_what_is_out_is_told_apart_from_what_is_to_ask(capsys: pytest.CaptureFixture[str]) -> None:
    prices = ("--price-in", "1000", "--price-out", "2000", "--confirm-above", "0")
    with FakeEndpoint(provider(looks=1)) as endpoint:
        # Three are asked at once and two go into a batch; three are left for the next command.
        assert run(endpoint.url, "--batch", "--max-requests", "5", *prices, "--yes") == OUT
        told = capsys.readouterr().out
        assert "8 questions to ask; about" in told and "raise --max-cost or --max-requests" in told
        assert run(endpoint.url, "--batch", *prices, "--dry-run") == DONE
        told = capsys.readouterr().out
        assert "r: 3 questions to ask, 2 out in batches, 3 answered already; about" in told
        assert run(endpoint.url, "--batch", *prices, "--yes") == OUT
        capsys.readouterr()
        # Nothing new is to be paid for, so that nothing has to be confirmed.
        assert run(endpoint.url, "--batch", *prices) == DONE
        assert "0 questions to ask, 3 out in batches, 5 answered" in capsys.readouterr().out
    assert len(verdicts()) == PIECES


@pytest.mark.parametrize("fate", ["expired", "halves", "failed"])
def test_what_a_batch_left_goes_into_the_next_one(fate: str) -> None:
    served = provider(fates=(fate,))
    with FakeEndpoint(served) as endpoint:
        assert run(endpoint.url, "--batch", "--batch-wait", "--batch-poll", "0.01") == DONE
    sizes = {"expired": [5, 2], "halves": [5, 2], "failed": [5, 5]}[fate]
    assert [len(b.requests) for b in served.batches.values()] == sizes
    assert len(verdicts()) == PIECES


def test_batches_that_fail_for_the_same_reason_end_the_run(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with FakeEndpoint(provider(fates=("failed", "failed"))) as endpoint:
        assert run(endpoint.url, "--batch", "--batch-wait", "--batch-poll", "0.01") == REFUSED
    assert "cannot be validated" in capsys.readouterr().err


@pytest.mark.parametrize("dies", ["POST /batches", "late:POST /batches", "POST /files"])
def test_a_broken_connection_submits_no_batch_twice(dies: str) -> None:
    served = provider()
    served.dies = [dies]
    with FakeEndpoint(served) as endpoint:
        assert run(endpoint.url, "--batch", "--batch-wait", "--batch-poll", "0.01") == DONE
    assert (len(served.batches), len(served.files)) == (1, 1)


@pytest.mark.parametrize("step", ["submitted", "fetched", "closed"])
def test_a_command_that_is_killed_between_two_steps_submits_nothing_twice(
    step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    served = provider()
    with FakeEndpoint(served) as endpoint:
        with monkeypatch.context() as patched:
            patched.setattr(BatchLog, step, killed)
            for _ in range(2):
                run(endpoint.url, "--batch", "--batch-wait", "--batch-poll", "0.01")
        assert run(endpoint.url, "--batch", "--batch-wait", "--batch-poll", "0.01") == DONE
    assert len(served.batches) == 1
    assert len(verdicts()) == PIECES


def test_a_command_without_batches_leaves_those_that_are_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with FakeEndpoint(provider(looks=9)) as endpoint:
        assert run(endpoint.url, "--batch") == OUT
        capsys.readouterr()
        assert run(endpoint.url) == MISUSED
    assert "5 questions of this run are out" in capsys.readouterr().err


def test_a_cap_holds_for_batches_too(capsys: pytest.CaptureFixture[str]) -> None:
    served = provider()
    with FakeEndpoint(served) as endpoint:
        flags = ("--batch", "--batch-wait", "--batch-poll", "0.01")
        assert run(endpoint.url, *flags, "--max-requests", "5") == REFUSED
        assert "--max-requests" in capsys.readouterr().err
        assert [len(b.requests) for b in served.batches.values()] == [2]
        assert run(endpoint.url, *flags) == DONE
    assert [len(b.requests) for b in served.batches.values()] == [2, 3]


def told(nowhere: str) -> list[dict[str, Any]]:
    """Write the questions to a file; what another program would write as its results."""
    assert run(nowhere, "--emit-batch", "ask.jsonl") == DONE
    reply = scores_for(*CRITERIA)
    lines = [json.loads(line) for line in Path("ask.jsonl").read_text().splitlines()]
    return [
        {"custom_id": line["custom_id"], "error": None,
         "response": {"status_code": 200, "body": json.loads(reply(line["body"]).body)}}
        for line in lines
    ]  # fmt: skip


def write_lines(path: str, rows: Iterable[object]) -> None:
    Path(path).write_text("".join(json.dumps(row) + "\n" for row in rows))


def test_questions_and_answers_go_through_files(capsys: pytest.CaptureFixture[str]) -> None:
    nowhere = "http://127.0.0.1:9/v1"
    rows = told(nowhere)
    lines = [json.loads(line) for line in Path("ask.jsonl").read_text().splitlines()]
    assert {line["url"] for line in lines} == {"/v1/chat/completions"}
    assert {line["body"]["model"] for line in lines} == {"some-judge"}
    assert len(lines) == PIECES
    results = Path("told.jsonl")
    # The program that wrote the results was broken off in the middle of the sixth.
    results.write_text("".join(json.dumps(r) + "\n" for r in rows[:5]) + json.dumps(rows[5])[:40])
    assert run(nowhere, "--ingest", "told.jsonl") == INCOMPLETE
    assert capsys.readouterr().err.count("told.jsonl, line 6: it is incomplete and left out") == 1
    assert run(nowhere, "--ingest", "told.jsonl") == INCOMPLETE
    assert "all of its 5 answers are in the journal already" in capsys.readouterr().out
    assert len(verdicts()) == 5
    assert run(nowhere, "--emit-batch", "rest.jsonl") == DONE
    assert len(Path("rest.jsonl").read_text().splitlines()) == 3
    results.write_text("".join(json.dumps(r) + "\n" for r in reversed(rows)))
    capsys.readouterr()
    assert run(nowhere, "--ingest", "told.jsonl") == DONE
    assert "answers to 3 of 3 questions" in capsys.readouterr().out
    assert len(verdicts()) == PIECES


@pytest.mark.parametrize("address", ["https://judge.example/v1", "https://openrouter.ai/api/v1"])
def test_what_sends_nothing_needs_no_key(
    address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was made")

    monkeypatch.setattr("socket.create_connection", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    assert run(address, "--dry-run") == DONE
    assert f"{address} (no key is set; asking needs one), judge" in capsys.readouterr().out
    rows = told(address)
    without_key = Path("runs/r/run.json").read_bytes()
    write_lines("told.jsonl", rows[:5])
    assert run(address, "--ingest", "told.jsonl") == INCOMPLETE
    # Three questions are left, and here they would be sent.
    capsys.readouterr()
    assert run(address) == MISUSED
    told_user = capsys.readouterr().err
    assert told_user.startswith("judgemark: no key for ") and told_user.count("\n") == 1
    # With a key it is the same run, which goes on.
    monkeypatch.setenv("OPENAI_API_KEY", "sk-or-0123456789abcdef")
    write_lines("told.jsonl", rows)
    assert run(address, "--emit-batch", "rest.jsonl") == DONE
    assert len(Path("rest.jsonl").read_text().splitlines()) == 3
    monkeypatch.delenv("OPENAI_API_KEY")
    assert run(address, "--ingest", "told.jsonl") == DONE
    assert Path("runs/r/run.json").read_bytes() == without_key
    # A finished run is shown again without a request, and so without a key.
    assert run(address) == DONE


def test_a_missing_key_is_told_before_the_cost_is_confirmed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    prices = ("--price-in", "1000", "--price-out", "2000", "--confirm-above", "0")
    for flags in (prices, ("--batch",), ("--max-requests", "1")):
        assert run("https://judge.example/v1", *flags) == MISUSED
        assert "no key for judge.example: set OPENAI_API_KEY" in capsys.readouterr().err
    assert not Path("runs/r").exists()


@pytest.mark.parametrize("named", ["told.jsonl", "s.json"])
def test_questions_are_not_written_over_another_file(
    named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = "http://127.0.0.1:9/v1"
    write_lines("told.jsonl", told(nowhere))
    before = Path(named).read_bytes()
    capsys.readouterr()
    assert run(nowhere, "--emit-batch", named) == MISUSED
    assert f"{named}: it exists and is not a file of questions" in capsys.readouterr().err
    assert Path(named).read_bytes() == before
    Path("new.jsonl").touch()
    for name in ("ask.jsonl", "new.jsonl"):
        assert run(nowhere, "--emit-batch", name) == DONE


def test_a_file_that_was_ingested_before_brings_nothing_new(
    capsys: pytest.CaptureFixture[str],
) -> None:
    nowhere = "http://127.0.0.1:9/v1"
    rows = told(nowhere)
    write_lines("told.jsonl", rows)
    for _ in range(2):
        capsys.readouterr()
        assert run(nowhere, "--ingest", "told.jsonl") == DONE
    shown = capsys.readouterr()
    assert "told.jsonl: all of its 8 answers are in the journal already" in shown.out
    assert "Separability" in shown.out and shown.err == ""
    assert len(verdicts()) == PIECES
    # The same answer in another line of a file is another answer to a question that has one.
    write_lines("more.jsonl", [*rows, {**rows[0], "id": "again"}, {**rows[0], "custom_id": "jm_x"}])
    assert run(nowhere, "--ingest", "more.jsonl") == DONE
    shown = capsys.readouterr()
    assert "8 of its answers are in the journal already" in shown.out
    assert "1 of its answers belong to questions answered before" in shown.out
    assert "1 answers belong to no question of this run" in shown.err


def test_a_file_without_an_answer_to_the_run_changes_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    nowhere = "http://127.0.0.1:9/v1"
    rows = told(nowhere)
    Path("empty.jsonl").touch()
    write_lines("foreign.jsonl", ({**row, "custom_id": "jm_00"} for row in rows))
    for answered in (0, PIECES):
        write_lines("told.jsonl", rows[:answered])
        assert not answered or run(nowhere, "--ingest", "told.jsonl") == DONE
        before = {path: path.stat().st_mtime_ns for path in Path("runs/r").rglob("*")}
        capsys.readouterr()
        for name, said in [("empty", "holds no results"), ("foreign", "none of its 8 answers")]:
            assert run(nowhere, "--ingest", f"{name}.jsonl") == MISUSED
            shown = capsys.readouterr()
            assert said in shown.err and shown.err.count("\n") == 1 and shown.out == ""
        assert {path: path.stat().st_mtime_ns for path in Path("runs/r").rglob("*")} == before
    assert run(nowhere, "--ingest", "foreign.jsonl", "--run-id", "new") == MISUSED
    assert not Path("runs/new").exists()


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--ingest", "."), "--ingest: .: a folder, not a file"),
        (("--ingest", "/dev/null"), "a pipe or device, not a file"),
        (("--batch", "--ingest", "f"), "cannot be given together; leave one of them out"),
        (("--batch-wait",), "--batch-wait works only with --batch"),
        (("--ingest", "none.jsonl"), "none.jsonl: no such file"),
        (("--emit-batch", "no/such/folder/f"), "cannot be written"),
        (("--emit-batch", "f", "--structured", "auto"), "sent to it; leave --structured out"),
        (("--emit-batch", "f", "--structured", "on"), "sent to it; leave --structured out"),
    ],
)
def test_wrong_flags_end_in_one_line(
    flags: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    criteria = write("c.json", {"criteria": [{"name": n, "negative": False} for n in CRITERIA]})
    assert run("http://127.0.0.1:9/v1", "--criteria-file", criteria, *flags) == MISUSED
    err = capsys.readouterr().err
    assert said in err and err.count("\n") == 1
    assert not Path("runs/r").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "line 1: it is not JSON"),
        ('{"custom_id": "a", "method": "POST", "url": "/", "body": {}}', "it is not a result"),
        ('{"custom_id": "a", "response": 7}', 'line 1: it is not a result: its "response" is 7'),
        ('{"custom_id": "a", "result": []}', 'its "result" is [] and not an object'),
        ('{"custom_id": "a", "response": null, "error": null}', "line 1: it is not a result"),
    ],
)
def test_a_file_without_results_is_refused(
    content: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("told.jsonl").write_text(content + "\n")
    assert run("http://127.0.0.1:9/v1", "--ingest", "told.jsonl") == MISUSED
    assert said in capsys.readouterr().err
    assert not Path("runs/r").exists()


def test_a_file_of_questions_says_that_it_holds_a_secret(
    capsys: pytest.CaptureFixture[str],
) -> None:
    nowhere = "http://127.0.0.1:9/v1"
    assert run(nowhere, "--emit-batch", "ask.jsonl", "--extra-body", '{"top_k": 3}') == DONE
    assert "show the file to nobody" not in "".join(capsys.readouterr())
    secret = '{"provider": {"api_key": "abcd-1234-efgh"}}'
    assert run(nowhere, "--fresh", "--emit-batch", "own.jsonl", "--extra-body", secret) == DONE
    told = "".join(capsys.readouterr())
    assert "own.jsonl holds a key or secret of --extra-body" in told
    assert "abcd-1234-efgh" in Path("own.jsonl").read_text()
    assert "abcd-1234-efgh" not in told
