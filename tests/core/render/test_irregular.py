"""Files that break their format's rules: rendered where browsers show all of them, or refused with a true sentence."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from PIL import Image, ImageChops

from frameapp.core.render import load_frame
from frameapp.core.render.source import Source
from frameapp.errors import PictureError
from tests.core.render.colours import COLOUR, one_colour, profiled
from tests.core.render.irregular import (
    SHOWN,
    gif,
    jpeg_without,
    levels,
    pixels_cut,
    raw_profile,
    tiff,
    turned_png,
    whole,
    with_wrong_checksum,
)
from tests.core.render.pictures import (
    as_seen,
    chunk,
    cmyk_profile,
    photo,
    png,
    quarters,
    saved,
    swapped_profile,
    without_adobe_marker,
)

PREDICTED = {"predicted": 1, "deflated": 1}


def colours(data: bytes) -> np.ndarray:
    return Source(data).decode().pixels


def differs(found: np.ndarray, right: Image.Image) -> int:
    """By how many levels at most."""
    return int(np.abs(found[..., :3].astype(int) - np.asarray(right.convert("RGB"))).max())


@pytest.mark.parametrize("name", SHOWN)
def test_what_browsers_show_is_rendered(name: str) -> None:
    assert colours(SHOWN[name])[0, 0].tolist() == [*COLOUR, 255]


@pytest.mark.wild(
    "png",
    source="https://github.com/python-pillow/Pillow/pull/1991",
    given="an iTXt, iCCP, pHYs or other ancillary chunk with a wrong checksum",
    right="the chunk is passed over, as in browsers",
)
@pytest.mark.wild(
    "png",
    source="https://github.com/python-pillow/Pillow/issues/4472",
    given="an iCCP chunk with a wrong checksum, in a frame image",
    right="the chunk is passed over, as in browsers",
)
@pytest.mark.parametrize("name", [name for name in SHOWN if "checksum" in name])
def test_wrong_checksums(name: str) -> None:
    assert colours(SHOWN[name])[0, 0].tolist() == [*COLOUR, 255]
    assert load_frame(SHOWN[name]).pixels[0, 0].tolist() == [*COLOUR, 255]


@pytest.mark.wild(
    "png",
    source="https://github.com/python-pillow/Pillow/issues/8363",
    given="a PNG with texts of megabytes, compressed, before or behind its pixels",
    right="the texts are passed over, as in browsers",
)
@pytest.mark.parametrize("name", [name for name in SHOWN if "text" in name])
def test_large_texts(name: str) -> None:
    assert colours(SHOWN[name])[0, 0].tolist() == [*COLOUR, 255]


@pytest.mark.wild(
    "colours",
    source="https://github.com/python-pillow/Pillow/issues/2445",
    given="a PNG with an ICC profile of more than a megabyte",
    right="converted from it, as in browsers",
)
def test_a_large_profile() -> None:
    profile, more = swapped_profile(), bytes(1_500_000)
    large = struct.pack(">I", len(profile) + len(more)) + profile[4:] + more
    assert (
        colours(one_colour(COLOUR, profiled(large)))[0, 0].tolist()
        == colours(one_colour(COLOUR, profiled(profile)))[0, 0].tolist()
    )
    assert colours(one_colour(COLOUR, profiled(large)))[0, 0].tolist() != [*COLOUR, 255]


@pytest.mark.parametrize("name", [b"IHDR", b"PLTE"])
def test_a_critical_chunk_with_a_wrong_checksum_is_refused(name: bytes) -> None:
    with pytest.raises(PictureError, match=f"the checksum of its {name.decode()} chunk is wrong"):
        colours(with_wrong_checksum(name))


@pytest.mark.wild(
    "png",
    source="https://github.com/libvips/libvips/issues/1704",
    given="a PNG whose compressed pixels end after some of its rows",
    right="refused, instead of rows in black",
)
@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize("rows", [9, 15])
def test_missing_rows_are_refused(rows: int, interlaced: bool) -> None:
    with pytest.raises(PictureError, match="its file ends before its last rows"):
        colours(pixels_cut(rows, interlaced=interlaced))
    with pytest.raises(PictureError, match="its file ends before its last rows"):
        load_frame(pixels_cut(rows, interlaced=interlaced))


@pytest.mark.wild(
    "jpeg",
    source="https://github.com/intel/libyami/pull/801",
    given="a JPEG without its end marker, or with a half of it",
    right="rendered like the whole",
)
@pytest.mark.wild(
    "jpeg",
    source="https://github.com/SixLabors/ImageSharp/issues/18",
    given="a progressive JPEG without its end marker",
    right="rendered like the whole",
)
@pytest.mark.parametrize("missing", [1, 2])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_without_its_end(missing: int, progressive: bool) -> None:
    data = jpeg_without(missing, progressive=progressive)
    assert differs(colours(data), whole(data)) <= 3
    assert differs(load_frame(data).pixels, whole(data)) <= 3


def test_a_jpeg_of_cmyk_without_its_end() -> None:
    data = saved(quarters().convert("CMYK"), "JPEG", quality=95, icc_profile=cmyk_profile())
    for made in (data, without_adobe_marker(data)):
        assert np.array_equal(colours(made[:-2]), colours(made))


def test_a_scaled_jpeg_without_its_end() -> None:
    data = saved(photo(800, 600), "JPEG", quality=90)
    size = (100, 75)
    assert np.array_equal(np.asarray(as_seen(data[:-2], *size)), np.asarray(as_seen(data, *size)))


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("share", [0.3, 0.5, 0.9])
def test_a_part_of_a_jpeg_is_refused(share: float, progressive: bool) -> None:
    data = saved(photo(160, 120), "JPEG", quality=90, progressive=progressive)
    with pytest.raises(PictureError, match="damaged"):
        colours(data[: int(len(data) * share)])
    with pytest.raises(PictureError, match="damaged"):
        load_frame(data[: int(len(data) * share)])


@pytest.mark.wild(
    "gif",
    source="https://github.com/python-pillow/Pillow/issues/5548",
    given="a GIF whose frame is smaller than its canvas",
    right="the rest of the canvas is transparent, as in browsers",
)
def test_a_frame_smaller_than_its_canvas() -> None:
    pixels = colours(gif((16, 12), (4, 2), (8, 8)))
    assert pixels.shape == (12, 16, 4)
    inside = np.zeros((12, 16), bool)
    inside[2:10, 4:12] = True
    assert (pixels[inside] == [*COLOUR, 255]).all()
    assert not pixels[~inside, 3].any()


@pytest.mark.wild(
    "png",
    source="https://github.com/exif-js/exif-js/issues/86",
    given='an orientation in the "Raw profile type exif" of a PNG, as ImageMagick writes it',
    right="not turned, as in browsers",
)
@pytest.mark.wild(
    "png",
    source="https://github.com/w3c/png/issues/310",
    given="an orientation in a PNG's eXIf chunk",
    right="turned where the chunk stands before the pixels, as in Chromium",
)
def test_which_orientation_of_a_png_counts() -> None:
    for name in ("Raw profile type exif", "Raw profile type APP1", "eXIf behind the pixels"):
        assert colours(SHOWN[name]).shape == (8, 16, 4)
        assert load_frame(SHOWN[name]).pixels.shape == (8, 16, 4)
    assert colours(SHOWN["turned by eXIf"]).shape == (16, 8, 4)
    assert colours(turned_png(raw_profile(b"exif"))).shape == (8, 16, 4)


@pytest.mark.wild(
    "tiff",
    source="https://github.com/python-pillow/Pillow/issues/3989",
    given="a TIFF of CMYK with alpha",
    right="rendered with its alpha",
)
@pytest.mark.parametrize("options", [{}, {"predicted": True, "deflated": True}, {"tiled": 32}, {"big_endian": True}])
def test_cmyk_with_alpha(options: dict[str, int]) -> None:
    image = photo(70, 50)
    alpha = np.full((50, 70, 1), 128, np.uint8)
    data = tiff(np.concatenate([levels(image, "CMYK"), alpha], axis=2), 5, extra=2, **options)
    pixels = colours(data)
    assert differs(pixels, image) <= 1
    assert (pixels[..., 3] == 128).all()


@pytest.mark.wild(
    "tiff",
    source="https://github.com/imageio/imageio/issues/707",
    given="a TIFF of RGB in floats of 32 bits",
    right="rendered: 0 is black and 1 is white",
)
@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("big_endian", [False, True])
def test_floats(kind: type[np.floating], big_endian: bool) -> None:
    image = photo(70, 50)
    data = tiff((levels(image, "RGB") / 255).astype(kind), 2, big_endian=big_endian, deflated=True)
    assert differs(colours(data), image) <= 1


@pytest.mark.parametrize("kind", [np.uint16, np.uint32, np.uint64])
@pytest.mark.parametrize(
    "options", [{}, {"predicted": True, "deflated": True}, {"predicted": True, "deflated": True, "tiled": 16}]
)
def test_integers(kind: type[np.unsignedinteger], options: dict[str, int]) -> None:
    image = photo(70, 50)
    whole_range = levels(image, "RGB").astype(kind) << (8 * np.dtype(kind).itemsize - 8)
    assert differs(colours(tiff(whole_range, 2, **options)), image) <= 1
    four = levels(image, "CMYK").astype(kind) << (8 * np.dtype(kind).itemsize - 8)
    assert differs(colours(tiff(four, 5, **options)), image) <= 1


@pytest.mark.parametrize("photometric", [0, 1])
@pytest.mark.parametrize("options", [{}, {"big_endian": 1}, PREDICTED, PREDICTED | {"tiled": 16}])
def test_grey_of_32_bits(options: dict[str, int], photometric: int) -> None:
    image = photo(70, 50).convert("L")
    whole_range = levels(image, "L").astype(np.uint32) << 24 | 0xFFFFFF
    right = image if photometric else ImageChops.invert(image)
    assert differs(colours(tiff(whole_range, photometric, **options)), right) == 0


@pytest.mark.parametrize(
    ("kind", "values", "right"),
    [
        (np.uint32, [0, 60 * 2**16, 2**31, 200 * 2**24, 2**32 - 1], [0, 0, 128, 200, 255]),
        (np.int32, [-(2**31), -1, 60 * 2**16, 200 * 2**23, 2**31 - 1], [0, 0, 0, 200, 255]),
        (np.int32, [-1, 0, 25700, 65535], [0, 0, 100, 255]),
        (np.uint16, [0, 25700, 65535], [0, 100, 255]),
    ],
)
@pytest.mark.parametrize("big_endian", [False, True])
def test_levels_of_grey_integers(kind: type[np.integer], values: list[int], right: list[int], big_endian: bool) -> None:
    samples = np.array(values, kind).reshape(1, -1, 1)
    assert (colours(tiff(samples, 1, big_endian=big_endian))[0, :, :3] == np.array(right)[:, None]).all()


def test_premultiplied_alpha() -> None:
    values = np.full((10, 10, 5), 100, np.uint16) << 8
    assert (colours(tiff(values, 5, extra=1))[..., 3] == 100).all()


@pytest.mark.wild(
    "tiff",
    source="https://github.com/haraldk/TwelveMonkeys/issues/173",
    given="a TIFF of CIE L*a*b*",
    right="rendered",
)
def test_lab() -> None:
    lab = Image.new("LAB", (20, 20), (136, 80 + 128 - 256 & 255, 67 + 128 - 256 & 255))
    assert Source(saved(lab, "TIFF")).decode().pixels.shape == (20, 20, 4)


@pytest.mark.wild(
    "tiff",
    source="https://github.com/python-pillow/Pillow/issues/1602",
    given="a TIFF of 16 bits and alpha in grey, or another kind that Pillow does not know",
    right="rendered, or a sentence that names its samples and bits",
)
def test_other_kinds() -> None:
    grey = levels(photo(30, 20), "L").astype(np.uint16) << 8
    pixels = colours(tiff(np.concatenate([grey, grey * 0 + 0x8000], axis=2), 1, extra=2))
    assert differs(pixels, photo(30, 20).convert("L")) <= 1
    assert (pixels[..., 3] == 128).all()
    with pytest.raises(PictureError, match=r"This kind of TIFF cannot be read \(7 x 8 bits, photometric interp"):
        colours(tiff(np.zeros((8, 8, 7), np.uint8), 1))


@pytest.mark.parametrize(("key", "alpha"), [(0, [255, 0]), (1, [0, 255]), (255, [255, 255])])
def test_a_transparent_level_of_one_bit(key: int, alpha: list[int]) -> None:
    made = png(8, 2, 1, 0, b"\0\xf0\0\xf0")
    pixels = colours(made[:33] + chunk(b"tRNS", bytes((0, key))) + made[33:])
    assert pixels[0, [0, 7], 3].tolist() == alpha


def test_the_beginning_of_a_png_is_refused() -> None:
    data = SHOWN["tRNS of one byte"]
    for end in range(1, data.index(b"IDAT") + 12):
        with pytest.raises(PictureError):
            colours(data[:end])
