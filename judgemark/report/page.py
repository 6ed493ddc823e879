"""The run report: one self-contained HTML file that loads nothing and runs no script."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Template
from markupsafe import Markup

from judgemark.report.charts_svg import chart_css
from judgemark.report.charts_tables import Chart
from judgemark.report.html import asset, environment, policy
from judgemark.report.page_view import CriterionLine, ReportView
from judgemark.scoring import number_format

V4_CEILING = 400 / 3
LEAST_CHART_SHARE = 0.8
"""A chart shrinks to this share of its size before it scrolls, so that its text is legible."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a small histogram that is drawn in a box of 100 by 24 units."""

    x: float
    y: float
    width: float
    height: float


def render(view: ReportView) -> str:
    """Return the page as one string; every text from outside is escaped."""
    return "".join(render_parts(view))


def render_parts(view: ReportView) -> Iterator[str]:
    """Yield the page in parts, so that a report of thousands of texts is never held in memory."""
    css = stylesheet(view.charts)
    yield from _template().generate(
        view=view,
        css=Markup(css),
        policy=policy(css),
        ceiling=V4_CEILING,
        histograms=_histograms(view.criteria),
    )


def compile_template() -> None:
    """Compile the page's template, which takes as long as drawing; `render_parts` uses it."""
    _template()


@cache
def _template() -> Template:
    filters: dict[str, Callable[..., Any]] = {
        "mean_figure": number_format.mean_figure,
        "mean_interval": number_format.mean_interval,
        "p_value": number_format.p_value,
        "score_interval": number_format.score_interval,
        **DRAWN,
        "position_on_bar": _position_on_bar,
    }
    pages = environment(filters)
    # The page imports them, and would have them compiled while it is written.
    pages.get_template("report_macros.html")
    return pages.get_template("report.html")


DRAWN: Mapping[str, Callable[..., str]] = {"svg_markup": Markup}
"""The filter that shows charts: SVG as it is, since its maker has escaped every text in it."""


def _position_on_bar(score: float) -> str:
    """Format a score's position on the bar from 0 to 133, clamped to it, for SVG."""
    return f"{min(max(score, 0.0), V4_CEILING):.2f}"


def stylesheet(charts: Sequence[Chart]) -> str:
    """Return the page's style sheet, with the least and the greatest width of each chart."""
    css = asset("base.css", "report.css")
    for chart in charts:
        least = round(chart.width * LEAST_CHART_SHARE)
        shown = f"#{chart.stem} svg.chart"
        css += f"{shown}{{min-width:{least}px;max-width:{chart.width}px}}\n"
    if charts:
        css += chart_css()
    return css


def _histograms(criteria: Sequence[CriterionLine]) -> list[list[Bar]]:
    """Return a histogram of the scores given to each criterion; all share one axis of values."""
    values = [value for c in criteria for value, _ in c.used]
    if not values:
        return [[] for _ in criteria]
    low, high = min(values), max(values)
    steps = sorted(
        {b - a for c in criteria for (a, _), (b, _) in zip(c.used, c.used[1:], strict=False)}
    )
    step = max(steps[0] if steps else 1.0, (high - low) / 50)
    unit = 100 / (high - low + step)
    histograms = []
    for c in criteria:
        tallest = max((share for _, share in c.used), default=1.0)
        heights = [(value, 24 * share / tallest) for value, share in c.used]
        histograms.append(
            [
                Bar(
                    x=round((value - low) * unit, 2),
                    y=round(24 - height, 2),
                    width=round(step * unit * 0.85, 2),
                    height=round(height, 2),
                )
                for value, height in heights
            ]
        )
    return histograms
