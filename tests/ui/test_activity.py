"""Activity follows the runs: what moves, moves in its place."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from frameapp.services import cards
from frameapp.services.accounts import Viewer
from frameapp.services.live import Progress
from frameapp.ui.pages import activity
from frameapp.ui.pages.activity import ActivityState, run_row
from tests.ui.background import InBackground
from tests.ui.test_details import progress


async def test_a_run_older_than_the_page_stays_off_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async def anna(_: object) -> Viewer:
        return Viewer(1, "anna", False, 1, (1,))

    async def follow(*_: object) -> AsyncIterator[Progress]:
        for run_id in (40, 3, 62, 57):  # on the page, before it, after it, and one that was not the viewer's then
            yield progress(run_id=run_id, processed=700)

    monkeypatch.setattr(activity, "require_viewer", anna)
    monkeypatch.setattr(activity, "application", lambda: None)
    monkeypatch.setattr(cards, "names", lambda *_: {2: "Sale"})
    monkeypatch.setattr(cards, "follow", follow)
    monkeypatch.setattr(activity, "kind_of", lambda _viewer, run_id: {62: "retry"}[run_id])
    state = ActivityState(_reflex_internal_init=True)
    state.rows = [run_row(progress(run_id=run_id), "Sale", "full") for run_id in (61, 40)]
    await ActivityState.follow.fn(InBackground(state))
    assert [row.run_id for row in state.rows] == [62, 61, 40]
    assert [row.kind for row in state.rows] == ["Retry", "", ""]
    assert state.rows[2].counts == "700 of 1,204"


async def test_a_run_that_is_loaded_while_it_moves_is_shown_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async def anna(_: object) -> Viewer:
        return Viewer(1, "anna", False, 1, (1,))

    async def follow(*_: object) -> AsyncIterator[Progress]:
        yield progress(run_id=40, processed=700)

    def kind_of(*_: object) -> str:
        state.rows = [run_row(progress(run_id=40), "Sale", "full")]  # as the page's own loading does
        return "full"

    monkeypatch.setattr(activity, "require_viewer", anna)
    monkeypatch.setattr(activity, "application", lambda: None)
    monkeypatch.setattr(cards, "names", lambda *_: {2: "Sale"})
    monkeypatch.setattr(cards, "follow", follow)
    monkeypatch.setattr(activity, "kind_of", kind_of)
    state = ActivityState(_reflex_internal_init=True)
    await ActivityState.follow.fn(InBackground(state))
    assert [row.counts for row in state.rows] == ["700 of 1,204"]


def test_a_run_without_products_says_why_and_nothing_else() -> None:
    ended = {"state": "failed", "processed": 0, "total": 0, "failed": 0, "ended_at": 1_700_000_002.0}
    row = run_row(progress(reason="The feed is empty.", **ended), "Sale", "full")
    assert (row.counts, row.took, row.reason) == ("", "", "The feed is empty.")
    row = run_row(progress(**{**ended, "state": "done"}), "Sale", "full")
    assert (row.counts, row.took) == ("No products", "")
