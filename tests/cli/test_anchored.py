"""--protocol anchored through the whole command."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from judgemark.cli import main
from judgemark.inputs.prompts import END, START
from tests.support.fake_endpoint import Answer, Asked, FakeEndpoint, said

pytestmark = pytest.mark.usefixtures("elsewhere", "undrawn")

SCORES = {"ann": 8, "bea": 5, "cid": 2.5}
ITEMS = ("rain", "sea")


def answer(asked: Asked) -> Answer:
    """The score of the piece that stands between the markers."""
    piece = asked.prompt.rpartition(f"{START}\n")[2].partition(f"\n{END}")[0]
    return said(json.dumps({"analysis": "Above 2, below 9.", "score": SCORES[piece.split()[0]]}))


def judged(
    *flags: str, references: dict[str, float] | None = None, run_id: str = "r"
) -> tuple[int, list[Asked]]:
    def written(name: str, value: Any) -> str:
        Path(name).write_text(json.dumps(value), "utf-8")
        return name

    samples = {w: {"samples": {"1": {i: f"{w} on {i}." for i in ITEMS}}} for w in SCORES}
    asked_for = {item: {"writing_prompt": f"Write about {item}."} for item in ITEMS}
    command = [
        "--judge-model", "fake", "--protocol", "anchored", "--run-id", run_id,
        "--samples-file", written("s.json", samples),
        "--writing-prompts", written("w.json", asked_for),
    ]  # fmt: skip
    if references is None:
        references = {"ann": 3, "bea": 2, "cid": 1}
    if references:
        command += ["--reference-scores", written("r.json", references)]
    with FakeEndpoint(answer) as endpoint:
        return main([*command, "--base-url", endpoint.url, *flags]), endpoint.asked


def test_each_piece_is_scored_beside_two_others_and_the_choice_is_recorded() -> None:
    code, asked = judged()
    assert (code, len(asked)) == (0, 6)
    ann = next(a.prompt for a in asked if f"{START}\nann on sea.\n" in a.prompt)
    assert "[SCORED 2]\ncid on sea.\n" in ann
    assert "[SCORED 9]\nbea on sea.\n" in ann
    assert "Write about sea." in ann
    rows = list(csv.DictReader(Path("runs/r/scores.csv").read_text("utf-8").splitlines()))
    assert {row["writer"]: float(row["score"]) for row in rows} == SCORES
    choices = json.loads(Path("runs/r/anchors.json").read_text("utf-8"))
    assert choices[0] == {
        "writer": "ann", "iteration": "1", "item": "rain",
        "weak": {"writer": "cid", "iteration": "1"},
        "strong": {"writer": "bea", "iteration": "1"},
    }  # fmt: skip
    line = json.loads(Path("runs/r/verdicts.jsonl").read_text("utf-8").splitlines()[0])
    assert set(line["texts"]) == {"piece", "weak", "strong"}
    result = json.loads(Path("runs/r/result.json").read_text("utf-8"))
    assert result["fingerprint"]["protocol"] == {"name": "anchored", "version": 1}
    assert result["reference"]["kendall_tau"] == 1.0


def test_the_same_command_asks_nothing_and_scoring_again_gives_the_same(
    capsys: pytest.CaptureFixture[str],
) -> None:
    judged()
    first = Path("runs/r/result.json").read_bytes()
    assert judged() == (0, [])
    assert Path("runs/r/result.json").read_bytes() == first
    capsys.readouterr()
    assert main(["score", "r", "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert again["writers"] == json.loads(first)["writers"]


def test_other_anchors_make_another_run(capsys: pytest.CaptureFixture[str]) -> None:
    judged()
    capsys.readouterr()
    code, asked = judged(references={"ann": 1, "bea": 2, "cid": 3})
    assert (code, asked) == (2, [])
    assert "anchors" in capsys.readouterr().err


def test_a_template_of_ones_own_needs_both_anchors(capsys: pytest.CaptureFixture[str]) -> None:
    Path("t.txt").write_text(f"<WEAK_ANCHOR>|<STRONG_ANCHOR>|{START}{END}", "utf-8")
    code, asked = judged("--template", "t.txt")
    assert code == 0
    assert "cid on rain.|bea on rain." in {a.prompt.partition(f"|{START}")[0] for a in asked}
    Path("t.txt").write_text(f"<WEAK_ANCHOR>|{START}{END}", "utf-8")
    capsys.readouterr()
    assert judged("--template", "t.txt", run_id="q") == (2, [])
    assert "t.txt has no <STRONG_ANCHOR>" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("flags", "references", "expected"),
    [
        ([], {}, "needs reference scores of at least 3 writers"),
        ([], {"ann": 3, "bea": 2}, "and 2 have one; give --reference-scores"),
        (["--scoring-max", "20"], None, "has the scale 0 to 10"),
        (["--structured", "on"], None, "--structured does not go with --protocol anchored"),
        (["--score-method", "expected"], None, "--score-method does not go with"),
        (["--prompts-file", "s.json"], None, "--prompts-file does not go with"),
        (["--mode", "pairwise"], None, "--protocol anchored works only with --mode rubric"),
    ],
)
def test_what_does_not_go_with_it_is_refused_in_one_line(
    flags: list[str],
    references: dict[str, float] | None,
    expected: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, asked = judged(*flags, references=references)
    err = capsys.readouterr().err.strip()
    assert (code, asked) == (2, [])
    assert expected in err
    assert "\n" not in err


def test_our_own_samples_have_anchors_of_another_original() -> None:
    with FakeEndpoint(lambda _: said('{"score": 5}')) as endpoint:
        flags = ["--base-url", endpoint.url, "--limit", "3", "--run-id", "o"]
        assert main(["--judge-model", "fake", "--protocol", "anchored", *flags]) == 0
    choices = json.loads(Path("runs/o/anchors.json").read_text("utf-8"))
    assert len(choices) == 144
    assert all(c["weak"]["iteration"] != c["iteration"] for c in choices)


def test_a_judge_that_is_shown_no_prompt_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--judge-model", "baseline:length", "--protocol", "anchored"]) == 2
    assert "is for judges that are asked by a prompt" in capsys.readouterr().err
