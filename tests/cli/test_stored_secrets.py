"""Runs of earlier versions stored the keys of --extra-body: they are resumed, and say no key."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from judgemark.cli import main
from judgemark.judges.base import Json
from judgemark.judges.chat_parameters import ChatParameters
from tests.support.fake_endpoint import FakeEndpoint
from tests.support.marked_keys import MARK, echoing, rubric_files

pytestmark = pytest.mark.usefixtures("elsewhere", "undrawn")
OLD: dict[str, Json] = {"api_key": f"{MARK}-old-1", "min_p": 0.1}
NEW: dict[str, Json] = {"api_key": f"{MARK}-new-2", "min_p": 0.1}


def test_a_run_is_keyed_as_it_was_begun() -> None:
    stored = {"extra_body": OLD}
    begun = ChatParameters(extra_body=NEW).as_begun(stored)
    assert begun.to_json()["extra_body"] == OLD
    assert begun.body(frozenset())["api_key"] == NEW["api_key"]
    other = ChatParameters(extra_body={**NEW, "min_p": 0.2})
    assert other.as_begun(stored) is other


def test_what_a_stored_run_says_of_its_judge_holds_no_key(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with FakeEndpoint(echoing) as endpoint:
        flags = ["--judge-model", "j", "--base-url", endpoint.url, "--run-id", "r",
                 *rubric_files()]  # fmt: skip
        assert main([*flags, "--extra-body", json.dumps(NEW)]) == 0
    path = Path("runs/r/run.json")
    stored = json.loads(path.read_text("utf-8"))
    for part in (stored["judge"], stored["fingerprint"]["judge"]):
        part["parameters"]["extra_body"] = OLD
    path.write_text(json.dumps(stored), "utf-8")
    capsys.readouterr()
    assert main(["score", "r", "--json"]) == 0
    assert main(["leaderboard", "r", "--format", "json"]) == 0
    assert main([*flags, "--extra-body", json.dumps({**NEW, "min_p": 0.2})]) == 2
    printed = capsys.readouterr()
    assert MARK not in printed.out + printed.err
