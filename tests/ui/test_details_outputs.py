"""The Outputs tab: what is selected, and its deletion, which leaves the page free."""

from __future__ import annotations

import pytest

from frameapp.models import RunState
from frameapp.services import frames
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.services.outputs import DELETE_BATCH
from frameapp.ui.details.frame_state import FrameState
from frameapp.ui.details.outputs_state import OutputsState
from tests.outputs import add_frame, add_outputs
from tests.runs import add_run, outputs_of
from tests.ui.tab import Pause, Tab

DELETING = "DELETE FROM output"


@pytest.fixture
def frame_id(app: Application, anna: Viewer) -> int:
    """A frame with three outputs of a run, of which the first failed."""
    made = add_frame(app, anna, "Sale")
    add_outputs(app, made, ["sku 1", "sku 2", "sku 3"], failed=[0])
    add_run(app, made, RunState.DONE, total=3, rendered=2, failed=1)
    return made


@pytest.fixture
async def shown(tab: Tab, frame_id: int) -> OutputsState:
    """Its Outputs tab as it opens."""
    return await tab.open(f"/frame_detail/{frame_id}", OutputsState.load)


async def select(tab: Tab, shown: OutputsState, *numbers: int) -> None:
    """Tick these rows of the page."""
    await tab.send(OutputsState.clear_selection)
    for number in numbers:
        await tab.send(OutputsState.select, shown.rows[number].id, True)


async def test_a_deletion_is_busy_in_the_background(app: Application, tab: Tab, shown: OutputsState) -> None:
    await select(tab, shown, 0, 1)
    await tab.send(OutputsState.set_confirming, True)
    async with Pause(app, DELETING) as deleting, tab.sending(OutputsState.delete_selected) as task:
        await deleting.reached()
        assert (shown.deleting_label, shown.selected_count, shown.confirming) == ("Deleting 0 of 2", 0, False)
        await tab.send(OutputsState.show_as, "gallery")
        deleting.release()
        told = str(await task)
    assert "2 outputs deleted." in told
    assert (shown.deleting_label, shown.matching, [row.product_id for row in shown.rows]) == ("", 1, ["sku 3"])
    assert OutputsState.delete_selected.is_background


async def test_what_failed_and_was_deleted_is_not_offered_for_a_retry(
    tab: Tab, shown: OutputsState, frame_id: int
) -> None:
    header: FrameState = await tab.open(f"/frame_detail/{frame_id}", FrameState.load)
    assert (header.attention, header.failed_outputs) == ("1 product failed.", 1)
    await select(tab, shown, 0)
    assert "FrameState.read" in str(await tab.send(OutputsState.delete_selected))
    await tab.send(FrameState.read)
    assert (header.attention, header.failed_outputs) == ("", 0)
    await tab.send(OutputsState.open_sheet, shown.rows[0].id)
    told = str(await tab.send(OutputsState.delete_one))
    assert "deleted" in told
    assert "FrameState.read" in told
    assert [row.product_id for row in shown.rows] == ["sku 3"]


async def test_all_that_match_are_deleted_by_what_they_match_part_by_part(
    app: Application, anna: Viewer, tab: Tab
) -> None:
    many = DELETE_BATCH + 1
    frame_id = add_frame(app, anna)
    add_outputs(app, frame_id, [f"sku {number}" for number in range(many + 1)], failed=range(many))
    shown = await tab.open(f"/frame_detail/{frame_id}", OutputsState.load)
    await tab.send(OutputsState.select_page, True)
    assert shown.select_all_label == "Select all 502"
    await tab.send(OutputsState.filter_by, "failed")
    await tab.send(OutputsState.select_page, True)
    assert shown.select_all_label == "Select all 501 that match"
    await tab.send(OutputsState.select_all)
    assert "501 outputs deleted." in str(await tab.send(OutputsState.delete_selected))
    labels = [f"Deleting {count} of 501" for count in (0, 500, 501)]
    assert [label for label in tab.sent(OutputsState, "deleting_label") if label] == labels
    assert shown.deleting_label == ""
    assert [output.product_id for output in outputs_of(app, frame_id)] == [f"sku {many}"]


async def test_a_deletion_that_breaks_off_leaves_nothing_busy(
    app: Application, anna: Viewer, tab: Tab, shown: OutputsState, frame_id: int
) -> None:
    await select(tab, shown, 0)
    frames.delete(app, anna, frame_id)
    assert "FrameState.read" in str(await tab.send(OutputsState.delete_selected))
    assert "Deleting 0 of 1" in tab.sent(OutputsState, "deleting_label")
    assert (shown.deleting_label, shown.not_found) == ("", True)


async def test_a_deletion_of_another_frame_shows_nothing(
    app: Application, anna: Viewer, tab: Tab, shown: OutputsState
) -> None:
    other = add_frame(app, anna)
    add_outputs(app, other, ["hat"])
    await select(tab, shown, 0, 1, 2)
    async with Pause(app, DELETING) as deleting, tab.sending(OutputsState.delete_selected) as task:
        await deleting.reached()
        await tab.open(f"/frame_detail/{other}", OutputsState.load)
        deleting.release()
        await task
    assert [row.product_id for row in shown.rows] == ["hat"]
    assert (shown.deleted, shown.deleting_label) == (0, "")


async def test_a_page_is_selected_partly_or_whole(tab: Tab, shown: OutputsState) -> None:
    assert shown.page_selected is False
    await select(tab, shown, 0)
    assert shown.page_selected == "indeterminate"
    assert shown.select_all_label == ""
    await tab.send(OutputsState.select_page, True)
    assert shown.page_selected is True
    await tab.send(OutputsState.find, "sku 1")
    assert (shown.page_selected, shown.selected) == (False, [])


async def test_no_zip_is_offered_of_nothing(tab: Tab, shown: OutputsState) -> None:
    await select(tab, shown, 0, 1)
    assert not shown.nothing_to_pack
    await select(tab, shown, 0)
    assert shown.nothing_to_pack
    await tab.send(OutputsState.filter_by, "failed")
    assert shown.nothing_to_pack
    await tab.send(OutputsState.filter_by, "done")
    assert not shown.nothing_to_pack


async def test_escape_closes_a_question_and_not_the_sheet_below_it(tab: Tab, shown: OutputsState) -> None:
    await tab.send(OutputsState.open_sheet, shown.rows[0].id)
    await tab.send(OutputsState.set_confirming_one, True)
    await tab.send(OutputsState.set_sheet_open, False)
    assert (shown.sheet_open, shown.confirming_one) == (True, False)
    await tab.send(OutputsState.set_sheet_open, False)
    assert not shown.sheet_open
