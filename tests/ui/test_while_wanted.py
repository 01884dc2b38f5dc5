"""Long work of a page ends with the page."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import reflex as rx

from frameapp.ui import while_wanted as module
from frameapp.ui.while_wanted import while_wanted
from tests.ui.tab import Tab


class Page:
    """Stands for a background handler's state, of a tab."""

    wanted = True

    def __init__(self, tab: Tab, router: Any) -> None:
        self.tab = tab
        self._router = router
        self.looks = asyncio.Semaphore(0)
        self.asked = asyncio.Semaphore(0)

    async def __aenter__(self) -> Page:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    @property
    def router(self) -> Any:
        """The tab's connection, which is asked for to see whether it is there."""
        self.asked.release()
        return self._router

    async def lose_interest(self) -> None:
        self.wanted = False

    def look(self) -> None:
        self.looks.release()


@pytest.fixture
async def page(tab: Tab, monkeypatch: pytest.MonkeyPatch) -> Page:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.01)  # the clock's part
    return Page(tab, (await tab.state(rx.State)).router)


async def follow(page: Any, work: Any) -> Any:
    async with asyncio.timeout(120):
        return await while_wanted(page, work, wanted=lambda: page.wanted, look=page.look)


async def test_what_it_gives_is_given_and_looked_at_meanwhile(page: Page) -> None:
    async def work() -> str:
        for _ in range(3):
            await page.looks.acquire()
        return "found"

    assert await follow(page, work()) == "found"


async def test_its_error_is_raised(page: Page) -> None:
    async def work() -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        await follow(page, work())


@pytest.mark.parametrize("end", [lambda page: page.tab.close(), Page.lose_interest], ids=["closed", "not wanted"])
async def test_it_is_cancelled_when_the_tab_is_closed_or_nobody_wants_it(
    page: Page, monkeypatch: pytest.MonkeyPatch, end: Any
) -> None:
    monkeypatch.setattr(module, "GONE_SECONDS", 0.05)  # the clock's part
    ended = []

    async def work() -> None:
        try:
            await end(page)
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.append(True)

    assert await follow(page, work()) is None
    assert ended == [True]


async def test_a_connection_that_comes_back_finds_its_work(page: Page) -> None:
    async def work() -> str:
        await page.tab.close()
        for _ in range(3):
            await page.asked.acquire()
        await page.tab.connect()
        await page.looks.acquire()
        return "found"

    assert await follow(page, work()) == "found"
