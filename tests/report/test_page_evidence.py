"""What the report says of the reference order, style, variance and repeatability."""

from __future__ import annotations

from typing import Any

import pytest

from judgemark.report.page_evidence import direction, evidence_parts, reference_parts
from tests.report.test_page_intervals import said

REFERENCE: dict[str, Any] = {
    "writers": 6,
    "kendall_tau": 0.2444,
    "pearson_r": -0.35,
    "pair_concordance": 0.6,
    "pair_concordance_ci95": [0.57, 0.63],
    "item_concordance": 0.574,
    "item_concordance_ci95": None,
    "signed_delta": 0.135,
    "signed_delta_ci95": [0.06, 0.21],
}


def test_agreement_has_a_sentence_and_an_interval_for_each_figure() -> None:
    (part,) = reference_parts({"reference": REFERENCE})
    lines = said(part).splitlines()
    assert "Writers with a reference score: 6." in lines[1]
    for start, end in (
        ("Kendall's tau-b / Order of the writers' means", "| +0.24 | –"),
        ("Pearson's r / The same with distances", "| −0.35 | –"),
        ("Writer pairs in order / Of all pairs of writers", "| 60.0% | 57.0 to 63.0%"),
        ("Piece pairs in order / Of all pairs of pieces", "| 57.4% | –"),
        ("Signed Cliff's delta / How far", "| +0.14 | 0.06 to 0.21"),
    ):
        assert [line for line in lines if line.startswith(start) and line.endswith(end)], start
    assert lines[-1] == "This judge separates the writers in the reference's direction."


@pytest.mark.parametrize(
    ("delta", "ends", "expected"),
    [
        (-0.3, [-0.4, -0.2], "This judge separates backwards"),
        (-0.03, [-0.19, 0.13], "cannot be told from 0"),
        (0.03, [0.0, 0.13], "cannot be told from 0"),
        (0.3, [0.2, 0.4], "in the reference's direction"),
        (-0.3, None, "below 0; there is no interval"),
        (None, None, ""),
    ],
)
def test_the_direction_is_said_only_as_surely_as_the_interval_allows(
    delta: float | None, ends: list[float] | None, expected: str
) -> None:
    text = direction({"signed_delta": delta, "signed_delta_ci95": ends})
    assert expected in text and bool(text) == bool(expected)


def test_a_figure_of_agreement_that_is_absent_has_its_reason() -> None:
    notes = {"reference.item_concordance": "ratings are not of single items"}
    reference = {**REFERENCE, "item_concordance": None}
    (part,) = reference_parts({"reference": reference, "notes": notes})
    assert "orders so; 50% is chance. / ratings are not of single items | – | –" in said(part)
    (nothing,) = reference_parts(
        {"reference": {"writers": 1, "kendall_tau": None}, "notes": {"reference": "one writer"}}
    )
    assert nothing.table is None
    assert nothing.lead[1] == "Not available: one writer."
    assert reference_parts({"reference": None}) == ()


def _evidence(result: dict[str, Any]) -> dict[str, str]:
    return {part.title: said(part) for part in evidence_parts(result)}


def test_style_is_told_as_bounds() -> None:
    style = {"omega_squared": 0.8089, "without_writers": 0.2833, "within_writers": 0.7424}
    text = _evidence({"bias": {"style": style}})["Style"]
    assert "between 0.283 and 0.742" in text
    assert "too low, for good writers differ" in text
    # Sampling error can swap the two: the bounds are still told low end first.
    swapped = {**style, "without_writers": 0.75, "within_writers": 0.74}
    assert "between 0.740 and 0.750" in _evidence({"bias": {"style": swapped}})["Style"]


def test_variance_has_bars_for_its_shares() -> None:
    components = [
        {"name": "writer", "variance": 2.383, "share": 0.8238, "clipped": False},
        {"name": "repeat", "variance": 0.0, "share": 0.0, "clipped": True},
    ]
    variance = {"components": components, "scores": 960, "remarks": ["negative estimates set to 0"]}
    parts = evidence_parts({"variance": variance})
    (part,) = [p for p in parts if p.title.startswith("Where the variance")]
    assert part.table is not None
    assert [row[1].share for row in part.table.rows] == [0.8238, 0.0]
    text = said(part)
    assert "writer | 82.4% | 2.383" in text
    assert "Repeat is the judge's own noise." in text and "From 960 scores." in text
    assert text.endswith("Negative estimates set to 0.")


def test_repeatability_is_told_or_how_to_measure_it() -> None:
    measured = {"pieces": 162, "icc": 0.9989, "mean_absolute_difference": 0.0567}
    text = _evidence({"retest": measured})["Repeatability"]
    assert "162 pieces" in text and "ICC 0.999" in text and "differ by 0.06 on average" in text
    unrepeated = {"pieces": 0, "icc": None, "mean_absolute_difference": None}
    assert "--num-runs 2" in _evidence({"retest": unrepeated})["Repeatability"]
    one = {"pieces": 1, "icc": None, "mean_absolute_difference": 1.5}
    notes = {"retest.icc": "only one piece was judged more than once"}
    text = _evidence({"retest": one, "notes": notes})["Repeatability"]
    assert "ICC not available: only one piece" in text and "differ by 1.50" in text
    # A tournament asks for no repeats: both passes of a match are its own.
    assert _evidence({"retest": unrepeated, "tournament": {"matches": 3}}) == {}


def test_what_is_absent_says_why() -> None:
    notes = {
        "bias.length": "the lengths of the pieces are not known",
        "bias.style": "the texts of the pieces are not known",
        "variance": "one writer",
    }
    found = _evidence({"bias": {"length": None, "style": None}, "variance": None, "notes": notes})
    assert found["Length"].endswith("Not available: the lengths of the pieces are not known.")
    assert found["Style"].endswith("Not available: the texts of the pieces are not known.")
    assert found["Where the variance of the scores lies"].endswith("Not available: one writer.")
    assert _evidence({}) == {}
