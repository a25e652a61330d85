"""The browser, and the page of an execution that failed on the way."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.webdriver import WebDriver

from cfngen import Workflow
from cfngen.views.page import execution_page
from tests import rings
from tests.history.test_history import sample
from tests.views.browser import Page, messages
from tests.views.machines import SAMPLE

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


def installed(*names: str) -> str | None:
    return next((found for name in names if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDriver]:
    program, driver = installed("chromium", "chromium-browser", "google-chrome"), installed("chromedriver")
    if program is None or driver is None:
        rings.missing(
            "chromium and chromedriver are not installed (Debian: apt-get install chromium chromium-driver)"
        )
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    started = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield started
    started.quit()


@pytest.fixture
def page(chromium: WebDriver, tmp_path: Path) -> Iterator[Page]:
    """A page; a test fails of whatever the browser complains of."""
    opened = Page(chromium, tmp_path)
    messages(chromium)
    yield opened
    assert messages(chromium) == []


@pytest.fixture(scope="session")
def failed() -> str:
    return execution_page(Workflow.read(Path(SAMPLE)), sample(fails=True).read())
