"""An interrupted run never passes for a finished one, and --limit is told apart from it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from judgemark.cli import main
from tests.cli.test_command_judge import small_samples, write

pytestmark = pytest.mark.usefixtures("elsewhere", "undrawn")
CAPPED = ["--max-requests", "12"]


def command(*more: str, mode: str = "rubric", judge: str = "baseline:lexical") -> list[str]:
    samples = write("s.json", small_samples())
    kind = ["--judge-model", judge, "--samples-file", samples, "--mode", mode]
    return [*kind, "--run-id", "r", *more]


def status(capsys: pytest.CaptureFixture[str]) -> tuple[int, str, int]:
    """What `score` says: its exit code, the status, and how many questions are unanswered."""
    capsys.readouterr()
    code = main(["score", "r", "--json"])
    result = json.loads(capsys.readouterr().out)
    return code, result["status"], result["coverage"]["unanswered"]


def test_an_interrupted_run_is_incomplete_for_every_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    # 18 pieces; the run is stopped after 12.
    assert main(command(*CAPPED)) == 3
    assert status(capsys) == (1, "incomplete", 6)
    assert main(["gate", "r", "--min", "v4=0"]) == 1
    assert main(["leaderboard", "add", "r", "--board", "b.jsonl"]) == 0
    entry = json.loads(Path("b.jsonl").read_text("utf-8").splitlines()[-1])
    assert '"incomplete"' in json.dumps(entry)
    main(["score", "r"])
    assert "6 questions still to be asked" in capsys.readouterr().out
    assert main(command()) == 0
    assert status(capsys) == (0, "complete", 0)


def test_a_limited_run_is_limited(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command("--limit", "6")) == 0
    assert status(capsys) == (0, "limited", 0)
    # Setting out to ask all and being stopped makes it incomplete, though a part is whole.
    assert main(command("--max-requests", "3")) == 3
    assert status(capsys) == (1, "incomplete", 9)
    assert main(command("--limit", "6")) == 1


def test_a_run_of_an_older_version_is_read_as_before(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command(*CAPPED)) == 3
    Path("runs/r/asked.jsonl").unlink()
    assert status(capsys) == (0, "limited", 0)
    assert main(command()) == 0
    assert status(capsys) == (0, "complete", 0)


def test_an_interrupted_tournament_is_incomplete(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command(*CAPPED, mode="pairwise")) == 3
    code, found, unanswered = status(capsys)
    assert (code, found) == (1, "incomplete")
    assert unanswered > 0
    # Also without the list: the tournaments replayed say which questions have no answer.
    Path("runs/r/asked.jsonl").unlink()
    assert status(capsys)[:2] == (1, "incomplete")
    assert main(command(mode="pairwise")) == 0
    assert status(capsys) == (0, "complete", 0)


def test_a_kept_result_is_not_used_where_more_was_to_be_asked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(command("--limit", "12")) == 0
    assert main(["leaderboard", "-o", "b.json"]) == 0
    assert "limited" in Path("b.json").read_text("utf-8")
    # Stopped before the first answer: the verdicts are as they were.
    journal = Path("runs/r/verdicts.jsonl").read_bytes()
    assert main(command("--max-requests", "1")) == 3
    capsys.readouterr()
    assert main(["runs"]) == 0
    assert "not finished" in capsys.readouterr().out
    Path("runs/r/verdicts.jsonl").write_bytes(journal)
    assert main(["leaderboard", "-o", "b.json"]) == 0
    assert "incomplete" in Path("b.json").read_text("utf-8")


def test_a_baseline_asked_with_repeats_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command("--num-runs", "3")) == 0
    assert status(capsys) == (0, "complete", 0)
