"""Pictures that break their format's rules or use rare parts of it, and that browsers show nevertheless."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from tests.core.render.colours import COLOUR, PALETTE, gamma, one_colour
from tests.core.render.pictures import chunk, opened, photo, png, saved


def wrong_checksum(made: bytes) -> bytes:
    """The chunk with another checksum."""
    return made[:-1] + bytes([made[-1] ^ 1])


def with_chunk(extra: bytes, *, behind: bool = False) -> bytes:
    """A PNG with a chunk before its pixels or behind them."""
    data = one_colour(COLOUR)
    at = len(data) - 12 if behind else 33
    return data[:at] + extra + data[at:]


def with_wrong_checksum(name: bytes) -> bytes:
    """A PNG in which the checksum of that chunk is wrong."""
    data = one_colour((0,), chunk(b"PLTE", bytes(COLOUR)), kind=PALETTE)
    at = data.index(name) - 4
    end = at + 12 + int.from_bytes(data[at : at + 4])
    return data[: end - 1] + bytes([data[end - 1] ^ 1]) + data[end:]


def pixels_cut(rows: int, *, adler: bool = True, interlaced: bool = False) -> bytes:
    """A PNG of 16 rows whose compressed pixels end after some of them; without ``adler`` their checksum is wrong."""
    line = b"\0" + bytes(COLOUR) * 16
    body = line * rows
    if interlaced:
        passes = ((2, 2), (2, 2), (4, 2), (4, 4), (8, 4), (8, 8), (16, rows - 8))
        body = b"".join((b"\0" + bytes(COLOUR) * wide) * high for wide, high in passes)
    data = png(16, 16, 8, 2, body, interlaced=interlaced)
    if adler:
        return data
    packed = zlib.compress(body)
    return data[:33] + chunk(b"IDAT", packed[:-1] + bytes([packed[-1] ^ 1])) + data[-12:]


def turned_png(extra: bytes, *, behind: bool = False) -> bytes:
    """A PNG of 16 x 8 pixels with a chunk that has an orientation in it."""
    data = saved(Image.new("RGB", (16, 8), COLOUR), "PNG")
    at = len(data) - 12 if behind else 33
    return data[:at] + extra + data[at:]


def exif(orientation: int) -> bytes:
    """Exif with that orientation, without a header."""
    made = Image.Exif()
    made[0x0112] = orientation
    return made.tobytes().removeprefix(b"Exif\0\0")


def raw_profile(name: bytes) -> bytes:
    """A zTXt chunk as ImageMagick writes Exif, with an orientation of 6."""
    told = b"Exif\0\0" + exif(6)
    text = f"\nexif\n{len(told):8}\n{told.hex()}\n".encode()
    return chunk(b"zTXt", b"Raw profile type " + name + b"\0\0" + zlib.compress(text))


def gif(canvas: tuple[int, int], at: tuple[int, int], size: tuple[int, int]) -> bytes:
    """A GIF whose only frame of one colour lies there on its canvas; its background colour is green."""
    image = Image.new("P", size, 1)
    image.putpalette(bytes((0, 255, 0, *COLOUR)))
    data = saved(image, "GIF", optimize=False)
    frame = data.index(b",\0\0\0\0") + 1
    data = data[:frame] + struct.pack("<HH", *at) + data[frame + 4 :]
    return data[:6] + struct.pack("<HH", *canvas) + data[10:]


def tiff(samples: npt.NDArray[Any], photometric: int, *, extra: int | None = None, **options: Any) -> bytes:
    """An uncompressed TIFF of height x width x samples; ``options``: predicted, deflated, tiled, big_endian."""
    height, width, count = samples.shape
    order = ">" if options.get("big_endian") else "<"
    kind = samples.dtype.newbyteorder(order)
    parts = [samples]
    if side := options.get("tiled"):
        padded = np.zeros((-(-height // side) * side, -(-width // side) * side, count), samples.dtype)
        padded[:height, :width] = samples
        parts = [
            padded[y : y + side, x : x + side]
            for y in range(0, padded.shape[0], side)
            for x in range(0, padded.shape[1], side)
        ]
    if options.get("predicted"):
        zero = np.zeros((parts[0].shape[0], 1, count), samples.dtype)
        parts = [np.diff(part, axis=1, prepend=zero) for part in parts]
    packed = [part.astype(kind).tobytes() for part in parts]
    if options.get("deflated"):
        packed = [zlib.compress(part) for part in packed]
    offsets = [8 + sum(map(len, packed[:index])) for index in range(len(packed))]
    body = b"".join(packed)
    tags: dict[int, list[int]] = {
        256: [width],
        257: [height],
        258: [kind.itemsize * 8] * count,
        259: [8 if options.get("deflated") else 1],
        262: [photometric],
        277: [count],
        317: [2 if options.get("predicted") else 1],
        339: [{"u": 1, "i": 2, "f": 3}[kind.kind]] * count,
    }
    sizes = [len(part) for part in packed]
    tags |= {322: [side], 323: [side], 324: offsets, 325: sizes} if side else {273: offsets, 278: [height], 279: sizes}
    if extra is not None:
        tags[338] = [extra]
    table = b""
    for tag in sorted(tags):
        value = struct.pack(f"{order}{len(tags[tag])}I", *tags[tag])
        if len(value) > 4:
            body, value = body + value, struct.pack(order + "I", 8 + len(body))
        table += struct.pack(order + "HHI", tag, 4, len(tags[tag])) + value
    head = (b"MM\0*" if order == ">" else b"II*\0") + struct.pack(order + "I", 8 + len(body))
    return head + body + struct.pack(order + "H", len(tags)) + table + bytes(4)


def levels(image: Image.Image, mode: str) -> npt.NDArray[np.uint8]:
    """The picture's levels in that mode, height x width x samples."""
    found = np.asarray(image.convert(mode))
    return found if found.ndim == 3 else found[..., None]


def jpeg_without(end: int, **options: Any) -> bytes:
    """A JPEG that lacks so many bytes at its end."""
    return saved(photo(160, 120), "JPEG", quality=90, **options)[:-end]


def whole(data: bytes) -> Image.Image:
    """The picture of a JPEG that lacks its end marker only."""
    return opened(data.removesuffix(b"\xff") + b"\xff\xd9").convert("RGB")


def animated_png() -> bytes:
    """A PNG whose green still picture is no part of its animation, which starts with another colour."""
    out = io.BytesIO()
    still, first, second = (Image.new("RGB", (16, 16), colour) for colour in ((0, 255, 0), COLOUR, (0, 0, 255)))
    still.save(out, "PNG", save_all=True, default_image=True, append_images=[first, second], duration=100_000)
    return out.getvalue()


# Each has its first pixel in the colour, and browsers show it.
SHOWN: dict[str, bytes] = {
    "gAMA with a wrong checksum": with_chunk(wrong_checksum(gamma(100_000))),
    "tEXt with a wrong checksum": with_chunk(wrong_checksum(chunk(b"tEXt", b"a\0b"))),
    "tRNS with a wrong checksum": with_chunk(wrong_checksum(chunk(b"tRNS", struct.pack(">3H", *COLOUR)))),
    "tEXt with a wrong checksum behind the pixels": with_chunk(wrong_checksum(chunk(b"tEXt", b"a\0b")), behind=True),
    "tEXt cut off behind the pixels": with_chunk(b"\0\0\1\0tEXtab", behind=True)[:-12],
    "a name that is none": with_chunk(chunk(b"s\1IT", b"a")),
    "gAMA of two bytes": with_chunk(chunk(b"gAMA", b"\0\1")),
    "iCCP without content": with_chunk(chunk(b"iCCP", b"")),
    "zTXt of another compression": with_chunk(chunk(b"zTXt", b"a\0\5abc")),
    "tRNS of one byte": with_chunk(chunk(b"tRNS", b"\0")),
    "acTL of one byte": with_chunk(chunk(b"acTL", b"\0")),
    "a text of 100 MB": with_chunk(chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(100_000_000)))),
    "many texts": with_chunk(chunk(b"iTXt", b"a\0\1\0\0\0" + zlib.compress(bytes(2_000_000))) * 40),
    "a text of 2 MB behind the pixels": with_chunk(
        chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(2_000_000))), behind=True
    ),
    "IDAT with a wrong checksum": with_wrong_checksum(b"IDAT"),
    "IEND with a wrong checksum": with_wrong_checksum(b"IEND"),
    "no IEND": one_colour(COLOUR)[:-12],
    "pixels with a wrong checksum": pixels_cut(16, adler=False),
    "colours beyond the palette": one_colour((7,), chunk(b"PLTE", bytes((1, 2, 3, *COLOUR))), kind=PALETTE),
    "an animation behind another picture": animated_png(),
    "turned by eXIf": turned_png(chunk(b"eXIf", exif(6))),
    "eXIf behind the pixels": turned_png(chunk(b"eXIf", exif(6)), behind=True),
    "Raw profile type exif": turned_png(raw_profile(b"exif")),
    "Raw profile type APP1": turned_png(raw_profile(b"APP1")),
    "a frame in the canvas's corner": gif((16, 16), (0, 0), (8, 8)),
}
