"""Shares of pairs as points with intervals."""

from __future__ import annotations

import pytest

from judgemark.errors import UndefinedFigure
from judgemark.report.charts_shares import SharePoint, draw_shares


def test_the_chart_says_in_words_what_it_shows() -> None:
    points = [SharePoint("this judge", 0.79, (0.7, 0.86), main=True), SharePoint("a coin", 0.5)]
    chart = draw_shares(points, stem="shares", title="Shares", caption="What they are.")
    assert chart.alt == "Accuracy on these pairs: this judge 79%; a coin 50%."
    assert (chart.stem, chart.title) == ("shares", "Shares")
    assert chart.width > 400 and chart.height > 60


def test_no_share_is_no_chart() -> None:
    with pytest.raises(UndefinedFigure):
        draw_shares([], stem="s", title="t", caption="c")
