"""Fonts for names in any script: what no font draws in pictures is told on the terminal."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from matplotlib.font_manager import fontManager

from judgemark.jobs import run_pictures
from judgemark.report import charts_fonts
from judgemark.report.charts import draw_scores
from judgemark.report.charts_fonts import Fonts
from judgemark.report.charts_scores import scores_page
from judgemark.report.charts_tables import MeanEstimate, WriterBar
from judgemark.report.labels import printable

NOT_IN_OUR_FONT = "\U00010380"
"""A letter of Ugaritic, which the font that comes with matplotlib does not have."""


@pytest.fixture
def only_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where nothing is installed but the fonts that come with matplotlib."""
    monkeypatch.setattr(charts_fonts, "_families_for", lambda _: ())


def bars(*names: str) -> list[WriterBar]:
    return [WriterBar(name, MeanEstimate(1.0), None) for name in names]


@pytest.mark.usefixtures("only_ours")
def test_latin_and_arabic_names_need_no_other_font() -> None:
    assert Fonts(["Groß-Öttinger", "سلمى الكاتبة", "Łucja Šimůnková"]).undrawn == ""


@pytest.mark.usefixtures("only_ours")
def test_characters_that_no_font_draws_are_boxes_in_pictures_alone() -> None:
    names = ["ann", "田中"]
    sheet = scores_page(bars(*names), None, Fonts(names))
    assert ("#2 □□", "田中") in sheet.shortened
    chart = draw_scores(bars(*names), None)
    assert chart.shortened == ()  # a browser finds a font for its reader
    assert chart.pictures().undrawn == "中田"


def test_a_font_that_covers_the_script_is_found_where_one_is_installed() -> None:
    fonts = Fonts(["田中さくら"])
    if fonts.undrawn:
        pytest.skip("no font for Japanese is installed here")
    assert len(fonts.families) > 1


def test_fonts_that_were_installed_after_matplotlib_made_its_list_are_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A font file that the list lacks is added to it; what is no font is passed over."""
    added: list[str] = []
    files = ["/fonts/new.ttf", "/fonts/broken.ttf"]

    def add(path: str) -> None:
        if "broken" in path:
            raise RuntimeError("no font")
        added.append(path)

    ours = [font for font in fontManager.ttflist if font.name == charts_fonts.BASE_FONT]
    monkeypatch.setattr(fontManager, "ttflist", ours)
    monkeypatch.setattr(charts_fonts, "findSystemFonts", lambda: files)
    monkeypatch.setattr(fontManager, "addfont", add)
    fonts = Fonts([NOT_IN_OUR_FONT])
    assert added == ["/fonts/new.ttf"]
    assert fonts.undrawn == NOT_IN_OUR_FONT


def test_joiners_stay_in_names() -> None:
    assert printable("می\u200cروم") == "می\u200cروم"
    assert printable("\u200c") == "(no name)"


@pytest.mark.usefixtures("only_ours")
def test_the_warning_is_logged_once_for_all_pictures(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    chart = draw_scores(bars("田中"), None)
    monkeypatch.setattr(run_pictures, "_charts_of", lambda *_: [chart, chart])
    with caplog.at_level(logging.WARNING):
        run_pictures.draw_pictures("r", tmp_path, tmp_path)
    (said,) = [r.getMessage() for r in caplog.records]
    assert "No font that is installed here draws these characters of names: 中田" in said
