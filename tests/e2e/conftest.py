"""The whole application for browser tests: the production server with its real worker and embedded Redis."""

from __future__ import annotations

import re
import uuid
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect, sync_playwright

from frameapp.services import accounts, sessions
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.settings import Settings
from frameapp.web.identity import cookie_name
from tests.browser import ARGUMENTS, find_browser
from tests.e2e.catalogue import Catalogue
from tests.server import Server

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse battery"
LIMIT = 120_000  # ms; for whatever is waited for, on a machine that is busy with ten other things
expect.set_options(timeout=LIMIT)
# For a page's ``add_init_script``: a toast goes ten seconds after it came, which a busy machine may need to look at it.
TOASTS_STAY = """
    const later = window.setTimeout
    window.setTimeout = (what, ms, ...more) => later(what, ms === 10000 ? 600000 : ms, ...more)
"""

# Whether React listens: what is done to a page before it does is lost. Its nodes get a key of React's own then.
LISTENS = "() => [...document.body.querySelectorAll('*')].some(one => Object.keys(one)[0]?.startsWith('__react'))"


@pytest.fixture(scope="session", autouse=True)
def _pages_listen_once_they_are_open() -> Iterator[None]:
    """A person is slower than that; Playwright presses what it sees, and on a busy machine that is too soon."""
    go = Page.goto

    def goto(page: Page, url: str, **options: Any) -> Response | None:
        answer = go(page, url, **options)
        if answer and "text/html" in answer.headers.get("content-type", "") and "wait_until" not in options:
            page.wait_for_function(LISTENS)
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Page, "goto", goto)
        yield


class Site:
    """The running application and a browser to look at it."""

    def __init__(self, server: Server, browser: Browser, catalogue: Catalogue, app: Application) -> None:
        self.server = server
        self.browser = browser
        self.catalogue = catalogue
        self.app = app
        self.url = server.url
        self._used: dict[BrowserContext, tuple[int, int]] = {}
        self._rested: dict[tuple[int, int], list[BrowserContext]] = defaultdict(list)

    def new_context(self, *, width: int = 1440, height: int = 900) -> BrowserContext:
        """A browser profile without cookies and storage; its cache may have the application's scripts from before."""
        view = (width, height)
        context = self._rested[view].pop() if self._rested[view] else self._fresh_context(*view)
        self._used[context] = view
        return context

    def _fresh_context(self, width: int, height: int) -> BrowserContext:
        context = self.browser.new_context(
            base_url=self.url,
            viewport={"width": width, "height": height},
            accept_downloads=True,
        )
        context.set_default_timeout(LIMIT)
        return context

    def end_test(self, *, failed: bool) -> None:
        """Close all pages; the profiles are emptied for the next test, or closed as well after a failure."""
        for context in self.browser.contexts:
            view = self._used.pop(context, None)
            pages = [page for page in context.pages if page.url.startswith(self.url)]
            if view and pages and not failed:
                pages[0].evaluate("localStorage.clear()")
                context.clear_cookies()
                for page in context.pages:
                    page.close()
                self._rested[view].append(context)
            elif not any(context in rested for rested in self._rested.values()):
                context.close()
        self._used.clear()

    def page_of(self, app: Application, viewer: Viewer, *, width: int = 1440, height: int = 900) -> Page:
        """An empty page of a user of ``app``, the server's own application, who is signed in."""
        context = self.new_context(width=width, height=height)
        token = sessions.open_session(app, viewer)
        context.add_cookies([{"name": cookie_name(app.settings), "value": token, "url": self.url}])
        return context.new_page()

    def new_user_page(self, *, width: int = 1440, height: int = 900) -> Page:
        """A page of a new user who looks at the empty Frames page. Registrations from one address have a limit."""
        page = self.page_of(self.app, accounts.register(self.app, new_name(), PASSWORD), width=width, height=height)
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
def app(server: Server) -> Iterator[Application]:
    """The server's own database and storage."""
    settings = Settings(data_dir=server.data, _env_file=None)
    made = Application.from_settings(settings)
    yield made
    made.database.dispose()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium."""
    path = find_browser()
    assert path, "no Chromium: run python -m tests.browser"
    return path


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """Headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(server: Server, browser: Browser, catalogue: Catalogue, app: Application) -> Site:
    """The running application with a browser."""
    return Site(server, browser, catalogue, app)


@pytest.fixture(autouse=True)
def _screenshot_on_failure(request: pytest.FixtureRequest, site: Site) -> Iterator[None]:
    yield
    failed = getattr(request.node, "failed", False)
    if failed:
        folder = ROOT / "test-results"
        folder.mkdir(exist_ok=True)
        for index, page in enumerate(page for context in site.browser.contexts for page in context.pages):
            page.screenshot(path=folder / f"{request.node.name}-{index}.png")
    site.end_test(failed=failed)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Remember whether the test itself failed, for the screenshot."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if report.when == "call" and report.failed:
        item.failed = True  # type: ignore[attr-defined]
