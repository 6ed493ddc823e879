"""What a scored run keeps is used as long as it fits, and not a moment longer."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from judgemark.leaderboard.result_cache import keep, kept_result, shown_again, stamp
from judgemark.run.folder import RunFolder
from judgemark.version import __version__
from tests.leaderboard.board_data import composed


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    """A scored run with two verdicts."""
    made = RunFolder(tmp_path / "run")
    made.path.mkdir()
    made.journal.write_text("one\ntwo\n", "utf-8")
    keep(made, composed(), stamp(made))
    return made


def test_what_was_kept_comes_back(folder: RunFolder) -> None:
    made, found = composed(), kept_result(folder)
    assert found is not None
    assert found.result == {**made.result, "run_id": "run"}
    for key, row in found.replicates.items():
        assert np.abs(row - made.replicates[key]).max() <= 0.005
    assert found.replicates.keys() == found.twins.keys() == made.replicates.keys()


def test_void_resamples_come_back_void(folder: RunFolder) -> None:
    made = composed()
    made.replicates["v4", "raw"][3] = np.nan
    keep(folder, made, stamp(folder))
    found = kept_result(folder)
    assert found is not None
    assert np.flatnonzero(np.isnan(found.replicates["v4", "raw"])).tolist() == [3]


def test_a_report_is_shown_again_while_all_that_it_shows_is_the_same(folder: RunFolder) -> None:
    made = composed()
    version = {**made.result, "program": {"name": "judgemark", "version": __version__}}
    keep(folder, replace(made, result=version), stamp(folder), with_replies=False)
    assert shown_again(folder, with_replies=False) is None  # there is no report yet
    (folder.path / "charts").mkdir()
    for name in ("scores.csv", "report.html"):
        (folder.path / name).write_text("made", "utf-8")
    assert shown_again(folder, with_replies=False) is not None
    assert shown_again(folder, with_replies=True) is None  # another kind of report
    os.utime(folder.path / "report.html", ns=(0, 0))
    assert shown_again(folder, with_replies=False) is None  # the report of an older result
    os.utime(folder.path / "report.html")
    with folder.journal.open("a") as file:
        file.write("three\n")
    assert shown_again(folder, with_replies=False) is None


def test_a_report_of_another_version_is_made_again(folder: RunFolder) -> None:
    made = composed()
    older = {**made.result, "program": {"name": "judgemark", "version": "0.0.1"}}
    keep(folder, replace(made, result=older), stamp(folder), with_replies=False)
    (folder.path / "charts").mkdir()
    for name in ("scores.csv", "report.html"):
        (folder.path / name).write_text("made", "utf-8")
    assert kept_result(folder) is not None
    assert shown_again(folder, with_replies=False) is None


def test_a_new_verdict_makes_it_unfit(folder: RunFolder) -> None:
    with folder.journal.open("a") as file:
        file.write("three\n")
    assert kept_result(folder) is None


def test_a_changed_verdict_of_the_same_length_makes_it_unfit(folder: RunFolder) -> None:
    folder.journal.write_text("one\nTWO\n", "utf-8")
    os.utime(folder.journal, ns=(0, 0))
    assert kept_result(folder) is None


def test_a_copied_run_fits_though_its_times_do_not(folder: RunFolder, tmp_path: Path) -> None:
    shutil.copytree(folder.path, tmp_path / "copy", copy_function=shutil.copyfile)
    copy = RunFolder(tmp_path / "copy")
    os.utime(copy.journal, ns=(0, 0))
    found = kept_result(copy)
    assert found is not None
    assert found.result["run_id"] == "copy"


def test_an_edited_result_is_not_trusted(folder: RunFolder) -> None:
    path = folder.path / "result.json"
    path.write_text(path.read_text("utf-8").replace("80.0", "99.0"), "utf-8")
    assert kept_result(folder) is None


def test_another_metric_version_is_scored_again(folder: RunFolder) -> None:
    path = folder.path / "replicates.json"
    kept = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**kept, "metric_version": "0"}), "utf-8")
    assert kept_result(folder) is None


@pytest.mark.parametrize("name", ["result.json", "replicates.json", "verdicts.jsonl"])
def test_without_one_of_its_files_a_run_is_scored_again(folder: RunFolder, name: str) -> None:
    (folder.path / name).unlink()
    assert kept_result(folder) is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1}', "\xff"])
def test_damaged_replicates_are_as_good_as_none(folder: RunFolder, text: str) -> None:
    (folder.path / "replicates.json").write_text(text, "latin-1")
    assert kept_result(folder) is None
