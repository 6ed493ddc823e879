"""A real browser for tests: headless Chromium through its own driver."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP, PHONE = (1280, 900), (390, 844)


@dataclass(frozen=True, slots=True)
class Browser:
    """A window on one page at a time."""

    driver: Any

    def open(self, page: Path, size: tuple[int, int] = DESKTOP, *, dark: bool = False) -> None:
        """Open a file at a window size, under a light or dark system."""
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": size == PHONE},
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        self.console()
        self.requests()
        self.driver.get(page.as_uri())

    def run(self, script: str, *arguments: object) -> Any:
        """What a script returns; it runs beside the page, whatever the page's own policy."""
        return self.driver.execute_script(script, *arguments)

    def console(self) -> list[str]:
        """Errors and warnings since this was last asked."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self) -> list[str]:
        """The addresses that pages asked for since this was last asked.

        The browser's own start page may still be loading when the first page is opened.
        """
        events = [json.loads(e["message"])["message"] for e in self.driver.get_log("performance")]
        asked = [e["params"] for e in events if e["method"] == "Network.requestWillBeSent"]
        return [a["request"]["url"] for a in asked if not a["documentURL"].startswith("chrome:")]

    def faults(self, axe: Path) -> list[str]:
        """Accessibility faults that axe-core finds, with the elements at fault."""
        self.driver.execute_script(axe.read_text("utf-8"))
        found = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "axe.run(document).then(r => done(r.violations), e => done([{impact: 'critical',"
            " id: String(e), nodes: []}]));"
        )
        return [f"{v['id']}: {[n['html'][:120] for n in v['nodes']][:3]}" for v in found]


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for all tests, with a profile of its own."""
    pytest.importorskip("selenium", reason="needs selenium: make test-browser installs it")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    chromium = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    chromedriver = shutil.which("chromedriver")
    if chromium is None or chromedriver is None:
        pytest.skip("needs Chromium and its driver (Debian: chromium, chromium-driver)")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(chromedriver))
    try:
        yield Browser(driver)
    finally:
        driver.quit()


@pytest.fixture(scope="session")
def axe() -> Path:
    """The axe-core script, whose place the environment variable AXE_CORE names."""
    path = Path(os.environ.get("AXE_CORE", "build/axe/node_modules/axe-core/axe.min.js"))
    if not path.is_file():
        pytest.skip("needs axe-core: make test-browser fetches it")
    return path


Window = tuple[tuple[int, int], bool]


@pytest.fixture(
    params=[(DESKTOP, False), (DESKTOP, True), (PHONE, False), (PHONE, True)],
    ids=["desktop-light", "desktop-dark", "phone-light", "phone-dark"],
)
def opened(request: pytest.FixtureRequest, browser: Browser) -> Callable[[Path], Browser]:
    """Opens a page in each window: desktop and phone, light and dark."""
    size, dark = request.param

    def open_page(page: Path) -> Browser:
        browser.open(page, size, dark=dark)
        return browser

    return open_page
