"""The worst files that a feed's links may lead to, and what each is refused with."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

from PIL import Image

from frameapp.core.render import MAX_SOURCE_BYTES
from tests.core.render.pictures import chunk, png, quarters, saved

# Files by name, with a pattern of the sentence. Each is refused at once.
WORST: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "0 bytes|empty file"),
    "text": (lambda: b"just words, no picture", "not a picture"),
    "page": (lambda: b"<html>404</html>", "not a picture"),
    "pdf": (lambda: b"%PDF-1.4", "not a picture"),
    "ppm": (lambda: saved(quarters(), "PPM"), "not a picture"),
    "cut.png": (lambda: saved(quarters(), "PNG")[:200], "damaged"),
    "cut.jpg": (lambda: saved(quarters(), "JPEG")[:700], "damaged"),
    "cut.webp": (lambda: saved(quarters(), "WEBP")[:60], "damaged|not a picture|cannot be read"),
    "cut.gif": (lambda: saved(quarters(), "GIF")[:100], "damaged"),
    "cut.avif": (lambda: saved(quarters(), "AVIF")[:-40], "damaged"),
    "cut.tiff": (lambda: saved(quarters(), "TIFF")[:-9_000], "damaged"),
    "three-bytes.jpg": (lambda: b"\xff\xd8\xff", "damaged|not a picture|cannot be read"),
    "bomb": (lambda: saved(Image.new("1", (20_000, 20_000)), "PNG"), "50 megapixels"),
    "wide-bomb.png": (lambda: png(60_000, 60_000, 8, 2, b""), "50 megapixels"),
    "just-too-large.png": (lambda: png(8_000, 7_000, 8, 2, b""), "50 megapixels"),
    "nothing.png": (lambda: png(0, 10, 8, 2, b""), "damaged|not a picture|cannot be read"),
    "profile-bomb.png": (lambda: with_chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(100_000_000))), "damaged"),
    "bomb.jpg": (lambda: sized_jpeg(65_500, 65_500), "50 megapixels"),
    "bomb.gif": (
        lambda: b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + saved(quarters(), "GIF")[10:],
        "50 megapixels",
    ),
    "bomb.bmp": (lambda: sized_bmp(2**31 - 1, -(2**31)), "50 megapixels|damaged"),
    "bomb.tiff": (lambda: tiff_of_one_field(2**32 - 1), "damaged|not a picture|cannot be read"),
    "huge": (lambda: bytes(MAX_SOURCE_BYTES + 1), "25 MB"),
}


def with_chunk(name: bytes, data: bytes) -> bytes:
    """A PNG with that chunk before its pixels."""
    body = saved(quarters(), "PNG")
    return body[:33] + chunk(name, data) + body[33:]


def sized_jpeg(width: int, height: int) -> bytes:
    """A JPEG whose header tells another size."""
    data = saved(quarters(), "JPEG")
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]


def sized_bmp(width: int, height: int) -> bytes:
    """A BMP whose header tells another size."""
    data = saved(quarters(), "BMP")
    return data[:18] + struct.pack("<ii", width, height) + data[26:]


def tiff_of_one_field(count: int) -> bytes:
    """A TIFF of nothing but a width of ``count`` numbers, in a directory that goes on at itself."""
    return b"II*\0" + struct.pack("<IHHHIII", 8, 1, 256, 4, count, 26, 8)


def endless_jpeg() -> bytes:
    """A JPEG of 25 megapixels and less than a megabyte that takes minutes to decode: its last scan is repeated."""
    data = saved(Image.new("RGB", (5_000, 5_000), "teal"), "JPEG", progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + last * (800_000 // len(last) - 1) + data[-2:]
