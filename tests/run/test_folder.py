"""A run's folder: its name, its files, who may write, and what may not change under one id."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from judgemark.errors import InputError, UsageError
from judgemark.inputs.samples import SampleSet, sample_set
from judgemark.redaction import Scrubber
from judgemark.run.folder import (
    RunFolder,
    check_run_id,
    check_runs_folder,
    default_run_id,
    differences,
    refuse_change,
)

HOME = Path(__file__).resolve().parents[2]


def some_samples() -> SampleSet:
    return sample_set({"ann": {"samples": {"1": {"7": "text – “é”"}}}}, "s.json", "mine")


FINGERPRINT: dict[str, Any] = {
    "judge": {"kind": "endpoint", "name": "j"},
    "protocol": {"name": "rubric", "version": 1},
    "samples": {"sha256": some_samples().sha256},
    "prompts": {"sha256": "cd" * 32},
    "scoring": {"min": 0.0, "max": 10.0, "criteria": None},
}
SPEC = {"run_id": "r", "judge": {"spec": "j"}, "fingerprint": FINGERPRINT}


def begun(folder: Path) -> RunFolder:
    run = RunFolder(folder / "r")
    run.begin(SPEC, some_samples())
    return run


@pytest.mark.parametrize("run_id", ["a", "my run", "judge--set--0123abcd", "é", "v1.2_x~1"])
def test_ids_that_name_a_folder(run_id: str) -> None:
    assert check_run_id(run_id) == run_id


@pytest.mark.parametrize(
    "run_id",
    [
        "",
        "  ",
        "a/b",
        "/abs",
        "a\\b",
        "..",
        "../up",
        "a..b",
        ".hidden",
        "-flag",
        "a\nb",
        "a\x1b[2J",
        "a\x85b",
        "a\u202eb",
        "half \udc80",
        "x" * 151,
    ],
)
def test_ids_that_do_not_are_refused_in_one_harmless_line(run_id: str) -> None:
    with pytest.raises(UsageError, match=r"run_id: .* cannot name a folder") as caught:
        check_run_id(run_id)
    assert str(caught.value).isprintable()


@given(st.text(max_size=80), st.text(max_size=60))
@example("PK:0", "000")
@settings(max_examples=150, deadline=None)
def test_the_id_made_of_judge_and_samples_always_names_a_folder(judge: str, samples: str) -> None:
    made = default_run_id(judge, samples, FINGERPRINT)
    assert check_run_id(made) == made
    assert made == default_run_id(judge, samples, FINGERPRINT)
    assert Scrubber().message(f"Run {made}: 144 questions") == f"Run {made}: 144 questions"


def test_the_id_of_a_judge_whose_name_begins_like_a_key_can_be_printed() -> None:
    made = default_run_id("xai/grok-4", "samples", FINGERPRINT)
    assert made.startswith("xai.grok.4.samples.")
    assert Scrubber().message(made) == made


def test_the_id_names_judge_and_samples_and_follows_what_is_asked() -> None:
    made = default_run_id("some/judge:free", "samples", FINGERPRINT)
    assert made.startswith("some-judge-free--samples--")
    assert made != default_run_id("some/judge:free", "samples", FINGERPRINT | {"scoring": {}})
    assert ".." not in default_run_id("a...b", "c....d", {})


def test_what_was_begun_reads_back(tmp_path: Path) -> None:
    run = RunFolder(tmp_path / "r")
    assert not run.exists
    assert (begun(tmp_path).exists, run.run_id) == (True, "r")
    assert run.spec() == SPEC
    assert run.samples() == some_samples()
    assert run.samples().sha256 == some_samples().sha256
    assert (run.result(), run.references()) == (None, None)


def test_reference_scores_are_kept_and_taken_back(tmp_path: Path) -> None:
    run = begun(tmp_path)
    run.keep_references({"ann": 2.0})
    assert run.references() == {"ann": 2.0}
    run.keep_references(None)
    run.keep_references(None)
    assert run.references() is None


def spoilt(run: RunFolder, data: bytes) -> None:
    (run.path / "samples.json.gz").write_bytes(data)


def test_damaged_samples_are_said(tmp_path: Path) -> None:
    run = begun(tmp_path)
    whole = (run.path / "samples.json.gz").read_bytes()
    flipped = bytearray(whole)
    flipped[15] ^= 0xFF
    for data in (
        b"",
        b"not gzip",
        whole[:-9],
        bytes(flipped),
        gzip.compress(b"\xff"),
        gzip.compress(b"{"),
        gzip.compress(b"[]"),
        gzip.compress(b'{"pieces": {"ann": 3}}'),
    ):
        spoilt(run, data)
        with pytest.raises(InputError, match=r"samples\.json\.gz"):
            run.samples()
    (run.path / "samples.json.gz").unlink()
    with pytest.raises(InputError, match="no such file; restore it from a copy"):
        run.samples()


def test_other_pieces_than_those_judged_are_refused(tmp_path: Path) -> None:
    run = begun(tmp_path)
    others = {"ann": {"samples": {"1": {"7": "another text"}}}}
    spoilt(run, gzip.compress(json.dumps({"name": "mine", "pieces": others}).encode()))
    with pytest.raises(InputError, match=r"samples\.json\.gz: holds other pieces"):
        run.samples()


@pytest.mark.parametrize(
    "spec", [[], {}, {"fingerprint": {}}, {"judge": {}, "fingerprint": {"protocol": "rubric"}}]
)
def test_a_description_that_is_none_is_said(tmp_path: Path, spec: object) -> None:
    run = begun(tmp_path)
    (run.path / "run.json").write_text(json.dumps(spec), "utf-8")
    with pytest.raises(InputError, match=r"run\.json: is not the description of a run"):
        run.spec()


@pytest.mark.parametrize(
    ("part", "changed", "said"),
    [
        ("samples", {"sha256": "ee" * 32}, "samples (sha256: "),
        ("prompts", {"sha256": None}, "prompts (sha256: "),
        ("protocol", {"name": "rubric", "version": 2}, "protocol (version: 1 then, 2 now)"),
        (
            "scoring",
            {"min": 0.0, "max": 20.0, "criteria": None},
            "scoring (max: 10.0 then, 20.0 now)",
        ),
        ("judge", {"kind": "endpoint", "name": "k"}, 'judge (name: "j" then, "k" now)'),
    ],
)
def test_what_changed_under_the_same_id_is_refused_by_name(
    tmp_path: Path, part: str, changed: Any, said: str
) -> None:
    run = begun(tmp_path)
    refuse_change(run, FINGERPRINT)
    with pytest.raises(UsageError) as caught:
        refuse_change(run, FINGERPRINT | {part: changed})
    assert f'run "r" was begun with something else: {said}' in str(caught.value)
    assert "fresh" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_differences_name_parts_that_only_one_side_has() -> None:
    assert differences({"a": 1}, {"a": 1}) == []
    assert differences({"a": 1}, {"b": [2]}) == ["a: 1 then, null now", "b: null then, [2] now"]
    # A changed parameter is named however deep it lies.
    deep = differences({"judge": {"p": {"t": 0, "n": 1}}}, {"judge": {"p": {"t": 1, "n": 1}}})
    assert deep == ["judge (p (t: 0 then, 1 now))"]


def test_two_long_values_are_told_apart() -> None:
    (said,) = differences({"a": "x" * 100 + "1"}, {"a": "x" * 100 + "2"})
    then, now = said.removeprefix("a: ").removesuffix(" now").split(" then, ")
    assert then != now
    assert len(said) < 80


def test_an_old_run_is_moved_aside_not_lost(tmp_path: Path) -> None:
    assert begun(tmp_path).move_aside().name == "r~1"
    assert begun(tmp_path).move_aside().name == "r~2"
    assert {p.name for p in tmp_path.iterdir()} == {"r~1", "r~2"}


HOLDER = """
import sys, time
from pathlib import Path
from judgemark.errors import UsageError
from judgemark.run.folder import RunFolder
try:
    with RunFolder(Path(sys.argv[1])).locked():
        print("locked", flush=True)
        time.sleep(60)
except UsageError as exc:
    print(exc)
"""


def test_the_second_process_on_a_run_is_told_and_a_killed_one_lets_go(tmp_path: Path) -> None:
    run = begun(tmp_path)
    command = [sys.executable, "-W", "error", "-c", HOLDER, str(run.path)]
    told = 'run "r" is being asked by another process or thread'
    with subprocess.Popen(command, cwd=HOME, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "locked\n"
        with pytest.raises(UsageError, match=told), run.locked():
            pytest.fail("two processes hold one run")
        first.send_signal(signal.SIGKILL)
    with run.locked():
        second = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=True)
        assert second.stdout.startswith(told)


def test_a_runs_folder_that_cannot_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match=r"runs_dir: .* cannot be made .*; name another folder"):
        check_runs_folder(tmp_path / "file" / "runs")
    with pytest.raises(UsageError, match=r"runs_dir: .* cannot be made"):
        check_runs_folder(tmp_path / "file")
    with pytest.raises(UsageError, match=r"runs_dir: .* cannot be made"):
        check_runs_folder(tmp_path / ("x" * 5000))
    check_runs_folder(tmp_path)


def test_a_runs_folder_that_is_not_there_is_made_with_the_first_run(tmp_path: Path) -> None:
    check_runs_folder(tmp_path / "new" / "runs")
    assert not (tmp_path / "new").exists()
    assert begun(tmp_path / "new" / "runs").exists


def test_a_runs_folder_that_may_not_be_written_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Root may write everywhere, so the system's answer is given here.
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(UsageError, match=r"runs_dir: .* cannot be written; name another folder"):
        check_runs_folder(tmp_path)


def test_a_run_whose_folder_is_gone_cannot_be_locked(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(UsageError, match="cannot be written"),
        RunFolder(tmp_path / "file").locked(),
    ):
        pytest.fail("locked a file")


def test_a_result_that_could_not_be_written_is_said_before_asking(tmp_path: Path) -> None:
    run = begun(tmp_path)
    run.refuse_unwritable()
    (run.path / "charts").write_text("in the way", "utf-8")
    with pytest.raises(UsageError, match=r"charts: is not a folder"):
        run.refuse_unwritable()
    (run.path / "charts").unlink()
    (run.path / "report.html").mkdir()
    with pytest.raises(UsageError, match=r"report\.html is a folder"):
        run.refuse_unwritable()
