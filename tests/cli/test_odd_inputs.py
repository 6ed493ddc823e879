"""Inputs that are odd but plausible: what becomes of them is told in time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from judgemark.cli import main
from tests.cli.pairwise_runs import write

pytestmark = pytest.mark.usefixtures("elsewhere", "undrawn")


def two_writers() -> dict[str, Any]:
    """Two writers of three pieces each."""
    return {
        writer: {"samples": {"1": {str(n): f"{writer} wrote piece {n}" for n in range(3)}}}
        for writer in ("ann", "bea")
    }


def test_pieces_without_text_and_writers_without_pieces_are_told_before_anything_is_asked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    samples: dict[str, Any] = two_writers()
    samples["ann"]["samples"]["1"]["0"] = " "
    samples |= {name: {"samples": {}} for name in "vwxyz"}
    flags = ["--samples-file", write("s.json", samples), "--dry-run"]
    assert main(["--judge-model", "baseline:length", *flags]) == 0
    said = capsys.readouterr().out
    assert "1 piece without text; the first is of ann, iteration 1, item 0" in said
    assert "without any piece, and left out: v, w, x and 2 others" in said


def test_a_text_for_a_placeholder_that_no_prompt_has_is_said_to_be_unused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    around = "[TEST MODEL RESPONSE]\n[TEST MODEL RESPONSE END]"
    prompts = {str(n): f"<RUBRIC_CRITERIA>\n{around}" for n in range(3)}
    Path("text.txt").write_text("Wit\n", "utf-8")
    flags = ["--judge-model", "x", "--base-url", "http://127.0.0.1:9/v1", "--dry-run"]
    flags += ["--samples-file", write("s.json", two_writers())]
    flags += ["--prompts-file", write("q.json", prompts)]
    flags += ["--rubric-criteria-file", "text.txt", "--score-anchoring-file", "text.txt"]
    assert main(flags) == 0
    said = capsys.readouterr().out
    assert "--score-anchoring-file is not used: no prompt has <SCORE_ANCHORING>" in said
    assert "--rubric-criteria-file is not used" not in said
