"""The runs of one judge on the command line: board, shared board, card and gate."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from judgemark.cli import main

pytestmark = pytest.mark.slow


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A main job and a ladder by one judge, in a folder of their own."""
    monkeypatch.chdir(tmp_path)
    for module in ("judgemark.jobs.finish_run", "judgemark.jobs.run_pictures"):
        monkeypatch.setattr(f"{module}.write_report", lambda *_, **__: None, raising=False)
    judge = ["--judge-model", "baseline:length"]
    assert main([*judge, "--run-id", "whole"]) == 0
    assert main(["ladder", *judge, "--run-id", "steps", "--kinds", "words-shuffled"]) == 0
    return tmp_path


def test_a_ladder_joins_the_row_of_its_judge(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["leaderboard", "--format", "json"]) == 0
    sections = json.loads(capsys.readouterr().out)["sections"]
    rows = [row for part in sections for row in part["scorecards"]["v4"]]
    (row,) = [row for row in rows if row["run_id"] == "whole"]
    assert [e["run_id"] for e in row["joined"]] == ["steps"]
    ladder = json.loads((runs / "runs/steps/result.json").read_text("utf-8"))
    assert row["validity"]["damage_accuracy"] == pytest.approx(
        ladder["figures"]["damage_accuracy"], abs=1e-6
    )
    assert main(["card", "whole"]) == 0
    assert "- ladder: steps" in capsys.readouterr().out
    main(["gate", "whole", "--min", "damage_accuracy=0"])
    said = capsys.readouterr().out
    assert "reached  damage_accuracy" in said and "with     ladder steps" in said


def test_a_shared_board_holds_both(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    for _ in range(2):
        assert main(["leaderboard", "add", "whole", "steps", "--board", "b.jsonl"]) == 0
    assert "b.jsonl: 2 entries" in capsys.readouterr().out
    assert len((runs / "b.jsonl").read_text("utf-8").splitlines()) == 2
    assert main(["leaderboard", "--board", "b.jsonl", "--format", "csv"]) == 0
    assert "ladder:steps" in capsys.readouterr().out
