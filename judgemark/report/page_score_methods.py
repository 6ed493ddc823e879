"""The report's comparison of scores as written with scores from probabilities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from judgemark.report.page_table import PageCell, PagePart, PageRow, PageTable, columns, row
from judgemark.scoring.number_format import count, figure, interval, signed
from judgemark.scoring.result_types import Result

_MEANINGS = {
    "expected": "the expected value over what the judge might have written",
    "ranked": "such values, criteria weighted by how they agree in order with the others",
}


def score_methods_part(result: Result) -> PagePart | None:
    """Return what scores from probabilities gain; None for a run without log-probabilities."""
    found = result.get("score_methods")
    if found is None:
        return None
    lead = (
        f"The scores of this run are taken by the method {found['method']}. "
        f"{count(found['expected'])} of {count(found['scores'])} criterion scores have an expected "
        "value; the others count as written. A gain above 0 says that the method separates the "
        "writers further than the scores as written do, on the same replies."
    )
    reason = (f"Not available: {found['reason']}.",) if found.get("reason") else ()
    rows = tuple(_rows(found.get("gain") or {}))
    if not rows:
        return PagePart("Scores from probabilities", (lead, *reason))
    titles = columns("Method", "Scorecard", "Score", "As written", "Gain", "95% interval")
    return PagePart("Scores from probabilities", (lead,), PageTable(titles, rows), remarks=reason)


def _rows(gain: Mapping[str, Any]) -> Iterator[PageRow]:
    for method, differences in gain.items():
        for card, version in (("v4", "raw"), ("v2.1", "calibrated")):
            d = differences[card][version]
            yield row(
                PageCell(method, (_MEANINGS[method],)),
                card,
                figure(d["first"], 1),
                figure(d["second"], 1),
                signed(d["difference"], 1),
                interval(d["ci95"], 1),
            )
