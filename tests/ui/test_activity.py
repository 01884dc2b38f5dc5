"""Activity follows the runs: what moves, moves in its place."""

from __future__ import annotations

import pytest

from frameapp.models import Frame, RunKind, RunState
from frameapp.services import frames
from frameapp.services.accounts import Viewer
from frameapp.services.activity import PAGE
from frameapp.services.application import Application
from frameapp.ui.details.run_view import run_view
from frameapp.ui.pages.activity import ActivityState
from frameapp.ui.run_rows import run_row
from tests.outputs import add_frame
from tests.runs import add_run, change_run
from tests.ui.tab import Pause, Tab
from tests.ui.test_details import progress


@pytest.fixture
def old(app: Application, anna: Viewer) -> int:
    """A run that goes on since before the ``PAGE`` runs of another frame, so that it stands on the second page."""
    run_id = add_run(app, add_frame(app, anna, "Slow"), RunState.RUNNING, total=1204)
    quick = add_frame(app, anna, "Quick")
    for _ in range(PAGE):
        add_run(app, quick, RunState.DONE)
    return run_id


@pytest.fixture
async def state(tab: Tab, old: int) -> ActivityState:
    """Activity as it opens."""
    return await tab.open("/activity", ActivityState.load)


@pytest.fixture
def new(app: Application, anna: Viewer) -> int:
    """A frame without runs."""
    return add_frame(app, anna, "Sale")


def ids(state: ActivityState) -> list[int]:
    return [row.run_id for row in state.rows]


async def test_a_run_older_than_the_page_stays_off_it(
    app: Application, tab: Tab, old: int, state: ActivityState, new: int
) -> None:
    before = ids(state)
    async with tab.sending(ActivityState.follow):
        change_run(app, old, rendered=5)
        run_id = add_run(app, new, RunState.RUNNING, kind=RunKind.RETRY, total=1204)
        change_run(app, run_id, rendered=640)
        await tab.until(lambda: ids(state)[0] == run_id)
        change_run(app, run_id, rendered=700)
        await tab.until(lambda: state.rows[0].counts == "700 of 1,204")
    assert ids(state) == [run_id, *before[: PAGE - 1]], "the page does not grow"
    assert [(row.frame, row.kind) for row in state.rows[:2]] == [("Sale", "Retry"), ("Quick", "")]
    assert state.place == f"1-{PAGE} of {PAGE + 2}"


async def test_a_later_page_keeps_its_runs(
    app: Application, tab: Tab, old: int, state: ActivityState, new: int
) -> None:
    await tab.send(ActivityState.turn, "next")
    assert (ids(state), state.place, state.at_end) == ([old], f"{PAGE + 1}-{PAGE + 1} of {PAGE + 1}", True)
    async with tab.sending(ActivityState.follow):
        change_run(app, add_run(app, new, RunState.RUNNING), rendered=5)
        change_run(app, old, rendered=640)
        await tab.until(lambda: state.rows[0].counts == "640 of 1,204")
    assert ids(state) == [old]


async def test_a_run_that_is_loaded_while_it_moves_is_shown_once(
    app: Application, tab: Tab, state: ActivityState, new: int
) -> None:
    async with Pause(app, "run.id = ") as reading, tab.sending(ActivityState.follow):
        run_id = add_run(app, new, RunState.RUNNING, total=1204)
        change_run(app, run_id, rendered=640)
        await reading.reached()
        await tab.send(ActivityState.load)
        reading.release()
        change_run(app, run_id, rendered=700)
        await tab.until(lambda: state.rows[0].counts == "700 of 1,204")
    assert ids(state).count(run_id) == 1


async def test_a_run_whose_frame_is_gone_changes_nothing(
    app: Application, tab: Tab, anna: Viewer, state: ActivityState, new: int
) -> None:
    before, other = ids(state), add_frame(app, anna, "Winter")
    async with Pause(app, "run.id = ") as reading, tab.sending(ActivityState.follow):
        change_run(app, add_run(app, new, RunState.RUNNING), rendered=5)
        await reading.reached()
        frames.delete(app, anna, new)
        reading.release()
        run_id = add_run(app, other, RunState.RUNNING)
        change_run(app, run_id, rendered=5)
        await tab.until(lambda: ids(state) == [run_id, *before[: PAGE - 1]])
    with app.database.read() as session:
        assert session.get(Frame, new) is None


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
