"""The page of a run of probes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from judgemark.report.charts_tables import Chart
from judgemark.report.known_page import PageSection, known_page
from judgemark.report.page_swayed import TITLE, swayed_charts, swayed_parts
from judgemark.scoring.number_format import count


def draw_probe(result: Mapping[str, Any]) -> tuple[Sequence[Chart], Iterable[str]]:
    """Return the charts of a run of probes and the parts of its page, from the result alone."""
    charts = swayed_charts(result)
    own = result["probe"]
    section = PageSection("swayed", TITLE, swayed_parts(result), charts)
    asked = sum(b["effect"] is not None for b in result["validity"]["probes"].values())
    counted = (f"{count(own['units'])} {own['unit']}", f"{count(asked)} contrasts")
    return charts, known_page(result, [section], counted)
