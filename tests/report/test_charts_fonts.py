"""Fonts for names in any script: what no font draws is told, in the chart and on the terminal."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest
from matplotlib.font_manager import fontManager

from judgemark.jobs import finish_run
from judgemark.report import charts_fonts
from judgemark.report.charts import draw_scores
from judgemark.report.charts_canvas import Paper, drawn_chart
from judgemark.report.charts_fonts import Fonts
from judgemark.report.charts_tables import MeanEstimate, WriterBar
from judgemark.report.labels import printable
from judgemark.run.folder import RunFolder


@pytest.fixture
def only_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where nothing is installed but the fonts that come with matplotlib."""
    monkeypatch.setattr(charts_fonts, "_families_for", lambda _: ())


def titled(paper: Paper, names: list[str]) -> Paper:
    paper.keep_names(names, paper.fonts.labels(names, 2))
    return paper


def bars(*names: str) -> list[WriterBar]:
    return [WriterBar(name, MeanEstimate(1.0), None) for name in names]


@pytest.mark.usefixtures("only_ours")
def test_latin_and_arabic_names_need_no_other_font() -> None:
    assert Fonts(["Groß-Öttinger", "سلمى الكاتبة", "Łucja Šimůnková"]).undrawn == ""


@pytest.mark.usefixtures("only_ours")
def test_characters_that_no_font_draws_are_told_below_the_chart() -> None:
    names = ["ann", "田中"]
    told = drawn_chart(
        lambda theme: titled(Paper(2, 1, theme, Fonts(names)), names),
        stem="s", title="t", caption="c.", alt="a",
    )  # fmt: skip
    assert told.undrawn == "中田"
    assert "No font that is installed here draws these characters of names: 中田" in told.caption
    assert ("#2 □□", "田中") in told.shortened
    chart = draw_scores(bars(*names), None)
    assert chart.shortened == ()  # a browser finds a font for its reader
    assert chart.pictures is not None and chart.pictures().undrawn == "中田"


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

    monkeypatch.setattr(charts_fonts, "findSystemFonts", lambda: files)
    monkeypatch.setattr(fontManager, "addfont", add)
    assert charts_fonts._new_fonts() == []
    assert added == ["/fonts/new.ttf"]


def test_joiners_stay_in_names() -> None:
    assert printable("می\u200cروم") == "می\u200cروم"
    assert printable("\u200c") == "(no name)"


@pytest.mark.usefixtures("only_ours")
def test_the_warning_is_logged_once_for_all_charts(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    chart = replace(draw_scores(bars("田中"), None), undrawn="中田")
    monkeypatch.setattr(finish_run, "drawn_report", lambda *_, **__: ([chart, chart], ["<p>"]))
    folder = RunFolder(tmp_path)
    with caplog.at_level(logging.WARNING):
        finish_run.write_report(folder, None, {}, None, with_replies=False)  # type: ignore[arg-type]
    assert [r.getMessage().count("中田") for r in caplog.records] == [1]
