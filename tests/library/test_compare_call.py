"""compare: two judges on the same samples."""

from __future__ import annotations

import pytest

import judgemark as jm
from tests.library.judged_data import SAMPLES, long_table, reads

pytestmark = pytest.mark.usefixtures("elsewhere", "undrawn")

NOISY = [
    {**row, "score": row["score"] + (3 if row["item"] % 2 else -3) * (row["writer"] != "bea")}
    for row in long_table()
]


def test_the_difference_is_a_number_with_its_interval() -> None:
    found = jm.compare(long_table(), NOISY)
    assert found.v4 is not None and found.v4 > 0
    assert found.v4 == pytest.approx(found.v4.first - found.v4.second)
    difference = found.result["differences"]["v4"]["raw"]
    assert found.v4.ci95 == (tuple(difference["ci95"]) if difference["ci95"] else None)
    assert found.v4.p_value == difference["p_value"]
    assert found.result["runs"][0]["judge"] == "a"


def test_a_run_is_its_own_equal_by_object_by_name_and_by_its_scores() -> None:
    run = jm.judge(reads, samples=SAMPLES, run_id="one")
    for other in (run, "one", run.folder, run.scores.to_columns()):
        found = jm.compare(run, other)
        for difference in (found.v4, found.v2_1, found.v2):
            assert difference is not None and not difference
        assert found.kendall_tau == 1


def test_an_undefined_difference_is_none() -> None:
    equal = [{**row, "score": 5} for row in long_table()]
    found = jm.compare(long_table(), equal)
    assert found.v4 is None
    assert found.result["differences"]["v4"]["raw"]["reason"]


def test_judges_of_other_pieces_cannot_be_compared() -> None:
    others = [{**row, "item": f"other {row['item']}"} for row in long_table()]
    with pytest.raises(jm.UsageError):
        jm.compare(long_table(), others)
