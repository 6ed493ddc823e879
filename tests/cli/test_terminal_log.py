"""What is logged is said on the terminal by every command, harmless and in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from judgemark.cli import main

pytestmark = pytest.mark.usefixtures("elsewhere", "undrawn")


def test_every_command_tells_of_numbers_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    pieces = {w: {"samples": {"1": {"a": f"{w} writes.", "b": f"{w} sings."}}} for w in "xyz"}
    Path("s.json").write_text(json.dumps(pieces), "utf-8")
    judged = ["--judge-model", "baseline:length", "--samples-file", "s.json", "--run-id", "r"]
    assert main(judged) == 0
    journal = Path("runs/r/verdicts.jsonl")
    first, *rest = journal.read_text("utf-8").splitlines(True)
    line = json.loads(first)
    line["usage"]["cost"] = 1e308
    line["scores"] = {"Wit\x1b[2J\u202e": 1e308}
    journal.write_text(json.dumps(line) + "\n" + "".join(rest), "utf-8")
    capsys.readouterr()
    for command in (judged, ["score", "r"], ["export", "r"]):
        main(command)
        said = capsys.readouterr().err
        assert "WARNING" in said
        assert "line 1: " in said
        assert "\x1b" not in said
        assert "\u202e" not in said


@pytest.mark.parametrize("command", [["runs"], ["score", "r"], ["judge", "--judge-model", "x"]])
def test_a_level_that_is_none_is_refused(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOG_VERBOSITY", "LOUD")
    assert main(command) == 2
    assert capsys.readouterr().err.startswith('judgemark: LOG_VERBOSITY: "LOUD"')
