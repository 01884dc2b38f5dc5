"""The Details page's states: slow work leaves the page free, and what one frame showed is never another's."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from frameapp.services import feeds, frames
from frameapp.services.accounts import Viewer
from frameapp.ui.details import feed_state
from frameapp.ui.details.feed_state import FeedState, FeedView
from tests.ui.background import InBackground

ANNA = Viewer(1, "anna", False, 1, (1,))


async def anna(_: object) -> Viewer:
    return ANNA


@pytest.fixture
def feed(monkeypatch: pytest.MonkeyPatch) -> FeedState:
    """The Feed tab of frame 7."""
    monkeypatch.setattr(feed_state, "require_viewer", anna)
    monkeypatch.setattr(feed_state, "application", lambda: None)
    monkeypatch.setattr(feed_state, "feed_view", lambda feed: FeedView(products=str(feed.feed_id)))
    row = SimpleNamespace(feed=SimpleNamespace(feed_id=3))
    monkeypatch.setattr(frames, "get", lambda *_: row)
    made = FeedState(_reflex_internal_init=True)
    made._frame = 7
    return made


async def check(state: FeedState, monkeypatch: pytest.MonkeyPatch, meanwhile: Any) -> None:
    async def fetch(*_: object) -> None:
        meanwhile()

    monkeypatch.setattr(feeds, "check", fetch)
    await FeedState.check.fn(InBackground(state))


async def test_a_check_is_busy_in_the_background(feed: FeedState, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    await check(feed, monkeypatch, lambda: seen.append(feed.checking))
    assert (seen, feed.checking, feed.feed.products) == ([True], False, "3")
    assert FeedState.check.is_background


async def test_a_check_of_another_frame_shows_nothing(feed: FeedState, monkeypatch: pytest.MonkeyPatch) -> None:
    def go_on() -> None:
        feed._frame = 8

    await check(feed, monkeypatch, go_on)
    assert (feed.feed, feed.checking) == (FeedView(), True)  # as frame 8 has it
