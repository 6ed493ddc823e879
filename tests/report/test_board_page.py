"""The page as a file: what it says, escapes and forbids. How it behaves, browser tests tell."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from judgemark.leaderboard.assembly import leaderboard
from judgemark.report import board_page
from judgemark.report.board_page import render
from tests.leaderboard.board_data import SCRIPT, entry, many, pairwise

HOSTILE = [
    SCRIPT,
    '"><img src=x onerror=alert(1)>',
    "a\u202ejudge\x00 \ud800",
    "{{ 7 * 7 }}",
    "</script><script>alert(2)</script>",
    "javascript:alert(3)",
]


class Page(HTMLParser):
    """The elements of a page and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.raw: dict[str, str] = {"style": "", "script": ""}
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside in self.raw:
            self.raw[self._inside] += data
        else:
            self.text += data

    def all(self, tag: str, name: str = "") -> list[dict[str, str | None]]:
        return [
            attrs
            for found, attrs in self.elements
            if found == tag and name in ("", *(attrs.get("class") or "").split(" ")[:1])
        ]


def page(*entries: object, **settings: object) -> Page:
    return Page(render(leaderboard(entries, **settings)))  # type: ignore[arg-type]


def test_names_from_outside_are_shown_as_they_are() -> None:
    found = page(*(entry(name, 50.0 + n) for n, name in enumerate(HOSTILE)))
    tags = [tag for tag, _ in found.elements]
    assert tags.count("script") == 1
    assert "img" not in tags
    assert SCRIPT in found.text
    assert "{{ 7 * 7 }}" in found.text
    assert "\u202e" not in found.text  # an override would turn the rest of the line around
    assert not [name for _, attrs in found.elements for name in attrs if name.startswith("on")]


def test_only_our_own_style_and_script_are_allowed() -> None:
    found = page(entry("a"))
    (policy,) = [a["content"] for a in found.all("meta") if a.get("http-equiv")]
    assert policy is not None
    for kind in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(found.raw[kind].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy


def test_nothing_is_loaded_and_no_style_is_put_inline() -> None:
    found = page(*many(12))
    assert len(found.elements) > 100
    for _, attrs in found.elements:
        assert "style" not in attrs
        for name in ("src", "srcset", "action", "data", "poster"):
            assert name not in attrs
        href = attrs.get("href")
        assert href is None or href.startswith("#") or href == "data:,"


def test_whiskers_are_drawn_at_their_real_ends() -> None:
    found = page(entry("a", 80.0), entry("b", 60.0))  # +-3
    ends = [a for a in found.all("line", "ci") if a["y1"] == a["y2"] == "50%"][:2]
    # All of v4: a 77..83, b 57..63, the floors 71.7 and 55; so from 55 to 83 the column goes from
    # 3% to 97%: x = 3 + 94 (score - 55) / 28.
    expected = [(3 + 94 * (s - 3 - 55) / 28, 3 + 94 * (s + 3 - 55) / 28) for s in (80.0, 60.0)]
    for drawn, (low, high) in zip(ends, expected, strict=True):
        assert (drawn["x1"], drawn["x2"]) == (f"{low:.2f}%", f"{high:.2f}%")


def test_every_scorecard_has_its_table_and_the_chosen_one_is_open() -> None:
    found = Page(render(leaderboard([entry("a")]), "v2.1"))
    views = {a["data-card"]: "hidden" in a for a in found.all("div", "view")}
    assert views == {"v4": True, "v2.1": False, "v2": True}


def test_sections_say_in_what_they_differ() -> None:
    found = page(entry("a"), entry("b"), pairwise("c", 70.0))
    told = " ".join(found.text.split())
    # The section of the one says that its protocol is not that of the others.
    assert re.search(r"pairwise-logprob\W+\w+\W+rubric", told)
    assert "pairwise-logprob" not in page(entry("a"), entry("b")).text


def test_reports_are_linked_and_entries_of_others_are_not() -> None:
    ours, theirs = entry("a"), entry("b")
    found = page(ours, theirs, links={ours.digest: "runs/a%20b/report.html"})
    hrefs = [a["href"] for a in found.all("a")]
    assert hrefs == ["runs/a%20b/report.html"] * 3  # once on each scorecard


def test_a_shared_first_rank_is_said_in_words() -> None:
    alone = page(entry("a", 95.0), entry("b", 50.0))
    tied = page(entry("a", 80.0, own=4.0), entry("b", 79.9, own=4.0))
    assert "a and b" in tied.text and "a and b" not in alone.text


def test_two_runs_of_one_judge_are_told_apart_by_their_ids() -> None:
    other = entry("a", 70.0, change={"run_id": "second-time"})
    assert "second-time" in page(entry("a"), other).text


def test_integrity_is_claimed_and_authenticity_is_not() -> None:
    assert "integrity, not authenticity" in page(entry("a")).text


@pytest.mark.parametrize("count", [1, 3, 60])
def test_pages_of_any_size_hold_a_row_for_each(count: int) -> None:
    found = page(*(entry(f"j{n}", 40.0 + n) for n in range(count)))
    rows = [a for tag, a in found.elements if tag == "tr" and a.get("data-kind") == "rubric"]
    assert len(rows) == 3 * count


def test_a_page_of_very_many_rows_shows_the_first_ones_and_all_floors(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(board_page, "MOST_ROWS", 4)
    judges = [entry(f"j{n}", score=80.0 - n) for n in range(6)]
    partial = entry("part", status="incomplete", scored=900)
    every = [*judges, partial]
    found = render(leaderboard(every))
    for name, there in (("j0", True), ("j2", True), ("j5", False), ("part", False)):
        assert (f'data-v="{name}"' in found) is there
    assert 'data-v="baseline:length"' in found
    total = len(leaderboard(every).parts[0].tables["v4"].rows)
    assert re.search(rf"shows \d of {total} rows: the first ones and all floors", found)
    monkeypatch.setattr(board_page, "MOST_ROWS", 1_000)
    assert "rows: the first ones" not in render(leaderboard(every))


def test_the_plot_is_left_out_where_no_cost_is_known() -> None:
    without = page(entry("a", cost=None), entry("b", cost=None))
    drawn = page(entry("a", 80.0, cost=1.0), entry("b", 60.0, cost=0.1))
    assert len(drawn.all("svg")) > len(without.all("svg"))
    told = re.sub(r"\s+", " ", drawn.text)
    # No cheaper judge scores as high as either; they are named by rising cost.
    assert "b (60.0 for $0.1000), a (80.0 for $1.00)" in told
    assert " for $" not in without.text


def test_a_name_made_to_fill_the_page_loses_its_middle() -> None:
    name = "begin" + "N" * 100_000 + "end"
    page = render(leaderboard([entry(name, 60.0)]))
    shown = re.sub(r'data-(text|v)="[^"]*"', "", page)
    assert "N" * 200 not in shown
    assert "begin" + "N" * 50 in shown
    assert "N" * 50 + "end" in shown


def test_a_name_of_blanks_can_be_seen() -> None:
    assert "(no name)" in render(leaderboard([entry(" ", 60.0)]))
