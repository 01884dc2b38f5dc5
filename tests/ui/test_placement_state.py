"""The placement page's state: one step of history per action, numbers that stay inside the frame image."""

from __future__ import annotations

import pytest

from frameapp.core.design.recipe import Box, Recipe
from frameapp.models import Frame
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.ui.placement.moves import typed_number
from frameapp.ui.placement.state import PlacementState
from tests.outputs import add_frame
from tests.ui.tab import Tab


@pytest.fixture
async def state(app: Application, anna: Viewer, tab: Tab) -> PlacementState:
    """A frame image of 1000 x 800 pixels with its box at (100, 100), 400 x 200, as its page opens."""
    frame_id = add_frame(app, anna)
    with app.database.write() as session:
        frame = session.get_one(Frame, frame_id)
        frame.image_width, frame.image_height = 1000, 800
        frame.recipe = Recipe(box=Box(100, 100, 400, 200)).to_json()
    return await tab.open(f"/frame/{frame_id}/preview", PlacementState.load)


def box(state: PlacementState) -> tuple[int, int, int, int]:
    return state.x, state.y, state.w, state.h


async def test_a_drop_outside_is_moved_inside(tab: Tab, state: PlacementState) -> None:
    await tab.send(PlacementState.drop_box, {"x": 900, "y": -40, "w": 400, "h": 200}, 1.0)
    assert box(state) == (600, 0, 400, 200)
    assert state.dirty
    assert state.can_undo


async def test_a_drop_near_the_centre_settles_there(tab: Tab, state: PlacementState) -> None:
    await tab.send(PlacementState.drop_box, {"x": 304, "y": 250, "w": 400, "h": 200}, 0.5)
    assert box(state) == (300, 250, 400, 200)
    await tab.send(PlacementState.drop_box, {"x": 304, "y": 250, "w": 400, "h": 200}, 1.0)
    assert box(state) == (304, 250, 400, 200)


async def test_undo_and_redo_walk_through_every_kind_of_step(tab: Tab, state: PlacementState) -> None:
    await tab.send(PlacementState.set_fit, "cover")
    await tab.send(PlacementState.center_box, "both")
    await tab.send(PlacementState.set_padding, "#FFCC00")
    assert (state.fit, box(state), state.padding) == ("cover", (300, 300, 400, 200), "#ffcc00")
    for _ in range(3):
        await tab.send(PlacementState.undo)
    assert (state.fit, box(state), state.padding) == ("contain", (100, 100, 400, 200), "")
    assert (state.dirty, state.can_undo, state.can_redo) == (False, False, True)
    for _ in range(3):
        await tab.send(PlacementState.redo)
    assert (state.fit, box(state), state.padding) == ("cover", (300, 300, 400, 200), "#ffcc00")
    await tab.send(PlacementState.undo)
    await tab.send(PlacementState.fill_frame)
    assert not state.can_redo


async def test_a_held_arrow_key_is_one_step(tab: Tab, state: PlacementState) -> None:
    for x in range(101, 131):
        await tab.send(PlacementState.nudge_box, x, 100)
    assert box(state) == (130, 100, 400, 200)
    await tab.send(PlacementState.undo)
    assert box(state) == (100, 100, 400, 200)


async def test_a_stretched_box_keeps_its_corner_and_the_lock(tab: Tab, state: PlacementState) -> None:
    await tab.send(PlacementState.stretch_box, 10, 0)
    assert box(state) == (100, 100, 410, 200)
    await tab.send(PlacementState.undo)
    await tab.send(PlacementState.toggle_lock)
    await tab.send(PlacementState.stretch_box, 0, -100)
    assert box(state) == (100, 100, 200, 100)


@pytest.mark.parametrize("text", ["", "  ", "abc", "-", "1e999", "nan"])
async def test_what_is_no_number_changes_nothing(tab: Tab, state: PlacementState, text: str) -> None:
    await tab.send(PlacementState.commit_field, "w", text)
    assert box(state) == (100, 100, 400, 200)
    assert not state.can_undo


async def test_number_fields_stay_inside(tab: Tab, state: PlacementState) -> None:
    await tab.send(PlacementState.commit_field, "x", "5000")
    assert box(state) == (600, 100, 400, 200)
    await tab.send(PlacementState.commit_field, "h", "5000")
    assert box(state) == (600, 0, 400, 800)
    await tab.send(PlacementState.commit_field, "w", "0")
    assert box(state) == (600, 0, 8, 800)


async def test_a_field_that_is_left_as_it_was_leaves_the_browsers_box_alone(tab: Tab, state: PlacementState) -> None:
    moved = "placement_box"
    assert moved in str(await tab.send(PlacementState.commit_field, "x", "101"))
    assert moved not in str(await tab.send(PlacementState.commit_field, "x", "101"))
    assert moved not in str(await tab.send(PlacementState.commit_field, "x", ""))


async def test_up_and_down_step_a_number(tab: Tab, state: PlacementState) -> None:
    await tab.send(PlacementState.key_in_field, "y", "ArrowUp", "100", False)
    await tab.send(PlacementState.key_in_field, "y", "ArrowDown", "101", True)
    assert state.y == 91
    await tab.send(PlacementState.key_in_field, "y", "Enter", "12px", False)
    assert state.y == 12


@pytest.mark.parametrize("field", ["x", "y", "w", "h", "quality"])
async def test_a_key_held_in_a_field_loses_no_step(tab: Tab, state: PlacementState, field: str) -> None:
    before = getattr(state, field)
    for _ in range(5):
        await tab.send(PlacementState.key_in_field, field, "ArrowDown", "", False)
    assert getattr(state, field) == before - 5
    await tab.send(PlacementState.key_in_field, field, "Enter", "", False)
    assert getattr(state, field) == before - 5
    await tab.send(PlacementState.undo)
    assert getattr(state, field) == before


async def test_the_lock_keeps_the_proportions(tab: Tab, state: PlacementState) -> None:
    await tab.send(PlacementState.toggle_lock)
    await tab.send(PlacementState.commit_field, "w", "600")
    assert box(state) == (100, 100, 600, 300)
    await tab.send(PlacementState.commit_field, "h", "700")
    assert (state.w, state.h) == (1000, 500)


async def test_the_output_keeps_the_frame_images_proportions(tab: Tab, state: PlacementState) -> None:
    await tab.send(PlacementState.commit_field, "output_width", "500")
    assert (state.output_width, state.output_height) == (500, 400)
    await tab.send(PlacementState.commit_field, "output_height", "800")
    assert (state.output_width, state.output_height) == (0, 0)
    await tab.send(PlacementState.commit_field, "output_width", "999999")
    assert max(state.output_width, state.output_height) <= 8000


async def test_a_colour_that_is_none_is_refused(tab: Tab, state: PlacementState) -> None:
    await tab.send(PlacementState.set_padding, "url(x)")
    assert state.padding == ""


async def test_the_result_has_its_own_address_for_each_recipe(state: PlacementState) -> None:
    assert state.result_url == ""
    state.product = {**state.product, "ref": 7}
    state.product_ready = True
    first = state.result_url
    state.x += 1
    assert first != state.result_url


async def test_the_canvas_draws_the_product_as_trimmed_as_the_result(state: PlacementState) -> None:
    state.product = {**state.product, "ref": 7}
    state.product_ready = True
    assert state.source_url.endswith("/files/source/7/original")
    state.trim = True
    assert state.source_url.endswith("/files/source/7/trimmed")


@pytest.mark.parametrize(("text", "number"), [("12", 12), (" 12.6 ", 13), ("12,4", 12), ("300px", 300), ("x", None)])
def test_typed_numbers(text: str, number: int | None) -> None:
    assert typed_number(text) == number
