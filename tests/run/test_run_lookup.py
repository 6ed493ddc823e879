"""What a user means by RUN."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from judgemark.errors import InputError, UsageError
from judgemark.inputs.samples import sample_set
from judgemark.run.folder import RunFolder
from judgemark.run.run_lookup import find_folder, list_runs, load, load_one

PIECES = sample_set({"ann": {"samples": {"1": {"7": "text"}}}}, "s.json", "mine")
SPEC = {
    "judge": {"spec": "baseline:length"},
    "fingerprint": {
        "protocol": {"name": "direct", "version": 1},
        "samples": {"sha256": PIECES.sha256},
        "scoring": {"min": 0, "max": 10, "criteria": None},
    },
}
ITEM = {"parsed_scores": {"Wit": 7.0}}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def begun(path: Path) -> RunFolder:
    folder = RunFolder(path)
    folder.begin(SPEC, PIECES)
    return folder


def runs_file(path: Path, *keys: str) -> None:
    run = {"judge_model": "j", "results": {"ann": {"1": {"7": ITEM}}}}
    path.write_text(json.dumps(dict.fromkeys(keys, run)), "utf-8")


def test_a_run_is_named_by_its_id_or_by_its_folder(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    begun(runs / "mine")
    begun(tmp_path / "copied")
    assert list(load("mine", runs)) == ["mine"]
    assert list(load("runs/mine", runs)) == ["mine"]
    assert list(load(str(tmp_path / "copied"), runs)) == ["copied"]
    assert list(load("copied/", runs)) == ["copied"]
    assert load_one("mine", runs).pieces == 1


def test_an_upstream_file_holds_several_and_a_key_picks_one(tmp_path: Path) -> None:
    runs_file(Path("old.json"), "a", "b::c")
    runs = tmp_path / "runs"
    assert list(load("old.json", runs)) == ["a", "b::c"]
    assert list(load("old.json::a", runs)) == ["a"]
    assert list(load("old.json::b::c", runs)) == ["b::c"]
    with pytest.raises(UsageError, match=r'old\.json: no run "z"; there are a, b::c'):
        load("old.json::z", runs)
    with pytest.raises(UsageError, match=r"holds 2 runs; name one as old\.json::RUN_KEY"):
        load_one("old.json", runs)


@pytest.mark.parametrize("name", ["none", "../up", "no/such/folder", "x" * 300, "none.json::k"])
def test_what_is_nowhere_is_said_in_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r'no run ".*": .* nor a file; "judgemark runs" lists'):
        load(name, tmp_path / "runs")


def test_a_folder_that_holds_no_run_is_said(tmp_path: Path) -> None:
    (tmp_path / "runs" / "empty").mkdir(parents=True)
    with pytest.raises(UsageError, match=r'"empty" holds no run\.json'):
        load("empty", tmp_path / "runs")


def test_a_file_that_is_no_runs_file_is_said(tmp_path: Path) -> None:
    Path("s.json").write_text('{"ann": {"samples": {}}}', "utf-8")
    with pytest.raises(InputError, match=r"s\.json: is not a runs file"):
        load("s.json", tmp_path / "runs")


def test_runs_are_listed_by_id(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    assert list_runs(runs) == []
    for name in ("b", "a"):
        begun(runs / name)
    (runs / "no run").mkdir()
    (runs / "file").write_text("")
    assert [folder.run_id for folder in list_runs(runs)] == ["a", "b"]
    assert find_folder("a", runs) == RunFolder((runs / "a").resolve())
    assert find_folder("c", runs) is None


def test_a_folder_that_may_not_be_looked_into_is_listed_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = tmp_path / "runs"
    begun(runs / "closed")
    begun(runs / "open")

    # Root may look everywhere, so the system's answer is given here.
    def no_entry(path: Path, *_: object, **__: object) -> bool:
        if path.parent.name == "closed":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return True

    monkeypatch.setattr(Path, "is_file", no_entry)
    monkeypatch.setattr(Path, "open", no_entry)
    assert [folder.run_id for folder in list_runs(runs)] == ["closed", "open"]
    found = find_folder("closed", runs)
    assert found is not None
    with pytest.raises(InputError, match=r"closed/run\.json: cannot be read \(Permission denied"):
        found.spec()
