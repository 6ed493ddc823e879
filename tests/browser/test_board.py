"""The leaderboard in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from judgemark.leaderboard.assembly import leaderboard
from judgemark.report.board_page import render
from tests.browser.conftest import DESKTOP, PHONE, Browser
from tests.leaderboard.board_data import SCRIPT, entry, many, pairwise

pytestmark = pytest.mark.browser

V4 = ".view[data-card='v4']"
NAMES = (
    "return [...document.querySelectorAll(arguments[0] + ' tbody:first-of-type tr')]"
    ".filter(r => r.offsetParent !== null)"
    ".map(r => r.querySelector('.name bdi').textContent)"
)


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: ARG001
    """Twelve judges, floors, an incomplete run, pairwise sections, a hostile name, links."""
    entries = [*many(12), pairwise("tiny-judge", 88.0), pairwise("other-judge", 61.0, rounds=9)]
    board = leaderboard(entries, {e.digest: "runs/x/report.html" for e in entries})
    path = tmp_path_factory.mktemp("board") / "leaderboard.html"
    path.write_text(render(board), "utf-8")
    return path


def names(browser: Browser, section: str = "section:first-of-type") -> list[str]:
    """The judges of a section as they are drawn, from the top."""
    found: list[str] = browser.run(NAMES, f"{section} {V4}")
    return found


def column(browser: Browser, key: str) -> list[str | None]:
    """The values of a column of the first table, from the top."""
    found: list[str | None] = browser.run(
        "const table = document.querySelector(arguments[0] + ' table');"
        "const n = table.querySelector(`th[data-k='${arguments[1]}']`).cellIndex;"
        "return [...table.tBodies[0].rows].map(r => r.cells[n].dataset.v ?? null)",
        f"section:first-of-type {V4}",
        key,
    )
    return found


def natural(name: str | None) -> list[tuple[bool, float, str]]:
    """Sorts as people do: lab-9 before lab-10."""
    pieces = re.split(r"(\d+)", (name or "").lower())
    return [(not p.isdigit(), float(p) if p.isdigit() else 0.0, p) for p in pieces if p]


def press(browser: Browser, key: str) -> None:
    """Click a column's head."""
    browser.run(
        "document.querySelector(`${arguments[0]} th[data-k='${arguments[1]}'] button`).click()",
        V4,
        key,
    )


def test_no_request_leaves_the_page_and_nothing_complains(
    opened: Callable[[Path], Browser], page: Path
) -> None:
    browser = opened(page)
    press(browser, "cost")
    assert browser.console() == []
    strangers = [r for r in browser.requests() if not r.startswith((page.as_uri(), "data:,"))]
    assert strangers == []


def test_the_best_stands_on_top_and_what_is_not_ranked_below(browser: Browser, page: Path) -> None:
    browser.open(page)
    scores = [float(v) for v in column(browser, "score") if v is not None]
    assert scores == sorted(scores, reverse=True)
    assert names(browser)[0] == "openai/gpt-5.1"
    assert browser.run(
        "return document.querySelector('tbody.apart').innerText.includes('912 of 960')"
    )


def test_a_click_sorts_and_another_turns_the_order(browser: Browser, page: Path) -> None:
    browser.open(page)
    press(browser, "cost")
    costs = [float(v) for v in column(browser, "cost") if v is not None]
    assert costs == sorted(costs)
    press(browser, "cost")
    turned = column(browser, "cost")
    known = [float(v) for v in turned if v is not None]
    assert known == sorted(known, reverse=True)
    assert turned[-1] is None  # what has no value is last either way
    state = "return document.querySelector(`${arguments[0]} th[data-k=cost]`).ariaSort"
    assert browser.run(state, V4) == "descending"
    assert "sorted by Cost, descending" in browser.run("return said.textContent")


@pytest.mark.parametrize(
    "key", ["judge", "kind", "score", "stability_tau", "omega_squared", "coverage", "rank"]
)
def test_every_column_can_be_sorted_by(browser: Browser, page: Path, key: str) -> None:
    browser.open(page)
    press(browser, "seconds_per_item")
    press(browser, key)
    found = [v for v in column(browser, key) if v is not None]
    if key in ("judge", "kind"):
        assert found == sorted(found, key=natural)
    else:
        numbers = [float(v) for v in found]
        assert numbers == sorted(numbers, reverse=key != "rank")


def test_the_keyboard_sorts(browser: Browser, page: Path) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    browser.open(page)
    button = browser.driver.find_element(By.CSS_SELECTOR, f"{V4} th[data-k=judge] button")
    for key in (Keys.ENTER, Keys.SPACE):
        button.send_keys(key)
        found = names(browser)
        assert found == sorted(found, key=natural, reverse=key == Keys.SPACE)


def test_text_and_kind_filter(browser: Browser, page: Path) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.select import Select

    browser.open(page)
    box = browser.driver.find_element(By.ID, "find")
    box.send_keys("LLAMA 70")
    assert names(browser) == ["llama4:70b"]
    assert browser.run("return said.textContent").startswith("1 of ")
    points = "return [...document.querySelectorAll(arguments[0] + ' svg.wide .point')]"
    points += ".filter(p => getComputedStyle(p).display !== 'none').length"
    assert browser.run(points, V4) == 1
    box.clear()
    box.send_keys(" ")
    kinds = Select(browser.driver.find_element(By.ID, "kind"))
    assert [o.text for o in kinds.options] == ["all kinds", "baseline", "pairwise", "rubric"]
    kinds.select_by_visible_text("pairwise")
    assert names(browser) == []
    assert names(browser, "section:nth-of-type(2)") == ["tiny-judge"]
    kinds.select_by_visible_text("all kinds")
    assert len(names(browser)) > 10


def test_the_scorecard_is_switched(browser: Browser, page: Path) -> None:
    from selenium.webdriver.common.by import By

    browser.open(page)
    shown = "return [...document.querySelectorAll('.view')].filter(v => !v.hidden)"
    shown += ".map(v => v.dataset.card)"
    assert set(browser.run(shown)) == {"v4"}
    for label in browser.driver.find_elements(By.CSS_SELECTOR, ".switch label"):
        label.click()
        assert set(browser.run(shown)) == {label.text}


def test_whiskers_are_drawn_from_end_to_end(browser: Browser, page: Path) -> None:
    browser.open(page)
    drawn = browser.run(
        "return [...document.querySelectorAll(arguments[0] + ' svg.plot')].map(svg => {"
        " const ends = svg.querySelector('.ci'); const dot = svg.querySelector('circle.dot');"
        " if (!ends || !dot) return null;"
        " const [e, d, box] = [ends, dot, svg].map(x => x.getBoundingClientRect());"
        " return [svg.getAttribute('aria-label'), e.left - box.left, e.right - box.left,"
        "  (d.left + d.right) / 2 - box.left] }).filter(Boolean)",
        f"section:first-of-type {V4}",
    )
    assert len(drawn) > 8
    read = []
    for tip, low, high, dot in drawn:
        lines = tip.split("; ")
        ends = lines[1].removeprefix("95% interval ").partition(",")[0].split(" to ")
        read.append((float(lines[0].removeprefix("Score ")), *map(float, ends), dot, low, high))
    # One scale for all rows: pixels per point, from the two dots that are furthest apart.
    best, worst = max(read), min(read)
    unit = (best[3] - worst[3]) / (best[0] - worst[0])
    for score, low, high, dot, left, right in read:
        assert dot == pytest.approx(worst[3] + (score - worst[0]) * unit, abs=1.5)
        # A line's box is as wide as the line and half its stroke on either side.
        assert left == pytest.approx(dot + (low - score) * unit, abs=1.5)
        assert right == pytest.approx(dot + (high - score) * unit, abs=1.5)


def test_pointing_and_focus_show_exact_figures_and_escape_hides_them(
    browser: Browser, page: Path
) -> None:
    from selenium.webdriver import ActionChains
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    browser.open(page)
    plot = browser.driver.find_element(By.CSS_SELECTOR, f"{V4} svg.plot")
    ActionChains(browser.driver).move_to_element(plot).perform()
    tip = browser.driver.find_element(By.ID, "tip")
    assert tip.is_displayed()
    assert tip.text.startswith("Score ")
    assert "95% interval" in tip.text
    browser.driver.find_element(By.TAG_NAME, "body").send_keys(Keys.ESCAPE)
    assert not tip.is_displayed()
    figure = browser.driver.find_element(By.CSS_SELECTOR, f"{V4} td[data-l=Stability]")
    ActionChains(browser.driver).move_to_element(figure).perform()
    assert tip.text == f"Stability: {float(figure.get_attribute('data-v')):.4f}"
    head = browser.driver.find_element(By.CSS_SELECTOR, f"{V4} th[data-k=kind] button")
    head.click()
    for _ in range(2):
        ActionChains(browser.driver).send_keys(Keys.TAB).perform()
    assert tip.is_displayed()
    # The tip lies within the window, whatever it belongs to.
    box = browser.run(
        "const b = tip.getBoundingClientRect();"
        "return [b.left, b.top, innerWidth - b.right, innerHeight - b.bottom]"
    )
    assert min(box) >= 0


def test_light_and_dark_follow_the_system_while_the_page_is_open(
    browser: Browser, page: Path
) -> None:
    paper = "return getComputedStyle(document.body).backgroundColor"
    browser.open(page)
    assert browser.run(paper) == "rgb(255, 255, 255)"
    scheme = {"name": "prefers-color-scheme", "value": "dark"}
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
    assert browser.run(paper) == "rgb(22, 27, 34)"


@pytest.mark.parametrize("size", [DESKTOP, PHONE, (820, 1180)], ids=["desktop", "phone", "tablet"])
def test_the_page_does_not_scroll_sideways(
    browser: Browser, page: Path, size: tuple[int, int]
) -> None:
    browser.open(page, size)
    browser.run("document.querySelectorAll('details').forEach(d => d.open = true)")
    wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    for radio in range(3):
        browser.run(f"document.querySelectorAll('input[name=scorecard]')[{radio}].click()")
        assert browser.run(wide) <= 0


def test_on_a_phone_every_figure_has_its_name_beside_it(browser: Browser, page: Path) -> None:
    browser.open(page, PHONE)
    labels = browser.run(
        "return [...document.querySelector('tr.judge').querySelectorAll('td.figure')]"
        ".map(td => getComputedStyle(td, '::before').content)"
    )
    assert '"Stability"' in labels
    assert '"Seconds per item"' in labels


def test_a_hostile_name_is_shown_and_does_nothing(browser: Browser, page: Path) -> None:
    from selenium.common.exceptions import NoAlertPresentException

    browser.open(page)
    assert SCRIPT in names(browser)
    assert browser.run("return document.scripts.length") == 1
    with pytest.raises(NoAlertPresentException):
        _ = browser.driver.switch_to.alert


def test_the_policy_lets_no_other_script_run(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.run(
        "const s = document.createElement('script'); s.text = 'window.ran = true';"
        "document.body.append(s);"
        "const i = document.createElement('img'); i.src = 'https://example.invalid/x.png';"
        "document.body.append(i)"
    )
    assert browser.run("return window.ran === undefined")
    assert any("Content Security Policy" in message for message in browser.console())


def test_axe_finds_no_serious_fault(
    opened: Callable[[Path], Browser], page: Path, axe: Path
) -> None:
    browser = opened(page)
    browser.run("document.querySelectorAll('details').forEach(d => d.open = true)")
    press(browser, "cost")
    assert browser.faults(axe) == []


def test_two_hundred_judges_open_and_sort_in_good_time(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "many.html"
    path.write_text(render(leaderboard(many(200))), "utf-8")
    browser.open(path)
    spent = browser.run(
        "const before = performance.now();"
        "document.querySelector(`${arguments[0]} th[data-k=judge] button`).click();"
        "document.body.getBoundingClientRect(); return performance.now() - before",
        V4,
    )
    loaded = browser.run("return performance.getEntriesByType('navigation')[0].domComplete")
    assert loaded < 1000
    assert spent < 500


def test_an_empty_table_of_one_judge_stands_too(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "one.html"
    path.write_text(render(leaderboard([entry("alone", None)])), "utf-8")
    browser.open(path)
    assert "Not ranked" in browser.run("return document.body.innerText")
    assert browser.console() == []
