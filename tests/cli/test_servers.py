"""Whole runs at servers that answer as SGLang, TGI, LiteLLM and llama.cpp's do (docs/servers.md).

Their words are those that the real servers gave when they were tried, or TGI's source has.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from judgemark.cli import main
from tests.cli.pairwise_runs import write
from tests.support.fake_endpoint import Answer, Asked, FakeEndpoint, Script, as_json, refused, said

NAMES = ("Wit", "Rhythm", "Voice", "Turn", "Detail")
SCORES = "\n".join(f"{name}: 6" for name in NAMES)
PIECES = 6

pytestmark = pytest.mark.usefixtures("elsewhere", "undrawn")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETRY_DELAY", "0.01")


def whole_run(script: Script, *flags: str) -> tuple[list[Asked], Any]:
    """What a server was asked in a run that ends well, and the run's result.json."""
    samples = {
        writer: {"samples": {"1": {str(i): f"{writer} wrote piece {i}" for i in range(3)}}}
        for writer in ("ann", "bea")
    }
    prompt = "Score this.\n[TEST MODEL RESPONSE]\n[TEST MODEL RESPONSE END]\nThank you."
    criteria = {"criteria": [{"name": name, "negative": False} for name in NAMES]}
    with FakeEndpoint(script) as server:
        code = main(
            [
                "--judge-model", "some-judge", "--base-url", server.url, "--run-id", "r",
                "--samples-file", write("s.json", samples),
                "--criteria-file", write("c.json", criteria),
                "--prompts-file", write("p.json", {str(i): prompt for i in range(3)}), *flags,
            ]
        )  # fmt: skip
    assert code == 0
    result = json.loads(Path("runs/r/result.json").read_text("utf-8"))
    assert result["coverage"]["scored"] == PIECES
    return server.asked, result


def test_sglang_s_context_lowers_the_limit_of_tokens_for_each_question() -> None:
    def sglang(asked: Asked) -> Answer:
        prompt, reply = 1_433, asked.body["max_tokens"]
        if prompt + reply < 8_192:
            return said(SCORES)
        message = (
            "Requested token count exceeds the model's maximum context length of 8192 tokens. You "
            f"requested a total of {prompt + reply} tokens: {prompt} tokens from the input "
            f"messages and {reply} tokens for the completion. Please reduce the number of tokens "
            "in the input messages or the completion to fit within the limit."
        )
        return as_json({"object": "error", "message": message, "code": 400}, 400)

    asked, _ = whole_run(sglang)
    assert {a.body["max_tokens"] for a in asked} == {16_000, 8_192 - 1_433 - 1}
    assert len(asked) == 2 * PIECES


def test_tgi_is_asked_for_as_many_alternatives_as_it_gives() -> None:
    def tgi(asked: Asked) -> Answer:
        top = asked.body.get("top_logprobs", 0)
        if top > 5:
            told = f"Input validation error: `top_n_tokens` must be >= 0 and <= 5. Given: {top}"
            return as_json({"error": told, "error_type": "validation"}, 422)
        return said(SCORES)

    asked, _ = whole_run(tgi, "--score-method", "expected", "--threads", "1")
    assert [a.body["top_logprobs"] for a in asked] == [20, 10, *[5] * PIECES]


def test_tgi_that_is_overloaded_is_asked_again() -> None:
    def tgi(asked: Asked) -> Answer:
        if asked.number in (1, 4):
            return as_json({"error": "Model is overloaded", "error_type": "overloaded"}, 429)
        return said(SCORES)

    asked, _ = whole_run(tgi)
    assert len(asked) == PIECES + 2


def test_litellm_s_resting_deployments_are_waited_for() -> None:
    def litellm(asked: Asked) -> Answer:
        if asked.number == 3:
            told = "No deployments available for selected model, Try again in 20ms."
            return refused(429, told, type="all_deployments_in_cooldown", code="429")
        return said(SCORES)

    asked, _ = whole_run(litellm)
    assert len(asked) == PIECES + 1


def test_llama_cpp_may_load_and_run_out_of_the_context_that_its_requests_share() -> None:
    def llama_server(asked: Asked) -> Answer:
        if asked.number < 2:
            return refused(503, "Loading model", type="unavailable_error", code=503)
        if asked.number == 5:
            return refused(500, "Context size has been exceeded.", type="server_error", code=500)
        return said(SCORES)

    asked, _ = whole_run(llama_server)
    assert len(asked) == PIECES + 3


def test_llama_cpp_python_takes_a_schema_in_the_older_form_and_tells_the_newer_by_a_500(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def llama_cpp_python(asked: Asked) -> Answer:
        form = asked.body.get("response_format", {}).get("type")
        if form == "json_schema":
            told = (
                "1 validation error:\n  {'type': 'literal_error', 'loc': ('body', "
                "'response_format', 'type'), 'msg': \"Input should be 'text' or 'json_object'\", "
                "'input': 'json_schema'}\n\n  File \"app.py\", line 376"
            )
            return refused(500, told, type="internal_server_error")
        return said(json.dumps(dict.fromkeys(NAMES, 6)) if form else SCORES)

    asked, _ = whole_run(llama_cpp_python, "--structured", "auto")
    forms = [a.body.get("response_format", {}).get("type") for a in asked]
    assert forms == ["json_schema", *["json_object"] * (1 + PIECES)]
    assert "left out" not in "".join(capsys.readouterr())
