"""The interface's own pictures in ``assets/``: there, and in the right format."""

from __future__ import annotations

from pathlib import Path

from lxml import etree
from PIL import Image

ASSETS = Path(__file__).parents[2] / "assets"


def test_the_logo_is_valid_svg() -> None:
    root = etree.fromstring((ASSETS / "logo.svg").read_bytes())
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("viewBox") == "0 0 32 32"


def test_the_favicon_has_the_usual_sizes() -> None:
    with Image.open(ASSETS / "favicon.ico") as icon:
        assert icon.format == "ICO"
        assert {(16, 16), (32, 32), (48, 48)} <= icon.info["sizes"]


def test_the_empty_state_is_small_and_transparent() -> None:
    path = ASSETS / "before-after.webp"
    assert path.stat().st_size < 60_000
    with Image.open(path) as picture:
        assert (picture.format, picture.size, picture.mode) == ("WEBP", (960, 420), "RGBA")
        alpha = picture.getchannel("A")
    assert [alpha.getpixel(at) for at in ((0, 0), (959, 0), (0, 419), (959, 419))] == [0, 0, 0, 0]
    assert alpha.getextrema() == (0, 255)
