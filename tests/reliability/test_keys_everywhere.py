"""Every command, with a marked key in every place where a key can be put: none of it comes out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from judgemark.cli import main
from judgemark.redaction import WITHHELD
from tests.support.fake_endpoint import FakeEndpoint
from tests.support.marked_keys import (
    MARK,
    PLAIN,
    SHAPED,
    echoing,
    everything_written,
    leaks,
    rubric_files,
)

pytestmark = pytest.mark.reliability

COMMANDS = (
    ["score", "r", "--json"],
    ["compare", "r", "runs.json"],
    ["runs"],
    ["repair", "r"],
    ["export", "r"],
    ["leaderboard", "-o", "board.html"],
    ["leaderboard", "--format", "md"],
    ["leaderboard", "--format", "csv"],
    ["leaderboard", "--format", "json"],
    ["leaderboard", "add", "r", "--board", "board.jsonl"],
    ["leaderboard", "verify", "r", "--board", "board.jsonl"],
    ["card", "r"],
    ["gate", "r", "--min", "v4=0"],
)


def test_no_command_writes_or_prints_a_key_that_the_endpoint_says_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MY_VARIABLE", SHAPED)
    monkeypatch.setenv("HF_TOKEN", f"{PLAIN}-hub")
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:{MARK}pass1@127.0.0.1:9")
    Path(".env").write_text(f"OPENAI_API_KEY={PLAIN}-dotenv\n", "utf-8")
    body = {
        "api_key": f"{PLAIN}-body",
        "provider": {"auth": {"value": f"{PLAIN}-nested"}},
        "metadata": {"header": f"Bearer {MARK}0123456789abcdef"},
        "min_p": 0.05,
    }
    with FakeEndpoint(echoing) as endpoint:
        code = main(
            [
                "judge", "--judge-model", "some-judge", "--run-id", "r", "--verbosity", "DEBUG",
                "--base-url", f"{endpoint.url}?api-version=2024-10-21&key={MARK}-query-1",
                "--api-key-env", "MY_VARIABLE", "--extra-body", json.dumps(body),
                "--save-raw-judge-output", "--runs-file", "runs.json", "--threads", "1",
                *rubric_files(),
            ]
        )  # fmt: skip
    assert code == 0
    sent = endpoint.asked[0]
    assert sent.headers["authorization"] == f"Bearer {SHAPED}"
    assert sent.body["api_key"] == f"{PLAIN}-body"
    assert f"key={MARK}-query-1" in sent.path
    files = everything_written(tmp_path)
    assert {"runs.json", "runs/r/report.html"} <= files.keys()
    assert WITHHELD in files["runs/r/verdicts.jsonl"]
    assert "ann wrote 0" in files["runs/r/verdicts.jsonl"]
    for command in COMMANDS:
        assert main(list(command)) in (0, 1), command
    assert leaks(capsys, tmp_path, given=[".env"]) == []
