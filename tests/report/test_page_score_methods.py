"""The report's table of what scores from probabilities gain."""

from __future__ import annotations

from typing import Any

from judgemark.report.page_score_methods import score_methods_part


def difference(first: float, second: float) -> dict[str, Any]:
    return {"first": first, "second": second, "difference": first - second, "ci95": [1.0, 3.0]}


def section(**more: Any) -> dict[str, Any]:
    card = {"v4": {"raw": difference(62, 60)}, "v2.1": {"calibrated": difference(41, 40)}}
    found = {"method": "expected", "scores": 45, "expected": 40, "gain": {"expected": card}}
    return {"score_methods": {**found, "reason": None, **more}}


def test_each_method_has_its_gain_beside_the_score_as_written() -> None:
    part = score_methods_part(section())
    assert part is not None and part.table is not None
    assert "40 of 45 criterion scores have an expected value" in part.lead[0]
    first = [cell.text for cell in part.table.rows[0]]
    assert first == ["expected", "v4", "62.0", "60.0", "+2.0", "1.0 to 3.0"]


def test_where_there_are_none_the_reason_stands_there() -> None:
    part = score_methods_part(section(gain={}, reason="the endpoint gave none"))
    assert part is not None and part.table is None
    assert part.lead[1] == "Not available: the endpoint gave none."
    assert score_methods_part({}) is None
