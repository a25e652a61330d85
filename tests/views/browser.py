"""A page in the browser, as the tests read and work it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait


class Page:
    """A page in the browser."""

    def __init__(self, chromium: Any, folder: Path) -> None:
        self.chromium = chromium
        self.folder = folder

    def open(
        self,
        text: str,
        *,
        width: int = 1200,
        dark: bool = False,
        forced: bool = False,
        ending: str = "html",
        anchor: str = "",
    ) -> Page:
        path = self.folder / f"page.{ending}"
        path.write_text(text, encoding="utf-8")
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        self.chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.features = [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "forced-colors", "value": "active" if forced else "none"},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self.show_on("")
        self.chromium.get("about:blank")
        self.chromium.get(path.as_uri() + anchor)
        return self

    def show_on(self, medium: str) -> None:
        """Show the page on a medium: print, or on the screen again."""
        media = {"media": medium, "features": self.features}
        self.chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", media)

    def find(self, selector: str) -> Any:
        return self.chromium.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> Any:
        return self.chromium.find_elements(By.CSS_SELECTOR, selector)

    def run(self, script: str, *arguments: Any) -> Any:
        return self.chromium.execute_script(script, *arguments)

    def wait_for(self, script: str) -> None:
        """Wait until a script returns true."""
        WebDriverWait(self.chromium, 20).until(lambda _: self.run(script))

    def press(self, *keys: str) -> None:
        webdriver.ActionChains(self.chromium).send_keys(*keys).perform()

    @property
    def focused(self) -> Any:
        return self.chromium.switch_to.active_element

    def tab(self, name: str) -> Any:
        self.find(f"#tab-{name}").click()
        return self.find("#tabpanel").text


def messages(chromium: Any) -> Any:
    """Return what the page said on the console: the driver of Chromium has no types."""
    return chromium.get_log("browser")
