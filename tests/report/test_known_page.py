"""The page that ladders, runs over pairs and runs of probes have in common."""

from __future__ import annotations

from typing import Any

from judgemark.report.known_page import PageSection, known_page
from judgemark.report.page_table import PagePart

MALICIOUS = "<script>alert(1)</script>"


def page(**more: Any) -> str:
    result = {
        "kind": "ladder",
        "run_id": "r",
        "status": "complete",
        "judge": {"spec": f"some/{MALICIOUS}", "kind": "endpoint", "mode": "rubric"},
        "coverage": {
            "pieces": 5, "questions": 4, "answered": 4, "first_try_parse_rate": 1.0,
            "classes": {"ok": 4}, "failures": [], "failures_total": 0,
        },
        "usage": {"cost": 0.5},
        "validity": {"counter_family": 1},
        "notes": {"validity.kinds.x.margin": "too few"},
        **more,
    }  # fmt: skip
    section = PageSection("reading", "Does it read?", (PagePart("", ("A sentence.",)),))
    return "".join(known_page(result, [section], ["24 pieces"]))


def test_the_sections_of_the_kind_stand_between_head_and_coverage() -> None:
    text = page()
    places = [text.index(part) for part in ("24 pieces", "A sentence.", "Coverage and failures")]
    assert places == sorted(places)
    assert "too few" in text
    assert "Every question that was asked has a verdict." in text


def test_texts_from_outside_are_escaped_and_nothing_runs() -> None:
    text = page(warnings=[{"kind": "k", "text": MALICIOUS}])
    assert MALICIOUS not in text
    assert "default-src 'none'" in text.replace("&#39;", "'")


def test_an_incomplete_run_says_what_is_missing() -> None:
    coverage = {
        "pieces": 5, "questions": 4, "answered": 2, "first_try_parse_rate": None,
        "classes": {"ok": 2, "refused": 2}, "failures_total": 5,
        "failures": [{"class": "refused", "reason": "no"}, {"class": "refused", "reason": "no"}],
    }  # fmt: skip
    text = page(status="incomplete", coverage=coverage)
    assert "This run is incomplete: 2 of 4 questions have a verdict." in text
    assert "refused: no" in text
    # Two of the five failures are listed.
    assert "Further failures" in text
