"""The interface's own pictures in ``assets/``: there, in the right format, and as the code draws them."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree
from PIL import Image, ImageChops, ImageStat

from frameapp.core.sample import artwork

ASSETS = Path(__file__).parents[3] / "assets"


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files as the code draws them now."""
    folder = tmp_path_factory.mktemp("artwork")
    artwork.write(folder)
    return folder


def _difference(one: Path, other: Path) -> float:
    """The mean difference of two pictures over a mid grey, 0 to 255."""
    pictures = []
    for path in (one, other):
        with Image.open(path) as file:
            ground = Image.new("RGBA", file.size, "#808080")
            ground.alpha_composite(file.convert("RGBA"))
            pictures.append(ground.convert("RGB"))
    return max(ImageStat.Stat(ImageChops.difference(*pictures)).mean)


@pytest.mark.parametrize("name", ["favicon.ico", "before-after.webp"])
def test_the_committed_picture_is_what_the_code_draws(name: str, drawn: Path) -> None:
    assert _difference(ASSETS / name, drawn / name) < 2, "run python -m frameapp.core.sample.artwork"


def test_the_logo_is_what_the_code_writes_and_valid_svg(drawn: Path) -> None:
    data = (ASSETS / "logo.svg").read_bytes()
    assert data == (drawn / "logo.svg").read_bytes()
    root = etree.fromstring(data)
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
