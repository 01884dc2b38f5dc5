"""The list of frames: pages, search, and what happens elsewhere meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from frameapp.models import RunState, utc_now
from frameapp.services import cards, frames
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.services.cards import PAGE, Card
from frameapp.ui.frames.state import FramesState, frame_card
from tests.outputs import add_frame
from tests.runs import add_run, change_run
from tests.ui.tab import Tab


@pytest.fixture
def listed(app: Application, anna: Viewer) -> dict[str, int]:
    """A frame more than fill two pages, by name: the list shows that of the highest number first."""
    return {name: add_frame(app, anna, name) for name in (f"f{number:02}" for number in range(2 * PAGE + 1))}


@pytest.fixture
async def state(tab: Tab, listed: dict[str, int]) -> FramesState:
    """The list as it opens."""
    return await tab.open("/", FramesState.load)


def names(state: FramesState) -> list[str]:
    return [card.name for card in state.shown]


async def test_the_pages_of_the_list_are_turned(tab: Tab, state: FramesState) -> None:
    seen = []
    for where in ("first", "next", "next", "next", "previous", "last"):
        await tab.send(FramesState.turn, where)
        seen.append((state.place, names(state)[0], state.at_end))
    assert seen == [
        ("1-24 of 49", "f48", False),
        ("25-48 of 49", "f24", False),
        ("49-49 of 49", "f00", True),
        ("49-49 of 49", "f00", True),
        ("25-48 of 49", "f24", False),
        ("49-49 of 49", "f00", True),
    ]
    assert await tab.send(FramesState.load) == []
    assert names(state) == ["f00"], "the page is there after a visit elsewhere"
    await tab.send(FramesState.set_sort, "name")
    assert (state.start, state.paged, names(state)[0]) == (0, True, "f00")


async def test_a_search_keeps_its_field_until_everything_shows(tab: Tab, app: Application, anna: Viewer) -> None:
    add_frame(app, anna, "b")
    add_frame(app, anna, "a")
    state = await tab.open("/", FramesState.load)
    assert not state.many
    await tab.send(FramesState.set_search, "nothing like it")
    assert state.many
    assert (state.shown, state.paged, state.summary) == ([], False, "2 frames")
    await tab.send(FramesState.show_all)
    assert (state.many, names(state), state.place) == (False, ["a", "b"], "1-2 of 2")
    await tab.send(FramesState.set_search, "x" * 5_000)
    assert len(state.search) == cards.LONGEST_SEARCH


async def test_a_copy_and_a_new_frame_are_seen(
    app: Application, anna: Viewer, tab: Tab, state: FramesState, listed: dict[str, int]
) -> None:
    await tab.send(FramesState.turn, "last")
    await tab.send(FramesState.duplicate, listed["f00"])
    assert (names(state)[0], state.start) == ("f00 (copy)", 0)
    await tab.send(FramesState.set_search, "f48")
    events = await tab.send(FramesState.duplicate, listed["f48"])
    assert (names(state), state.search) == (["f48 (copy)", "f48"], "f48"), "it matches, too"
    assert len(events) == 2
    add_frame(app, anna, "zebra")
    assert "_set_value" in str(await tab.send(FramesState.load)), "a search that hides it goes"
    assert (names(state)[0], state.search, state.place) == ("zebra", "", "1-24 of 52")


async def test_the_last_frame_of_a_page_goes_with_its_page(
    tab: Tab, state: FramesState, listed: dict[str, int]
) -> None:
    await tab.send(FramesState.turn, "last")
    await tab.send(FramesState.ask_delete, listed["f00"])
    assert (state.asking, state.doomed_name) == (True, "f00")
    assert "“f00” was deleted." in str(await tab.send(FramesState.delete))
    assert (names(state)[-1], state.place, state.asking) == ("f01", "25-48 of 48", False)


async def test_a_frame_that_went_elsewhere_leaves_the_list(
    app: Application, anna: Viewer, tab: Tab, state: FramesState, listed: dict[str, int]
) -> None:
    gone = listed["f48"]
    await tab.send(FramesState.ask_delete, gone)
    frames.delete(app, anna, gone)
    for event, values in ((FramesState.duplicate, [gone]), (FramesState.delete, []), (FramesState.ask_delete, [gone])):
        answer = str(await tab.send(event, *values))
        assert "This frame no longer exists." in answer
        assert "FramesState.load" in answer
        assert (state.not_found, state.asking, state.deleting) == (False, False, False)


async def test_a_page_that_opens_closes_the_question_of_an_earlier_visit(
    tab: Tab, state: FramesState, listed: dict[str, int]
) -> None:
    await tab.send(FramesState.ask_delete, listed["f48"])
    await tab.send(FramesState.load)
    assert not state.asking


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


async def test_a_card_says_how_its_run_goes(app: Application, anna: Viewer, tab: Tab) -> None:
    frame_id = add_frame(app, anna, "Sale")
    run_id = add_run(app, frame_id, RunState.RUNNING, total=1204, rendered=600, failed=6)
    state = await tab.open("/", FramesState.load)
    assert state.shown[0].run == "606 of 1,204 · 6 failed"
    async with tab.sending(FramesState.follow):
        change_run(app, run_id, rendered=634, current_product_id="sku 640", errors=[["sku 9", "Too slow."]])
        await tab.until(lambda: state.shown[0].run.startswith("640 of 1,204 · 6 failed"))
        assert state.shown[0].hint == "Product sku 640\nLast failure: sku 9: Too slow."
        change_run(app, run_id, state=RunState.DONE, rendered=1198, ended_at=utc_now())
        await tab.until(lambda: not state.shown[0].running)
    assert state.shown[0].run == "1,198 of 1,204 ok"
