"""docs/metrics.md names every figure, as the registry has them."""

from __future__ import annotations

from judgemark.scoring.figures import FIGURES
from tools.figure_table import PAGE, table, with_table


def test_the_page_has_the_table_of_today() -> None:
    page = PAGE.read_text("utf-8")
    assert with_table(page) == page


def test_every_figure_has_a_row() -> None:
    rows = table().splitlines()[2:]
    assert [row.split("`")[1] for row in rows] == [figure.key for figure in FIGURES]
