"""Leaderboard, shared boards, card and gate through the real command line."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from judgemark.cli import main
from judgemark.leaderboard.board_entry import canonical, digest_of

JUDGES = ("lexical", "length", "random")
WORDS = {"ann": 4, "bea": 40, "cid": 12}
"""How many different words each writer uses."""


def judge(name: str, home: Path) -> None:
    """Have a baseline judge the samples in a folder."""
    code = main(
        [
            "--judge-model", f"baseline:{name}", "--samples-file", str(home / "s.json"),
            "--reference-scores", str(home / "ref.json"), "--run-id", name,
            "--runs-dir", str(home / "runs"), "--runs-file", str(home / "raw.json"),
        ]
    )  # fmt: skip
    assert code == 0


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with samples, three judged runs, and a runs file with two of them renamed."""
    home = tmp_path_factory.mktemp("boards")
    samples = {
        writer: {
            "samples": {
                str(t): {
                    str(i): " ".join(f"w{(7 * n + t + i) % size}" for n in range(50 + 3 * i))
                    for i in range(5)
                }
                for t in range(2)
            }
        }
        for writer, size in WORDS.items()
    }
    (home / "s.json").write_text(json.dumps(samples), "utf-8")
    (home / "ref.json").write_text(json.dumps({"ann": 1, "cid": 2, "bea": 3}), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        # Charts take longer than all the rest; that there is a report is all a board looks at.
        patch.setattr(
            "judgemark.jobs.finish_run.write_report",
            lambda folder, *_, **__: (folder.path / "report.html").write_text("drawn", "utf-8"),
        )
        for name in JUDGES:
            judge(name, home)
    past = json.loads((home / "raw.json").read_text("utf-8"))
    for key, name in (("lexical", "words/judge"), ("length", "long/judge")):
        past[key]["judge_model"] = name
    kept = {key: past[key] for key in ("lexical", "length")}
    (home / "past.json").write_text(json.dumps(kept), "utf-8")
    return home


@pytest.fixture
def home(scored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy to work in."""
    for path in scored.iterdir():
        if path.is_dir():
            shutil.copytree(path, tmp_path / path.name)
        else:
            shutil.copy2(path, tmp_path / path.name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rows_of(board: Mapping[str, Any], scorecard: str = "v4") -> list[dict[str, Any]]:
    return [row for section in board["sections"] for row in section["scorecards"][scorecard]]


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["leaderboard", "--format", "json", *arguments]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_all_runs_of_the_folder_make_a_page(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["leaderboard", "-o", "out/board.html"]) == 0
    captured = capsys.readouterr()
    assert captured.out == "out/board.html: no judge besides baselines in 1 section\n"
    assert captured.err == ""  # nothing had to be scored again
    page = (home / "out/board.html").read_text("utf-8")
    assert "baseline:lexical" in page
    assert 'href="../runs/lexical/report.html"' in page


def test_past_runs_of_a_runs_file_are_ranked(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert home
    board = as_json(capsys, "past.json", "lexical")
    first, second = board["sections"]
    ranked = {row["judge"]: row["rank"] for row in first["scorecards"]["v4"]}
    # Words tell ann (4 of them), cid (12) and bea (40) apart, lengths do not.
    assert ranked == {"words/judge": 1, "long/judge": 2}
    assert [row["judge"] for row in second["scorecards"]["v4"] if row["run_id"]] == [
        "baseline:lexical"
    ]
    assert any(told.startswith("samples: ") for told in second["differs"])


def test_one_run_of_a_file_can_be_named(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert home
    board = as_json(capsys, "past.json::length")
    assert [row["judge"] for row in rows_of(board)] == ["long/judge"]


def test_the_board_has_the_runs_own_figures(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = rows_of(as_json(capsys))
    assert rows
    for row in rows:
        result = json.loads((home / "runs" / row["run_id"] / "result.json").read_text("utf-8"))
        card = result["scorecards"]["v4"]["raw"]
        assert row["score"] == pytest.approx(card["score"], abs=1e-6)
        assert row["ci95"] == pytest.approx(card["ci95"], abs=1e-6)
        assert row["verdicts_sha256"] == result["verdicts_sha256"]
        assert row["report"] == f"runs/{row['run_id']}/report.html"


def test_changed_verdicts_are_scored_again_and_the_rest_is_not(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {row["run_id"]: row for row in rows_of(as_json(capsys))}
    journal = home / "runs/length/verdicts.jsonl"
    lines = journal.read_text("utf-8").splitlines(keepends=True)
    journal.write_text("".join(lines[:-1]), "utf-8")
    capsys.readouterr()
    assert main(["leaderboard", "--format", "json"]) == 0
    captured = capsys.readouterr()
    assert "1 run was scored again" in captured.err
    after = {row["run_id"]: row for row in rows_of(json.loads(captured.out))}
    assert after["lexical"] == before["lexical"]
    assert after["length"]["verdicts_sha256"] != before["length"]["verdicts_sha256"]
    assert after["length"]["coverage"]["scored"] == 29  # of 3 x 2 x 5


def test_formats_go_to_standard_output_or_a_file(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["leaderboard", "--format", "md"]) == 0
    assert "| Rank | Judge | Kind | Score | 95% interval |" in capsys.readouterr().out
    assert main(["leaderboard", "-o", "board.csv"]) == 0
    with (home / "board.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert {line["judge"] for line in lines} == {f"baseline:{name}" for name in JUDGES}
    assert {line["scorecard"] for line in lines} == {"v4", "v2.1", "v2"}


def test_a_name_cannot_steer_the_terminal(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    past = json.loads((home / "past.json").read_text("utf-8"))
    past["lexical"]["judge_model"] = "evil\x1b[2J\u202ejudge"
    (home / "past.json").write_text(json.dumps(past), "utf-8")
    for form in ("md", "csv", "json"):
        assert main(["leaderboard", "past.json", "--format", form]) == 0
        said = capsys.readouterr().out
        assert "evil" in said
        assert not {"\x1b", "\u202e"} & set(said)


def test_the_other_scorecards_can_be_printed(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert home
    assert main(["leaderboard", "--format", "md", "--scorecard", "v2.1"]) == 0
    text = capsys.readouterr().out
    assert "(v2.1)" in text
    assert "| Separability |" in text


def test_boards_are_added_to_merged_and_drawn(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["leaderboard", "add", "lexical", "--board", "ours.jsonl"]) == 0
    assert "added: baseline:lexical (lexical), entry " in capsys.readouterr().out
    assert main(["leaderboard", "add", "lexical", "--board", "ours.jsonl"]) == 0
    assert "there already: baseline:lexical" in capsys.readouterr().out
    assert main(["leaderboard", "add", "length", "past.json", "--board", "theirs.jsonl"]) == 0
    ours, theirs = ((home / n).read_bytes() for n in ("ours.jsonl", "theirs.jsonl"))
    (home / "both.jsonl").write_bytes(ours + theirs + ours)
    board = as_json(capsys, "--board", "both.jsonl")
    assert sorted(row["judge"] for row in rows_of(board)) == [
        "baseline:length",
        "baseline:lexical",
        "long/judge",
        "words/judge",
    ]
    assert as_json(capsys, "--board", "ours.jsonl", "--board", "theirs.jsonl") == board


def test_a_board_and_runs_are_drawn_together(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert home
    assert main(["leaderboard", "add", "length", "--board", "b.jsonl"]) == 0
    board = as_json(capsys, "lexical", "--board", "b.jsonl", "length")
    assert sorted(row["run_id"] for row in rows_of(board)) == ["length", "lexical"]


def test_no_text_of_a_sample_is_in_an_entry(home: Path) -> None:
    assert main(["leaderboard", "add", *JUDGES, "past.json", "--board", "b.jsonl"]) == 0
    board = (home / "b.jsonl").read_text("utf-8")
    assert "w1 w8" not in board
    assert not [writer for writer in WORDS if f'"{writer}"' in board]
    assert str(home) not in board


def test_an_honest_entry_is_equal(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert home
    assert main(["leaderboard", "add", "lexical", "past.json::length", "--board", "b.jsonl"]) == 0
    capsys.readouterr()
    for run in ("lexical", "past.json::length"):
        assert main(["leaderboard", "verify", "--board", "b.jsonl", run]) == 0
        assert capsys.readouterr().out.startswith("equal: ")


def test_a_changed_figure_with_a_corrected_digest_differs_from_the_run(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["leaderboard", "add", "random", "--board", "b.jsonl"]) == 0
    entry = json.loads((home / "b.jsonl").read_text("utf-8"))
    entry["scorecards"]["v4"]["raw"]["score"] = 120.0
    entry["usage"]["cost"] = 0.0
    (home / "b.jsonl").write_text(canonical({**entry, "digest": digest_of(entry)}) + "\n", "utf-8")
    capsys.readouterr()
    assert main(["leaderboard", "verify", "--board", "b.jsonl", "random"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("not equal: baseline:random (random), entry ")
    assert lines[1].startswith("  scorecards.v4.raw.score: 120.0 stated, ")
    assert lines[2] == "  usage.cost: 0.0 stated, none found"
    assert len([line for line in lines if line.startswith("  ")]) == 2


def test_a_changed_digest_of_verdicts_shows_too(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["leaderboard", "add", "random", "--board", "b.jsonl"]) == 0
    entry = {**json.loads((home / "b.jsonl").read_text("utf-8")), "verdicts_sha256": "00" * 32}
    (home / "b.jsonl").write_text(canonical({**entry, "digest": digest_of(entry)}) + "\n", "utf-8")
    capsys.readouterr()
    assert main(["leaderboard", "verify", "--board", "b.jsonl", "random"]) == 1
    assert "  verdicts_sha256: 0000" in capsys.readouterr().out


def test_a_figure_changed_by_hand_is_reported_with_file_and_line(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["leaderboard", "add", "random", "lexical", "--board", "b.jsonl"]) == 0
    text = (home / "b.jsonl").read_text("utf-8")
    (home / "b.jsonl").write_text(text.replace('"kendall_tau":', '"kendall_tau":0', 1), "utf-8")
    capsys.readouterr()
    assert main(["leaderboard", "--board", "b.jsonl", "--format", "md"]) == 0
    captured = capsys.readouterr()
    assert captured.err.startswith("damaged: b.jsonl: line 1: ")
    assert "baseline:lexical" in captured.out
    assert main(["leaderboard", "verify", "--board", "b.jsonl", "random"]) == 2
    assert 'no entry of run "random"' in capsys.readouterr().err


def test_a_script_for_a_name_is_shown_as_its_characters(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    past = json.loads((home / "past.json").read_text("utf-8"))
    name = "<script>alert(1)</script>"
    past["lexical"]["judge_model"] = name
    writers = past["lexical"]["results"]
    writers[name] = writers.pop("ann")
    (home / "past.json").write_text(json.dumps(past), "utf-8")
    assert main(["leaderboard", "past.json", "-o", "b.html"]) == 0
    page = (home / "b.html").read_text("utf-8")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/<wbr>script&gt;" in page
    assert (
        as_json(capsys, "past.json::lexical")["sections"][0]["scorecards"]["v4"][0]["judge"] == name
    )


def test_a_run_that_cannot_be_used_is_told_of_and_left_out(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "runs/length/verdicts.jsonl").write_text("not a verdict\n", "utf-8")
    (home / "runs/random/verdicts.jsonl").unlink()
    shutil.copytree(home / "runs/lexical", home / "runs/lexical~1")
    assert main(["leaderboard", "--format", "json"]) == 0
    captured = capsys.readouterr()
    assert [row["run_id"] for row in rows_of(json.loads(captured.out))] == ["lexical"]
    assert "left out: " in captured.err
    assert "verdicts.jsonl: line 1: damaged" in captured.err
    assert main(["leaderboard", "length"]) == 2


def test_reference_scores_given_replace_the_runs_own(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "turned.json").write_text(json.dumps({"ann": 3, "cid": 2, "bea": 1}), "utf-8")
    # The lexical judge has bea first: just the turned order, from behind.
    (own,) = rows_of(as_json(capsys, "lexical"))
    (turned,) = rows_of(as_json(capsys, "lexical", "--reference-scores", "turned.json"))
    assert own["reference_tau"] == 1.0
    assert turned["reference_tau"] == -1.0


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["leaderboard", "nope"], 'no run "nope"'),
        (["leaderboard", "--runs-dir", "empty"], "empty: there is no run to show"),
        (["leaderboard", "--board", "no.jsonl"], "no.jsonl: no such file"),
        (["leaderboard", "--format", "pdf"], "invalid choice: 'pdf'"),
        (["leaderboard", "add", "lexical"], "required: --board"),
        (["leaderboard", "verify", "past.json", "--board", "no.jsonl"], "no.jsonl: no such file"),
        (["gate", "lexical"], "give --min KEY=VALUE"),
        (["gate", "lexical", "--min", "v4"], '"v4" is not of the form KEY=VALUE'),
        (["gate", "lexical", "--min", "v4=high"], "VALUE a number"),
        (["gate", "lexical", "--min", "nope=1"], "there are v4, score, v4_low, "),
        (["gate", "past.json", "--min", "v4=1"], "name one as past.json::RUN_KEY"),
        (["card", "past.json"], "name one as past.json::RUN_KEY"),
    ],
)
def test_a_usage_error_is_one_line_and_exit_2(
    home: Path, capsys: pytest.CaptureFixture[str], command: list[str], said: str
) -> None:
    assert home
    capsys.readouterr()
    assert main(command) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_a_gate_passes_at_the_bar_and_fails_below_it(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert home
    capsys.readouterr()
    assert main(["gate", "lexical", "--min", "kendall_tau=1", "coverage=1"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "reached  kendall_tau 1.0000; at least 1 wanted",
        "reached  coverage 1.0000; at least 1 wanted",
    ]
    assert main(["gate", "lexical", "--min", "v4=1", "--min", "v4=134"]) == 1
    assert main(["gate", "lexical", "--max", "v4=1"]) == 1
    assert main(["gate", "lexical", "--min", "icc=0"]) == 1
    assert "missed   icc: " in capsys.readouterr().out


def test_an_incomplete_run_passes_no_gate(home: Path) -> None:
    past = json.loads((home / "past.json").read_text("utf-8"))
    item = past["lexical"]["results"]["ann"]["0"]["0"]
    item.clear()
    item["error"] = "no reply"
    (home / "past.json").write_text(json.dumps(past), "utf-8")
    assert main(["gate", "past.json::length", "--min", "coverage=0.5"]) == 0
    assert main(["gate", "past.json::lexical", "--min", "coverage=0.5"]) == 1


def test_a_card_is_printed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = json.loads((home / "runs/lexical/result.json").read_text("utf-8"))
    capsys.readouterr()
    assert main(["card", "lexical"]) == 0
    text = capsys.readouterr().out
    score = result["scorecards"]["v4"]["raw"]["score"]
    assert f"| Judgemark v4 (raw), of at most 133 | {score:.1f} | " in text
    assert f"- verdicts: sha256 {result['verdicts_sha256']}" in text
    assert "judgemark card lexical" in text
