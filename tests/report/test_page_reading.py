"""The report's answer to whether the judge reads."""

from __future__ import annotations

from typing import Any

from judgemark.report.page import render
from judgemark.report.page_reading import reading_parts
from judgemark.report.page_view import view_of
from judgemark.scoring.reading_figures import BEYOND_RANGE
from tests.report import page_data
from tests.report.page_words import names, said, values

DAMAGE: dict[str, Any] = {
    "pairs": 360, "clusters": 24, "missing": 0, "accuracy": 0.79, "ci95": [0.74, 0.84],
    "counter": {"name": "fewer commas", "folds": 4, "accuracy": 0.55, "ci95": [0.5, 0.6]},
    "twin": {"name": "more words", "accuracy": 0.52},
    "margin": 0.24, "margin_ci95": [0.17, 0.31], "over_half_ci95": [0.24, 0.34],
    "over_twin_ci95": [0.2, 0.34], "reads": True, "ceiling": None,
}  # fmt: skip


def result(damage: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    sources = {"damage": {**DAMAGE, **(damage or {})}}
    validity = {"counter_family": 1, "sources": sources, "kinds": {}, "probes": {}}
    return {"validity": {**validity, **more.get("validity", {})}, "notes": more.get("notes", {})}


def test_a_judge_that_reads_stands_beside_counting_a_coin_and_its_twin() -> None:
    (part,) = reading_parts(result())
    assert names(part)[1:] == [
        "the best counting rule / fewer commas; chosen in 4 of the folds",
        "a coin",
        "its counting twin / more words",
    ]
    assert values(part) == [
        ("79.0%", "74.0 to 84.0%", "", ""),
        ("55.0%", "50.0 to 60.0%", "+24.0", "17.0 to 31.0"),
        ("50.0%", "", "+29.0", "24.0 to 34.0"),
        ("52.0%", "", "+27.0", "20.0 to 34.0"),
    ]
    assert part.lead[0].startswith("This judge reads")


def test_a_judge_that_was_not_shown_to_read_says_over_what() -> None:
    (part,) = reading_parts(result({"reads": False, "over_twin_ci95": [-0.02, 0.1]}))
    assert "twin" in part.lead[0]
    assert "counting rule" not in part.lead[0]


def test_no_known_pairs_and_too_few_pieces_give_the_reason() -> None:
    none = {"validity": {"sources": {}}, "notes": {"validity": "nobody knows"}}
    (part,) = reading_parts(none)
    assert part.lead == ("Not shown: nobody knows.",)
    few = {"reads": None, "margin_ci95": None, "over_half_ci95": None, "over_twin_ci95": None}
    notes = {"validity.sources.damage.reads": "4 clusters"}
    (part,) = reading_parts(result(few, notes=notes))
    assert part.lead[0] == "Not shown: 4 clusters."
    assert values(part)[1][-1] == "–"


def test_missing_pairs_are_told() -> None:
    notes = {"validity.sources.damage.missing": "300 of 360 known pairs were not compared"}
    (part,) = reading_parts(result({"missing": 300}, notes=notes))
    assert part.remarks == ("300 of 360 known pairs were not compared.",)


def test_an_interval_beyond_the_range_of_a_margin_is_explained() -> None:
    (part,) = reading_parts(result({"over_half_ci95": [0.4, 0.53]}))
    assert "40.0 to 53.0" in values(part)[2]
    assert part.remarks == (BEYOND_RANGE,)
    kind = {**DAMAGE, "dose_tau": -0.9, "countable": False, "margin_ci95": [-1.2, 0.1]}
    whole, by_kind = reading_parts(result(validity={"kinds": {"order": kind}}))
    assert (whole.remarks, by_kind.remarks) == ((), (BEYOND_RANGE,))


def test_each_kind_has_a_row() -> None:
    kind = {**DAMAGE, "dose_tau": -0.9, "dose_tau_ci95": [-1.0, -0.8], "countable": True}
    unread = {**kind, "reads": False, "countable": False, "dose_tau": None}
    kinds = {"names_exchanged": kind, "order": unread}
    _, part = reading_parts(result(validity={"kinds": kinds}))
    assert [v[-2:] for v in values(part)] == [("−0.90", "yes"), ("–", "not shown")]
    assert "countable" in names(part)[0] and "countable" not in names(part)[1]
    assert "Holm" in said(part)


def test_the_section_stands_directly_under_the_headline() -> None:
    page = render(view_of(page_data.result() | result()))
    assert page.index('id="headline"') < page.index('id="reading"') < page.index('id="scores')
    # A result of an earlier version has none.
    assert 'id="reading"' not in render(view_of(page_data.result()))
