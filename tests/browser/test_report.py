"""The run report in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from judgemark.report.charts import draw_grid, draw_lengths, draw_scores
from judgemark.report.page import render
from judgemark.report.page_view import view_of
from judgemark.scoring.run_tables import tables_of
from tests.browser.conftest import DESKTOP, PHONE, Browser
from tests.report import charts_data, page_data

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: ARG001
    """A report with every section, 31 writers in its charts, and hostile names and texts."""
    charts = [
        draw_scores(charts_data.bars(31), charts_data.use(31)),
        draw_lengths(charts_data.panels(31)),
        draw_grid(charts_data.grid(31)),
    ]
    path = tmp_path_factory.mktemp("report") / "report.html"
    run = page_data.run()
    view = view_of(page_data.full_result(), charts, run, tables_of(run).v21)
    path.write_text(render(view), "utf-8")
    return path


def test_no_request_leaves_the_page_and_nothing_complains(
    opened: Callable[[Path], Browser], page: Path
) -> None:
    browser = opened(page)
    assert browser.run("return document.querySelectorAll('svg.chart').length") == 3
    assert browser.run("return [...document.images].every(i => i.complete && i.naturalWidth > 0)")
    assert browser.console() == []
    strangers = [r for r in browser.requests() if not r.startswith((page.as_uri(), "data:image"))]
    assert strangers == []


def test_names_and_texts_are_shown_as_they_are(browser: Browser, page: Path) -> None:
    from selenium.common.exceptions import NoAlertPresentException

    browser.open(page)
    assert page_data.SCRIPT in browser.run("return document.querySelector('h1').innerText")
    assert browser.run("return document.scripts.length") == 0
    assert browser.run("return document.title").startswith(f"some/{page_data.SCRIPT}")
    with pytest.raises(NoAlertPresentException):
        _ = browser.driver.switch_to.alert


def test_the_policy_lets_no_script_run(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.run(
        "const s = document.createElement('script'); s.text = 'window.ran = true';"
        "document.body.append(s);"
        "const i = document.createElement('img'); i.src = 'https://example.invalid/x.png';"
        "document.body.append(i)"
    )
    assert browser.run("return window.ran === undefined")
    assert any("Content Security Policy" in message for message in browser.console())


def test_light_and_dark_follow_the_system(browser: Browser, page: Path) -> None:
    seen = []
    for dark in (False, True):
        browser.open(page, dark=dark)
        paper = browser.run("return getComputedStyle(document.body).backgroundColor")
        picture = browser.run(
            "return getComputedStyle(document.querySelector('svg.chart .f-raw')).fill"
        )
        seen.append((paper, hash(picture)))
    assert seen[0][0] == "rgb(255, 255, 255)"
    assert seen[1][0] == "rgb(22, 27, 34)"
    assert seen[0][1] != seen[1][1]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_page_does_not_scroll_sideways(
    browser: Browser, page: Path, size: tuple[int, int]
) -> None:
    browser.open(page, size)
    browser.run("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert browser.run("return document.documentElement.scrollWidth") <= size[0]
    # Charts and tables that are wider scroll by themselves and can be reached with the keyboard.
    assert browser.run(
        "return [...document.querySelectorAll('.scroll')].every(s => s.tabIndex === 0)"
    )


def test_a_long_name_wraps_among_the_pieces_without_a_verdict(
    browser: Browser, tmp_path: Path
) -> None:
    result = page_data.full_result()
    result["coverage"]["failures"][0]["writer"] = "x" * 200
    run = page_data.run()
    path = tmp_path / "report.html"
    path.write_text(render(view_of(result, [], run, tables_of(run).v21)), "utf-8")
    browser.open(path, PHONE)
    assert browser.run("return document.documentElement.scrollWidth") <= PHONE[0]


def test_bars_are_as_long_as_their_shares(browser: Browser, page: Path) -> None:
    browser.open(page)
    # Each bar in its box against the percentage that stands beside it.
    pairs = browser.run(
        "return [...document.querySelectorAll('span.share')].map(s => [parseFloat(s.innerText),"
        " 100 * s.querySelector('.judge').getBoundingClientRect().width /"
        " s.querySelector('svg').getBoundingClientRect().width])"
    )
    assert len(pairs) == 5  # writer, item, writer x item, iteration, repeat
    assert all(abs(said - drawn) < 0.5 for said, drawn in pairs), pairs
    assert abs(sum(said for said, _ in pairs) - 100) < 0.5


def test_the_small_print_opens_with_the_keyboard(browser: Browser, page: Path) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    browser.open(page)
    part = browser.driver.find_element(By.CSS_SELECTOR, "details.part")
    assert not part.find_element(By.TAG_NAME, "table").is_displayed()
    part.find_element(By.TAG_NAME, "summary").send_keys(Keys.ENTER)
    assert part.find_element(By.TAG_NAME, "table").is_displayed()
    assert "Kruskal-Wallis H" in part.text


def test_a_text_and_its_verdict_can_be_opened(browser: Browser, page: Path) -> None:
    from selenium.webdriver.common.by import By

    browser.open(page)
    writer = browser.driver.find_element(By.CSS_SELECTOR, "section[aria-labelledby=pieces] details")
    piece = writer.find_element(By.CSS_SELECTOR, "details")
    assert not piece.is_displayed()
    writer.find_element(By.TAG_NAME, "summary").click()
    piece.find_element(By.TAG_NAME, "summary").click()
    shown = piece.text
    assert "onerror=alert(2)" in shown
    assert "Wit 7 · Prose 7" in shown  # 8, less 1 for this item


def test_axe_sees_a_fault_that_is_put_there(browser: Browser, page: Path, axe: Path) -> None:
    browser.open(page)
    browser.run(
        "const chart = document.querySelector('svg[role=img]');"
        "chart.removeAttribute('aria-label'); chart.removeAttribute('aria-labelledby');"
        "chart.querySelectorAll('title').forEach(t => t.remove())"
    )
    assert [fault.split(":")[0] for fault in browser.faults(axe)] == ["svg-img-alt"]


def test_axe_finds_no_serious_fault(
    opened: Callable[[Path], Browser], page: Path, axe: Path
) -> None:
    browser = opened(page)
    browser.run("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert browser.faults(axe) == []
