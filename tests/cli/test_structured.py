"""--structured: a JSON schema where the endpoint supports it, free text where it does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from judgemark.cli import main
from tests.support.fake_endpoint import Answer, Asked, FakeEndpoint, Script, refused, said

pytestmark = pytest.mark.usefixtures("elsewhere", "undrawn")


def follows(asked: Asked) -> Answer:
    """Scores in the schema, else in free text that cannot be read."""
    if "response_format" not in asked.body:
        return said("Well.")
    keys = asked.body["response_format"]["json_schema"]["schema"]["required"]
    return said(json.dumps({key: (len(asked.prompt) + n) % 11 for n, key in enumerate(keys)}))


def plain(asked: Asked) -> Answer:
    if "response_format" in asked.body:
        return refused(400, "response_format is not supported with this model")
    names = [c["name"] for c in json.loads(CRITERIA.read_text("utf-8"))["criteria"]]
    return said("\n".join(f"{name}: {len(asked.prompt) % 11}" for name in names))


CRITERIA = Path(__file__).resolve().parents[2] / "prompts" / "criteria.json"


def judged(script: Script, *flags: str) -> tuple[int, list[Asked]]:
    with FakeEndpoint(script) as endpoint:
        code = main(["--judge-model", "fake", "--base-url", endpoint.url, "--limit", "6", *flags])
        return code, endpoint.asked


def asked_in(folder: Path) -> set[str]:
    """The questions of a run, by their keys."""
    lines = (folder / "verdicts.jsonl").read_text("utf-8").splitlines()
    return {json.loads(line)["question"] for line in lines}


def test_a_schema_is_asked_for_with_every_piece_and_stays_with_the_run(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, asked = judged(follows, "--structured", "auto")
    assert code == 0
    assert "Structured scores are asked for in a JSON schema" in capsys.readouterr().out
    # One short test question, then the six pieces.
    assert len(asked) == 1 + 6
    assert all("response_format" in a.body for a in asked)
    code, asked = judged(follows, "--structured", "auto")
    assert (code, asked) == (0, [])


def test_where_the_schema_is_refused_the_questions_are_those_of_free_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, asked = judged(plain, "--structured", "auto")
    assert code == 0
    assert "replies are free text" in capsys.readouterr().out
    assert all("response_format" not in a.body for a in asked[1:])
    (folder,) = Path("runs").iterdir()
    keys = asked_in(folder)
    assert judged(plain, "--run-id", "off")[0] == 0
    assert asked_in(Path("runs/off")) == keys


def test_on_is_a_usage_error_where_the_endpoint_does_not_support_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert judged(plain, "--structured", "on")[0] == 2
    assert "--structured on: " in capsys.readouterr().err
    assert judged(follows, "--structured", "on", "--mode", "pairwise")[0] == 2


def older(asked: Asked) -> Answer:
    """As an older server of llama.cpp: the schema stands beside the type json_object."""
    form = asked.body.get("response_format", {})
    if form.get("type") != "json_object":
        return refused(
            500,
            'response_format type must be one of "text" or "json_object", but got: '
            f"{form.get('type')}",
        )
    keys = form["schema"]["required"]
    return said(json.dumps({key: (len(asked.prompt) + n) % 11 for n, key in enumerate(keys)}))


def test_an_older_server_is_asked_in_its_own_form_and_the_run_goes_on_so() -> None:
    code, asked = judged(older, "--structured", "auto", "--max-requests", "3")
    assert code == 3
    code, more = judged(older, "--structured", "auto")
    assert code == 0
    # The question in each form, then six pieces over both commands, without another probe.
    assert len(asked) + len(more) == 2 + 6
    assert all(a.body["response_format"]["type"] == "json_object" for a in [*asked[1:], *more])
