"""A resumed run asks exactly what its result lacks: stored replies are parsed again for both."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from judgemark.cli import main
from tests.support.fake_endpoint import Answer, Asked, FakeEndpoint, said

NAMES = [f"Quality {letter}" for letter in "ABCDEF"]
WHOLE = "\n".join(f"{name}: 6" for name in NAMES)
ODD = "\n".join(f"Colour {letter}: 6" for letter in "ABCDEF")


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The main job over two writers x three items, without a criteria file."""
    monkeypatch.chdir(tmp_path)
    texts = {w: {"samples": {"1": {str(i): f"{w} on {i}" for i in range(3)}}} for w in "ab"}
    Path("s.json").write_text(json.dumps(texts), "utf-8")
    prompt = "[TEST MODEL RESPONSE]\n[TEST MODEL RESPONSE END]"
    Path("p.json").write_text(json.dumps({str(i): prompt for i in range(3)}), "utf-8")
    files = ["--samples-file", "s.json", "--prompts-file", "p.json", "--run-id", "r"]
    return ["--judge-model", "j", *files]


@pytest.mark.usefixtures("undrawn")
def test_a_reply_that_the_run_cannot_score_is_asked_again(command: list[str]) -> None:
    def once_odd(asked: Asked) -> Answer:
        return said(ODD if "a on 2" in asked.prompt and asked.number < 6 else WHOLE)

    with FakeEndpoint(once_odd) as endpoint:
        # Six names in range read well by themselves; beside the others' names they are none.
        assert main([*command, "--base-url", endpoint.url]) == 1
        assert len(endpoint.asked) == 6
        assert main([*command, "--base-url", endpoint.url]) == 0
        assert [a.prompt for a in endpoint.asked[6:]] == [
            "[TEST MODEL RESPONSE]\na on 2\n[TEST MODEL RESPONSE END]"
        ]


@pytest.mark.usefixtures("undrawn")
def test_a_reply_that_can_be_read_now_is_not_paid_for_again(command: list[str]) -> None:
    with FakeEndpoint(lambda _: said(WHOLE)) as endpoint:
        assert main([*command, "--base-url", endpoint.url]) == 0
        journal = Path("runs/r/verdicts.jsonl")
        lines = [json.loads(line) for line in journal.read_text("utf-8").splitlines()]
        # As an older version would have kept it that could not read this reply.
        lines[0] |= {"class": "unparseable", "reason": "no scores", "scores": None}
        journal.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
        assert main([*command, "--base-url", endpoint.url]) == 0
        assert len(endpoint.asked) == 6
