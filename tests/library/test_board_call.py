"""board: many judges on one leaderboard."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import judgemark as jm
from tests.library.judged_data import SAMPLES, long_table, reads

pytestmark = pytest.mark.usefixtures("elsewhere", "undrawn")


@pytest.fixture
def board(elsewhere: Path, undrawn: None) -> jm.RunBoard:
    del elsewhere, undrawn
    one = jm.judge(reads, samples=SAMPLES, run_id="one")
    jm.judge(jm.ScriptedJudge(otherwise=5.0), samples=SAMPLES, run_id="two")
    return jm.board([one, "two", jm.score(long_table(), name="elsewhere")])


def test_a_board_is_written_in_every_format(board: jm.RunBoard) -> None:
    assert board.to_html("board.html") is None
    board.to_csv("board.csv")
    board.to_json(Path("board.json"))
    board.to_markdown("board.md")
    assert "<html" in Path("board.html").read_text("utf-8")
    assert "python:reads" in Path("board.md").read_text("utf-8")
    judges = json.loads(Path("board.json").read_text("utf-8"))
    assert "elsewhere" in json.dumps(judges)
    assert Path("board.csv").read_text("utf-8").count("\n") > 3


def test_without_a_path_the_text_comes_back(board: jm.RunBoard) -> None:
    assert "python:reads" in (board.to_markdown() or "")
    assert not list(Path().glob("board.*"))


@pytest.mark.usefixtures("board")
def test_by_default_all_runs_of_the_folder_are_shown() -> None:
    assert {entry.run_id for entry in jm.board().entries} == {"one", "two"}


def test_nothing_to_show(tmp_path: Path) -> None:
    with pytest.raises(jm.UsageError, match="no run"):
        jm.board([])
    with pytest.raises(jm.UsageError, match="no run"):
        jm.board(runs_dir=tmp_path / "none")
    with pytest.raises(jm.UsageError, match="v3"):
        jm.board([], scorecard="v3")
