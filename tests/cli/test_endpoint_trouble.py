"""Trouble with an endpoint as a user sees it: exit codes, one line, and nothing paid in vain."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from judgemark.cli import main
from tests.cli.pairwise_runs import judge, spec_of, write, written
from tests.support.fake_endpoint import (
    Answer,
    Asked,
    FakeEndpoint,
    Script,
    as_json,
    refused,
    said,
)
from tests.support.pairwise import words

KEY = "sk-very-secret-0123456789"
SCORES = "\n".join(f"{name}: 6" for name in ("Wit", "Rhythm", "Voice", "Turn", "Detail"))
REFUSED, MISUSED = 3, 2

pytestmark = pytest.mark.usefixtures("elsewhere", "undrawn")


def rubric_run(address: str, *flags: str, judge_model: str = "some-judge") -> int:
    """Judge three small pieces of two writers under run id r; the exit code."""
    samples = {
        writer: {"samples": {"1": {str(i): f"{writer} wrote piece {i}" for i in range(3)}}}
        for writer in ("ann", "bea")
    }
    prompt = "Score this.\n[TEST MODEL RESPONSE]\n[TEST MODEL RESPONSE END]\nThank you."
    return main(
        [
            "--judge-model", judge_model, "--base-url", address, "--run-id", "r",
            "--samples-file", write("s.json", samples),
            "--prompts-file", write("p.json", {str(i): prompt for i in range(3)}), *flags,
        ]
    )  # fmt: skip


def asked_of(script: Script, *flags: str) -> tuple[int, list[Asked]]:
    """The exit code of a run at an endpoint that follows a script, and what it was asked."""
    with FakeEndpoint(script) as endpoint:
        return rubric_run(endpoint.url, *flags), endpoint.asked


def azure(asked: Asked) -> Answer:
    """Insists on the deployment's path, the version behind it, and the key in a header."""
    address = urlsplit(asked.path)
    if address.path != "/openai/deployments/my-judge/chat/completions":
        return refused(404, "Resource not found", code="404")
    if address.query != "api-version=2024-10-21":
        return refused(404, "Resource not found", code="404")
    if asked.headers.get("api-key") != KEY:
        return refused(401, "Access denied due to invalid subscription key", code="401")
    return said(SCORES)


def test_the_recipe_for_azure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", KEY)
    with FakeEndpoint(azure) as endpoint:
        host = endpoint.url.removesuffix("/v1")
        address = f"{host}/openai/deployments/my-judge?api-version=2024-10-21"
        assert rubric_run(address, "--api-key-env", "AZURE_OPENAI_API_KEY") == 0
    assert len(endpoint.asked) == 6
    stored = "".join(
        p.read_text("utf-8") for p in Path("runs/r").glob("*.json*") if p.suffix != ".gz"
    )
    assert KEY not in stored


@pytest.mark.parametrize(
    "answer",
    [
        refused(400, "Your credit balance is too low to access the Anthropic API."),
        as_json({"error": {"code": 402, "message": "Insufficient credits"}}),
        as_json({"error": {"code": 401, "message": "No auth credentials found"}}),
        as_json({"error": {"code": 404, "message": "No endpoints found for some-judge."}}),
        refused(500, "litellm.AuthenticationError: Incorrect API key provided"),
        as_json({}, 307, Location="https://elsewhere.example/v1"),
    ],
)
def test_what_will_not_pass_ends_the_run_at_once(
    answer: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    code, asked = asked_of(lambda _: answer)
    assert code == REFUSED
    assert len(asked) <= 3
    said_last = capsys.readouterr().err.splitlines()[-1]
    assert said_last.startswith("judgemark: ")


def test_a_piece_that_the_filter_refuses_is_refused_and_the_others_are_judged() -> None:
    def script(asked: Asked) -> Answer:
        if "ann wrote piece 1" in asked.prompt:
            return refused(400, "The response was filtered", code="content_filter")
        return said(SCORES)

    code, asked = asked_of(script)
    assert code == 1
    journal = Path("runs/r/verdicts.jsonl").read_text("utf-8")
    lines = [json.loads(line) for line in journal.splitlines()]
    classes = sorted(line["class"] for line in lines if line.get("class"))
    assert classes.count("refused") == 1 + (len(asked) - 6)
    assert classes.count("ok") + classes.count("partial") == 5


def test_an_answer_beyond_the_limit_is_not_asked_for_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, asked = asked_of(lambda _: said("x" * 200_000), "--max-reply-mb", "0.1")
    assert (code, len(asked)) == (REFUSED, 3)
    assert "larger than 0.1 MB, the limit that max_reply_mb sets" in capsys.readouterr().err


def test_a_hosted_judge_may_have_a_name_with_our_prefix(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with FakeEndpoint(lambda _: said(SCORES)) as endpoint:
        assert rubric_run(endpoint.url, judge_model="hf:meta/llama") == 0
        assert {a.body["model"] for a in endpoint.asked} == {"hf:meta/llama"}
        capsys.readouterr()
        assert rubric_run(endpoint.url, judge_model="baseline:lexical") == MISUSED
    assert "leave --base-url out" in capsys.readouterr().err


@pytest.mark.parametrize(
    "address",
    [KEY, f"htp://me:{KEY}@host/v1", f"http://host:{KEY}/v1", f"http://me:{KEY}@localhost/v1"],
)
def test_a_key_in_an_unusable_address_is_not_said_back(
    address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rubric_run(address) == MISUSED
    captured = capsys.readouterr()
    assert KEY not in captured.out + captured.err
    assert len(captured.err.splitlines()) == 1


def test_a_proxy_that_cannot_be_used_is_told_before_anything_is_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks://127.0.0.1:1080")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    for name in ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert rubric_run("https://judge.example/v1") == MISUSED
    assert capsys.readouterr().err.startswith("judgemark: ALL_PROXY names the proxy")
    assert not Path("runs/r").exists()
    # The same variable is no matter for a local endpoint.
    assert asked_of(lambda _: said(SCORES))[0] == 0


def test_log_probabilities_refused_by_a_500_lead_to_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def script(asked: Asked) -> Answer:
        if asked.body.get("logprobs"):
            problem = "logprobs is not supported for models created with logits_all=False"
            return refused(500, problem, type="internal_server_error")
        return words(asked)

    with FakeEndpoint(script) as endpoint:
        assert judge("r", "--base-url", endpoint.url, *written(), judge_model="fake") == 0
    assert "asked for A, B or tie in words" in capsys.readouterr().out
    assert spec_of("r")["judge"]["letters"] is None
