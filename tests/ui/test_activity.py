"""Activity follows the runs: what moves, moves in its place."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from frameapp.core.progress import Progress
from frameapp.services import activity, cards
from frameapp.services.accounts import Viewer
from frameapp.ui import session
from frameapp.ui.details.run_view import run_view
from frameapp.ui.pages import activity as module
from frameapp.ui.pages.activity import ActivityState
from frameapp.ui.run_rows import RunRow, run_row
from tests.ui.background import InBackground
from tests.ui.test_details import progress


@pytest.fixture
async def state(monkeypatch: pytest.MonkeyPatch) -> ActivityState:
    """Activity of Anna's."""

    async def anna(_: object) -> Viewer:
        return Viewer(1, "anna", False, 1, (1,))

    monkeypatch.setattr(session, "find_viewer", anna)
    monkeypatch.setattr(module, "application", lambda: None)
    return ActivityState(_reflex_internal_init=True)


def moving(monkeypatch: pytest.MonkeyPatch, *run_ids: int) -> None:
    async def follow(*_: object) -> AsyncIterator[Progress]:
        for run_id in run_ids:
            yield progress(run_id=run_id, processed=700, kind="retry" if run_id == 62 else "full")

    monkeypatch.setattr(cards, "follow", follow)


def rows(*run_ids: int) -> list[RunRow]:
    return [run_row(progress(run_id=run_id), "Sale") for run_id in run_ids]


async def test_a_run_older_than_the_page_stays_off_it(state: ActivityState, monkeypatch: pytest.MonkeyPatch) -> None:
    moving(monkeypatch, 40, 3, 62, 57)  # on the page, before it, after it, and one of a frame that is gone
    monkeypatch.setattr(activity, "of_run", lambda _app, _viewer, run_id: (progress(run_id=run_id), "Sale"))
    state.rows, state.matching = rows(61, 40), 3
    await ActivityState.follow.fn(InBackground(state))
    assert [row.run_id for row in state.rows] == [62, 61, 40]
    assert [row.kind for row in state.rows] == ["Retry", "", ""]
    assert state.rows[2].counts == "700 of 1,204"
    assert state.place == "1-3 of 4"


async def test_a_page_does_not_grow_and_a_later_one_keeps_its_runs(
    state: ActivityState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activity, "of_run", lambda _app, _viewer, run_id: (progress(run_id=run_id), "Sale"))
    monkeypatch.setattr(module, "PAGE", 2)
    moving(monkeypatch, 62, 63)
    state.rows, state.matching = rows(61, 40), 2
    await ActivityState.follow.fn(InBackground(state))
    assert ([row.run_id for row in state.rows], state.place) == ([63, 62], "1-2 of 4")
    state.rows, state.start = rows(61, 40), 2
    await ActivityState.follow.fn(InBackground(state))
    assert [row.run_id for row in state.rows] == [61, 40]


async def test_a_run_that_is_loaded_while_it_moves_is_shown_once(
    state: ActivityState, monkeypatch: pytest.MonkeyPatch
) -> None:
    def of_run(*_: object) -> activity.Entry:
        state.rows = rows(40)  # as the page's own loading does
        return progress(run_id=40), "Sale", "full"

    moving(monkeypatch, 40)
    monkeypatch.setattr(activity, "of_run", of_run)
    await ActivityState.follow.fn(InBackground(state))
    assert [row.counts for row in state.rows] == ["640 of 1,204"]


async def test_a_run_whose_frame_is_gone_changes_nothing(state: ActivityState, monkeypatch: pytest.MonkeyPatch) -> None:
    moving(monkeypatch, 40)
    monkeypatch.setattr(activity, "of_run", lambda *_: None)
    await ActivityState.follow.fn(InBackground(state))
    assert state.rows == []


async def test_the_pages_of_runs_are_turned(state: ActivityState, monkeypatch: pytest.MonkeyPatch) -> None:
    def page(*_: object, start: int) -> activity.ActivityPage:
        start = min(start, 50)
        entries = [(progress(run_id=60 - start - n), "Sale") for n in range(min(50, 60 - start))]
        return activity.ActivityPage(tuple(entries), start, 60)

    monkeypatch.setattr(activity, "page", page)
    assert [event async for event in ActivityState.load.fn(state)] == []
    assert (state.place, state.at_end, state.paged) == ("1-50 of 60", False, True)
    await ActivityState.turn.fn(state, "next")
    assert (state.place, state.at_end, state.rows[0].run_id) == ("51-60 of 60", True, 10)


def test_a_run_without_products_says_why_and_nothing_else() -> None:
    ended = {"state": "failed", "processed": 0, "total": 0, "failed": 0, "ended_at": 1_700_000_002.0}
    row = run_row(progress(reason="The feed is empty.", **ended), "Sale")
    assert (row.counts, row.took, row.reason) == ("", "", "The feed is empty.")
    row = run_row(progress(**{**ended, "state": "done"}), "Sale")
    assert (row.counts, row.took) == ("No products", "")


def test_notes_on_the_feed_are_no_failure() -> None:
    notes = ("1 line has more or fewer fields than the header.", "1 line repeats the header and was skipped.")
    row = run_row(progress(state="done", notes=notes), "Sale")
    assert (row.reason, row.notes, row.notes_label) == ("", [*notes], "2 notes on the feed")
    view = run_view(progress(state="done", notes=notes[:1]))
    assert (view.reason, view.notes) == ("", [*notes[:1]])
