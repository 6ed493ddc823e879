"""The ladder command: planted judges, resumption, and what other commands make of a ladder."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from judgemark.cli import main
from judgemark.damage.damage_kinds import DAMAGE_KINDS, Keeps, kinds_named
from judgemark.damage.ladder_versions import build_ladder
from judgemark.errors import UndefinedFigure
from judgemark.inputs.our_files import OUR_SAMPLES
from judgemark.inputs.samples import SampleSet, read_samples, select

SEED = ("--seed", "7")
SMALL = ("--limit", "6", "--kinds", "paragraphs-shuffled", "other-half", *SEED)
MORE_KINDS = ("words-shuffled", "other-half", "end-cut", "stock-phrases")
JUDGES = """
import hashlib, json, pathlib, re
KNOWN = json.loads(pathlib.Path({known!r}).read_text("utf-8"))

def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()

def reader(piece):
    return 9.0 - 8.0 * KNOWN[digest(piece.text)]
reader.version = "1"

def blind(piece):
    "Knows the damage, but sees a text as a bag of words."
    return 9.0 - 8.0 * KNOWN[digest(" ".join(sorted(re.findall(r"\\w+", piece.text.lower()))))]
blind.version = "1"

def counter(piece):
    return float(piece.text.count(","))
counter.version = "1"

def compares(pairs):
    return [0.5 + 0.4 * (KNOWN[digest(p.b)] - KNOWN[digest(p.a)]) for p in pairs]
compares.version = "1"
"""


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def bag(text: str) -> str:
    return " ".join(sorted(re.findall(r"\w+", text.lower())))


@pytest.fixture(scope="module")
def judges(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Judges that know how far each text of the ladder of seed 7 is damaged."""
    folder = tmp_path_factory.mktemp("judges")
    pieces = [s for s in read_samples(OUR_SAMPLES).samples if s.derived_from is None]
    whole = select(SampleSet("whole", tuple(pieces)), limit=6)
    kinds = kinds_named(("paragraphs-shuffled", *MORE_KINDS))
    known: dict[str, float] = {}
    for version in build_ladder(whole, kinds, seed=7).versions:
        known[digest(version.text)] = version.severity
        known.setdefault(digest(bag(version.text)), version.severity)
    for source in whole:
        known[digest(source.text)] = known[digest(bag(source.text))] = 0.0
    (folder / "known.json").write_text(json.dumps(known), "utf-8")
    script = JUDGES.format(known=str(folder / "known.json"))
    (folder / "judges.py").write_text(script, "utf-8")
    return folder / "judges.py"


@pytest.fixture(autouse=True)
def _undrawn(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the picture, which takes longer than all the rest of a small ladder."""
    del elsewhere

    def nothing(_: object) -> None:
        raise UndefinedFigure("not drawn")

    monkeypatch.setattr("judgemark.report.charts_doses.draw_doses", nothing)


def ladder(run_id: str, judge: str, *flags: str) -> int:
    return main(["ladder", "--judge-model", judge, "--run-id", run_id, *flags])


def stored(run_id: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path("runs", run_id, "result.json").read_text("utf-8"))
    return found


def damage(result: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = result["validity"]["sources"]["damage"]
    return found


def test_a_judge_that_knows_the_damage_reads(
    judges: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ladder("r", f"python:{judges}:reader", *SMALL) == 0
    result = stored("r")
    # 6 pieces x 2 kinds x 3 levels; with the undamaged text, 4 versions make 6 pairs.
    assert (result["ladder"]["pieces"], result["ladder"]["versions"]) == (6, 36)
    assert (damage(result)["pairs"], damage(result)["clusters"]) == (72, 6)
    assert (damage(result)["accuracy"], damage(result)["missing"]) == (1.0, 0)
    for kind in result["validity"]["kinds"].values():
        assert (kind["accuracy"], kind["dose_tau"]) == (1.0, -1.0)
    doses = result["ladder"]["doses"]["other-half"]
    assert [d["prefers_damaged"] for d in doses] == [0.5, 0.0, 0.0, 0.0]
    assert [d["pieces"] for d in doses] == [6, 6, 6, 6]
    assert doses[0]["score"] == 9.0 > doses[1]["score"] > doses[3]["score"]
    told = capsys.readouterr().out.strip().splitlines()
    assert told[0].startswith("Ladder     6 pieces, 2 kinds of damage: 36 versions; seed 7")
    figures = [line for line in told if line.startswith(("Reads", "Judged"))]
    assert figures[0].startswith("Reads")
    assert "100% [" in figures[0]
    assert "of damage pairs ordered correctly" in figures[0]
    assert Path("runs/r/report.html").exists()


@pytest.mark.slow
@pytest.mark.parametrize("judge", ["counter", "coin"])
def test_counting_and_coins_do_not_read(judge: str, judges: Path) -> None:
    spec = "baseline:random" if judge == "coin" else f"python:{judges}:{judge}"
    assert ladder("r", spec, *SMALL) == 0
    assert damage(stored("r"))["reads"] is False


@pytest.mark.slow
def test_a_judge_that_is_blind_to_order_fails_exactly_the_kinds_that_keep_every_word(
    judges: Path,
) -> None:
    flags = ["--limit", "6", *SEED, "--kinds", "paragraphs-shuffled", *MORE_KINDS]
    assert ladder("r", f"python:{judges}:blind", *flags) == 0
    keeps = {kind.key: kind.keeps for kind in DAMAGE_KINDS}
    for name, found in stored("r")["validity"]["kinds"].items():
        failed = keeps[name] is Keeps.EVERY_WORD
        # All scores tie: half of the pairs, and no trend.
        assert (found["accuracy"], found["dose_tau"]) == ((0.5, 0.0) if failed else (1.0, -1.0))


def test_a_judge_that_compares_gets_each_version_with_its_undamaged_piece(judges: Path) -> None:
    assert ladder("r", f"python:{judges}:compares", *SMALL, "--mode", "pairwise") == 0
    result = stored("r")
    assert result["coverage"]["questions"] == result["coverage"]["answered"] == 2 * 36
    assert (damage(result)["pairs"], damage(result)["accuracy"]) == (36, 1.0)
    for name, kind in result["validity"]["kinds"].items():
        assert kind["dose_tau"] == -1.0
        doses = result["ladder"]["doses"][name]
        # The judge prefers the version with 0.5 - 0.4 x severity.
        for dose in doses:
            assert dose["prefers_damaged"] == pytest.approx(0.5 - 0.4 * dose["severity"])
            assert dose["score"] is None


def test_an_interrupted_ladder_asks_only_the_rest(judges: Path) -> None:
    judge = f"python:{judges}:reader"
    assert ladder("whole", judge, *SMALL) == 0
    assert ladder("cut", judge, *SMALL, "--max-requests", "15") == 3
    kept = Path("runs/cut/verdicts.jsonl").read_text("utf-8").splitlines()
    assert main(["score", "cut"]) == 1
    assert ladder("cut", judge, *SMALL) == 0
    after = Path("runs/cut/verdicts.jsonl").read_text("utf-8").splitlines()
    assert (after[: len(kept)], len(after)) == (kept, 42)
    assert stored("cut")["validity"] == stored("whole")["validity"]


@pytest.mark.slow
def test_a_copied_folder_scores_by_itself(
    judges: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ladder("r", f"python:{judges}:reader", *SMALL) == 0
    shutil.move("runs/r", tmp_path / "copy")
    capsys.readouterr()
    assert main(["score", str(tmp_path / "copy"), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    kept = json.loads((tmp_path / "copy" / "result.json").read_text("utf-8"))
    assert printed == {**kept, "run_id": "copy"}


def test_the_same_command_resumes_without_a_run_id(
    capsys: pytest.CaptureFixture[str],
) -> None:
    flags = ["ladder", "--judge-model", "baseline:length", *SMALL]
    assert main(flags) == 0
    capsys.readouterr()
    assert main(flags) == 0
    assert "0 questions to ask, 42 answered already" in capsys.readouterr().out
    assert len(list(Path("runs").iterdir())) == 1
    other = [*flags[:-1], "8", "--dry-run"]
    assert main(other) == 0
    assert "42 questions to ask" in capsys.readouterr().out


def test_a_budget_draws_a_part_and_a_dry_run_says_what_it_costs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    flags = ["--base-url", "http://127.0.0.1:9/v1", "--price-in", "1", "--price-out", "2"]
    assert ladder("r", "some-judge", *SMALL, *flags, "--budget", "20", "--dry-run") == 0
    told = capsys.readouterr().out
    assert "questions to ask; about" in told
    assert int(told.split(" questions to ask")[0].rsplit(" ", 1)[-1]) <= 20
    assert "tokens sent" in told
    assert "Shows      " in told
    assert ", $" in told
    assert not Path("runs").exists()


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--kinds", "word-shuffled"], '"word-shuffled" is not a kind of damage; did you mean'),
        (["--budget", "1"], "--budget 1 is too small: one piece and kind takes"),
        (["--levels", "0"], '--levels: "0" cannot be used; give a whole number'),
        (["--samples-file", "damaged.json"], "holds no undamaged piece to build a ladder from"),
        (["--samples-file", "short.json"], "no version could be made: "),
        (["--rounds", "3"], "unrecognized arguments: --rounds"),
    ],
)
def test_bad_input_is_one_line(
    flags: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    samples = read_samples(OUR_SAMPLES).samples
    versions = SampleSet("x", tuple(s for s in samples if s.derived_from is not None)[:3])
    Path("damaged.json").write_text(json.dumps(versions.to_json()), "utf-8")
    short = {"ann": {"samples": {"0": {"1": "One word."}}}}
    Path("short.json").write_text(json.dumps(short), "utf-8")
    assert ladder("r", "baseline:length", *flags) == 2
    error = capsys.readouterr().err
    assert said in error
    assert len(error.strip().splitlines()) == 1
    assert not Path("runs").exists()


def test_the_other_commands_know_a_ladder_or_say_what_they_need(
    judges: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ladder("r", f"python:{judges}:reader", *SMALL) == 0
    capsys.readouterr()
    assert main(["runs"]) == 0
    assert "ladder  complete  100% of damage pairs ordered correctly" in capsys.readouterr().out
    assert main(["gate", "r", "--min", "reads=-1", "--min", "damage_accuracy=0.99"]) == 0
    assert main(["gate", "r", "--min", "reads=0.99"]) == 1
    assert main(["repair", "r"]) == 0
    capsys.readouterr()
    assert main(["export", "r"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(rows) == 42
    for command in (["card", "r"], ["compare", "r", "r"]):
        assert main(command) == 2
        (line,) = capsys.readouterr().err.strip().splitlines()
        assert 'run "r" is a ladder, and this needs a run of the main job' in line
    assert main(["leaderboard", "r"]) == 2
    assert "there is no run to show" in capsys.readouterr().err


@pytest.mark.slow
def test_a_board_joins_a_ladder_to_the_row_of_its_judge(
    judges: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("judgemark.jobs.finish_run.write_report", lambda *_, **__: None)
    spec = f"python:{judges}:counter"
    main_job = ["--limit", "12", "--writers", "Ashdown", "Brannock"]
    assert main(["--judge-model", spec, "--run-id", "m", *main_job]) == 0
    assert ladder("r", spec, *SMALL) == 0
    expected = stored("r")["figures"]
    for named in ([], ["m", "r"]):
        capsys.readouterr()
        assert main(["leaderboard", *named, "--format", "json"]) == 0
        board = json.loads(capsys.readouterr().out)
        (row,) = [r for r in board["sections"][0]["scorecards"]["v4"] if not r["floor"]]
        for key in ("damage_accuracy", "damage_margin", "damage_margin_low"):
            assert row[key] == pytest.approx(expected[key], abs=1e-6)  # entries have six decimals
        assert row["reading"] == "does not read"


@pytest.mark.slow
def test_json_prints_the_result_alone(judges: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ladder("r", f"python:{judges}:reader", *SMALL, "--json") == 0
    assert json.loads(capsys.readouterr().out) == stored("r")
