"""The report page: self-contained, escaped, rounded, and silent about what is not there."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from judgemark.report.charts import draw_scores
from judgemark.report.charts_tables import MeanEstimate, WriterBar
from judgemark.report.html import visible
from judgemark.report.page import render, render_parts
from judgemark.report.page_view import view_of
from judgemark.scoring.run_tables import tables_of
from tests.report import page_data as data

CHART = replace(
    draw_scores([WriterBar(data.SCRIPT, MeanEstimate(1.0), None)], None),
    shortened=(("#1 □□", data.SCRIPT),),
)


class Reader(HTMLParser):
    """What a browser would see: elements with their attributes, ids, and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def attributes(self, name: str) -> list[str]:
        return [v for _, attrs in self.elements if (v := attrs.get(name)) is not None]

    @property
    def words(self) -> str:
        return " ".join(self.text.split())


@pytest.fixture(scope="module")
def full() -> str:
    return render(view_of(data.result(), [CHART], data.run(), tables_of(data.run()).v21))


def test_what_comes_from_outside_stays_text(full: str) -> None:
    page = Reader(full)
    assert {tag for tag, _ in page.elements}.isdisjoint({"script", "b", "i", "judge", "link"})
    assert data.SCRIPT in page.text
    assert "<b>Purple</b> Prose" in page.text
    assert "onerror=alert(2)" in page.text
    assert "{{ 7 * 7 }}" in page.text
    assert not [name for _, attrs in page.elements for name in attrs if name.startswith("on")]
    full.encode("utf-8")  # the lone surrogate is gone
    assert "\x00" not in full and "\x1b" not in full


def test_the_page_loads_nothing_and_allows_nothing(full: str) -> None:
    page = Reader(full)
    for link in (*page.attributes("src"), *page.attributes("srcset"), *page.attributes("href")):
        assert link.startswith("#")
    (policy,) = [
        attrs["content"]
        for tag, attrs in page.elements
        if tag == "meta" and attrs.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy is not None
    style = re.search(r"<style>(.*?)</style>", full, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy.split("; ") == [
        "default-src 'none'",
        "img-src data:",
        f"style-src 'sha256-{digest}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert not page.attributes("style")
    assert "url(" not in style[1] and "@import" not in style[1]


def test_a_chart_of_marks_stands_in_the_page_and_takes_its_colours_from_the_style_sheet() -> None:
    chart = draw_scores([WriterBar(data.SCRIPT, MeanEstimate(1.0), None)], None)
    shown = render(view_of(data.result(), [chart]))
    page = Reader(shown)
    (attributes,) = [attrs for tag, attrs in page.elements if attrs.get("class") == "chart"]
    assert attributes["aria-label"] == chart.alt
    assert "svg.chart .f-raw{fill:var(--raw)}" in shown
    assert {tag for tag, _ in page.elements}.isdisjoint({"script", "img", "picture"})
    assert not page.attributes("style")


def test_every_link_in_the_page_has_its_place_and_ids_are_single(full: str) -> None:
    page = Reader(full)
    ids = page.attributes("id")
    assert len(ids) == len(set(ids))
    targets = [href.removeprefix("#") for href in page.attributes("href")]
    assert {*targets, *page.attributes("aria-labelledby")} <= set(ids)


def test_numbers_are_rounded(full: str) -> None:
    words = Reader(full).words
    for shown in (
        "103.0 of 133",
        "95% interval 99.2 to 106.7",
        "82.8 to 130.5 for other writers",
        "+7.4 compared with the lexical baseline",
        "8.39 to 8.55",
        "−0.54",  # rho of -0.5449
        "96.9%",  # first-try parse rate
        "1\u202f234\u202f567".replace("\u202f", " "),
        "$4.56",
        "p = 0.001",
        "later.position.share 0.512",
        "reference.concordance.value 0.75",  # of a later version
    ):
        assert shown in words, shown
    assert not re.search(r"\d\.\d{5,}", words)


def test_incomplete_runs_and_scores_without_a_part_say_so(full: str) -> None:
    words = Reader(full).words
    complete = Reader(render(view_of(data.result() | {"status": "complete"}))).words
    assert "is incomplete" in words and "is incomplete" not in complete
    assert "without a reference order" in words  # v2.1 lacks Kendall's tau
    assert "constants made for 17 writers x 96; at most 12.3 reachable here" in words
    assert "ratings have no raw scale" in words


def test_a_word_counter_that_does_as_well_is_named() -> None:
    result = data.result()
    above = Reader(render(view_of(result))).words
    result["floors"]["s_minus_lexical"] = -2.0
    below = Reader(render(view_of(result))).words
    warning = "this score does not show"
    assert warning in below and warning not in above


def test_a_distance_to_the_word_counter_that_items_may_undo_shows_nothing() -> None:
    result = data.result()
    result["floors"] |= {"s_minus_lexical": 1.1, "s_minus_lexical_ci95": [-3.9, 6.8]}
    words = Reader(render(view_of(result))).words
    assert "+1.1 (95% interval −3.9 to 6.8) compared with the lexical baseline" in words
    assert "this score does not show that the judge reads" in words


def test_the_corrected_score_stands_beside_an_interval_that_leaves_the_score_out() -> None:
    result = data.result()
    result["scorecards"]["v4"]["raw"] |= {"score": 6.1, "ci95": [-1.1, 3.6]}
    words = Reader(render(view_of(result))).words
    assert "around 1.2: the score without the bias that few items give it" in words


def test_texts_and_replies_are_shown_only_when_kept(full: str) -> None:
    without = Reader(render(view_of(data.result(), [CHART])))
    assert "I will not." in Reader(full).text
    assert "I will not." not in without.text
    assert data.HOSTILE_TEXT[:20] in Reader(full).text
    assert data.HOSTILE_TEXT[:20] not in without.text
    assert "says it will not <judge>" in without.text


def test_a_piece_has_its_score_text_verdict_and_reply(full: str) -> None:
    words = Reader(full).words
    # Wit Prose Plot Voice 8, the two negative ones 2 given, 8 inverted: 1 + 8 * 0.9
    assert "iteration 1, item storm: 8.20" in words
    assert "Wit 8 · Prose 8 · Plot 8 · Voice 8 · Trite 2" in words
    # The second writer's last piece was refused: it has no number.
    scored = re.findall(r"iteration 2, item a letter: (\S+)", words)
    assert scored[-2][0].isdigit() and not scored[-1][0].isdigit()


def test_a_view_can_be_rendered_twice_and_in_parts(full: str) -> None:
    view = view_of(data.result(), [CHART], data.run(), tables_of(data.run()).v21)
    assert render(view) == "".join(render_parts(view)) == full


def test_a_result_of_nothing_gives_a_page_with_reasons() -> None:
    notes = {
        "scorecards.v4.raw.score": "fewer than two writers",
        "reference": "no reference scores",
        "floors": "the texts of the pieces are not known",
        "null": "the null needs at least two writers",
        "item_agreement": "an order needs at least two writers",
    }
    page = Reader(render(view_of({"run_id": "nothing", "status": "limited", "notes": notes})))
    for reason in notes.values():
        assert page.words.count(reason) >= 2, reason  # in its place, and in the list of all
    assert "img" not in {tag for tag, _ in page.elements}
    assert "is limited" in page.words
    render(view_of({}))


def test_unprintable_characters_become_visible() -> None:
    assert visible("a\x00b\ud800c\x85\n\td\u202e") == "a\ufffdb\ufffdc\ufffd\n\td\ufffd"


def test_warnings_stand_at_the_top() -> None:
    warned = data.result() | {"warnings": [{"kind": "adapted", "text": "the <endpoint> minds"}]}
    page = render(view_of(warned))
    assert "Warning: the &lt;endpoint&gt; minds." in page
    assert page.index("Warning:") < page.index("<main>")
    assert "Warning:" not in render(view_of(data.result()))
