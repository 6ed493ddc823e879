"""pairs: a pairwise judge against a reference that says which piece is better."""

from __future__ import annotations

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
