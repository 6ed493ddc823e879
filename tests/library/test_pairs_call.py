"""pairs: a pairwise judge against a reference that says which piece is better."""

from __future__ import annotations

from typing import Any

import pytest

import judgemark as jm
from tests.library.judged_data import QUALITY, SAMPLES, prefers, reads

pytestmark = pytest.mark.usefixtures("elsewhere", "undrawn")


def test_a_judge_that_reads_agrees_with_a_run_that_reads() -> None:
    """Three pairs of writers on each of four items, 30 or 60 points apart."""
    reference = jm.judge(reads, samples=SAMPLES)
    found = jm.pairs(prefers, reference, pairs=12, margin_min=20, margin_max=70)
    assert found.result["drawn"] == 12 == 4 * len(QUALITY)
    assert found.result["accuracy"]["value"] == 1
    assert found.status == "complete" and (found.folder / "pairs.json").is_file()


def test_what_cannot_be_used() -> None:
    reference = jm.judge(reads, samples=SAMPLES)
    with pytest.raises(jm.UsageError, match="margin_max"):
        jm.pairs(prefers, reference, margin_max=-1)
    with pytest.raises(jm.UsageError, match='no setting "rounds"'):
        jm.pairs(prefers, reference, rounds=3)  # type: ignore[call-arg]
    with pytest.raises(jm.UndefinedFigure):
        jm.pairs(prefers, reference, margin_min=99, margin_max=100)
    with pytest.raises(jm.UsageError, match="no folder"):
        jm.pairs(prefers, jm.score(reference.scores.to_columns()))


ROWS = [
    {"task": f"Write {n}.", "good": f"Good {n}, quality 9.", "bad": f"Worse {n}, quality 2."}
    for n in range(12)
]
COLUMNS = {"prompt": "task", "chosen": "good", "rejected": "bad"}


@pytest.fixture
def without_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("judgemark.report.page_pairs.draw_pairs", lambda _: ((), ["a page"]))


@pytest.mark.usefixtures("without_pages")
def test_people_s_preferences_may_be_rows() -> None:
    def judge(piece: Any) -> float:
        return float("quality 9" in piece.text) if piece.writing_prompt else 0.0

    found = jm.pairs(judge, pairs_file=ROWS, columns=COLUMNS)
    assert (found.kind, found.status, found.wrong) == ("pairs", "complete", [])
    assert found.validity["sources"]["people"]["accuracy"] == 1
    assert jm.load(found.folder).result == found.result


@pytest.mark.usefixtures("without_pages")
def test_a_function_of_pairs_compares_and_what_it_puts_wrong_is_at_hand() -> None:
    found = jm.pairs(
        lambda pairs: [0.9 if "quality 9" in p.b else 0.1 for p in pairs],
        pairs_file=ROWS,
        columns=COLUMNS,
        mode="pairwise",
    )
    assert found.reads is False and len(found.wrong) == len(ROWS)
    assert found.wrong[0]["p_chosen"] == pytest.approx(0.1)
    assert "quality 9" in found.wrong[0]["chosen"]


def test_one_source_is_given() -> None:
    with pytest.raises(jm.UsageError, match="one of pairs_file, ratings and reference, and none"):
        jm.pairs(prefers)
    with pytest.raises(jm.UsageError, match="no column for the part prompt; name it with columns"):
        jm.pairs(prefers, pairs_file=ROWS)
