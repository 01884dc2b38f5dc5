"""The list of frames: pages, search, and what happens elsewhere meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from frameapp.core.progress import Progress
from frameapp.errors import NotFound
from frameapp.services import cards, frames
from frameapp.services.accounts import Viewer
from frameapp.services.cards import Card, CardPage
from frameapp.ui import session
from frameapp.ui.frames import state as module
from frameapp.ui.frames.state import FramesState, frame_card
from tests.ui.background import InBackground
from tests.ui.test_details import progress

ANNA = Viewer(1, "anna", False, 1, (1,))


async def anna(_: object) -> Viewer:
    return ANNA


class Frames:
    """The viewer's frames by id, as the service gives them: by name, those that match, two a page."""

    def __init__(self, *names: str) -> None:
        self.names = dict(enumerate(names, 1))

    def page(self, *_: object, search: str, sort: str, start: int, showing: int) -> CardPage:
        found = [n for n, name in sorted(self.names.items(), key=lambda pair: pair[1]) if search in name]
        if showing in found:
            start = found.index(showing) // 2 * 2
        start = min(start, max(0, len(found) - 1) // 2 * 2)
        shown = tuple(replace(frame_rows("done", 1), frame_id=n, name=self.names[n]) for n in found[start : start + 2])
        return CardPage(shown, start, len(found), len(self.names), max(self.names, default=0))

    def duplicate(self, _: object, __: object, frame_id: int) -> int:
        copy_id = max(self.names) + 1
        self.names[copy_id] = f"copy of {self.names[frame_id]}"
        return copy_id

    def delete(self, _: object, __: object, frame_id: int) -> None:
        del self.names[frame_id]


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> Frames:
    """Five frames on three pages."""
    made = Frames("a", "b", "d", "e", "f")
    monkeypatch.setattr(session, "find_viewer", anna)
    monkeypatch.setattr(module, "application", lambda: None)
    monkeypatch.setattr(cards, "PAGE", 2)
    for service, name in ((cards, "page"), (frames, "duplicate"), (frames, "delete")):
        monkeypatch.setattr(service, name, getattr(made, name))
    return made


@pytest.fixture
async def state(listed: Frames) -> FramesState:
    """The list as it opens."""
    made: FramesState = FramesState(_reflex_internal_init=True)
    await visit(made)
    return made


async def visit(state: FramesState) -> None:
    state.loaded = False  # whether a lost connection came back is asked of states that a test has not
    assert [event async for event in FramesState.load.fn(state)] == []


def names(state: FramesState) -> list[str]:
    return [card.name for card in state.shown]


async def test_the_pages_of_the_list_are_turned(state: FramesState) -> None:
    seen = []
    for where in ("first", "next", "next", "next", "previous", "last"):
        await FramesState.turn.fn(state, where)
        seen.append((state.place, "".join(names(state)), state.at_end))
    assert seen == [
        ("1-2 of 5", "ab", False),
        ("3-4 of 5", "de", False),
        ("5-5 of 5", "f", True),
        ("5-5 of 5", "f", True),
        ("3-4 of 5", "de", False),
        ("5-5 of 5", "f", True),
    ]
    await visit(state)
    assert names(state) == ["f"], "who comes back finds the page"
    await FramesState.set_sort.fn(state, "name")
    assert (state.start, state.paged) == (0, True)


async def test_a_search_keeps_its_field_until_everything_shows(state: FramesState) -> None:
    assert not state.many
    await FramesState.turn.fn(state, "last")
    await FramesState.set_search.fn(state, "nothing like it")
    assert state.many
    assert (state.shown, state.paged, state.summary) == ([], False, "5 frames")
    await FramesState.show_all.fn(state)
    assert (state.many, names(state), state.place) == (False, ["a", "b"], "1-2 of 5")
    await FramesState.set_search.fn(state, "x" * 5_000)
    assert len(state.search) == cards.LONGEST_SEARCH


async def test_a_copy_and_a_new_frame_are_seen(state: FramesState, listed: Frames) -> None:
    await FramesState.turn.fn(state, "last")
    await FramesState.duplicate.fn(state, 1)
    assert (names(state), state.start) == (["copy of a", "d"], 2)
    await FramesState.set_search.fn(state, "f")
    events = await FramesState.duplicate.fn(state, 5)
    assert (names(state), state.search) == (["copy of a", "copy of f"], "f"), "it matches, too"
    assert len(events) == 2
    listed.names[9] = "zebra"
    state.loaded = False
    assert "_set_value" in str([event async for event in FramesState.load.fn(state)]), "a search that hides it goes"
    assert (names(state), state.search, state.place) == (["f", "zebra"], "", "7-8 of 8")


async def test_the_last_frame_of_a_page_goes_with_its_page(state: FramesState) -> None:
    await FramesState.turn.fn(state, "last")
    state.doomed_id, state.doomed_name = 5, "f"
    async for _ in FramesState.delete.fn(state):
        pass
    assert (names(state), state.place) == (["d", "e"], "3-4 of 4")


async def test_a_frame_that_went_elsewhere_leaves_the_list(state: FramesState, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> Any:
        raise NotFound

    monkeypatch.setattr(session, "find_viewer", anna)
    monkeypatch.setattr(module, "application", lambda: None)
    for name in ("deletion", "duplicate", "delete"):
        monkeypatch.setattr(frames, name, gone)
    state.asking = True
    for answer in (
        str(await FramesState.ask_delete.fn(state, 3)),
        str(await FramesState.duplicate.fn(state, 3)),
        str([event async for event in FramesState.delete.fn(state)]),
    ):
        assert "This frame no longer exists." in answer
        assert "FramesState.load" in answer
    assert (state.not_found, state.asking, state.deleting) == (False, False, False)


def frame_rows(run_state: str, version: int) -> Card:
    now = datetime(2026, 1, 2, tzinfo=UTC)
    return Card(2, "Sale", "Running", "/x", 1204, 4, run_state, now, 600, 6, 606, 1204, version, "")


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

    monkeypatch.setattr(session, "find_viewer", anna)
    monkeypatch.setattr(module, "application", lambda: None)
    page = CardPage((frame_rows("running", 1),), 0, 1, 1, 2)
    monkeypatch.setattr(cards, "page", lambda *_, **__: page)
    monkeypatch.setattr(cards, "follow", follow)
    state = FramesState(_reflex_internal_init=True)
    state.asking = True
    assert [event async for event in FramesState.load.fn(state)] == []
    assert not state.asking
    assert state.shown[0].run == "606 of 1,204 · 6 failed"
    await FramesState.follow.fn(InBackground(state))
    assert state.shown[0].run == "640 of 1,204 · 6 failed · 48/s · 12 s left"
    assert state.shown[0].hint == "Product sku 640\nLast failure: sku 9: Too slow."
