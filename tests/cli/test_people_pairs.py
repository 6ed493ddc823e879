"""`pairs` with people's preferences and scores, through the real command."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from judgemark.cli import main
from tests.cli.pairwise_runs import write
from tests.support.fake_endpoint import Answer, Asked, FakeEndpoint, Script, said
from tests.support.pairwise import letters

pytestmark = pytest.mark.usefixtures("elsewhere", "undrawn")

DRAWING = "judgemark.report.page_pairs.draw_pairs"

PROMPTS = 12
READER = "def judge(piece):\n    return float(piece.text.split('quality ')[1][0])\n"


@pytest.fixture(autouse=True)
def _without_pages(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts and pages take longer than all the rest; the tests marked slow have them."""
    if "slow" not in request.keywords:
        monkeypatch.setattr(DRAWING, lambda _: ((), ["a page"]))


def piece(quality: int, n: int) -> str:
    """A text that says its quality; the better ones are neither longer nor shorter."""
    return f"Story {n}, quality {quality}. " + "It went on and on. " * (1 + n % 3)


def preferences(**change: Any) -> list[dict[str, Any]]:
    """Two pairs on each of twelve prompts; the texts of one prompt are alike but for quality."""
    return [
        {
            "id": f"{n}-{better}",
            "prompt": f"Write of day {n}.",
            "chosen": piece(better, n),
            "rejected": piece(better - 2, n),
            "source": "north" if n % 3 else "south",
            "year": 1990 + n,
            **change,
        }
        for n in range(PROMPTS)
        for better in (9, 6)
    ]


def pairs(*flags: str, judge: str = "baseline:length", run_id: str = "r") -> int:
    return main(["pairs", "--judge-model", judge, "--run-id", run_id, *flags])


def asked_of(script: Script, *flags: str) -> tuple[int, int]:
    """The exit code and the number of requests for a completion."""
    with FakeEndpoint(script) as endpoint:
        code = pairs("--base-url", endpoint.url, *flags, judge="fake")
        return code, sum(a.path.endswith("/chat/completions") for a in endpoint.asked)


def scoring(asked: Asked) -> Answer:
    """A judge that reads the quality of the piece, and of nothing else in the prompt."""
    (quality,) = re.findall(r"quality (\d+)", asked.prompt)
    names = [c["name"] for c in json.loads(Path(CRITERIA).read_text("utf-8"))["criteria"]]
    negative = {c["name"] for c in json.loads(Path(CRITERIA).read_text("utf-8"))["criteria"]
                if c["negative"]}  # fmt: skip
    lines = [f"{n}: {10 - int(quality) if n in negative else quality}" for n in names]
    return said("\n".join(lines))


HUMAN = Path(__file__).resolve().parents[2].parent / "shared" / "human"
CRITERIA = str(Path(__file__).resolve().parents[2] / "prompts" / "criteria.json")


def result(run_id: str = "r") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path("runs", run_id, "result.json").read_text("utf-8"))
    return found


def test_a_rubric_judge_scores_each_text_once_with_the_prompt_of_the_pair(
    capsys: pytest.CaptureFixture[str],
) -> None:
    seen: list[str] = []

    def script(asked: Asked) -> Answer:
        if asked.path.endswith("/chat/completions"):
            seen.append(asked.prompt)
        return scoring(asked)

    code, requests = asked_of(script, "--pairs-file", write("p.json", preferences()))
    # Four texts on each prompt: qualities 9, 7, 6 and 4.
    assert (code, requests) == (0, 4 * PROMPTS)
    assert all(len(re.findall(r"Write of day \d+\.", prompt)) == 1 for prompt in seen)
    block = result()["validity"]["sources"]["people"]
    assert (block["pairs"], block["clusters"], block["missing"]) == (24, 12, 0)
    assert (block["accuracy"], block["reads"]) == (1.0, True)
    told = capsys.readouterr().out
    assert "Pairs      24 of p in 12 independent groups; 48 texts" in told
    assert re.search(r"Reads +100% \[\d+, 100\] of people's pairs ordered correctly", told)
    assert Path("runs/r/wrong_pairs.jsonl").read_text() == ""
    assert json.loads(Path("runs/r/run.json").read_text())["kind"] == "pairs"


def test_a_pairwise_judge_compares_both_orders_and_is_calibrated() -> None:
    file = write("p.json", preferences())
    code, requests = asked_of(letters, "--pairs-file", file, "--mode", "pairwise")
    assert (code, requests) == (0, 1 + 2 * 24)
    found = result()
    own = found["pairs"]
    assert found["validity"]["sources"]["people"]["accuracy"] == 1.0
    assert own["order"]["consistency"] == 1.0
    # The scripted judge leans a little to the first text.
    assert 0.5 < own["order"]["first"] < 0.6
    assert own["calibration"]["n"] == 24
    assert sum(b["n"] for b in own["calibration"]["reliability"]) == 24


def test_it_resumes_and_is_scored_again_without_a_call(capsys: pytest.CaptureFixture[str]) -> None:
    flags = ["--pairs-file", write("p.json", preferences())]
    assert asked_of(scoring, *flags, "--max-requests", "20")[0] == 3
    assert asked_of(scoring, *flags) == (0, 28)
    before = result()
    assert asked_of(scoring, *flags) == (0, 0)
    capsys.readouterr()
    assert main(["score", "r", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == before == result()
    assert main(["runs"]) == 0
    assert "100% of people pairs ordered correctly" in capsys.readouterr().out
    assert main(["gate", "r", "--min", "reads=0.01"]) == 0


def test_results_by_source_year_and_margin() -> None:
    rows = [{**row, "margin": 1 + n} for n, row in enumerate(preferences())]
    Path("j.py").write_text(READER)
    assert pairs("--pairs-file", write("p.json", rows), judge="python:j.py:judge") == 0
    own = result()["pairs"]
    assert [(g["name"], g["n"]) for g in own["by_origin"]] == [("north", 16), ("south", 8)]
    assert (own["by_age"]["unit"], [b["n"] for b in own["by_age"]["bands"]]) == ("year", [8, 8, 8])
    assert [(b["low"], b["high"]) for b in own["by_margin"]] == [
        (1, 6),
        (7, 12),
        (13, 18),
        (19, 24),
    ]
    assert own["floors"]["length"]["accuracy"] == 0.5


def test_the_pairs_put_wrong_are_kept_and_exported(capsys: pytest.CaptureFixture[str]) -> None:
    Path("j.py").write_text(READER.replace("return ", "return -"))
    assert pairs("--pairs-file", write("p.json", preferences()), judge="python:j.py:judge") == 0
    kept = Path("runs/r/wrong_pairs.jsonl").read_text("utf-8")
    lines = [json.loads(line) for line in kept.splitlines()]
    assert len(lines) == 24
    assert lines[0]["p_chosen"] == 0 and lines[0]["score_chosen"] < lines[0]["score_rejected"]
    assert {line["chosen"] for line in lines} == {row["chosen"] for row in preferences()}
    assert main(["export", "r", "--to", "wrong-pairs", "-o", "w.jsonl"]) == 0
    assert Path("w.jsonl").read_text("utf-8") == kept
    # What was ordered wrongly can be asked about again.
    assert pairs("--pairs-file", "w.jsonl", judge="python:j.py:judge", run_id="again") == 0
    assert result("again")["validity"]["sources"]["people"]["accuracy"] == 0
    capsys.readouterr()
    assert main(["--judge-model", "baseline:length", "--run-id", "main", "--limit", "6"]) == 0
    assert main(["export", "main", "--to", "wrong-pairs"]) == 2
    assert "only a run over pairs has wrong pairs" in capsys.readouterr().err


def samples(writers: tuple[str, ...] = ("ann", "bob", "cem")) -> dict[str, Any]:
    return {
        writer: {"samples": {"1": {str(n): piece(3 * k + 1, n) + writer for n in range(PROMPTS)}}}
        for k, writer in enumerate(writers)
    }


def test_people_s_scores_give_pairs_and_the_ceiling(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [
        {"writer": writer, "iteration": "1", "item": str(n), "rater": rater, "score": score}
        for n in range(PROMPTS)
        for writer, scores in (("ann", (1, 1, 2)), ("bob", (3, 3, 3)), ("cem", (5, 5, 1)))
        for rater, score in zip(("r1", "r2", "r3"), scores, strict=True)
    ]
    Path("ratings.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    Path("j.py").write_text(READER)
    flags = ["--ratings", "ratings.jsonl", "--samples-file", write("s.json", samples())]
    assert pairs(*flags, judge="python:j.py:judge") == 0
    told = capsys.readouterr().out
    assert "Scale      1 to 5, the smallest and the largest score of ratings.jsonl" in told
    found = result()
    # On each item ann < bob < cem, in the mean of the three.
    assert found["validity"]["sources"]["people"]["pairs"] == 3 * PROMPTS
    assert found["validity"]["sources"]["people"]["accuracy"] == 1
    # r1 and r2 order as the others do. r3 has bob, ann, cem where the others have cem, bob, ann:
    # one pair of three is right.
    ceiling = found["pairs"]["ceiling"]
    assert ceiling["accuracy"] == pytest.approx((1 + 1 + 1 / 3) / 3)
    assert (ceiling["judge"], ceiling["raters"]) == (1, 3)
    assert "one of 3 people agrees with the others in 78%" in told


def test_a_rubric_judge_can_be_held_to_a_reference() -> None:
    scores = {w: {"1": {str(n): 10 * k for n in range(PROMPTS)}} for k, w in enumerate("abc")}
    file = write("s.json", samples(("a", "b", "c")))
    Path("j.py").write_text(READER)
    assert pairs(
        "--reference", write("r.json", scores), "--samples-file", file, "--mode", "rubric",
        "--margin-max", "100", "--length-ratio", "9", judge="python:j.py:judge",
    ) == 0  # fmt: skip
    block = result()["validity"]["sources"]["reference"]
    assert (block["pairs"], block["accuracy"]) == (3 * PROMPTS, 1)
    assert not Path("runs/r/pairs.json").exists()


def test_the_plan_says_what_a_margin_needs(capsys: pytest.CaptureFixture[str]) -> None:
    file = write("p.json", preferences())
    assert pairs("--pairs-file", file, "--margin-wanted", "20", "--dry-run") == 0
    told = capsys.readouterr().out
    assert "Plan       a margin of 20 points over counting needs" in told
    assert "the 24 pairs at hand are 12 groups" in told
    assert not Path("runs").exists()


def test_with_json_only_the_result_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert pairs("--pairs-file", write("p.json", preferences()), "--json") == 0
    assert json.loads(capsys.readouterr().out) == result()


@pytest.mark.parametrize(
    ("flags", "problem"),
    [
        ([], "‹pairs_file›, ‹ratings› and ‹reference›, and none of them is given"),
        (["--pairs-file", "p.json", "--ratings", "p.json"], "‹pairs_file› and ‹ratings› are given"),
        (["--pairs-file", "none.jsonl"], "none.jsonl: no such file"),
        (["--pairs-file", "p.json", "--columns", "chosen"], '"chosen" is not PART=COLUMN'),
        (["--pairs-file", "p.json", "--columns", "chosen=best"], 'no column "best"'),
        (["--pairs-file", "p.json", "--margin-min", "5"], "none of its 24 pairs has a margin"),
        (["--pairs-file", "p.json", "--samples-file", "p.json"], "brings its own texts"),
        (["--pairs-file", "p.json", "--writing-prompts", "p.json"], "brings its own prompts"),
        (["--pairs-file", "p.json", "--ratings-min", "1"], "‹ratings_min› is for ‹ratings›"),
        (["--ratings", "p.json", "--columns", "a=b"], "‹columns› is for ‹pairs_file›"),
        (["--ratings", "r.json"], "is not in the samples"),
        (["--pairs-file", "same.json"], "is the same text as chosen"),
    ],
)
def test_bad_input_is_one_line(
    flags: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write("p.json", preferences())
    write("r.json", {"nobody": {"1": {"7": 50}}})
    write("same.json", preferences(rejected=piece(9, 0)))
    assert pairs(*flags) == 2
    error = capsys.readouterr().err
    expected = re.sub("‹([a-z_]+)›", lambda m: "--" + m[1].replace("_", "-"), problem)
    assert expected in error
    assert error.count("\n") == 1
    assert not Path("runs").exists()


@pytest.mark.slow
def test_the_page_shows_groups_counting_and_what_was_put_wrong() -> None:
    rows = [{**row, "margin": 1 + n} for n, row in enumerate(preferences())]
    rows[0]["chosen"] = "quality 9 <script>alert(1)</script>"
    flags = ["--pairs-file", write("p.json", rows), "--mode", "pairwise"]
    assert pairs(*flags, judge="baseline:lexical") == 0
    page = Path("runs/r/report.html").read_text("utf-8")
    for words in (
        "Does it read?",
        "By margin",
        "By source",
        "By year",
        "Single rules",
        "How sure it is",
        "Pairs that it ordered wrongly",
        "may be published prose",
        "Confidence against agreement",
    ):
        assert words in page, words
    assert "<script>" not in page
    assert {p.name for p in Path("runs/r/charts").iterdir()} >= {"pairs.svg", "reliability.svg"}


@pytest.mark.slow
@pytest.mark.skipif(not HUMAN.is_dir(), reason="../shared/human is not there")
def test_the_worked_example_of_the_docs_follows_from_the_command() -> None:
    """The figures of docs/validity.md: a judge that prefers the text with fewer words."""
    Path("j.py").write_text("def judge(piece):\n    return -len(piece.text.split())\n")
    file = str(HUMAN / "preference_pairs.jsonl")
    assert pairs("--pairs-file", file, "--seed", "0", judge="python:j.py:judge") == 0
    found = result()
    block = found["validity"]["sources"]["people"]

    def shown(*shares: float) -> list[float]:
        return [round(100 * share, 1) for share in shares]

    assert (block["pairs"], block["clusters"], block["reads"]) == (87, 29, False)
    assert shown(block["accuracy"], block["counter"]["accuracy"]) == [70.1, 81.6]
    assert shown(*block["counter"]["ci95"]) == [69.8, 89.5]
    assert shown(block["margin"], *block["margin_ci95"]) == [-11.5, -19.8, -3.2]
    assert block["counter"]["folds"] == 5
    assert block["twin"]["name"] == "shorter in words"
    best = found["pairs"]["counting"]
    assert [(rule["name"], *shown(rule["accuracy"])) for rule in best[:4]] == [
        ("longer sentences", 74.7),
        ("more variation of sentence length", 72.4),
        ("shorter in words", 70.1),
        ("shorter in characters", 69.0),
    ]


@pytest.mark.slow
@pytest.mark.skipif(not HUMAN.is_dir(), reason="../shared/human is not there")
def test_the_ceiling_of_the_docs_follows_from_the_command() -> None:
    assert pairs(
        "--ratings", str(HUMAN / "ttcw_ratings.jsonl"), "--ratings-min", "0", "--ratings-max", "14",
        "--samples-file", str(HUMAN / "ttcw_samples.json"),
    ) == 0  # fmt: skip
    ceiling = result()["pairs"]["ceiling"]
    assert (ceiling["raters"], ceiling["pairs"]) == (11, 85)
    assert ceiling["accuracy"] == pytest.approx(0.731, abs=5e-4)


def test_why_pairs_have_no_verdict_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    Path("j.py").write_text(
        "def judge(piece):\n"
        "    if 'quality 9' in piece.text:\n        raise ValueError('too good')\n"
        "    return 5\n"
    )
    Path("p.jsonl").write_text("".join(json.dumps(row) + "\n" for row in preferences()))
    assert pairs("--pairs-file", "p.jsonl", judge="python:j.py:judge") == 1
    told = "most often (12 of 12) error, the judge raised ValueError: too good"
    assert told in capsys.readouterr().out
