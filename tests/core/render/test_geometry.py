"""Exact pixels for all boxes, sizes, fits and anchors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frameapp.core.design.recipe import Anchor, Box, Fit, Recipe, first_placement, fit_inside
from frameapp.core.render.geometry import contained, place

sides = st.integers(1, 9000)
boxes = st.builds(Box, st.integers(0, 3000), st.integers(0, 3000), st.integers(1, 4000), st.integers(1, 4000))
sources = st.builds(Box, st.just(0), st.just(0), sides, sides)


@given(width=sides, height=sides, room_width=sides, room_height=sides)
def test_contained_touches_the_room_and_keeps_the_shape(
    width: int, height: int, room_width: int, room_height: int
) -> None:
    w, h = contained(width, height, room_width, room_height)
    assert 1 <= w <= room_width
    assert 1 <= h <= room_height
    assert w == room_width or h == room_height
    scale = min(room_width / width, room_height / height)
    assert abs(w - max(1, width * scale)) <= 0.5 + 1e-6
    assert abs(h - max(1, height * scale)) <= 0.5 + 1e-6


@given(source=sources, target=boxes, anchor=st.sampled_from(Anchor))
def test_contain_keeps_all_of_the_source_inside_the_box(source: Box, target: Box, anchor: Anchor) -> None:
    placed = place(source, target, Fit.CONTAIN, anchor)
    box = placed.box
    assert (placed.crop.width, placed.crop.height) == (source.width, source.height)
    left, right = box.x - target.x, target.x + target.width - box.x - box.width
    above, below = box.y - target.y, target.y + target.height - box.y - box.height
    assert min(left, right, above, below) == 0
    _assert_anchored(anchor, left, right, above, below)


def _assert_anchored(anchor: Anchor, left: int, right: int, above: int, below: int) -> None:
    name = anchor.value
    if "left" in name:
        assert left == 0
    elif "right" in name:
        assert right == 0
    else:
        assert right - left in {0, 1}
    if "top" in name:
        assert above == 0
    elif "bottom" in name:
        assert below == 0
    else:
        assert below - above in {0, 1}


@given(source=sources, target=boxes, anchor=st.sampled_from(Anchor))
def test_cover_fills_the_box_without_stretching(source: Box, target: Box, anchor: Anchor) -> None:
    placed = place(source, target, Fit.COVER, anchor)
    crop = placed.crop
    assert placed.box == target
    assert crop.left >= 0
    assert crop.top >= 0
    assert crop.right <= source.width
    assert crop.bottom <= source.height
    assert crop.width == pytest.approx(source.width) or crop.height == pytest.approx(source.height)
    assert crop.width * target.height == pytest.approx(crop.height * target.width)
    _assert_anchored_crop(anchor, source, crop.left, crop.top, crop.right, crop.bottom)


def _assert_anchored_crop(anchor: Anchor, source: Box, left: float, top: float, right: float, bottom: float) -> None:
    name = anchor.value
    assert left == pytest.approx(
        0 if "left" in name else source.width - (right - left) if "right" in name else source.width - right, abs=1e-6
    )
    assert top == pytest.approx(
        0 if "top" in name else source.height - (bottom - top) if "bottom" in name else source.height - bottom,
        abs=1e-6,
    )


@given(source=sources, target=boxes, anchor=st.sampled_from(Anchor))
def test_stretch_is_the_whole_source_in_the_whole_box(source: Box, target: Box, anchor: Anchor) -> None:
    placed = place(source, target, Fit.STRETCH, anchor)
    assert placed.box == target
    assert (placed.crop.width, placed.crop.height) == (source.width, source.height)


@given(box=st.builds(Box, *[st.integers(-5000, 5000)] * 4), width=st.integers(8, 4000), height=st.integers(8, 4000))
def test_a_box_is_kept_inside_its_canvas(box: Box, width: int, height: int) -> None:
    kept = fit_inside(box, width, height)
    assert 0 <= kept.x <= kept.x + kept.width <= width
    assert 0 <= kept.y <= kept.y + kept.height <= height
    assert kept.width >= 8
    assert kept.height >= 8
    assert fit_inside(kept, width, height) == kept


def test_the_first_placement_is_centred() -> None:
    assert first_placement(1080, 1080) == Box(216, 216, 648, 648)


def test_a_recipe_survives_json() -> None:
    recipe = Recipe(Box(1, 2, 3, 4), fit=Fit.COVER, anchor=Anchor.TOP, padding="#ffffff", trim=True, output_width=500)
    assert Recipe.from_json(recipe.to_json()) == recipe
