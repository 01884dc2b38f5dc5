"""The Details page's states: slow work leaves the page free, and what one frame showed is never another's."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from frameapp.core.design.recipe import Box, Recipe
from frameapp.models import Feed, Frame, RunKind, RunState, utc_now
from frameapp.services import sessions
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.services.history import PAGE
from frameapp.ui.details import state as details_state
from frameapp.ui.details.feed_state import FeedState
from frameapp.ui.details.frame_state import FrameState
from frameapp.ui.details.outputs_state import OutputsState
from frameapp.ui.details.runs_state import RunsState
from frameapp.ui.details.state import DetailsState
from tests.outputs import add_frame, add_outputs
from tests.runs import add_run, change_run, outputs_of
from tests.ui.conftest import SlowShop
from tests.ui.tab import SECONDS, Tab


@pytest.fixture
def frame_id(app: Application, anna: Viewer, shop: SlowShop) -> int:
    """A frame whose feed the shop has."""
    return add_frame(app, anna, "Sale", address=shop.address)


@pytest.fixture
async def feed(tab: Tab, frame_id: int) -> FeedState:
    """Its Feed tab as it opens."""
    return await tab.open(f"/frame_detail/{frame_id}", FeedState.load)


async def test_a_check_is_busy_in_the_background(tab: Tab, feed: FeedState, shop: SlowShop) -> None:
    assert (feed.feed.format, feed.feed.checked_at) == ("", "")
    shop.gate.clear()
    async with tab.sending(FeedState.check) as task:
        await shop.asked()
        assert feed.checking
        shop.gate.set()
        await task
    assert (feed.checking, feed.feed.format) == (False, "Atom")
    assert FeedState.check.is_background


async def test_a_feed_that_can_be_read_again_takes_its_error_from_above_the_tabs(
    app: Application, tab: Tab, feed: FeedState, frame_id: int
) -> None:
    with app.database.write() as session:
        session.get_one(Feed, session.get_one(Frame, frame_id).feed_id).error = "The feed's host answered 503."
    page: FrameState = await tab.open(f"/frame_detail/{frame_id}", FrameState.load)
    assert page.attention == "The feed's host answered 503."
    assert "FrameState.read" in str(await tab.send(FeedState.check))
    await tab.send(FrameState.read)
    assert page.attention == ""


@pytest.fixture
def other_shop() -> Iterator[SlowShop]:
    with SlowShop() as host:
        yield host


async def test_a_check_of_another_frame_shows_nothing(
    app: Application, anna: Viewer, tab: Tab, feed: FeedState, shop: SlowShop, other_shop: SlowShop
) -> None:
    other = add_frame(app, anna, "Other", address=other_shop.address)
    shop.gate.clear()
    other_shop.gate.clear()
    async with tab.sending(FeedState.check) as first:
        await shop.asked()
        await tab.open(f"/frame_detail/{other}", FeedState.load)
        assert not feed.checking
        async with tab.sending(FeedState.check) as second:  # fetches after the first: a user has one turn at a time
            await tab.until(lambda: feed.checking)
            shop.gate.set()
            await first
            assert (feed.feed.address, feed.feed.format, feed.checking) == (other_shop.address, "", True)
            other_shop.gate.set()
            await second
    assert (feed.feed.format, feed.checking) == ("Atom", False)


@pytest.fixture
async def details(tab: Tab, frame_id: int) -> DetailsState:
    """The page as it opens, before the frame's first run."""
    return await tab.open(f"/frame_detail/{frame_id}", DetailsState.load)


async def test_a_return_reads_the_open_tab_and_another_frame_forgets_it(
    app: Application, anna: Viewer, tab: Tab, details: DetailsState, frame_id: int
) -> None:
    add_run(app, frame_id, RunState.DONE)
    assert "RunsState.load" in str(await tab.send(DetailsState.show_tab, "runs"))
    shown = await tab.open(f"/frame_detail/{frame_id}", RunsState.load)
    assert "RunsState.load" in str(await tab.send(DetailsState.load))
    assert len(shown.rows) == 1
    await tab.go(f"/frame_detail/{add_frame(app, anna, 'Other')}")
    assert "RunsState.load" not in str(await tab.send(DetailsState.load))
    assert (details.tab, shown.rows, shown.loaded) == ("outputs", [], False)


async def test_the_page_of_runs_on_show_is_read_again_and_not_only_the_first(
    app: Application, tab: Tab, frame_id: int
) -> None:
    ids = [add_run(app, frame_id, RunState.DONE) for _ in range(2 * PAGE + 10)][::-1]
    state = await tab.open(f"/frame_detail/{frame_id}", RunsState.load)

    async def shown(where: str) -> tuple[int, str]:
        await tab.send(RunsState.turn, where)
        turned = state.rows[0].run_id, state.place
        assert await tab.send(RunsState.load) == []
        assert (state.rows[0].run_id, state.place) == turned
        return ids.index(turned[0]), turned[1]

    assert await shown("first") == (0, "1-25 of 60")
    assert await shown("next") == (25, "26-50 of 60")
    assert await shown("last") == (50, "51-60 of 60")
    assert state.at_end
    assert await shown("previous") == (25, "26-50 of 60")


@pytest.mark.parametrize("how", ["closed", "elsewhere", "again"])
async def test_a_watcher_ends_with_its_visit(
    app: Application, anna: Viewer, tab: Tab, details: DetailsState, frame_id: int, how: str
) -> None:
    async with tab.sending(DetailsState.follow) as watching:
        await asyncio.sleep(0)
        if how == "again":
            await tab.send(DetailsState.load)
        elif how == "closed":
            await tab.close()
        else:
            await tab.go(f"/frame_detail/{add_frame(app, anna, 'Other')}")
        change_run(app, add_run(app, frame_id, RunState.RUNNING), rendered=1)  # it looks up when there are news
        assert await asyncio.wait_for(watching, SECONDS) == []


async def test_the_table_is_right_as_soon_as_a_run_has_ended(
    app: Application, tab: Tab, frame_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(details_state, "TABLE_SECONDS", 1e6)  # the clock's part, which would bring it in the end
    run_id = add_run(app, frame_id, RunState.RUNNING, total=9)
    details: DetailsState = await tab.open(f"/frame_detail/{frame_id}", DetailsState.load)
    seen = []
    async with asyncio.timeout(SECONDS):
        async for answer in tab.steps(DetailsState.follow):
            if "OutputsState.refresh" not in str(answer):
                continue
            seen.append(details.run.state)
            if seen == ["running"]:
                change_run(app, run_id, state=RunState.DONE, rendered=9, ended_at=utc_now())
            else:
                break
    assert seen == ["running", "done"]


async def test_a_session_is_asked_for_during_a_run(
    app: Application, anna: Viewer, tab: Tab, details: DetailsState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(details_state, "SESSION_SECONDS", 0.0)  # the clock's part
    session = await tab.sign_in(anna)
    async with tab.sending(DetailsState.follow) as watching:
        await asyncio.sleep(0)
        sessions.close_session(app, session)
        assert "/login" in str(await asyncio.wait_for(watching, SECONDS))


@pytest.fixture
async def sheet(app: Application, tab: Tab, frame_id: int) -> OutputsState:
    """The side sheet of the frame's one output."""
    with app.database.write() as session:
        session.get_one(Frame, frame_id).recipe = Recipe(Box(0, 0, 40, 30)).to_json()
    output_id = add_outputs(app, frame_id, ["sku 1"])[0]
    shown = await tab.open(f"/frame_detail/{frame_id}", OutputsState.load)
    await tab.send(OutputsState.open_sheet, output_id)
    assert shown.sheet_open
    return shown


async def test_one_output_is_rendered_again(
    app: Application, tab: Tab, details: DetailsState, sheet: OutputsState, frame_id: int
) -> None:
    assert "OutputsState.set_sheet_open" in str(await tab.send(DetailsState.render_again, sheet.sheet.id))
    assert (details.run.active, details.asking) == (True, "")
    assert [output.state for output in outputs_of(app, frame_id)] == ["pending"]


async def test_a_refusal_to_render_again_is_told(
    app: Application, tab: Tab, details: DetailsState, sheet: OutputsState, frame_id: int
) -> None:
    add_run(app, frame_id, RunState.RUNNING, kind=RunKind.FULL)
    told = str(await tab.send(DetailsState.render_again, sheet.sheet.id))
    assert "A run of this frame is still in progress." in told
    assert "OutputsState.set_sheet_open" not in told
    assert (sheet.sheet_open, details.asking) == (True, "")
