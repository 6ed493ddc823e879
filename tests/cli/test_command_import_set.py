"""`import-set`: the files of a public set become files that `pairs` reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from judgemark.cli import main

LITBENCH = "prompt,chosen_story,rejected_story\nA dog.,It barked.,It was.\n"


def test_the_command_writes_the_files_and_says_what_is_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "l.csv", tmp_path / "made"
    file.write_text(LITBENCH)
    assert main(["import-set", "litbench", str(file), "-o", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "1 pairs" in printed
    assert f"pairs --judge-model SPEC --pairs-file {out}/pairs.jsonl" in printed
    assert json.loads((out / "pairs.jsonl").read_text("utf-8"))["chosen"] == "It barked."


def test_nothing_is_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "l.csv"
    file.write_text(LITBENCH)
    (tmp_path / "pairs.jsonl").write_text("mine")
    assert main(["import-set", "litbench", str(file), "-o", str(tmp_path)]) == 2
    assert "is there already; name another folder" in capsys.readouterr().err
    assert main(["import-set", "litbench", str(file), "-o", str(file)]) == 2
    assert "is a file; give the path of a folder" in capsys.readouterr().err
    assert (tmp_path / "pairs.jsonl").read_text() == "mine"


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["hannah", "f", "-o", "o"], "invalid choice: 'hannah'"),
        (["hanna", "none.csv", "-o", "o"], "none.csv: no such file"),
        (["hanna", "none.csv"], "required: -o"),
    ],
)
def test_bad_input_is_one_line(
    words: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import-set", *words]) == 2
    error = capsys.readouterr().err
    assert problem in error
    assert len(error.strip().splitlines()) == 1
