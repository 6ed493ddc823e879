"""The reliability diagram: a pairwise judge's confidence against how often it is right."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from judgemark.errors import UndefinedFigure
from judgemark.report.charts_sheet import SMALL, ChartFonts, ChartSheet
from judgemark.report.charts_tables import Chart
from judgemark.report.sheet_chart import sheet_chart

EDGE, LEFT_FOOT, BOTTOM_FOOT = 0.16, 0.62, 0.5
SIDE = 3.6
LARGEST = 14.0
"""The diameter of the bin with most pairs, in points."""

_CONFIDENCES = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
_SHARES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_LEAST_X, _MOST_X, _LEAST_Y, _MOST_Y = 0.48, 1.02, -0.03, 1.03


def draw_reliability(
    bins: Sequence[Mapping[str, Any]], agrees: str = "the reference agrees"
) -> Chart:
    """Draw the bins of a reliability curve: each with its pairs, confidence and accuracy.

    `agrees` says in words what the share right is a share of.

    Raises UndefinedFigure where every bin is empty.
    """
    shown = [b for b in bins if b["n"]]
    if not shown:
        raise UndefinedFigure("no pair was judged")

    bins_in_words = "; ".join(
        f"{100 * b['confidence']:.0f}% sure, {100 * b['accuracy']['value']:.0f}% right"
        for b in shown
    )
    return sheet_chart(
        partial(reliability_page, shown, agrees),
        [],
        stem="reliability",
        title="Confidence against agreement",
        caption="The pairs are put into bins by the judge's confidence, the larger of P and 1 - P. "
        "The area of a point is proportional to its number of pairs; bars are 95% intervals. A "
        "well calibrated judge follows the dashed line.",
        alt=f"Reliability diagram of {len(shown)} bins: {bins_in_words}.",
    )


def reliability_page(
    bins: Sequence[Mapping[str, Any]], agrees: str, fonts: ChartFonts
) -> ChartSheet:
    """Lay the diagram out from bins that all hold at least one pair."""
    del fonts
    left, top = EDGE + LEFT_FOOT, EDGE
    right, bottom = left + SIDE, top + SIDE
    sheet = ChartSheet(right + EDGE, bottom + BOTTOM_FOOT + EDGE)

    def across(confidence: float) -> float:
        return left + (confidence - _LEAST_X) / (_MOST_X - _LEAST_X) * SIDE

    def up(share: float) -> float:
        return bottom - (share - _LEAST_Y) / (_MOST_Y - _LEAST_Y) * SIDE

    for value in _CONFIDENCES:
        sheet.stroke(across(value), top, across(value), bottom, "rule", 0.7)
        label = f"{100 * value:.0f}%"
        sheet.text(across(value), bottom + 0.05, label, size=SMALL, anchor="middle", va="top")
    for value in _SHARES:
        sheet.stroke(left, up(value), right, up(value), "rule", 0.7)
        label = f"{100 * value:.0f}%"
        sheet.text(left - 0.06, up(value), label, size=SMALL, anchor="end", va="center")
    sheet.stroke(across(0.5), up(0.5), across(1.0), up(1.0), "faint", 1.0, (4, 3))
    most = max(b["n"] for b in bins)
    for b in bins:
        x, accuracy = across(b["confidence"]), b["accuracy"]
        if accuracy["ci95"]:
            low, high = accuracy["ci95"]
            sheet.stroke(x, up(low), x, up(high), "point", 1.4)
        sheet.dot(x, up(accuracy["value"]), "point", LARGEST * math.sqrt(b["n"] / most))
    middle = (left + right) / 2
    sheet.text(EDGE + 0.14, top + SIDE / 2, agrees, colour="faint", anchor="middle", turn=90)
    foot = sheet.height - EDGE
    sheet.text(middle, foot, "the judge's confidence", colour="faint", anchor="middle")
    return sheet
