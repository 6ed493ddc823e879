"""Pairwise runs of the real command, for the tests beside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from judgemark.cli import main
from judgemark.run.folder import RunFolder
from judgemark.run.stored_run import read_run
from tests.support.pairwise import field

FIVE = {"ann": 9, "bea": 7, "cid": 5, "dot": 3, "eve": 1}


def write(name: str, value: object) -> str:
    """A JSON file in the current folder."""
    Path(name).write_text(json.dumps(value), "utf-8")
    return name


def written(writers: Mapping[str, int] = FIVE, items: int = 3, iterations: int = 1) -> list[str]:
    """Files of a field in the current folder, as flags."""
    samples, prompts = field(writers, items, iterations)
    return [
        "--samples-file", write("s.json", samples), "--writing-prompts", write("p.json", prompts),
        "--reference-scores", write("r.json", dict(writers)),
    ]  # fmt: skip


def judge(run_id: str, *flags: str, judge_model: str = "baseline:length") -> int:
    """The main job in pairwise mode; the exit code."""
    return main(
        ["--judge-model", judge_model, "--mode", "pairwise", "--run-id", run_id, *flags]
    )  # fmt: skip


def result_of(run_id: str) -> dict[str, Any]:
    """The stored result."""
    found: dict[str, Any] = json.loads(Path("runs", run_id, "result.json").read_text("utf-8"))
    return found


def spec_of(run_id: str) -> dict[str, Any]:
    """What was asked."""
    found: dict[str, Any] = json.loads(Path("runs", run_id, "run.json").read_text("utf-8"))
    return found


def ratings_of(run_id: str) -> dict[tuple[str, str, str], float]:
    """Every rating of a run, to the last digit."""
    run = read_run(RunFolder(Path("runs", run_id)))
    return {(j.writer, j.iteration, j.item): j.value or 0.0 for j in run.judged}


def lines_of(run_id: str) -> list[dict[str, Any]]:
    """The journal."""
    text = Path("runs", run_id, "verdicts.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]
