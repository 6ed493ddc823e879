"""The scores of a run as rows."""

from __future__ import annotations

from judgemark.judged import Judged, JudgedRun, Unjudged
from judgemark.records import Class, Criterion, Rubric
from judgemark.scoring.run_tables import tables_of
from judgemark.scoring.scores_csv import (
    CRITERION_COLUMNS,
    SCORE_COLUMNS,
    as_csv,
    criterion_rows,
    score_rows,
)

CRITERIA = tuple(
    Criterion(name, name == "Dull") for name in ("Wit", "Warmth", "Flow", "Ear", "Dull")
)


def run() -> JudgedRun:
    """One piece scored on five criteria, one given a number at once, one refused."""
    scores = {"Wit": 8.0, "Warmth": 7.0, "Flow": 7.0, "Ear": 6.0, "Dull": 2.0}
    judged = (
        Judged("ann", "1", "sea", 0, 0, scores, None, cls=Class.PARTIAL),
        Judged("=bea", "1", "sea", 0, 1, None, 4.25),
    )
    unjudged = (Unjudged("cid", "1", "sea", Class.REFUSED, "declined", member=0, repeat=0),)
    return JudgedRun("r", {}, {}, {}, {}, Rubric(0, 10, CRITERIA), judged, unjudged, 3)


def test_each_verdict_and_each_failure_has_a_row() -> None:
    # Dull is negative: 10 - 2 = 8. The mean of 8, 7, 7, 6, 8 is 7.2; on 1..10 it is 1 + 7.2 x 0.9.
    assert list(score_rows(run(), tables_of(run()))) == [
        ("ann", "1", "sea", 0, 0, 7.48, "partial"),
        ("=bea", "1", "sea", 1, 0, 4.25, "ok"),
        ("cid", "1", "sea", 0, 0, None, "refused"),
    ]


def test_the_long_form_has_a_row_for_each_criterion() -> None:
    rows = list(criterion_rows(run(), tables_of(run())))
    assert [row[5:7] for row in rows if row[0] == "ann"] == [
        ("Wit", 8.0), ("Warmth", 7.0), ("Flow", 7.0), ("Ear", 6.0), ("Dull", 2.0),
    ]  # fmt: skip
    assert [row[5:] for row in rows if row[0] != "ann"] == [
        (None, None, 4.25, "ok"),
        (None, None, None, "refused"),
    ]
    assert all(len(row) == len(CRITERION_COLUMNS) for row in rows)


def test_csv_has_a_header_and_no_formula() -> None:
    text = as_csv(SCORE_COLUMNS, score_rows(run(), tables_of(run())))
    assert text.splitlines() == [
        "writer,iteration,item,repeat,member,score,class",
        "ann,1,sea,0,0,7.48,partial",
        "'=bea,1,sea,1,0,4.25,ok",
        "cid,1,sea,0,0,,refused",
    ]
