"""A command that only reads a run changes none of its files, torn last lines included."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from judgemark.errors import JudgemarkError
from judgemark.jobs.ask_run import priced_work
from judgemark.jobs.board_runs import scored
from judgemark.jobs.prepare_run import prepare
from judgemark.jobs.run_kinds import Rescoring, results_of
from judgemark.judging.job_settings import InputFiles, JobSettings, Limits
from judgemark.run.asked_log import AskedLog, set_out_to_ask
from judgemark.run.batch_log import BatchLog
from judgemark.run.batch_reading import recorded_answers
from judgemark.run.folder import RunFolder
from judgemark.run.journal import read_entries
from judgemark.run.stored_run import read_run
from tests.fixtures.kept_runs import INPUTS, RUNS

TORN = ("verdicts.jsonl", "asked.jsonl", "batches.jsonl")


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    """A run whose last command was killed while it wrote."""
    path = tmp_path / "runs" / "rubric-endpoint"
    shutil.copytree(RUNS / path.name, path)
    (path / "batches.jsonl").write_text('{"event":"intent","token":"t1","questions":["q"]}\n')
    for name in TORN:
        with (path / name).open("ab") as file:
            file.write(b'{"torn')
    return RunFolder(path)


def contents(folder: RunFolder) -> dict[str, tuple[bytes, int]]:
    files = (p for p in folder.path.rglob("*") if p.is_file())
    return {str(p): (p.read_bytes(), p.stat().st_mtime_ns) for p in files}


def refused_because_of_the_batch(folder: RunFolder) -> None:
    settings = JobSettings(
        judge_model="fake",
        base_url="http://127.0.0.1:9/v1",
        files=InputFiles(
            samples_file=INPUTS / "samples.json",
            prompts_file=INPUTS / "prompts.json",
            criteria_file=INPUTS / "criteria.json",
        ),
        limits=Limits(),
        run_id=folder.run_id,
        runs_dir=folder.path.parent,
    )
    with pytest.raises(JudgemarkError, match="out in batches"):
        priced_work(prepare(settings, {"OPENAI_API_KEY": "none"}))


LOOKING: dict[str, Callable[[RunFolder], object]] = {
    "entries": lambda folder: list(read_entries(folder.journal)),
    "verdicts": read_run,
    "plans": lambda folder: set_out_to_ask(folder.path / "asked.jsonl"),
    "plans of who will ask": lambda folder: AskedLog(folder.path / "asked.jsonl"),
    "batches": lambda folder: BatchLog(folder.path).batches,
    "answers of batches": lambda folder: recorded_answers(folder.journal),
    "score": lambda folder: results_of(str(folder.path), folder.path.parent, Rescoring()),
    "leaderboard": lambda folder: scored(str(folder.path), folder.path.parent),
    "a command that is refused": refused_because_of_the_batch,
}


@pytest.mark.parametrize("name", LOOKING)
def test_looking_at_a_run_changes_no_file(folder: RunFolder, name: str) -> None:
    before = contents(folder)
    LOOKING[name](folder)
    assert contents(folder) == before
