"""Does the judge read? The whole way: the real command, score, gate, card and boards."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from judgemark.cli import main
from judgemark.inputs.our_files import OUR_SAMPLES
from judgemark.inputs.samples import read_samples

READER = """
import hashlib, json, pathlib
DAMAGE = json.loads(pathlib.Path({known!r}).read_text("utf-8"))

def judge(piece):
    return 9.0 - 8.0 * DAMAGE[hashlib.sha256(piece.text.encode()).hexdigest()]
judge.version = "1"

def counter(piece):
    return float(piece.text.count(","))
counter.version = "1"
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our own samples, judged by one who knows the damage, one who counts commas, and a coin."""
    folder = tmp_path_factory.mktemp("reading")
    samples = read_samples(OUR_SAMPLES)
    known = {s.sha256: s.severity or 0.0 for s in samples.samples}
    (folder / "known.json").write_text(json.dumps(known), "utf-8")
    script = READER.format(known=str(folder / "known.json"))
    (folder / "judges.py").write_text(script, "utf-8")
    judges = {
        "reader": ["--judge-model", f"python:{folder / 'judges.py'}:judge"],
        "counter": ["--judge-model", f"python:{folder / 'judges.py'}:counter"],
        "coin": ["--judge-model", "baseline:random"],
        "pairs": [
            *("--judge-model", "baseline:length", "--mode", "pairwise", "--tournament", "full"),
            *("--writers", "Ashdown", "Brannock", "Dunmore"),
        ],
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("judgemark.jobs.finish_run.write_report", lambda *_, **__: None)
        for name, flags in judges.items():
            assert main([*flags, "--run-id", name, "--runs-dir", str(folder / "runs")]) == 0
    return folder


@pytest.fixture(autouse=True)
def _inside(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home)


def scored(name: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["score", name, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def damage(result: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = result["validity"]["sources"]["damage"]
    return found


def test_a_judge_that_knows_the_damage_reads(capsys: pytest.CaptureFixture[str]) -> None:
    found = damage(scored("reader", capsys))
    # 24 pieces with six versions each: 15 pairs of each.
    assert (found["pairs"], found["clusters"], found["missing"]) == (360, 24, 0)
    assert found["accuracy"] == 1.0
    assert found["reads"] is True


@pytest.mark.parametrize("name", ["counter", "coin"])
def test_counting_and_coins_do_not_read(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = damage(scored(name, capsys))
    assert (found["pairs"], found["missing"], found["reads"]) == (360, 0, False)


def test_a_pairwise_judge_answers_what_its_tournaments_compared(
    capsys: pytest.CaptureFixture[str],
) -> None:
    result = scored("pairs", capsys)
    found = damage(result)
    # Three versions of each of 24 pieces make 3 pairs; a full round robin compares all of them.
    assert (found["pairs"], found["missing"]) == (72, 0)
    # The length judge is its own twin.
    assert found["over_twin_ci95"] == [0.0, 0.0]
    assert found["reads"] is False


def test_the_stored_result_is_the_one_that_score_prints(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stored = json.loads((home / "runs" / "reader" / "result.json").read_text("utf-8"))
    assert stored["validity"] == scored("reader", capsys)["validity"]


def test_the_terminal_says_whether_it_reads(capsys: pytest.CaptureFixture[str]) -> None:
    for name, begins in (("reader", "100%"), ("coin", "not shown")):
        capsys.readouterr()
        assert main(["score", name]) == 0
        (line,) = [n for n in capsys.readouterr().out.splitlines() if n.strip().startswith("Reads")]
        assert line.split(None, 1)[1].startswith(begins)


def test_the_gate_takes_the_smallest_lower_end(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gate", "reader", "--min", "reads=0.2"]) == 0
    assert main(["gate", "coin", "--min", "reads=0"]) == 1
    found = damage(scored("reader", capsys))
    smallest = min(found[f"{name}_ci95"][0] for name in ("margin", "over_half", "over_twin"))
    assert main(["gate", "reader", "--min", f"reads={smallest + 1e-6}"]) == 1


def test_boards_mark_who_was_not_shown_to_read(capsys: pytest.CaptureFixture[str]) -> None:
    def board(form: str) -> str:
        capsys.readouterr()
        assert main(["leaderboard", "reader", "counter", "--format", form]) == 0
        return capsys.readouterr().out

    listed = json.loads(board("json"))["sections"][0]["scorecards"]["v4"]
    rows = {row["judge"].rpartition(":")[2]: row for row in listed if not row["floor"]}
    assert (rows["judge"]["reading"], rows["counter"]["reading"]) == (None, "does not read")
    assert rows["judge"]["damage_accuracy"] == 1.0
    (line,) = [r for r in csv.DictReader(io.StringIO(board("csv")))
               if r["judge"].endswith(":counter") and r["scorecard"] == "v4"]  # fmt: skip
    assert "does not read" in line["remark"]
    assert float(line["damage_margin_low"]) < float(line["damage_margin"])
    (line_in_markdown,) = [n for n in board("md").splitlines() if ":counter" in n]
    assert "does not read" in line_in_markdown
    assert main(["leaderboard", "reader", "counter", "-o", "board.html"]) == 0
    page = Path("board.html").read_text("utf-8")
    assert "does not read" in page and "Reads" in page


def test_cards_carry_the_mark(capsys: pytest.CaptureFixture[str]) -> None:
    for name, marked in (("reader", False), ("counter", True)):
        capsys.readouterr()
        assert main(["card", name]) == 0
        assert ("**Does not read**" in capsys.readouterr().out) is marked


def test_chance_has_its_p_and_each_baseline_its_own_chance(
    capsys: pytest.CaptureFixture[str],
) -> None:
    capsys.readouterr()
    assert main(["score", "coin", "--details"]) == 0
    lines = capsys.readouterr().out.splitlines()
    null = scored("coin", capsys)["null"]
    (chance,) = [n for n in lines if n.strip().startswith("Chance alone")]
    assert chance.endswith(f"p = {null['p']:.3f}")
    assert null["p"] == null["p_value"]
    assert null["calibrated"]["p"] == null["calibrated"]["p_value"]
    assert sum("its own chance" in n for n in lines) == 3
