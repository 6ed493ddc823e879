"""One bad run is named; the others are listed, scored and ranked all the same."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from judgemark.cli import main

pytestmark = pytest.mark.usefixtures("elsewhere", "undrawn")
RUNS = Path("runs")


@pytest.fixture
def two_runs(elsewhere: Path) -> Path:
    """A whole run, and another one that each test damages."""
    Path("s.json").write_text(
        json.dumps(
            {w: {"samples": {"1": {"a": f"{w} writes.", "b": f"{w} sings {w}."}}} for w in "xyz"}
        ),
        "utf-8",
    )
    assert main(["--judge-model", "baseline:length", "--samples-file", "s.json"]) == 0
    (whole,) = RUNS.iterdir()
    whole.rename(RUNS / "whole")
    shutil.copytree(RUNS / "whole", RUNS / "bad")
    return elsewhere


def changed(name: str, change: Callable[[Any], Any]) -> Callable[[], None]:
    """Change the value in a JSON file of the bad run."""

    def apply() -> None:
        path = RUNS / "bad" / name
        path.write_text(json.dumps(change(json.loads(path.read_text("utf-8")))), "utf-8")

    return apply


def cut(name: str) -> Callable[[], None]:
    """Cut a file of the bad run in half."""

    def apply() -> None:
        path = RUNS / "bad" / name
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    return apply


DAMAGE: dict[str, Callable[[], None]] = {
    "run.json cut": cut("run.json"),
    "run.json without a judge": changed("run.json", lambda d: d | {"judge": 3}),
    "run.json with an absurd seed": changed("run.json", lambda d: d | {"seed": 10**400}),
    "run.json of words": changed("run.json", lambda d: d | {"repeats": "many"}),
    "run.json is a list": changed("run.json", lambda d: [d]),
}


@pytest.mark.usefixtures("two_runs")
@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_run_with_a_damaged_description_is_named_and_the_others_are_shown(
    damage: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    damage()
    capsys.readouterr()
    assert main(["runs"]) == 0
    bad, whole = capsys.readouterr().out.splitlines()
    assert bad.startswith("bad")
    assert "unreadable" in bad
    assert "run.json" in bad
    assert "complete" in whole
    assert main(["leaderboard", "--format", "md"]) == 0
    said = capsys.readouterr()
    assert "left out: " in said.err
    assert "run.json" in said.err
    assert "baseline:length" in said.out
    for command in (["score", "bad"], ["leaderboard", "bad"], ["card", "bad"]):
        assert main(command) == 2
        assert "run.json" in capsys.readouterr().err


@pytest.mark.usefixtures("two_runs")
@pytest.mark.parametrize("result", ["[]", "{", '{"status": "complete", "scorecards": {"v4": 3}}'])
def test_a_damaged_result_does_not_end_the_list(
    result: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (RUNS / "bad" / "result.json").write_text(result, "utf-8")
    capsys.readouterr()
    assert main(["runs"]) == 0
    bad, whole = capsys.readouterr().out.splitlines()
    assert "result.json" in bad
    assert "complete" in whole
    # The figures are made again from the verdicts.
    assert main(["score", "bad"]) == 0


@pytest.mark.usefixtures("two_runs")
def test_an_absurd_usage_does_not_make_a_run_unscorable(
    capsys: pytest.CaptureFixture[str],
) -> None:
    journal = RUNS / "bad" / "verdicts.jsonl"
    lines = [json.loads(line) for line in journal.read_text("utf-8").splitlines()]
    lines[0]["usage"] |= {"prompt_tokens": 10**400, "cost": 1e308}
    lines[1]["usage"] |= {"cost": 1e308}
    journal.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    capsys.readouterr()
    assert main(["score", "bad", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["usage"]["cost"] is None


@pytest.mark.usefixtures("two_runs")
def test_sums_beyond_all_bounds_do_not_end_the_board(capsys: pytest.CaptureFixture[str]) -> None:
    journal = RUNS / "bad" / "verdicts.jsonl"
    lines = [json.loads(line) for line in journal.read_text("utf-8").splitlines()]
    # Each of them is within bounds; all six together are not.
    for line in lines:
        line["usage"] |= {"prompt_tokens": 10**15, "completion_tokens": 10**15, "cost": 1e15}
    journal.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    assert main(["leaderboard", "add", "bad", "--board", "b.jsonl"]) == 0
    assert json.loads(Path("b.jsonl").read_text("utf-8"))["usage"]["cost"] is None
    assert main(["leaderboard", "--format", "md"]) == 0
    assert "baseline:length" in capsys.readouterr().out


@pytest.mark.usefixtures("two_runs")
def test_a_forged_result_is_left_out_of_the_board(capsys: pytest.CaptureFixture[str]) -> None:
    path, kept = RUNS / "bad" / "result.json", RUNS / "bad" / "replicates.json"
    result = json.loads(path.read_text("utf-8"))
    result["scorecards"]["v4"]["raw"]["score"] = 1e300
    path.write_text(json.dumps(result), "utf-8")
    forged = json.loads(kept.read_text("utf-8"))
    forged["result_sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    kept.write_text(json.dumps(forged), "utf-8")
    capsys.readouterr()
    assert main(["leaderboard", "--format", "md"]) == 0
    said = capsys.readouterr()
    assert 'left out: run "bad": its figures cannot stand on a board' in said.err
    assert "baseline:length" in said.out


@pytest.mark.usefixtures("two_runs")
@pytest.mark.parametrize(
    "content", ["[" * 100_000, '{"replicates": {"v4": [' + "9" * 400 + "]}}", "{", "[]"]
)
def test_damaged_replicates_are_made_again(
    content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (RUNS / "bad" / "replicates.json").write_text(content, "utf-8")
    capsys.readouterr()
    assert main(["runs"]) == 0
    assert capsys.readouterr().out.count("complete") == 2
    for command in (["card", "bad"], ["leaderboard", "--format", "md"]):
        assert main(command) == 0
        assert "baseline:length" in capsys.readouterr().out


@pytest.mark.usefixtures("two_runs")
def test_pieces_that_were_not_judged_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    path = RUNS / "bad" / "samples.json.gz"
    stored = json.loads(gzip.decompress(path.read_bytes()))
    stored["pieces"]["x"]["samples"]["1"]["a"] += " Once more."
    path.write_bytes(gzip.compress(json.dumps(stored).encode()))
    for command in (["score", "bad"], ["export", "bad"], ["leaderboard", "verify", "bad"]):
        board = ["--board", "b.jsonl"] if "verify" in command else []
        assert main(["leaderboard", "add", "whole", "--board", "b.jsonl"]) == 0
        assert main([*command, *board]) == 2
        assert "samples.json.gz: holds other pieces" in capsys.readouterr().err


@pytest.mark.usefixtures("two_runs")
def test_a_file_that_unpacks_to_more_than_the_memory_holds_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("judgemark.run.folder.LARGEST_FILE", 100)
    assert main(["score", "bad"]) == 2
    assert "samples.json.gz: unpacks to more than" in capsys.readouterr().err


@pytest.mark.usefixtures("two_runs")
def test_a_user_may_name_a_run_as_fresh_names_old_ones(capsys: pytest.CaptureFixture[str]) -> None:
    command = ["--samples-file", "s.json", "--judge-model", "baseline:random"]
    # Each with another seed, so that no two have the same verdicts.
    assert main([*command, "--run-id", "exp~2", "--seed", "1"]) == 0
    assert main([*command, "--run-id", "exp", "--seed", "2"]) == 0
    assert main([*command, "--run-id", "exp", "--seed", "3", "--fresh"]) == 0
    assert {p.name for p in RUNS.iterdir()} >= {"exp", "exp~1", "exp~2"}
    capsys.readouterr()
    assert main(["leaderboard", "--format", "json"]) == 0
    shown = {entry["run_id"] for entry in entries(json.loads(capsys.readouterr().out))}
    # exp~1 is the old run that --fresh moved aside.
    assert {"exp", "exp~2"} <= shown
    assert "exp~1" not in shown


def entries(value: Any) -> list[dict[str, Any]]:
    """Whatever names a run, anywhere in a document."""
    if isinstance(value, dict):
        own = [value] if "run_id" in value else []
        return own + [e for inner in value.values() for e in entries(inner)]
    return [e for inner in value for e in entries(inner)] if isinstance(value, list) else []


def test_a_run_that_lost_its_description_is_told_of(
    two_runs: Path,  # noqa: ARG001
    capsys: pytest.CaptureFixture[str],
) -> None:
    (RUNS / "bad" / "run.json").unlink()
    (RUNS / "no run at all").mkdir()
    assert main(["leaderboard", "--format", "csv"]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        "left out: runs/bad/run.json: no such file, though there are verdicts; restore it from a "
        "copy"
    ]
    assert main(["runs"]) == 0
    out = capsys.readouterr().out
    assert "unreadable: runs/bad/run.json: no such file" in out
    assert "no run at all" not in out


def test_a_damaged_run_is_told_of_once(
    two_runs: Path,  # noqa: ARG001
    capsys: pytest.CaptureFixture[str],
) -> None:
    (RUNS / "bad" / "run.json").write_text("{", "utf-8")
    assert main(["leaderboard", "--format", "md"]) == 0
    assert capsys.readouterr().err.count("left out: ") == 1


@pytest.mark.parametrize("form", ["csv", "md"])
def test_what_is_left_out_is_told_beside_the_standard_output_too(
    two_runs: Path,  # noqa: ARG001
    capsys: pytest.CaptureFixture[str],
    form: str,
) -> None:
    journal = RUNS / "bad" / "verdicts.jsonl"
    journal.write_text("".join(journal.read_text("utf-8").splitlines(keepends=True)[:-2]), "utf-8")
    assert main(["leaderboard", "--format", form]) == 0
    told = capsys.readouterr()
    assert "1 incomplete run is left out" in told.err
    assert "left out" not in told.out


@pytest.mark.usefixtures("two_runs")
def test_a_run_whose_journal_is_gone_is_not_asked_and_paid_for_again_in_silence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    command = ["--judge-model", "baseline:length", "--samples-file", "s.json", "--run-id", "bad"]
    journal = RUNS / "bad" / "verdicts.jsonl"
    journal.rename("kept.jsonl")
    first = (RUNS / "bad" / "result.json").read_bytes()
    capsys.readouterr()
    assert main(command) == 2
    assert capsys.readouterr().err.splitlines()[-1] == (
        f"judgemark: {journal}: is missing, though result.json was made of its verdicts; "
        "restore it from a copy, or ask everything again with --fresh"
    )
    assert not journal.exists()
    assert (RUNS / "bad" / "result.json").read_bytes() == first
    Path("kept.jsonl").rename(journal)
    assert main(command) == 0
    journal.unlink()
    assert main([*command, "--fresh"]) == 0
