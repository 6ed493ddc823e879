"""A judge that answers from a script, for the tests of those who use the library."""

from __future__ import annotations

import pytest

import judgemark as jm
from tests.library.judged_data import ITEMS, SAMPLES

pytestmark = pytest.mark.usefixtures("elsewhere", "undrawn")

ANSWERS = {
    text: score
    for score, writer in zip((3.0, 2.0, 1.0), SAMPLES, strict=True)
    for text in SAMPLES[writer]["samples"]["1"].values()
}


def test_it_gives_the_answer_for_the_text() -> None:
    run = jm.judge(jm.ScriptedJudge(ANSWERS), samples=SAMPLES)
    assert run.result["writers"]["ann"]["raw"]["mean"] == 3


def test_an_exception_is_a_question_without_a_verdict() -> None:
    text = SAMPLES["ann"]["samples"]["1"]["1"]
    judge = jm.ScriptedJudge({**ANSWERS, text: RuntimeError("out of order")})
    run = jm.judge(judge, samples=SAMPLES)
    (failure,) = run.result["coverage"]["failures"]
    assert (failure["writer"], failure["item"]) == ("ann", "1")
    assert "out of order" in failure["reason"]


def test_of_two_pieces_the_one_with_the_higher_answer_is_likely_better() -> None:
    run = jm.judge(jm.ScriptedJudge(ANSWERS), samples=SAMPLES, mode="pairwise")
    means = [run.result["writers"][writer]["raw"]["mean"] for writer in ("ann", "bea", "cid")]
    assert means == sorted(means, reverse=True)


def test_another_script_is_another_judge() -> None:
    first = jm.judge(jm.ScriptedJudge(otherwise=1.0), samples=SAMPLES)
    second = jm.judge(jm.ScriptedJudge(otherwise=2.0), samples=SAMPLES)
    assert first.run_id != second.run_id
    assert second.table.values.min() == 2 and second.table.values.size == 3 * len(ITEMS)
