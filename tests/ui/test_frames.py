"""The list of frames: search, and what happens elsewhere meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from frameapp.errors import NotFound
from frameapp.services import cards, frames
from frameapp.services.accounts import Viewer
from frameapp.services.cards import Card, Progress
from frameapp.ui.frames import state as module
from frameapp.ui.frames.state import MANY, FrameCard, FramesState, frame_card
from tests.ui.background import InBackground
from tests.ui.test_details import progress

ANNA = Viewer(1, "anna", False, 1, (1,))


async def anna(_: object) -> Viewer:
    return ANNA


@pytest.fixture
def state() -> FramesState:
    """As many frames as show without a search."""
    made = FramesState(_reflex_internal_init=True)
    made._cards = [FrameCard(n, f"Frame {n}", "Draft", "", "", 0, "", "", False, 0.0, "", "") for n in range(MANY)]
    made.loaded = True
    return made


async def test_a_search_keeps_its_field_until_everything_shows(state: FramesState) -> None:
    assert not state.many
    state.search = "nothing like it"
    assert state.many
    assert state.shown == []
    await FramesState.show_all.fn(state)
    assert (state.many, len(state.shown)) == (False, MANY)


async def test_a_frame_that_went_elsewhere_leaves_the_list(state: FramesState, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> Any:
        raise NotFound

    monkeypatch.setattr(module, "require_viewer", anna)
    monkeypatch.setattr(module, "application", lambda: None)
    for name in ("deletion", "duplicate", "delete"):
        monkeypatch.setattr(frames, name, gone)
    state.asking = True
    for answer in (
        str(await FramesState.ask_delete.fn(state, 3)),
        str(await FramesState.duplicate.fn(state, 3)),
        str([event async for event in FramesState.delete.fn(state)]),
    ):
        assert "This frame is gone." in answer
        assert "FramesState.load" in answer
    assert (state.not_found, state.asking, state.deleting) == (False, False, False)


def frame_rows(run_state: str, version: int) -> Card:
    now = datetime(2026, 1, 2, tzinfo=UTC)
    return Card(2, "Sale", "Running", "/x", 1204, 4, run_state, now, 600, 6, 606, 1204, version, now, "")


def test_a_card_says_that_its_run_was_a_retry() -> None:
    card = replace(frame_rows("done", 1), retried=True)
    assert frame_card(card).run == "Retry: 600 of 1,204 ok"


def test_a_card_says_what_is_known_of_its_feed() -> None:
    card = replace(frame_rows("done", 1), products=None)
    assert frame_card(card).products == "Feed not read yet"
    assert frame_card(replace(card, feed_error="The feed is empty.")).products == "Feed cannot be read"


async def test_a_card_says_how_its_run_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    async def follow(*_: object) -> AsyncIterator[Progress]:
        yield progress(errors=(SimpleNamespace(product_id="sku 9", reason="Too slow."),))

    monkeypatch.setattr(module, "require_viewer", anna)
    monkeypatch.setattr(module, "application", lambda: None)
    monkeypatch.setattr(cards, "list_cards", lambda *_: [frame_rows("running", 1)])
    monkeypatch.setattr(cards, "follow", follow)
    state = FramesState(_reflex_internal_init=True)
    state.asking = True
    assert [event async for event in FramesState.load.fn(state)] == []
    assert not state.asking
    assert state._cards[0].run == "606 of 1,204 · 6 failed"
    await FramesState.follow.fn(InBackground(state))
    assert state._cards[0].run == "640 of 1,204 · 6 failed · 48/s · 12 s left"
    assert state._cards[0].hint == "Product sku 640\nLast failure: sku 9: Too slow."
