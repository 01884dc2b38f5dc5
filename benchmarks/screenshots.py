"""The pictures of docs/images, taken from the real application with its sample: ``make screenshots``."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser import ARGUMENTS, find_browser
from tests.e2e.conftest import register
from tests.server import Server

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "images"
LIMIT_MS = 60_000


def main() -> None:
    """Register, try the sample, and take the pictures on the way."""
    path = find_browser()
    with tempfile.TemporaryDirectory(prefix="frameapp-screenshots-") as folder, sync_playwright() as playwright:
        server = Server(Path(folder))
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            page = browser.new_page(base_url=server.url, viewport={"width": 1440, "height": 900})
            page.set_default_timeout(LIMIT_MS)
            register(page, "mara")
            tour(page)
        finally:
            browser.close()
            server.stop()


def tour(page: Page) -> None:
    """The sample's placement, its outputs as a gallery, and the list of frames, light and dark."""
    page.get_by_role("button", name="Try the sample").click()
    page.wait_for_url(re.compile("/preview"))
    page.locator(".placement-result[data-fresh=true]").wait_for()
    take(page, "placement")
    page.get_by_role("button", name="Save & Generate Images").click()
    page.get_by_role("button", name="Run again").wait_for()
    page.get_by_role("radio", name="Gallery").click()
    page.locator(".gallery img").nth(12).wait_for()
    take(page, "details")
    page.emulate_media(color_scheme="dark")
    page.goto("/")
    page.get_by_text("60 of 60 ok").wait_for()
    take(page, "frames")


def take(page: Page, name: str) -> None:
    """Save what the window shows once all pictures are there."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)  # the controls' own movements
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
