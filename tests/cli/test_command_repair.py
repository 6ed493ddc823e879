"""A damaged run is refused with the command that repairs it, and goes on after the repair."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from judgemark.cli import main

pytestmark = pytest.mark.usefixtures("elsewhere", "undrawn")


def judged(*more: str) -> int:
    return main(["--judge-model", "baseline:length", "--run-id", "r", *more])


def test_a_damaged_run_names_the_repair_and_asks_only_what_was_damaged(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("s.json").write_text(
        json.dumps(
            {w: {"samples": {"1": {"a": f"{w} writes.", "b": f"{w} sings."}}} for w in "xyz"}
        ),
        "utf-8",
    )
    assert judged("--samples-file", "s.json") == 0
    journal = Path("runs/r/verdicts.jsonl")
    lines = journal.read_bytes().splitlines(True)
    journal.write_bytes(b"".join(lines[:2]) + lines[2][:80] + b"\n" + b"".join(lines[3:]))
    before = journal.read_bytes()
    capsys.readouterr()
    assert judged("--samples-file", "s.json") == 2
    assert main(["score", "r"]) == 2
    said = capsys.readouterr().err
    assert "verdicts.jsonl: line 3" in said
    assert said.count("judgemark repair") == 2
    assert journal.read_bytes() == before

    assert main(["repair", "r"]) == 0
    said = capsys.readouterr().out
    assert "kept 5 whole lines" in said
    assert "at most 1 question will be asked again" in said
    assert Path("runs/r/verdicts.damaged-1.jsonl").read_bytes() == lines[2][:80] + b"\n"
    assert judged("--samples-file", "s.json") == 0
    assert "1 question to ask, 5 answered already" in capsys.readouterr().out
    assert main(["repair", "r"]) == 0
    assert "nothing to repair: the journal has 6 whole lines" in capsys.readouterr().out


def test_a_run_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["repair", "nowhere"]) == 2
    assert 'no run "nowhere"' in capsys.readouterr().err
