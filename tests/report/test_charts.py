"""Charts: nothing overlaps, nothing is cut, however many writers and whatever their names."""

from __future__ import annotations

import random
import re
import warnings
import weakref
from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import pytest
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from judgemark.errors import UndefinedFigure
from judgemark.report import charts_fonts, charts_pictures
from judgemark.report.charts import (
    draw_grid,
    draw_lengths,
    draw_scores,
    save_charts,
    save_pictures,
)
from judgemark.report.charts_colours import (
    DARK_COLOURS,
    LIGHT_COLOURS,
    ChartColours,
    ink_upon,
    mean_colour,
    share_colour,
)
from judgemark.report.charts_doses import doses_page, draw_doses
from judgemark.report.charts_fonts import Fonts
from judgemark.report.charts_forest import draw_forest, forest_page
from judgemark.report.charts_grid import grid_page
from judgemark.report.charts_lengths import lengths_page
from judgemark.report.charts_pictures import drawn, pictures_of
from judgemark.report.charts_reliability import draw_reliability, reliability_page
from judgemark.report.charts_scores import scores_page
from judgemark.report.charts_shares import draw_shares, shares_page
from judgemark.report.charts_sheet import Box, ChartFonts, ChartSheet, ScreenFonts
from judgemark.report.charts_svg import chart_css
from judgemark.report.charts_tables import Grid, MeanEstimate, WriterBar, length_panel, scale_use
from judgemark.report.charts_ticks import number, numbers_within, round_numbers, tick
from tests.report import charts_data as data

PNG = b"\x89PNG\r\n\x1a\n"

PAGES: dict[str, Callable[[int, ChartFonts], ChartSheet]] = {
    "scores": lambda n, fonts: scores_page(data.bars(n), data.use(n), fonts),
    "scores of a baseline": lambda n, fonts: scores_page(
        data.bars(n, 1234.5), scale_use({"x": [-1e4, 3.0, 2e4]}, None, "item scores"), fonts
    ),
    "ratings": lambda n, fonts: scores_page(data.bars(n, 10.0), data.use(n), fonts, 40.0),
    "scores on 0..20": lambda n, fonts: scores_page(data.bars(n), data.use(n, 20), fonts),
    "lengths": lambda n, fonts: lengths_page(data.panels(n), "characters", fonts),
    "grid": lambda n, fonts: grid_page(data.grid(n), fonts),
    "grid of many items": lambda n, fonts: grid_page(data.grid(n, 70), fonts),
    "reliability": lambda n, fonts: reliability_page(data.bins(n), "people agree", fonts),
    "doses": lambda n, fonts: doses_page(data.doses(n), fonts),
    "shares": lambda n, fonts: shares_page(data.points(n), fonts),
    "forest": lambda n, fonts: forest_page(data.effects(n), "points of 10", fonts),
}


def visible_texts(figure: Figure) -> Iterator[tuple[Text, Bbox]]:
    canvas = FigureCanvasAgg(figure)
    figure.draw_without_rendering()
    renderer = canvas.get_renderer()  # type: ignore[no-untyped-call]
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        if text.get_visible() and text.get_text():
            yield text, text.get_window_extent(renderer)


def overlap(a: Bbox, b: Bbox) -> bool:
    """By more than a pixel at 100 dots per inch, as kerning and accents may."""
    width = min(a.x1, b.x1) - max(a.x0, b.x0)
    height = min(a.y1, b.y1) - max(a.y0, b.y0)
    return bool(width > 1 and height > 1)


REAL, ESTIMATED = Fonts(data.AWKWARD), ScreenFonts()


@pytest.mark.parametrize(
    ("writers", "fonts"),
    [(1, REAL), (5, REAL), (31, REAL), (31, ESTIMATED)],
    ids=["1", "5", "31", "31 estimated"],
)
@pytest.mark.parametrize("page", PAGES)
def test_no_text_overlaps_another_or_leaves_the_page(
    page: str, fonts: ChartFonts, writers: int
) -> None:
    """As drawn in a wide font, whether its widths were measured or estimated for a browser."""
    with matplotlib.rc_context(), warnings.catch_warnings():
        # A browser has fonts for all scripts; where none is installed here, boxes stand in.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        matplotlib.rcdefaults()
        figure = drawn(PAGES[page](writers, fonts), REAL, LIGHT_COLOURS)
        found = [(text, box) for text, box in visible_texts(figure) if box.width > 0]
    sheet = figure.bbox
    for text, box in found:
        inside = sheet.x0 <= box.x0 and box.x1 <= sheet.x1 and sheet.y0 <= box.y0
        assert inside and box.y1 <= sheet.y1, text.get_text()
        assert float(text.get_fontsize()) >= 8
    # The boxes of slanted texts are larger than the texts: those are looked at by eye.
    level = [(t, box) for t, box in found if t.get_rotation() in (0, 90)]
    ordered = sorted(level, key=lambda pair: pair[1].x0)
    for (a, box_a), (b, box_b) in combinations(ordered, 2):
        assert not overlap(box_a, box_b), (a.get_text(), b.get_text())


def test_a_chart_is_one_svg_for_both_themes_and_pictures_on_demand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(charts_fonts, "_families_for", lambda _: ())  # no font knows Chinese
    charts = [
        draw_scores(data.bars(5), data.use(5)),
        draw_lengths(data.panels(5)),
        draw_grid(data.grid(5)),
        draw_shares(data.points(5), stem="pairs", title="Shares", caption="What they are."),
        draw_forest(data.effects(5), "points of 10"),
    ]
    save_charts(charts, tmp_path)
    stems = ["grid", "lengths", "pairs", "probes", "scores"]
    assert sorted(p.name for p in tmp_path.iterdir()) == [f"{stem}.svg" for stem in stems]
    for chart in charts:
        alone = ElementTree.fromstring(chart.svg)
        shown = ElementTree.fromstring(chart.inline)
        assert (alone.get("role"), shown.get("aria-label")) == ("img", chart.alt)
        assert "prefers-color-scheme:dark" in (alone[0].text or "")
        assert "style" not in chart.inline
        assert "通义千问-72B-指令" in "".join(shown.itertext())
    files, undrawn = save_pictures(charts[1:2], tmp_path)
    light, dark = (path.read_bytes() for path in files)
    assert light.startswith(PNG) and dark.startswith(PNG) and light != dark
    assert {path.name for path in files} == {"lengths.png", "lengths-dark.png"}
    assert set("通义千问指令") <= set(undrawn)
    assert draw_grid(data.grid(5)) == charts[2]  # the same bytes for the same table


def test_names_are_escaped_in_an_svg() -> None:
    bar = WriterBar('<script>alert(1)</script> & "co"', MeanEstimate(1), None)
    chart = draw_scores([bar], None)
    assert "<script" not in chart.inline
    root = ElementTree.fromstring(chart.inline)
    assert '<script>alert(1)</script> & "co"' in "".join(root.itertext()).replace("\n", "")


def test_the_style_sheet_has_every_colour_that_a_chart_uses() -> None:
    used = set()
    for chart in (
        draw_scores(data.bars(5), data.use(5)),
        draw_lengths(data.panels(5)),
        draw_reliability(data.bins(5)),
        draw_doses(data.doses(5)),
        draw_forest(data.effects(5), "points"),
    ):
        used |= set(re.findall(r'class="([fs]-[\w-]+)', chart.inline))
    assert len(used) > 10
    for name in used:
        assert f".{name}{{" in chart_css()


def test_drawing_leaves_matplotlib_as_it_was() -> None:
    with matplotlib.rc_context({"text.usetex": True, "font.size": 31.0}):
        first = pictures_of(partial(lengths_page, data.panels(1), "characters"), [])
        assert matplotlib.rcParams["text.usetex"] is True
    assert first == pictures_of(partial(lengths_page, data.panels(1), "characters"), [])


def test_a_picture_lets_go_of_its_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    canvases: list[weakref.ref[FigureCanvasBase]] = []

    def remembered(sheet: ChartSheet, fonts: Fonts, colours: ChartColours) -> Figure:
        figure = drawn(sheet, fonts, colours)
        figure.canvas = Watched(figure)
        canvases.append(weakref.ref(figure.canvas))
        return figure

    class Watched(FigureCanvasAgg):
        pass

    monkeypatch.setattr(charts_pictures, "drawn", remembered)
    monkeypatch.setattr(charts_pictures, "FigureCanvasAgg", Watched)
    pictures_of(partial(lengths_page, data.panels(1), "characters"), [])
    # Without waiting for a collection.
    assert [canvas() for canvas in canvases] == [None, None]


def test_no_name_raises_or_warns() -> None:
    rng = random.Random(5)
    planes = ((0x20, 0x3000), (0x3000, 0x20000), (0x20000, 0x110000))
    names = {"".join(chr(rng.randrange(*rng.choice(planes))) for _ in range(30)) for _ in range(12)}
    chart = draw_scores([WriterBar(name, MeanEstimate(1), None) for name in names], None)
    ElementTree.fromstring(chart.inline)
    assert chart.pictures is not None and chart.pictures().light.startswith(PNG)


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
    assert ink_upon("#ffffcc") == "#000000"
    assert ink_upon("#191966") == "#ffffff"
    assert LIGHT_COLOURS.of(share_colour(0.0)) == "#f6f8fa"
    assert LIGHT_COLOURS.of(f"on-{share_colour(1.0)}") == "#ffffff"
    assert DARK_COLOURS.of(f"on-{share_colour(1.0)}") == "#000000"
    assert (mean_colour(0.0), mean_colour(1.0)) == ("#440154", "#fde725")


def test_ticks_are_round_numbers_as_few_as_asked_for() -> None:
    assert round_numbers(0, 9.7, 4) == [0, 2.5, 5, 7.5, 10]
    # 11.9 / 4 = 2.975: the next round distance is 3
    assert round_numbers(-2.6, 9.3, 4) == [-3, 0, 3, 6, 9, 12]
    assert round_numbers(0.41, 0.43, 5, (1, 2, 5, 10)) == [0.41, 0.415, 0.42, 0.425, 0.43]
    assert numbers_within([-4, 0, 4, 8, 12], -2.6, 8) == [0, 4, 8]
    # steps of 4 would leave a single number within 5 to 9; those of 3 leave two
    assert round_numbers(5, 9, 1) == [3, 6, 9]


def test_bars_of_ratings_begin_at_the_initial_rating() -> None:
    """From 0, thirty ratings around 1200 are thirty bars of one length."""
    means = {"better": 1254.0, "worse": 1150.0}
    found = [WriterBar(name, MeanEstimate(mean), None) for name, mean in means.items()]
    sheet = scores_page(found, None, ScreenFonts(), 1200.0)
    right, left = (mark for mark in sheet.marks if isinstance(mark, Box))
    assert left.x + left.width == pytest.approx(right.x)
    assert right.width / left.width == pytest.approx(54 / 50)
