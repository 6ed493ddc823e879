"""Charts: nothing overlaps, nothing is cut, however many writers and whatever their names."""

from __future__ import annotations

import random
import weakref
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import matplotlib
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from judgemark.errors import UndefinedFigure
from judgemark.report import charts_fonts
from judgemark.report.charts import draw_grid, draw_lengths, draw_scores, save_charts
from judgemark.report.charts_canvas import DARK, LIGHT, Paper, Theme, ink_on, number, tick
from judgemark.report.charts_fonts import Fonts
from judgemark.report.charts_grid import grid_page
from judgemark.report.charts_lengths import lengths_page
from judgemark.report.charts_scores import scores_page
from judgemark.report.charts_tables import Grid, MeanEstimate, WriterBar, length_panel, scale_use
from tests.report import charts_data as data

PNG = b"\x89PNG\r\n\x1a\n"

PAGES: dict[str, Callable[[int, Theme], Paper]] = {
    "scores": lambda n, theme: scores_page(data.bars(n), data.use(n), theme),
    "scores of a baseline": lambda n, theme: scores_page(
        data.bars(n, 1234.5), scale_use({"x": [-1e4, 3.0, 2e4]}, None, "item scores"), theme
    ),
    "scores on 0..20": lambda n, theme: scores_page(data.bars(n), data.use(n, 20), theme),
    "lengths": lambda n, theme: lengths_page(data.panels(n), "characters", theme),
    "grid": lambda n, theme: grid_page(data.grid(n), theme),
    "grid of many items": lambda n, theme: grid_page(data.grid(n, 70), theme),
}


def visible_texts(paper: Paper) -> Iterator[tuple[Text, Bbox]]:
    canvas = FigureCanvasAgg(paper.figure)
    paper.figure.draw_without_rendering()
    renderer = canvas.get_renderer()  # type: ignore[no-untyped-call]
    for text in paper.figure.findobj(Text):
        assert isinstance(text, Text)
        if text.get_visible() and text.get_text():
            yield text, text.get_window_extent(renderer)


def overlap(a: Bbox, b: Bbox) -> bool:
    """By more than a pixel at 100 dots per inch, as kerning and accents may."""
    width = min(a.x1, b.x1) - max(a.x0, b.x0)
    height = min(a.y1, b.y1) - max(a.y0, b.y0)
    return bool(width > 1 and height > 1)


@pytest.mark.parametrize("writers", [1, 5, 31])
@pytest.mark.parametrize("page", PAGES)
def test_no_text_overlaps_another_or_leaves_the_page(page: str, writers: int) -> None:
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        paper = PAGES[page](writers, LIGHT)
        found = [(text, box) for text, box in visible_texts(paper) if box.width > 0]
    sheet = paper.figure.bbox
    for text, box in found:
        inside = sheet.x0 <= box.x0 and box.x1 <= sheet.x1 and sheet.y0 <= box.y0
        assert inside and box.y1 <= sheet.y1, text.get_text()
        assert float(text.get_fontsize()) >= 8
    # The boxes of slanted texts are larger than the texts: those are looked at by eye.
    level = [(t, box) for t, box in found if t.get_rotation() in (0, 90)]
    ordered = sorted(level, key=lambda pair: pair[1].x0)
    for (a, box_a), (b, box_b) in combinations(ordered, 2):
        assert not overlap(box_a, box_b), (a.get_text(), b.get_text())


def test_charts_come_as_pictures_for_both_themes_and_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As where no font knows Chinese.
    monkeypatch.setattr(charts_fonts, "_families_for", lambda _: ())
    charts = [
        draw_scores(data.bars(5), data.use(5)),
        draw_lengths(data.panels(5)),
        draw_grid(data.grid(5)),
    ]
    save_charts(charts, tmp_path / "charts")
    for chart in charts:
        assert chart.light.startswith(PNG) and chart.dark.startswith(PNG)
        assert chart.light != chart.dark
        assert (tmp_path / "charts" / f"{chart.stem}.png").read_bytes() == chart.light
        assert ("#3 □□□□-72B-□□" in dict(chart.shortened)) or chart.stem != "lengths"
        assert "通义千问-72B-指令" in dict(chart.shortened).values()
        assert chart.svg is not None and b"<svg" in chart.svg
    assert draw_grid(data.grid(5)) == charts[2]  # the same bytes for the same table


def test_drawing_leaves_matplotlib_as_it_was() -> None:
    with matplotlib.rc_context({"text.usetex": True, "font.size": 31.0}):
        chart = draw_lengths(data.panels(1))
        assert matplotlib.rcParams["text.usetex"] is True
    assert chart == draw_lengths(data.panels(1))


def test_a_drawn_page_lets_go_of_its_pixels() -> None:
    paper = Paper(2, 1, LIGHT, Fonts([]))
    paper.png()
    pixels = weakref.ref(paper.figure.canvas)
    paper.discard()
    assert pixels() is None  # without waiting for a collection
    assert paper.width == 2


def test_no_name_raises_or_warns() -> None:
    rng = random.Random(5)
    planes = ((0x20, 0x3000), (0x3000, 0x20000), (0x20000, 0x110000))
    names = {"".join(chr(rng.randrange(*rng.choice(planes))) for _ in range(30)) for _ in range(12)}
    draw_scores([WriterBar(name, MeanEstimate(1), None) for name in names], None)


def test_the_best_raw_mean_stands_on_top() -> None:
    two = [
        WriterBar("low", MeanEstimate(1), MeanEstimate(9)),
        WriterBar("high", MeanEstimate(2), None),
    ]
    assert "from 2.00 (high) to 1.00 (low)" in draw_scores(two, None).alt


def test_a_chart_of_nothing_is_refused() -> None:
    with pytest.raises(UndefinedFigure):
        draw_scores([WriterBar("ann", None, None)], None)
    with pytest.raises(UndefinedFigure):
        draw_lengths([length_panel("ann", [], [])])
    with pytest.raises(UndefinedFigure):
        draw_grid(Grid(("ann",), ("Wit",), ((None,),), (0.0,), "criterion", "mean score"))


def test_numbers_carry_about_three_figures() -> None:
    shown = [number(v) for v in (0.123456, 7.8449, 45.678, 1234.5, -3.0, 2.5e7)]
    assert shown == ["0.12", "7.84", "45.7", "1234", "−3.00", "2.5e+07"]
    assert tick(-1500.0) == "−1500"


def test_text_in_a_cell_stands_out() -> None:
    assert ink_on((1, 1, 0.8, 1)) == "#000000"
    assert ink_on((0.1, 0.1, 0.4, 1)) == "#ffffff"
    assert LIGHT.shares(0.0)[:3] == pytest.approx((0xF6 / 255, 0xF8 / 255, 0xFA / 255))
    assert DARK.paper != LIGHT.paper
