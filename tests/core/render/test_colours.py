"""Colours that a file describes otherwise than by an ICC profile come out as browsers show them."""

from __future__ import annotations

import struct
from contextlib import suppress

import pytest

from frameapp.core.render import boxes, load_frame
from frameapp.core.render.colorimetry import PRIMARIES
from frameapp.core.render.source import Source
from frameapp.errors import PictureError
from tests.core.render.colours import (
    ADOBE,
    COLOUR,
    PICTURES,
    avif,
    avif_of_ten_bits,
    avif_with_lists,
    avif_without_nclx,
    codes,
    gamma,
    one_colour,
)
from tests.core.render.pictures import photo, saved

LEVELS = 2


def seen(data: bytes) -> tuple[int, ...]:
    """The first pixel."""
    return tuple(Source(data).decode().pixels[0, 0].tolist())


def near(found: tuple[int, ...], right: tuple[int, ...]) -> bool:
    return all(abs(a - b) <= LEVELS for a, b in zip(found, (*right, 255)[:4], strict=True))


@pytest.mark.parametrize("name", PICTURES)
def test_every_description_is_followed(name: str) -> None:
    data, right = PICTURES[name]
    assert near(seen(data), right)


@pytest.mark.wild(
    "colours",
    source="https://github.com/d2phap/ImageGlass/issues/377",
    given="a PNG of (60, 60, 60) with gAMA 1.0",
    right="(133, 133, 133), as in browsers",
)
def test_gamma() -> None:
    assert near(seen(one_colour((60, 60, 60), gamma(100_000))), (133, 133, 133))


@pytest.mark.wild(
    "colours",
    source="https://github.com/AOMediaCodec/libavif/issues/1139",
    given="a PNG of (200, 60, 60) with gAMA 0.45455 and the cHRM of Adobe RGB",
    right="(231, 57, 57), as in browsers",
)
def test_chromaticities() -> None:
    assert near(seen(one_colour(COLOUR, gamma(45_455), ADOBE)), (231, 57, 57))


@pytest.mark.wild(
    "colours",
    source="https://github.com/Tencent/tgfx/pull/1500",
    given="a PNG of (200, 60, 60) with cICP 12, 13, 0, 1 (Display P3)",
    right="(217, 42, 52), as in browsers",
)
def test_codes() -> None:
    assert near(seen(one_colour(COLOUR, codes(12, 13))), (217, 42, 52))


@pytest.mark.wild(
    "colours",
    source="https://github.com/MediaArea/MediaInfoLib/issues/1405",
    given="a PNG with sRGB or an ICC profile, and gAMA and cHRM that say otherwise",
    right="the profile counts first, then sRGB",
)
def test_the_order() -> None:
    for name in ("sRGB before gAMA", "iCCP before gAMA", "iCCP before sRGB", "cICP before iCCP"):
        data, right = PICTURES[name]
        assert near(seen(data), right)


@pytest.mark.wild(
    "colours",
    source="https://github.com/ImageMagick/ImageMagick/issues/7715",
    given="an AVIF of (200, 60, 60) in Display P3, which only its nclx says",
    right="(217, 42, 52), as in browsers",
)
def test_codes_of_avif() -> None:
    assert near(seen(avif(12, 13)), (217, 42, 52))


@pytest.mark.wild(
    "avif",
    source="https://github.com/ImageMagick/ImageMagick/issues/2415",
    given="an AVIF of 10 bits in PQ or HLG, whose chroma lost its last bits",
    right="its own colours, as in browsers: (255, 38, 255) instead of (255, 31, 255)",
)
@pytest.mark.parametrize(
    ("told", "green"), [((9, 18, 9), 38), ((9, 16, 9), 0), ((1, 18, 1), 111), ((1, 16, 1), 57), ((1, 18, 6), 77)]
)
def test_hdr_avif_keeps_all_bits_of_its_chroma(told: tuple[int, ...], green: int) -> None:
    pixels = Source(avif_of_ten_bits(*told)).decode().pixels
    assert near((*pixels[95, 88, :3].tolist(), 255), (255, green, 255))


@pytest.mark.wild(
    "colours",
    source="https://github.com/AOMediaCodec/libavif/issues/6",
    given="an AVIF of (200, 60, 60) in Display P3, which only the header of its AV1 sequence says",
    right="(217, 42, 52), as in browsers",
)
@pytest.mark.parametrize(
    ("told", "right"), [((12, 13), (217, 42, 52)), ((1, 8), (229, 133, 133)), ((9, 18), (230, 0, 39))]
)
def test_codes_of_an_avif_without_nclx(told: tuple[int, int], right: tuple[int, ...]) -> None:
    assert near(seen(avif_without_nclx(*told)), right)


def test_hdr_avif_without_nclx_keeps_all_bits_of_its_chroma() -> None:
    with_nclx = avif_of_ten_bits(2, 16, 2)
    pixels = [Source(data).decode().pixels for data in (with_nclx, with_nclx.replace(b"colrnclx", b"freenclx"))]
    assert (pixels[0] == pixels[1]).all()


@pytest.mark.parametrize("length", range(8, 60))
def test_a_cut_list_of_places_is_no_crash(length: int) -> None:
    data = avif_without_nclx(12, 13)
    at = data.index(b"iloc")
    with suppress(PictureError):
        Source(data[: at - 4] + struct.pack(">I", length) + data[at:]).decode()


@pytest.mark.wild(
    "avif",
    source="https://github.com/link-u/avif-sample-images/issues/4",
    given="an AVIF with a list of properties for each of its items, which libavif refuses",
    right="rendered with its alpha, as in browsers",
)
def test_an_avif_that_lists_the_properties_of_each_item_apart() -> None:
    data = avif_with_lists()
    pixels = Source(data).decode().pixels
    assert near(tuple(pixels[8, 2].tolist()), (*COLOUR, 255))
    assert pixels[8, 14, 3] == 0
    at = data.rindex(b"colrnclx") + 8
    told = boxes.coded(boxes.sound(data[:at] + struct.pack(">HH", 12, 13) + data[at + 4 :]))
    assert told is not None
    assert told.primaries == PRIMARIES[12]


@pytest.mark.wild(
    "colours",
    source="https://github.com/ImageMagick/ImageMagick/issues/1475",
    given="a BMP with an ICC profile",
    right="converted from it, as in browsers",
)
def test_the_profile_of_a_bmp() -> None:
    data, right = PICTURES["BMP with a profile"]
    assert near(seen(data), right)


def test_a_frame_image_is_converted_alike() -> None:
    frame = load_frame(one_colour((60, 90, 120, 128), gamma(100_000), kind=6))
    assert near(tuple(frame.pixels[0, 0].tolist()), (133, 159, 183, 128))


def test_many_colours_are_converted_each_for_itself() -> None:
    image = photo(300, 200)
    plain = saved(image, "PNG")
    pixels = Source(plain[:33] + gamma(45_455) + ADOBE + plain[33:]).decode().pixels
    for x, y in ((0, 0), (299, 199), (150, 100), (20, 180)):
        colour = image.getpixel((x, y))
        assert isinstance(colour, tuple)
        alone = one_colour(tuple(int(level) for level in colour), gamma(45_455), ADOBE)
        assert tuple(pixels[y, x].tolist()) == seen(alone)


@pytest.mark.parametrize("length", [8, 9, 12, 4000])
def test_a_broken_nclx_is_no_crash(length: int) -> None:
    data = avif(12, 13)
    at = data.index(b"colrnclx")
    broken = data[: at - 4] + struct.pack(">I", length) + data[at:]
    assert boxes.coded(broken) is None
