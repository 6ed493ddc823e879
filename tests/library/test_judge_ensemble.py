"""Several judges from within a program: what they are worth, and how they are joined."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

import judgemark as jm
from tests.library.judged_data import SAMPLES, Shown, quality_of, reads

pytestmark = pytest.mark.usefixtures("elsewhere", "undrawn")


def noisy(seed: int) -> Any:
    """A judge that reads, with errors of its own."""

    def judge(piece: Shown) -> float:
        noise = random.Random(f"{seed} {piece.text}").gauss(0, 1.0)
        return min(10.0, max(0.0, quality_of(piece.text) + noise))

    judge.version = str(seed)  # type: ignore[attr-defined]
    return judge


def many() -> dict[str, Any]:
    """Six writers on twelve items."""
    return {
        f"w{q}": {
            "samples": {"1": {str(n): f"A piece of quality {q}, on item {n}." for n in range(12)}}
        }
        for q in range(2, 8)
    }


def test_three_judges_and_the_mean_of_their_scores() -> None:
    run = jm.judge(judge_models=[reads, noisy(1), reads], samples=SAMPLES)
    table = run.scores.to_columns()
    assert len(table["score"]) == 36 and set(table["member"]) == {0, 1, 2}
    first = [s for s, w, i in zip(table["score"], table["writer"], table["item"], strict=True)
             if (w, i) == ("ann", "1")]  # fmt: skip
    assert run.table.values[0, 0, 0] == pytest.approx(sum(map(float, first)) / 3)  # type: ignore[arg-type]
    section = run.result["ensemble"]
    assert [m["spec"] for m in section["members"]] == [
        "python:reads",
        "python:judge",
        "python:reads",
    ]
    assert [m["pieces"] for m in section["members"]] == [12, 12, 12]
    assert section["method"] == "average" and run.status == "complete"
    assert run.result["judge"]["spec"] == "python:reads,python:judge,python:reads"
    assert [m["spec"] for m in run.result["judge"]["members"]] == [
        m["spec"] for m in section["members"]
    ]


def test_independent_judges_are_worth_their_number_and_gain() -> None:
    run = jm.judge(judge_models=[noisy(n) for n in range(4)], samples=many())
    section = run.result["ensemble"]
    assert section["effective"]["errors"] == "residuals"
    assert section["effective"]["number"] > 2.5
    assert section["gain"]["difference"] > 0
    assert section["gain"]["ensemble"] == pytest.approx(
        run.result["scorecards"]["v4"]["raw"]["score"]
    )


def test_another_method_joins_again_without_asking() -> None:
    judge = jm.ScriptedJudge({}, otherwise=9.0)
    settings: dict[str, Any] = {"samples": SAMPLES, "run_id": "r"}
    jm.judge(judge_models=[reads, judge, judge], **settings)
    asked = len(judge.asked)
    run = jm.judge(judge_models=[reads, judge, judge], ensemble_method="median", **settings)
    assert len(judge.asked) == asked == 24
    assert set(run.table.values.ravel()) == {9.0}
    # A later look scores it as it was last reported.
    assert set(jm.load("r").table.values.ravel()) == {9.0}


def test_one_piece_without_a_member_is_said() -> None:
    text = "A piece of quality 8, on item 1."
    judge = jm.ScriptedJudge({text: RuntimeError("no")}, otherwise=5.0)
    run = jm.judge(judge_models=[reads, judge], samples=SAMPLES)
    assert run.status == "incomplete"
    section = run.result["ensemble"]
    assert section["pieces_without_a_member"] == 1 and section["common_pieces"] == 11
    assert [m["failed"] for m in section["members"]] == [0, 1]
    assert "1 item score lacks a member" in run.result["warnings"][0]["text"]


def test_repeats_of_each_member_measure_stability() -> None:
    run = jm.judge(judge_models=[reads, noisy(2)], samples=SAMPLES, num_runs=2)
    assert len(run.scores.to_columns()["score"]) == 48
    assert run.result["retest"]["icc"] == pytest.approx(1)


def test_the_keys_of_a_judge_are_the_same_alone_and_in_an_ensemble() -> None:
    alone = jm.judge(reads, samples=SAMPLES)
    together = jm.judge(judge_models=[prefers_nothing, reads], samples=SAMPLES)

    def questions(run: jm.Run, member: int) -> set[str]:
        assert run.folder is not None
        lines = (run.folder / "verdicts.jsonl").read_text("utf-8").splitlines()
        found = [json.loads(line) for line in lines]
        return {e["question"] for e in found if e["slot"]["member"] == member}

    assert questions(alone, 0) == questions(together, 1)


def prefers_nothing(piece: Shown) -> float:
    """Score all pieces alike."""
    del piece
    return 5.0


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"judge_models": [reads]}, "judge_models: one judge alone is not an ensemble"),
        ({"judge_models": []}, "one judge alone"),
        ({"judge_models": "a,b"}, "judge_models: give a list of judges"),
        ({"judge_models": [reads, 3]}, "int is neither the name of a judge nor a function"),
        ({"judge_models": [reads, reads], "mode": "pairwise"}, "an ensemble judges single pieces"),
        ({"judge_models": [reads, reads], "ensemble_method": "mode"}, "invalid choice"),
        ({"judge_models": [reads, "basline:x"]}, 'did you mean "baseline:x"'),
        ({"judge": "a", "judge_models": [reads, reads]}, "leave judge out"),
        ({"judge": reads, "ensemble_method": "median"}, "is for several judges"),
        ({}, "give the judge to measure"),
    ],
)
def test_what_is_no_ensemble_is_said_in_one_line(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(jm.UsageError, match=said) as raised:
        jm.judge(samples=SAMPLES, **settings)
    assert "\n" not in str(raised.value)
    assert not Path("runs").exists()


def criteria(*names: str) -> Any:
    """A judge that reads, with criteria of its own."""

    def judge(piece: Shown) -> dict[str, float]:
        return dict.fromkeys(names, quality_of(piece.text))

    judge.version = " ".join(names)  # type: ignore[attr-defined]
    return judge


def test_members_may_have_criteria_of_their_own() -> None:
    judges = [criteria(*"abcde"), criteria(*"fghij"), criteria(*"klmnop")]
    run = jm.judge(judge_models=judges, samples=SAMPLES)
    assert run.status == "complete" and run.result["coverage"]["failures_total"] == 0
    alone = jm.judge(judges[0], samples=SAMPLES)
    assert run.v4 == alone.v4
    joined = jm.ensemble([jm.judge(judge, samples=SAMPLES) for judge in judges])
    assert joined.result["scorecards"] == run.result["scorecards"]


def test_an_extra_criterion_of_some_answers_costs_no_verdict() -> None:
    def judge(piece: Shown) -> dict[str, float]:
        more = {"g": 1.0} if quality_of(piece.text) > 4 else {}
        return dict.fromkeys("abcdef", quality_of(piece.text)) | more

    run = jm.judge(judge, samples=SAMPLES)
    assert run.status == "complete" and len(run.scores.to_columns()["score"]) == 12
