"""The report of a ladder: rows, marks, picture."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from judgemark.errors import UndefinedFigure
from judgemark.report.charts_doses import DosePanel, draw_doses
from judgemark.report.page_ladder import drawn_ladder, kinds_in_order
from judgemark.scoring.reading_figures import BEYOND_RANGE

BLOCK: dict[str, Any] = {
    "pairs": 36, "clusters": 6, "missing": 0, "accuracy": 0.75, "ci95": [0.6, 0.85],
    "counter": {"name": "fewer commas", "folds": 4, "accuracy": 0.65, "ci95": [0.5, 0.7]},
    "twin": {"name": "more words", "accuracy": 0.5}, "margin": 0.1, "margin_ci95": [-0.1, 0.3],
    "over_half_ci95": [0.1, 0.4], "over_twin_ci95": [0.1, 0.4], "reads": False, "ceiling": None,
}  # fmt: skip
KIND = {**BLOCK, "dose_tau": -0.5, "dose_tau_ci95": [-0.8, -0.2], "countable": True}


def doses(last: float) -> list[dict[str, Any]]:
    rows = [(0, 0.0, 0.5, 0.5), (1, 0.2, 0.4, 0.4), (2, 0.5, last, 0.3)]
    return [
        {"level": level, "pieces": 6, "severity": share, "prefers_damaged": judge,
         "counter": counter, "score": 7.0 - level}
        for level, share, judge, counter in rows
    ]  # fmt: skip


def result(**own: Any) -> dict[str, Any]:
    ladder = {
        "seed": 7, "levels": 2, "kinds": ["end-cut", "words-shuffled"], "budget": None,
        "pieces": 6, "versions": 24, "not_made": [],
        "doses": {"end-cut": doses(0.1), "words-shuffled": doses(0.45)},
        **own,
    }  # fmt: skip
    return {
        "kind": "ladder", "run_id": "r", "status": "complete",
        "judge": {"spec": "some/judge", "kind": "endpoint", "mode": "rubric"},
        "coverage": {
            "pieces": 30, "questions": 30, "answered": 30, "first_try_parse_rate": 1.0,
            "classes": {"ok": 30}, "failures": [], "failures_total": 0,
        },
        "usage": {"cost": None}, "notes": {}, "ladder": ladder,
        "validity": {
            "counter_family": 1, "sources": {"damage": BLOCK}, "probes": {},
            "kinds": {"end-cut": KIND, "words-shuffled": {**KIND, "countable": False}},
        },
    }  # fmt: skip


def test_the_page_has_a_row_for_each_kind_in_the_order_of_the_registry() -> None:
    charts, parts = drawn_ladder(result())
    page = "".join(parts)
    assert kinds_in_order(result()) == ["words-shuffled", "end-cut"]
    assert page.index("Words shuffled") < page.index("End cut off")
    assert page.count("<small>countable</small>") == 1
    assert "what a margin can be" not in page
    for shown in ("75.0%", "65.0%", "fewer commas", "+10.0", "−10.0 to 30.0", "−0.80 to −0.20"):
        assert shown in page
    assert "A good judge" in page
    assert "Versions not made" not in page
    (chart,) = charts
    assert "Preferred at the highest level: Words shuffled: 45%, counting 30%" in chart.alt
    assert chart.alt in page


def test_versions_that_could_not_be_made_say_why() -> None:
    missing = [{"kind": "end-cut", "reason": "too short", "versions": 3}]
    page = "".join(drawn_ladder(result(not_made=missing))[1])
    assert "Versions not made" in page and "too short" in page


def test_without_an_answer_there_is_no_picture() -> None:
    with pytest.raises(UndefinedFigure):
        draw_doses([DosePanel("End cut off", (0.0,), (0.5,), ())])
    assert drawn_ladder(result(doses={}))[0] == ()


def test_an_interval_beyond_the_range_of_a_margin_is_explained() -> None:
    wide = copy.deepcopy(result())
    wide["validity"]["kinds"]["end-cut"]["margin_ci95"] = [-1.1, 1.3]
    assert "".join(drawn_ladder(wide)[1]).count(BEYOND_RANGE) == 1
