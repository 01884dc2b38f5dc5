"""The window that a frame image proposes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter

from frameapp.core.design.recipe import Box, Layer
from frameapp.core.render import Window, inspect_frame
from tests.core.render.pictures import WHITE, photo, saved


def framed(size: tuple[int, int] = (1080, 1080)) -> Image.Image:
    return photo(*size).convert("RGBA")


@settings(max_examples=25, deadline=None)
@given(x=st.integers(0, 500), y=st.integers(0, 400), width=st.integers(160, 400), height=st.integers(160, 300))
def test_a_hole_is_found_to_the_pixel(x: int, y: int, width: int, height: int) -> None:
    image = framed((900, 700))
    image.paste((0, 0, 0, 0), (x, y, x + width, y + height))
    image.paste((0, 0, 0, 0), (880, 690, 890, 698))  # a smaller hole elsewhere
    facts = inspect_frame(saved(image, "PNG", compress_level=1))
    assert facts.window == Window(Box(x, y, width, height), Layer.ABOVE)


def test_a_transparent_margin_around_the_frame_is_not_its_window() -> None:
    image = Image.new("RGBA", (800, 800), (0, 0, 0, 0))
    image.paste((30, 60, 90, 255), (120, 120, 680, 680))
    image.paste((0, 0, 0, 0), (200, 210, 600, 610))
    assert inspect_frame(saved(image, "PNG")).window == Window(Box(200, 210, 400, 400), Layer.ABOVE)


def test_round_and_soft_holes() -> None:
    alpha = Image.new("L", (1080, 1080), 255)
    ImageDraw.Draw(alpha).ellipse((200, 240, 799, 839), fill=0)
    image = framed()
    image.putalpha(alpha.filter(ImageFilter.GaussianBlur(1)))
    window = inspect_frame(saved(image, "PNG", compress_level=1)).window
    assert window is not None
    assert window.layer is Layer.ABOVE
    assert abs(window.box.x - 200) <= 3
    assert abs(window.box.y - 240) <= 3
    assert abs(window.box.width - 600) <= 6
    assert abs(window.box.height - 600) <= 6


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP"])
def test_the_largest_flat_area_of_an_opaque_frame(file_format: str) -> None:
    image = photo(1080, 1080)
    draw = ImageDraw.Draw(image)
    draw.rectangle((40, 900, 400, 1000), fill=(200, 0, 0))
    draw.rectangle((100, 150, 899, 749), fill=WHITE)
    facts = inspect_frame(saved(image, file_format, quality=90))
    assert (facts.width, facts.height, facts.format) == (1080, 1080, file_format.lower())
    assert facts.window is not None
    assert facts.window.layer is Layer.BELOW
    found, wanted = facts.window.box, Box(100, 150, 800, 600)
    slack = 0 if file_format == "PNG" else 4
    for side in ("x", "y", "width", "height"):
        assert abs(getattr(found, side) - getattr(wanted, side)) <= slack


def test_a_logo_inside_the_flat_area_is_avoided() -> None:
    image = Image.new("RGB", (1000, 1000), WHITE)
    ImageDraw.Draw(image).rectangle((0, 0, 999, 199), fill=(10, 20, 120))
    ImageDraw.Draw(image).rectangle((700, 800, 999, 999), fill=(10, 20, 120))
    window = inspect_frame(saved(image, "PNG")).window
    assert window == Window(Box(0, 200, 1000, 600), Layer.BELOW)


@pytest.mark.parametrize(
    "image",
    [
        photo(800, 800),
        Image.new("RGB", (800, 800), WHITE),
        Image.fromarray(np.random.default_rng(1).integers(0, 256, (300, 300, 3), dtype=np.uint8)),
    ],
    ids=["photograph", "blank", "noise"],
)
def test_no_window(image: Image.Image) -> None:
    assert inspect_frame(saved(image, "PNG")).window is None


def test_tiny_holes_are_no_window() -> None:
    image = framed((600, 600))
    image.paste((0, 0, 0, 0), (10, 10, 60, 60))
    facts = inspect_frame(saved(image, "PNG"))
    assert facts.window is None


def test_scattered_alpha_takes_no_long_time() -> None:
    pixels = np.random.default_rng(2).integers(0, 256, (2000, 2000, 4), dtype=np.uint8)
    assert inspect_frame(saved(Image.fromarray(pixels), "PNG", compress_level=0)).window is None
