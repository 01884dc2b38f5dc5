"""The Details page's states: slow work leaves the page free, and what one frame showed is never another's."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import reflex as rx

from frameapp.errors import Conflict, SignInRequired
from frameapp.services import cards, feeds, frames, history, live, outputs, runs
from frameapp.services.accounts import Viewer
from frameapp.services.feeds import FeedCheck, FeedSource
from frameapp.services.history import HistoryPage
from frameapp.services.outputs import OutputPage
from frameapp.ui import session
from frameapp.ui.details import feed_state, frame_state, outputs_state, runs_state, selection_state, sheet_state
from frameapp.ui.details import state as details_state
from frameapp.ui.details.feed_state import FeedState, FeedView
from frameapp.ui.details.frame_state import FrameState
from frameapp.ui.details.outputs_state import OutputsState
from frameapp.ui.details.rows import Row, Sheet
from frameapp.ui.details.runs_state import RunsState
from frameapp.ui.details.state import DetailsState
from frameapp.ui.run_rows import RunRow
from tests.ui.background import InBackground
from tests.ui.test_details import progress

ANNA = Viewer(1, "anna", False, 1, (1,))
CARD = SimpleNamespace(state="Ready", attention="", failed_outputs=0, products=1204)


async def anna(_: object) -> Viewer:
    return ANNA


@pytest.fixture
async def feed(monkeypatch: pytest.MonkeyPatch) -> FeedState:
    """The Feed tab of frame 7."""
    monkeypatch.setattr(session, "find_viewer", anna)
    monkeypatch.setattr(feed_state, "application", lambda: None)
    monkeypatch.setattr(feed_state, "feed_view", lambda feed: FeedView(products=str(feed.feed_id)))
    row = SimpleNamespace(feed=SimpleNamespace(feed_id=3))
    monkeypatch.setattr(frames, "get", lambda *_: row)
    monkeypatch.setattr(frame_state, "application", lambda: None)
    monkeypatch.setattr(cards, "card", lambda *_: CARD)
    made = await rx.State(_reflex_internal_init=True).get_state(FeedState)
    made._frame = 7
    return made


async def check(state: FeedState, monkeypatch: pytest.MonkeyPatch, meanwhile: Any) -> str:
    async def fetch(*_: object) -> FeedCheck:
        meanwhile()
        return FeedCheck(FeedSource(), {}, "")

    monkeypatch.setattr(feeds, "check", fetch)
    return str([event async for event in FeedState.check.fn(InBackground(state))])


async def test_a_check_is_busy_in_the_background(feed: FeedState, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    await check(feed, monkeypatch, lambda: seen.append(feed.checking))
    assert (seen, feed.checking, feed.feed.products) == ([True], False, "3")
    assert FeedState.check.is_background


async def test_a_feed_that_can_be_read_again_takes_its_error_from_above_the_tabs(
    feed: FeedState, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await feed.get_state(FrameState)
    page.attention = "The feed's host answered 503."
    assert "FrameState.read" in await check(feed, monkeypatch, lambda: None)
    await FrameState.read.fn(page)
    assert page.attention == ""


async def test_a_check_of_another_frame_shows_nothing(feed: FeedState, monkeypatch: pytest.MonkeyPatch) -> None:
    def go_on() -> None:
        feed._frame = 8

    await check(feed, monkeypatch, go_on)
    assert (feed.feed, feed.checking) == (FeedView(), True)  # as frame 8 has it


@pytest.fixture
async def shown(monkeypatch: pytest.MonkeyPatch) -> OutputsState:
    """The Outputs tab of frame 7 with its page of three, of which each is selected, of five that match."""
    for module in (outputs_state, selection_state, sheet_state, frame_state):
        monkeypatch.setattr(session, "find_viewer", anna)
        monkeypatch.setattr(module, "application", lambda: None)
    monkeypatch.setattr(outputs_state, "refreshed", lambda *_: (OutputPage([], "", ""), {"done": 0}, False))
    monkeypatch.setattr(cards, "card", lambda *_: CARD)
    made = await rx.State(_reflex_internal_init=True).get_state(OutputsState)
    made._frame, made.matching, made.selected = 7, 5, [1, 2, 3]
    made.rows = [Row(id=number, thumbnail="/t" if number > 1 else "") for number in made.selected]
    return made


async def delete(state: OutputsState, monkeypatch: pytest.MonkeyPatch, parts: Any) -> tuple[Any, str]:
    """Delete the selection, of which the service deletes these parts; what it was asked for, and what is told."""
    asked: list[Any] = []

    def deleting(*who: Any, **chosen: Any) -> Any:
        asked.append((who[2], chosen))
        return iter(parts())

    monkeypatch.setattr(outputs, "deleting", deleting)
    told = str([event async for event in OutputsState.delete_selected.fn(InBackground(state))])
    return asked, told


async def test_a_deletion_is_busy_in_the_background(shown: OutputsState, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def parts() -> Any:
        for part in (2, 1):
            seen.append(f"{shown.deleting_label}, {shown.selected_count} selected")
            yield part

    shown.confirming = True
    asked, told = await delete(shown, monkeypatch, parts)
    assert asked == [(7, {"ids": [1, 2, 3]})]
    assert seen == ["Deleting 0 of 3, 0 selected", "Deleting 2 of 3, 0 selected"]
    assert (shown.deleting_label, shown.confirming, shown.matching, shown.rows) == ("", False, 0, [])
    assert "3 outputs deleted." in told
    assert OutputsState.delete_selected.is_background


async def test_what_failed_and_was_deleted_is_not_offered_for_a_retry(
    shown: OutputsState, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = await shown.get_state(FrameState)
    header.state, header.attention, header.failed_outputs = "Needs attention", "1 product failed.", 1
    assert "FrameState.read" in (await delete(shown, monkeypatch, lambda: [3]))[1]
    await FrameState.read.fn(header)
    assert (header.state, header.attention, header.failed_outputs) == ("Ready", "", 0)
    assert header.subtitle.startswith("1,204 products · ")
    shown.sheet = Sheet(id=1)
    monkeypatch.setattr(outputs, "delete", lambda *_: 1)
    told = str([event async for event in OutputsState.delete_one.fn(shown)])
    assert "deleted" in told
    assert "FrameState.read" in told


async def test_all_that_match_are_deleted_by_what_they_match(
    shown: OutputsState, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shown.select_all_label == "Select all 5"
    shown.search, shown.state_filter = "sku", "failed"
    assert shown.select_all_label == "Select all 5 that match"
    shown.all_matching = True
    asked, _ = await delete(shown, monkeypatch, lambda: [5])
    assert asked == [(7, {"search": "sku", "state": "failed"})]


async def test_a_deletion_that_breaks_off_leaves_nothing_busy(
    shown: OutputsState, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parts() -> Any:
        yield 2
        raise Conflict("The storage is away.")

    _, told = await delete(shown, monkeypatch, parts)
    assert "The storage is away." in told
    assert shown.deleting_label == ""


async def test_a_deletion_of_another_frame_shows_nothing(shown: OutputsState, monkeypatch: pytest.MonkeyPatch) -> None:
    def parts() -> Any:
        shown._frame = 8
        yield 3

    await delete(shown, monkeypatch, parts)
    assert [row.id for row in shown.rows] == [1, 2, 3]
    assert shown.deleted == 0


def test_a_page_is_selected_partly_or_whole(shown: OutputsState) -> None:
    assert shown.page_selected is True
    shown.selected = [1, 99]
    assert shown.page_selected == "indeterminate"
    assert shown.select_all_label == ""
    shown.selected = [99]
    assert shown.page_selected is False


def test_no_zip_is_offered_of_nothing(shown: OutputsState) -> None:
    assert not shown.nothing_to_pack
    shown.selected = [1]
    assert shown.nothing_to_pack
    shown.selected = [1, 99]  # on another page
    assert shown.nothing_to_pack
    shown.any_picture = True
    assert not shown.nothing_to_pack


@pytest.fixture
async def details(monkeypatch: pytest.MonkeyPatch) -> DetailsState:
    """Details at frame 7, without a database."""
    row = SimpleNamespace(name="Sale", placed=True, image_width=10, image_height=10)
    monkeypatch.setattr(session, "find_viewer", anna)
    monkeypatch.setattr(details_state, "application", lambda: None)
    monkeypatch.setattr(details_state, "frame_of", lambda *_: 7)
    monkeypatch.setattr(details_state, "client_is_gone", lambda _: False)
    monkeypatch.setattr(cards, "card", lambda *_: CARD)
    monkeypatch.setattr(frames, "get", lambda *_: row)
    monkeypatch.setattr(runs, "snapshot", lambda *_: None)
    root = rx.State(_reflex_internal_init=True)
    return await root.get_state(DetailsState)


async def load(state: DetailsState) -> str:
    return str([event async for event in DetailsState.load.fn(state)])


async def test_a_return_reads_the_open_tab_and_another_frame_forgets_it(details: DetailsState) -> None:
    await load(details)
    told = await details.get_state(RunsState)
    told.rows, told.loaded = [RunRow(run_id=4)], True
    details.tab = "runs"
    assert "RunsState.load" in await load(details)
    assert told.rows
    details._frame = 6
    assert "RunsState.load" not in await load(details)
    assert (details.tab, told.rows, told.loaded) == ("outputs", [], False)


async def test_the_page_of_runs_on_show_is_read_again_and_not_only_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [progress(run_id=number) for number in range(60, 0, -1)]

    def page(*_: object, start: int) -> HistoryPage:
        start = min(start, 50)
        return HistoryPage(tuple(rows[start : start + 25]), start, len(rows))

    async def shown(where: str) -> tuple[int, str]:
        await RunsState.turn.fn(state, where)
        turned = state.rows[0].run_id, state.place
        assert [event async for event in RunsState.load.fn(state)] == []
        state.loaded = False
        assert (state.rows[0].run_id, state.place) == turned
        return turned

    monkeypatch.setattr(session, "find_viewer", anna)
    monkeypatch.setattr(runs_state, "application", lambda: None)
    monkeypatch.setattr(runs_state, "frame_of", lambda *_: 7)
    monkeypatch.setattr(history, "page", page)
    state = await rx.State(_reflex_internal_init=True).get_state(RunsState)
    assert await shown("first") == (60, "1-25 of 60")
    assert await shown("next") == (35, "26-50 of 60")
    assert await shown("last") == (10, "51-60 of 60")
    assert state.at_end
    assert await shown("previous") == (35, "26-50 of 60")


class Quiet:
    """A follower to whom nothing happens; ``meanwhile`` is called each time it waits."""

    def __init__(self, meanwhile: Any) -> None:
        self.meanwhile = meanwhile

    async def __aenter__(self) -> Quiet:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def next(self, _: float) -> None:
        self.meanwhile()


@pytest.mark.parametrize("how", ["closed", "elsewhere", "again"])
async def test_a_watcher_ends_with_its_visit(details: DetailsState, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    def leave() -> None:
        if how == "again":
            details._visit += 1
        elif how == "closed":
            monkeypatch.setattr(details_state, "client_is_gone", lambda _: True)
        else:
            monkeypatch.setattr(details_state, "frame_of", lambda *_: 8)

    await load(details)
    monkeypatch.setattr(live, "follow", lambda *_: Quiet(leave))
    assert [event async for event in DetailsState.follow.fn(InBackground(details))] == []


async def test_the_table_is_right_as_soon_as_a_run_has_ended(
    details: DetailsState, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Told(Quiet):
        async def next(self, _: float) -> Any:
            return told.pop(0) if told else self.meanwhile()

    def leave() -> None:
        details._visit += 1

    told = [progress(state="running"), progress(state="done", version=10)]
    await load(details)
    details._told = (4, True)
    monkeypatch.setattr(live, "follow", lambda *_: Told(leave))
    seen = [
        (details.run.state, "OutputsState.refresh" in str(event))
        async for event in DetailsState.follow.fn(InBackground(details))
    ]
    assert [state for state, refreshed in seen if refreshed] == ["running", "done"]


async def test_a_session_is_asked_for_during_a_run(details: DetailsState, monkeypatch: pytest.MonkeyPatch) -> None:
    async def ended(_: object) -> Viewer:
        raise SignInRequired

    await load(details)
    monkeypatch.setattr(details_state, "SESSION_SECONDS", 0.0)
    monkeypatch.setattr(live, "follow", lambda *_: Quiet(lambda: None))
    monkeypatch.setattr(session, "find_viewer", ended)
    seen = [event async for event in DetailsState.follow.fn(InBackground(details))]
    assert "/login" in str(seen)


async def again(state: DetailsState) -> str:
    return str([event async for event in DetailsState.render_again.fn(state, 5)])


async def test_one_output_is_rendered_again(details: DetailsState, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    shown = await details.get_state(OutputsState)
    shown.sheet_open = True
    await load(details)
    monkeypatch.setattr(runs, "render_again", lambda _app, _viewer, *what: asked.append(what))
    assert "OutputsState.set_sheet_open" in await again(details)
    assert (asked, details.asking) == ([(7, [5])], "")


async def test_a_refusal_to_render_again_is_told(details: DetailsState, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise Conflict("A run is active.")

    shown = await details.get_state(OutputsState)
    shown.sheet_open = True
    monkeypatch.setattr(runs, "render_again", refuse)
    assert "A run is active." in await again(details)
    assert (shown.sheet_open, details.asking) == (True, "")


def test_escape_closes_a_question_and_not_the_sheet_below_it() -> None:
    shown = OutputsState(_reflex_internal_init=True)
    shown.sheet_open = shown.confirming_one = True
    OutputsState.set_sheet_open.fn(shown, False)
    assert (shown.sheet_open, shown.confirming_one) == (True, False)
    OutputsState.set_sheet_open.fn(shown, False)
    assert not shown.sheet_open
