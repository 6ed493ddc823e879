"""Makes a chart of a sheet of marks: as SVG at once, as pictures where someone asks for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from judgemark.report.charts_sheet import ChartFonts, ChartSheet, ScreenFonts
from judgemark.report.charts_svg import PIXELS_PER_INCH, chart_svg
from judgemark.report.charts_tables import Chart, ChartPictures


def sheet_chart(
    build: Callable[[ChartFonts], ChartSheet],
    names: Sequence[str],
    *,
    stem: str,
    title: str,
    caption: str,
    alt: str,
) -> Chart:
    """Return the chart of a sheet, which is laid out again with real fonts where it is drawn.

    Args:
        build: lays the sheet out in the given fonts.
        names: the texts from outside that it shows.
        stem: names the chart's files and its place in the report.
        title: the heading above the chart.
        caption: the sentences below the chart.
        alt: what the chart shows, for readers who cannot see it.
    """
    sheet = build(ScreenFonts())
    inline, file = chart_svg(sheet, alt)
    return Chart(
        stem=stem,
        title=title,
        caption=caption,
        alt=alt,
        svg=file.encode(),
        width=round(sheet.width * PIXELS_PER_INCH),
        height=round(sheet.height * PIXELS_PER_INCH),
        shortened=sheet.shortened,
        inline=inline,
        pictures=partial(_pictures, build, names),
    )


def _pictures(build: Callable[[ChartFonts], ChartSheet], names: Sequence[str]) -> ChartPictures:
    from judgemark.report.charts_pictures import pictures_of

    return pictures_of(build, names)
