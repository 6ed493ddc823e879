"""The section "Is it swayed?" and its forest plot."""

from __future__ import annotations

from typing import Any

import pytest

from judgemark.errors import UndefinedFigure
from judgemark.report.charts_forest import ForestRow, draw_forest
from judgemark.report.page_swayed import in_a_sentence, swayed_charts, swayed_parts

NOTE = "only a judge in mode pairwise is asked this"


def block(effect: float | None, found: bool | None, **more: Any) -> dict[str, Any]:
    tested = effect is not None
    return {
        "effect": effect,
        "unit": "points",
        "ci95": [effect - 0.1, effect + 0.1] if effect is not None else None,
        "mde": 0.2 if tested else None,
        "p": 0.01 if tested else None,
        "p_adjusted": 0.02 if tested else None,
        "found": found,
        **more,
    }


def result() -> dict[str, Any]:
    probes = {
        "position.first": block(None, None, unit="P"),
        "padding.paragraph": block(0.83, True),
        "scale.0-20": block(-0.02, False),
        "format.markup": block(0.2, None),
    }
    facts = {
        "scale.0-20": {
            "probe": "scale", "label": "Scores from 0 to 20", "threshold": 0.3, "n": 22,
            "missing": 1, "left_out": 1, "correlation": 0.91,
        }
    }  # fmt: skip
    return {
        "validity": {"probes": probes},
        "notes": {"validity.probes.position.first": NOTE},
        "probe": {"units": 24, "contrasts": facts, "served": {"first": ["a"], "repeats": ["b"]}},
    }


def test_a_sentence_a_row_for_each_contrast_and_what_was_not_asked() -> None:
    table, absent = swayed_parts(result())
    assert table.lead[0] == (
        "This judge is swayed: 1 of 3 contrasts that were tested have an effect, most of all "
        "padding (+0.8 points)."
    )
    assert table.table is not None
    cells = [[cell.text for cell in row] for row in table.table.rows]
    assert cells[0] == [
        "A paragraph that adds nothing", "yes", "+0.83", "0.73 to 0.93", "0.20", "0.020",
    ]  # fmt: skip
    assert [row[1] for row in cells] == ["yes", "no effect", "not shown"]
    assert table.table.rows[1][0].small == (
        "22 pieces, 1 without a verdict, 1 left out",
        "correlation of both scales +0.91",
    )
    assert absent.facts == (("Probability of the first place", NOTE),)
    assert any("another name: b" in remark for remark in table.remarks)


def test_a_result_without_probes_has_no_section() -> None:
    assert swayed_parts({"validity": {"sources": {}}}) == ()
    assert swayed_parts({}) == ()


@pytest.mark.parametrize(
    ("blocks", "told"),
    [
        ([block(0.1, False), block(0.1, None)], "No effect was found of 2 contrasts that were "
         "tested; for 1 of them the run shows that."),
        ([block(None, None)], "No contrast could be tested."),
    ],
)  # fmt: skip
def test_nothing_found_is_not_said_to_be_no_effect(blocks: list[dict[str, Any]], told: str) -> None:
    assert in_a_sentence({f"padding.{n}": one for n, one in enumerate(blocks)}) == told


def test_the_forest_plot_says_in_words_what_was_found() -> None:
    (chart,) = swayed_charts(result())
    assert chart.stem == "probes"
    assert chart.alt.startswith("Forest plot of 3 effects in points of 10. Found: A paragraph")
    assert chart.inline.startswith("<svg") and "points of 10" in chart.inline


def test_a_contrast_without_an_interval_is_not_drawn() -> None:
    only = {"validity": {"probes": {"position.first": block(None, None)}}}
    assert swayed_charts(only) == ()
    with pytest.raises(UndefinedFigure):
        draw_forest([], "points")


def test_names_and_bands_of_any_size_are_drawn() -> None:
    rows = [
        ForestRow("x" * 90, 40.0, -100.0, 900.0, 0.3, None),
        ForestRow("محور 軸", 0.0, 0.0, 0.0, 5.0, False),
    ]
    chart = draw_forest(rows, "points")
    assert chart.width < 760
    assert chart.shortened
