"""What the report says of the reference order, style, variance and repeatability."""

from __future__ import annotations

from typing import Any

from judgemark.report.page_evidence import direction, evidence_parts, reference_parts
from tests.report.page_words import names, numbers, said, values

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


def test_agreement_has_a_value_and_an_interval_for_each_figure() -> None:
    (part,) = reference_parts({"reference": REFERENCE})
    assert numbers(part.lead[0]) == ["6"]
    # In the order of AGREEMENT: tau, r, pairs of writers, pairs of pieces, the signed delta.
    assert values(part) == [
        ("+0.24", "–"),
        ("−0.35", "–"),
        ("60.0%", "57.0 to 63.0%"),
        ("57.4%", "–"),
        ("+0.14", "0.06 to 0.21"),
    ]
    assert part.remarks == (direction(REFERENCE),)


def told(delta: float | None, ends: list[float] | None) -> str:
    return direction({"signed_delta": delta, "signed_delta_ci95": ends})


def test_the_direction_is_said_only_as_surely_as_the_interval_allows() -> None:
    forwards, backwards = told(0.3, [0.2, 0.4]), told(-0.3, [-0.4, -0.2])
    unsure, without = told(-0.03, [-0.19, 0.13]), told(-0.3, None)
    assert len({forwards, backwards, unsure, without, ""}) == 5
    assert "wrong direction" in backwards and "wrong direction" not in forwards + unsure + without
    assert told(0.03, [0.0, 0.13]) == unsure  # an end at 0 does not exclude it
    assert "below" in without and "above" in told(0.3, None)
    assert told(None, None) == ""


def test_a_figure_of_agreement_that_is_absent_has_its_reason() -> None:
    notes = {"reference.item_concordance": "ratings are not of single items"}
    reference = {**REFERENCE, "item_concordance": None}
    (part,) = reference_parts({"reference": reference, "notes": notes})
    (row,) = [n for n, name in enumerate(names(part)) if "ratings are not of single items" in name]
    assert values(part)[row] == ("–", "–")
    (nothing,) = reference_parts(
        {"reference": {"writers": 1, "kendall_tau": None}, "notes": {"reference": "one writer"}}
    )
    assert nothing.table is None
    assert "one writer" in nothing.lead[1]
    assert reference_parts({"reference": None}) == ()


def test_style_is_told_as_bounds() -> None:
    style = {"omega_squared": 0.8089, "without_writers": 0.2833, "within_writers": 0.7424}
    (part,) = evidence_parts({"bias": {"style": style}})
    assert numbers(part.lead[0]) == ["0.283", "0.742"]
    assert values(part) == [("0.809",), ("0.283",), ("0.742",)]
    # Sampling error can swap the two: the bounds are still told low end first.
    swapped = {**style, "without_writers": 0.75, "within_writers": 0.74}
    (part,) = evidence_parts({"bias": {"style": swapped}})
    assert numbers(part.lead[0]) == ["0.740", "0.750"]


def test_variance_has_bars_for_its_shares() -> None:
    components = [
        {"name": "writer", "variance": 2.383, "share": 0.8238, "clipped": False},
        {"name": "repeat", "variance": 0.0, "share": 0.0, "clipped": True},
    ]
    variance = {"components": components, "scores": 960, "remarks": ["negative estimates set to 0"]}
    (part,) = evidence_parts({"variance": variance})
    assert part.table is not None
    assert [row[1].share for row in part.table.rows] == [0.8238, 0.0]
    assert names(part) == ["writer", "repeat"]
    assert values(part) == [("82.4%", "2.383"), ("0.0%", "0.000")]
    assert numbers(part.lead[0]) == ["960"]
    assert part.remarks == ("Negative estimates set to 0.",)


def test_repeatability_is_told_or_how_to_measure_it() -> None:
    measured = {"pieces": 162, "icc": 0.9989, "mean_absolute_difference": 0.0567}
    (part,) = evidence_parts({"retest": measured})
    assert {"162", "0.999", "0.06"} <= set(numbers(said(part)))
    unrepeated = {"pieces": 0, "icc": None, "mean_absolute_difference": None}
    (part,) = evidence_parts({"retest": unrepeated})
    assert "num_runs 2" in said(part)
    one = {"pieces": 1, "icc": None, "mean_absolute_difference": 1.5}
    notes = {"retest.icc": "only one piece was judged more than once"}
    (part,) = evidence_parts({"retest": one, "notes": notes})
    assert notes["retest.icc"] in said(part) and "1.50" in numbers(said(part))
    # A tournament asks for no repeats: both passes of a match are its own.
    assert evidence_parts({"retest": unrepeated, "tournament": {"matches": 3}}) == ()


def test_what_is_absent_says_why() -> None:
    notes = {
        "bias.length": "the lengths of the pieces are not known",
        "bias.style": "the texts of the pieces are not known",
        "variance": "one writer",
    }
    parts = evidence_parts(
        {"bias": {"length": None, "style": None}, "variance": None, "notes": notes}
    )
    assert len(parts) == len(notes)
    for part, reason in zip(parts, notes.values(), strict=True):
        assert part.table is None and reason in said(part)
    assert evidence_parts({}) == ()
