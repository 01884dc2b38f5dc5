"""Any picture of the wild is decoded as a browser shows it; what cannot be is refused with a sentence."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageCms
from PIL.PngImagePlugin import PngInfo
from PIL.TiffImagePlugin import IFDRational, ImageFileDirectory_v2

from frameapp.core.render import SourceFacts, inspect_frame, load_frame
from frameapp.core.render.source import Source
from frameapp.errors import PictureError
from tests.core.render.pictures import (
    BLUE,
    RED,
    WHITE,
    as_seen,
    chunk,
    cmyk_profile,
    grey_profile,
    interlaced_png,
    is_quarters,
    linear_profile,
    near,
    planar_tiff,
    png,
    quarters,
    saved,
    sixteen_bit_png,
    swapped_profile,
    without_adobe_marker,
)
from tests.difficult import LABEL
from tests.worst import WORST

SIZE = (120, 80)
BITMAPS = {
    "baseline.jpg": lambda image: saved(image, "JPEG", quality=95),
    "progressive.jpg": lambda image: saved(image, "JPEG", quality=95, progressive=True),
    "full-chroma.jpg": lambda image: saved(image, "JPEG", quality=95, subsampling="4:4:4"),
    "cmyk-adobe.jpg": lambda image: saved(image.convert("CMYK"), "JPEG", quality=95),
    "cmyk-plain.jpg": lambda image: without_adobe_marker(
        saved(ImageChops.invert(image.convert("CMYK")), "JPEG", quality=95)
    ),
    "rgb.png": lambda image: saved(image, "PNG"),
    "rgba.png": lambda image: saved(image.convert("RGBA"), "PNG"),
    "palette.png": lambda image: saved(image.quantize(8), "PNG"),
    "interlaced.png": interlaced_png,
    "16-bit.png": sixteen_bit_png,
    "lossy.webp": lambda image: saved(image, "WEBP", quality=95),
    "lossless.webp": lambda image: saved(image, "WEBP", lossless=True),
    "still.gif": lambda image: saved(image, "GIF"),
    "picture.bmp": lambda image: saved(image, "BMP"),
    "picture.tiff": lambda image: saved(image, "TIFF"),
    "lzw.tiff": lambda image: saved(image, "TIFF", compression="tiff_lzw"),
    "planar.tiff": planar_tiff,
    "planar-deflate.tiff": lambda image: planar_tiff(image, compressed=True),
    "cmyk.tiff": lambda image: saved(image.convert("CMYK"), "TIFF"),
    "picture.avif": lambda image: saved(image, "AVIF", quality=95),
}


@pytest.mark.parametrize("name", BITMAPS)
def test_colours_and_places_are_right(name: str) -> None:
    data = BITMAPS[name](quarters(*SIZE))
    assert is_quarters(as_seen(data, *SIZE), levels=12)
    facts = Source(data).decode().facts
    assert (facts.width, facts.height) == SIZE
    assert ("cmyk" in facts.traits) == ("cmyk" in name)
    assert ("palette" in facts.traits) == (name in {"palette.png", "still.gif"})


@pytest.mark.parametrize("name", ["L.jpg", "L.png", "1.png", "I;16.png", "LA.png", "L.tiff", "I;16.tiff"])
def test_grey_pictures(name: str) -> None:
    mode, extension = name.split(".")
    image = Image.new("L", SIZE, 0)
    image.paste(255, (60, 0, 120, 80))
    if mode == "I;16":
        image = Image.fromarray(np.asarray(image).astype(np.uint16) * 257)
    elif mode != "L":
        image = image.convert(mode)
    data = saved(image, {"jpg": "JPEG", "png": "PNG", "tiff": "TIFF"}[extension])
    seen = as_seen(data, *SIZE)
    assert near(seen, (20, 40), (0, 0, 0))
    assert near(seen, (100, 40), WHITE)
    assert "grey" in Source(data).decode().facts.traits


def test_16_bit_grey_keeps_its_middle() -> None:
    levels = np.linspace(0, 65535, 256).round().astype(np.uint16)
    data = saved(Image.fromarray(np.tile(levels, (16, 1))), "PNG")
    pixels = Source(data).decode().pixels
    assert pixels[0, :, 0].tolist() == list(range(256))


@pytest.mark.parametrize(
    ("depth", "colour_type", "row", "key"),
    [
        (1, 0, b"\x40", b"\0\0"),
        (2, 0, b"\x60", b"\0\1"),
        (4, 0, b"\x3c", b"\0\3"),
        (8, 0, b"\x3c\x4c", b"\0\x3c"),
        (16, 0, struct.pack(">HH", 1000, 40000), struct.pack(">H", 1000)),
        (8, 2, b"\1\2\3\1\2\4", b"\0\1\0\2\0\3"),
        (16, 2, struct.pack(">6H", 1000, 2000, 3000, 1000, 2000, 40000), struct.pack(">3H", 1000, 2000, 3000)),
    ],
)
def test_a_transparent_colour_of_any_depth(depth: int, colour_type: int, row: bytes, key: bytes) -> None:
    body = png(2, 2, depth, colour_type, (b"\0" + row) * 2)
    picture = Source(body[:33] + chunk(b"tRNS", key) + body[33:]).decode()
    assert picture.pixels[0, :, 3].tolist() == [0, 255]
    assert "transparent" in picture.facts.traits


def test_16_bit_grey_tiff_whose_zero_is_white() -> None:
    levels = Image.fromarray(np.array([[0, 25700, 65535]], np.uint16))
    pixels = Source(saved(levels, "TIFF", tiffinfo={262: 0})).decode().pixels
    assert pixels[0, :, 0].tolist() == [255, 155, 0]


def test_a_linear_profile_that_calls_itself_srgb_is_converted() -> None:
    data = saved(Image.new("RGB", SIZE, (60, 60, 60)), "PNG", icc_profile=linear_profile("sRGB built-in"))
    assert near(as_seen(data, *SIZE), (30, 20), (133, 133, 133), 3)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_exif_orientations_are_applied(file_format: str, orientation: int) -> None:
    turn_back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    image = quarters(*SIZE)
    stored = image.transpose(turn_back[orientation]) if orientation in turn_back else image
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = saved(stored, file_format, exif=exif, **({} if file_format in {"PNG", "TIFF"} else {"quality": 95}))
    source = Source(data)
    assert (source.width, source.height) == SIZE
    picture = source.decode()
    assert picture.pixels.shape == (80, 120, 4)
    assert is_quarters(as_seen(data, *SIZE), levels=12)
    assert ("rotated" in picture.facts.traits) == (orientation > 1)


@pytest.mark.parametrize("kind", ["jpeg", "jpeg with exif", "png", "png after the pixels", "webp", "tiff", "avif"])
def test_an_orientation_in_xmp_alone_is_ignored_as_in_browsers(kind: str) -> None:
    data = with_xmp(kind, b'<rdf:Description tiff:Orientation="6"/>')
    source = Source(data)
    assert (source.width, source.height) == SIZE
    assert "rotated" not in source.decode().facts.traits
    assert is_quarters(as_seen(data, *SIZE), levels=12)
    if kind in {"jpeg", "png", "webp"}:
        assert load_frame(data).pixels.shape == (80, 120, 4)


def test_exif_counts_beside_xmp() -> None:
    exif = Image.Exif()
    exif[0x0112] = 3
    stored = quarters(*SIZE).transpose(Image.Transpose.ROTATE_180)
    data = saved(stored, "JPEG", quality=95, exif=exif, xmp=b'<rdf:Description tiff:Orientation="6"/>')
    assert is_quarters(as_seen(data, *SIZE), levels=12)


@pytest.mark.parametrize("file_format", ["GIF", "WEBP", "PNG"])
def test_the_first_picture_of_an_animation(file_format: str) -> None:
    later = Image.new("RGB", SIZE, (0, 0, 0))
    options = {"lossless": True} if file_format == "WEBP" else {}
    data = saved(quarters(*SIZE), file_format, save_all=True, append_images=[later], duration=100, **options)
    assert is_quarters(as_seen(data, *SIZE), levels=12)
    assert "animated" in Source(data).decode().facts.traits


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_icc_profiles_become_srgb(file_format: str) -> None:
    options = {"JPEG": {"quality": 95}, "WEBP": {"lossless": True}}.get(file_format, {})
    data = saved(quarters(*SIZE), file_format, icc_profile=swapped_profile(), **options)
    seen = as_seen(data, *SIZE)
    assert near(seen, (30, 20), RED[::-1], 16)
    assert near(seen, (30, 60), BLUE[::-1], 16)
    assert near(seen, (90, 60), WHITE, 4)
    assert "icc" in Source(data).decode().facts.traits


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "TIFF"])
def test_a_grey_picture_with_a_profile_is_opaque(file_format: str) -> None:
    data = saved(Image.new("L", SIZE, 60), file_format, icc_profile=grey_profile())
    picture = Source(data).decode()
    assert not picture.alpha
    assert picture.pixels[..., 3].min() == 255
    assert near(as_seen(data, *SIZE), (30, 20), (60, 60, 60), 6)


def test_a_grey_frame_image_with_a_profile_has_no_window_of_its_whole() -> None:
    facts = inspect_frame(saved(Image.new("L", SIZE, 60), "PNG", icc_profile=grey_profile()))
    assert facts.window is None


@pytest.mark.parametrize("kind", ["adobe.jpg", "plain.jpg", "tiff"])
def test_a_cmyk_picture_is_printed_by_its_profile(kind: str) -> None:
    image = Image.new("CMYK", SIZE)
    image.paste((255, 0, 0, 0), (0, 0, 60, 40))
    image.paste((0, 0, 255, 0), (60, 0, 120, 40))
    image.paste((0, 0, 0, 255), (0, 40, 60, 80))
    if kind == "tiff":
        data = saved(image, "TIFF", icc_profile=cmyk_profile())
    elif kind == "adobe.jpg":
        data = saved(image, "JPEG", quality=95, icc_profile=cmyk_profile())
    else:
        inverted = saved(ImageChops.invert(image), "JPEG", quality=95, icc_profile=cmyk_profile())
        data = without_adobe_marker(inverted)
    seen = as_seen(data, *SIZE)
    assert near(seen, (30, 20), (255, 255, 0), 12)
    assert near(seen, (90, 20), (0, 255, 255), 12)
    assert near(seen, (30, 60), (0, 0, 0), 12)
    assert near(seen, (90, 60), WHITE, 4)
    assert Source(data).decode().facts.traits == ("cmyk", "icc")


@pytest.mark.parametrize("profile", ["srgb", "broken", "of another space"])
def test_profiles_that_change_nothing(profile: str) -> None:
    made = {
        "srgb": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
        "broken": b"no profile at all",
        "of another space": ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes(),
    }
    data = saved(quarters(*SIZE), "PNG", icc_profile=made[profile])
    assert is_quarters(as_seen(data, *SIZE), levels=1)


def test_transparency_in_palettes_and_keys() -> None:
    image = Image.new("P", SIZE, 0)
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.paste(1, (60, 0, 120, 80))
    for data in (saved(image, "PNG", transparency=0), saved(image, "GIF", transparency=0)):
        picture = Source(data).decode()
        assert picture.alpha
        assert picture.pixels[40, 20, 3] == 0
        assert picture.pixels[40, 100].tolist() == [0, 0, 255, 255]


def test_a_large_jpeg_is_scaled_while_it_is_decoded() -> None:
    picture = Source(saved(quarters(1201, 803), "JPEG")).decode(lambda width, height: (300, 200))
    assert picture.factor == 4
    assert picture.pixels.shape == (201, 301, 4)
    assert (picture.facts.width, picture.facts.height) == (1201, 803)


@pytest.mark.parametrize("name", WORST)
def test_refusals(name: str) -> None:
    made, sentence = WORST[name]
    with pytest.raises(PictureError, match=sentence):
        Source(made()).decode()


@pytest.mark.parametrize("kind", ["gif", "gif after the picture", "imagemagick", "avif", "tiff"])
def test_the_source_type_is_found_in_every_format(kind: str) -> None:
    assert Source(labelled(kind)).digital_source_type == "trainedAlgorithmicMedia"


def test_the_source_type_is_found_in_capitals_too() -> None:
    xmp = b"https://cv.iptc.org/newscodes/digitalSourceType/trainedAlgorithmicMedia"
    assert Source(saved(quarters(), "WEBP", xmp=xmp)).digital_source_type == "trainedAlgorithmicMedia"


def test_a_damaged_raw_profile_is_no_label() -> None:
    text = PngInfo()
    text.add_text("Raw profile type xmp", "\nxmp\n 4\nnothing")
    assert Source(saved(quarters(), "PNG", pnginfo=text)).digital_source_type == ""


@pytest.mark.parametrize(("kind", "value"), [(4, 2**32 - 1), (5, IFDRational(3, 2)), (9, -5), (11, 1.5)])
def test_a_tiffs_xmp_of_another_type_is_no_label(kind: int, value: object) -> None:
    tags = ImageFileDirectory_v2()
    tags.tagtype[700] = kind
    tags[700] = value
    assert Source(saved(quarters(), "TIFF", tiffinfo=tags)).digital_source_type == ""


def labelled(kind: str) -> bytes:
    """A picture that says in its format's way that a model made it."""
    image, text = quarters(), PngInfo()
    if kind.startswith("gif"):
        data = saved(image, "GIF")
        at = len(data) - 1 if "after" in kind else data.index(b",", 13 + 3 * 2 ** ((data[10] & 7) + 1))
        trailer = b"\x01" + bytes(range(255, -1, -1)) + b"\0"
        return data[:at] + b"\x21\xff\x0bXMP DataXMP" + LABEL + trailer + data[at:]
    if kind == "imagemagick":
        text.add_text("Raw profile type xmp", f"\nxmp\n{len(LABEL):8}\n{LABEL.hex()}\n", zip=True)
        return saved(image, "PNG", pnginfo=text)
    return with_xmp(kind, LABEL)


def with_xmp(kind: str, xmp: bytes) -> bytes:
    """The quarters with that XMP packet."""
    image = quarters(*SIZE)
    if kind == "tiff":
        return saved(image, "TIFF", tiffinfo={700: xmp})
    if kind.startswith("png"):
        data, packet = saved(image, "PNG"), chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp)
        at = len(data) - 12 if "after" in kind else 33
        return data[:at] + packet + data[at:]
    if kind == "jpeg with exif":  # which Pillow reads at once, for the resolution
        exif = Image.Exif()
        exif[0x010F] = "a camera"
        return saved(image, "JPEG", quality=95, exif=exif, xmp=xmp)
    return saved(image, kind.upper(), xmp=xmp, quality=95)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_damaged_exif_does_not_spoil_a_picture() -> None:
    data = saved(quarters(*SIZE), "JPEG", quality=95, exif=b"Exif\0\0II*\0\xff\xff\xff\xff" + b"\x01" * 30)
    assert is_quarters(as_seen(data, *SIZE), levels=12)


def test_facts_are_values() -> None:
    facts = Source(saved(quarters(*SIZE), "JPEG")).decode().facts
    assert facts == SourceFacts(120, 80, ())
