"""ladder: known damage from within a program."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

import judgemark as jm
from tests.library.judged_data import Shown

pytestmark = pytest.mark.usefixtures("elsewhere", "undrawn")

PIECES = {
    f"w{w}": {
        "samples": {
            "1": {
                "1": "\n\n".join(
                    f"Chapter {w}.{n} began on day {n}. Then came {n} and a long evening."
                    for n in range(1, 9)
                )
            }
        }
    }
    for w in range(5)
}


def in_order(piece: Shown) -> float:
    """How many paragraphs stand in the order of their numbers."""
    days = [int(n) for n in re.findall(r"on day (\d+)", piece.text)]
    return sum(a < b for a, b in pairwise(days)) / len(days)


def test_a_judge_that_sees_the_order_notices_shuffled_paragraphs() -> None:
    run = jm.ladder(in_order, samples=PIECES, kinds=["paragraphs-shuffled"], levels=2, seed=3)
    assert (run.kind, run.status) == ("ladder", "complete")
    found = run.validity["kinds"]["paragraphs-shuffled"]
    assert found["accuracy"] > 0.5
    # A trend of -1 is a score that falls with every step of damage.
    assert found["dose_tau"] < 0
    assert run.v4 is None and "jm.judge does" in run.reason("v4")
    assert run.scores.to_columns()["writer"][0] == "w0"
    again = jm.load(run.run_id)
    assert isinstance(again, jm.ValidityRun) and again.result == run.result
    assert repr(run) == f"<ValidityRun {run.run_id}: ladder, {_said(run.reads)}, complete>"
    with pytest.raises(jm.UsageError, match="is not a run of the main job"):
        run.composed()


def _said(reads: bool | None) -> str:
    return {True: "reads", False: "not shown to read", None: "reading not shown"}[reads]


def test_what_cannot_be_used() -> None:
    with pytest.raises(jm.UsageError, match='kinds: "x" is not a kind of damage'):
        jm.ladder(in_order, samples=PIECES, kinds=["x"])
    with pytest.raises(jm.UsageError, match="levels"):
        jm.ladder(in_order, samples=PIECES, levels=0)
