"""The whole application for browser tests: the production server with its real worker and embedded Redis."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser import ARGUMENTS, find_browser
from tests.e2e.catalogue import Catalogue
from tests.server import Server

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse battery"


class Site:
    """The running application and a browser to look at it."""

    def __init__(self, server: Server, browser: Browser, catalogue: Catalogue) -> None:
        self.server = server
        self.browser = browser
        self.catalogue = catalogue
        self.url = server.url

    def new_context(self, *, width: int = 1440, height: int = 900, dark: bool = False) -> BrowserContext:
        """An empty browser profile."""
        return self.browser.new_context(
            base_url=self.url,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            accept_downloads=True,
        )

    def new_user_page(self, *, width: int = 1440, height: int = 900, dark: bool = False) -> Page:
        """A page of a user who has just registered and looks at the empty Frames page."""
        page = self.new_context(width=width, height=height, dark=dark).new_page()
        form: dict[str, str | float | bool] = {"username": new_name(), "password": PASSWORD, "password2": PASSWORD}
        answer = page.context.request.post("/register", form=form, max_redirects=0)
        assert (answer.status, answer.headers["location"]) == (303, "/")
        page.goto("/")
        page.get_by_role("heading", name="Frames").wait_for()
        return page


def new_name() -> str:
    """A username that nobody has."""
    return f"user-{uuid.uuid4().hex[:10]}"


def register(page: Page, username: str = "") -> str:
    """Register in the interface; returns the username."""
    username = username or new_name()
    page.goto("/register")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label(re.compile("(repeat|confirm|again)", re.I)).fill(PASSWORD)
    page.get_by_role("button", name=re.compile("create|register", re.I)).click()
    page.get_by_role("heading", name="Frames").wait_for()
    return username


@pytest.fixture(scope="session")
def catalogue() -> Iterator[Catalogue]:
    """A host of feeds and pictures on loopback, good and bad ones."""
    with Catalogue() as host:
        yield host


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The application in production mode on SQLite."""
    running = Server(tmp_path_factory.mktemp("site"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    path = find_browser()
    assert path, "no Chromium: run python -m tests.browser"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def site(server: Server, browser: Browser, catalogue: Catalogue) -> Site:
    """The running application with a browser."""
    return Site(server, browser, catalogue)


@pytest.fixture(autouse=True)
def _screenshot_on_failure(request: pytest.FixtureRequest, browser: Browser) -> Iterator[None]:
    yield
    failed = getattr(request.node, "failed", False)
    folder = ROOT / "test-results"
    for context in browser.contexts:
        for index, page in enumerate(context.pages):
            if failed:
                folder.mkdir(exist_ok=True)
                page.screenshot(path=folder / f"{request.node.name}-{index}.png")
        context.close()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Remember whether the test itself failed, for the screenshot."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if report.when == "call" and report.failed:
        item.failed = True  # type: ignore[attr-defined]
