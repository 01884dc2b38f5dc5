"""Pictures that the render tests draw and write themselves, in every format, mode and state of repair."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from frameapp.core.design.recipe import Box, Encoder, Recipe
from frameapp.core.render import FrameImage, formats, load_frame, render

RED, GREEN, BLUE, WHITE = (220, 30, 40), (20, 160, 60), (30, 60, 200), (255, 255, 255)


def quarters(width: int = 120, height: int = 80) -> Image.Image:
    """Red top left, green top right, blue bottom left, white bottom right: tells every turn and flip apart."""
    image = Image.new("RGB", (width, height), WHITE)
    draw = ImageDraw.Draw(image)
    w, h = width // 2, height // 2
    draw.rectangle((0, 0, w - 1, h - 1), fill=RED)
    draw.rectangle((w, 0, width - 1, h - 1), fill=GREEN)
    draw.rectangle((0, h, w - 1, height - 1), fill=BLUE)
    return image


def photo(width: int, height: int, seed: int = 1) -> Image.Image:
    """Smooth colours, edges and some texture."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    planes = []
    for channel in range(3):
        a, b, c = random.uniform(0.5, 3, size=3)
        wave = np.sin(a * 6 * x / width + channel) + np.cos(b * 6 * y / height) + np.sin(c * 9 * (x + y) / width)
        planes.append(128 + 35 * wave)
    pixels = np.stack(planes, axis=2) + random.normal(0, 5, size=(height, width, 1))
    image = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    draw.ellipse((width * 0.2, height * 0.2, width * 0.6, height * 0.7), outline=(10, 10, 10), width=3)
    draw.text((width * 0.1, height * 0.75), "Frame 42", fill=(250, 250, 60), font_size=max(10, height // 8))
    return image


def saved(image: Image.Image, file_format: str, **options: Any) -> bytes:
    """The picture as a file."""
    out = io.BytesIO()
    image.save(out, file_format, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    """The picture of a file, decoded."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def frame_of(colour: tuple[int, ...] = (90, 90, 90), size: tuple[int, int] = (200, 200)) -> FrameImage:
    """A frame image of one colour (with alpha where the colour has four numbers)."""
    return load_frame(saved(Image.new("RGBA" if len(colour) == 4 else "RGB", size, colour), "PNG"))


def as_seen(data: bytes, width: int, height: int) -> Image.Image:
    """The source at exactly that size, as the core decodes it, without loss."""
    recipe = Recipe(Box(0, 0, width, height), encoder=Encoder(formats.PNG))
    return opened(render(data, frame_of(size=(width, height)), recipe).data)


def near(image: Image.Image, place: tuple[int, int], colour: tuple[int, ...], levels: int = 6) -> bool:
    """Whether that pixel has that colour, give or take some levels."""
    found = image.getpixel(place)
    assert isinstance(found, tuple)
    return all(abs(a - b) <= levels for a, b in zip(found, colour, strict=False))


def is_quarters(image: Image.Image, levels: int = 6) -> bool:
    """Whether the four quarters are where ``quarters`` drew them."""
    w, h = image.width // 4, image.height // 4
    places = {(w, h): RED, (3 * w, h): GREEN, (w, 3 * h): BLUE, (3 * w, 3 * h): WHITE}
    return all(near(image, place, colour, levels) for place, colour in places.items())


def png(width: int, height: int, depth: int, colour_type: int, rows: bytes, *, interlaced: bool = False) -> bytes:
    """A PNG of already filtered rows, for what Pillow does not write."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, int(interlaced))
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def chunk(name: bytes, data: bytes) -> bytes:
    """A part of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def interlaced_png(image: Image.Image) -> bytes:
    """The RGB picture as an Adam7 PNG."""
    pixels = np.asarray(image)
    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
    rows = b"".join(
        b"\0" + line.tobytes() for x, y, across, down in passes for line in pixels[y::down, x::across] if line.size
    )
    return png(image.width, image.height, 8, 2, rows, interlaced=True)


def sixteen_bit_png(image: Image.Image) -> bytes:
    """The RGB picture with 16 bits a channel."""
    wide = np.asarray(image).astype(">u2") * 257
    return png(image.width, image.height, 16, 2, b"".join(b"\0" + line.astype(">u2").tobytes() for line in wide))


def planar_tiff(image: Image.Image, *, compressed: bool = False) -> bytes:
    """The RGB picture as a TIFF that keeps all of red before all of green and blue (PlanarConfiguration 2)."""
    strips = [
        plane[y : y + 32].tobytes()
        for plane in np.moveaxis(np.asarray(image), 2, 0)
        for y in range(0, image.height, 32)
    ]
    if compressed:
        strips = [zlib.compress(strip) for strip in strips]
    body, table, offsets = b"".join(strips), b"", [8]
    for strip in strips[:-1]:
        offsets.append(offsets[-1] + len(strip))
    tags = {
        256: [image.width],
        257: [image.height],
        258: [8, 8, 8],
        259: [8 if compressed else 1],
        262: [2],
        273: offsets,
        277: [3],
        278: [32],
        279: [len(strip) for strip in strips],
        284: [2],
    }
    for tag, values in tags.items():
        packed = struct.pack(f"<{len(values)}I", *values)
        if len(values) > 1:
            body, packed = body + packed, struct.pack("<I", 8 + len(body))
        table += struct.pack("<HHI", tag, 4, len(values)) + packed
    return b"II*\0" + struct.pack("<I", 8 + len(body)) + body + struct.pack("<H", len(tags)) + table + bytes(4)


def without_adobe_marker(data: bytes) -> bytes:
    """A JPEG without its APP14 segment."""
    start = data.index(b"\xff\xee")
    return data[:start] + data[start + 2 + struct.unpack(">H", data[start + 2 : start + 4])[0] :]


def _xyz(*values: float) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(struct.pack(">i", round(v * 65536)) for v in values)


_PAPER = (0.9642, 1.0, 0.8249)
_WHITE_POINT = _xyz(*_PAPER)
_PRIMARIES = ((0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141))
_RED, _GREEN, _BLUE = (_xyz(*primary) for primary in _PRIMARIES)
_GAMMA = b"curv\0\0\0\0" + struct.pack(">IHH", 1, round(2.2 * 256), 0)


def swapped_profile() -> bytes:
    """An ICC profile (version 2, matrix) whose red primary is sRGB's blue and the other way round."""
    tags = {b"rXYZ": _BLUE, b"gXYZ": _GREEN, b"bXYZ": _RED}
    return _profile("Swapped", b"RGB ", tags | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), _GAMMA))


def linear_profile(name: str) -> bytes:
    """An ICC profile (version 2, matrix) of sRGB's primaries, whose levels are proportional to light."""
    tags = {b"rXYZ": _RED, b"gXYZ": _GREEN, b"bXYZ": _BLUE}
    return _profile(name, b"RGB ", tags | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), b"curv" + b"\0" * 8))


def grey_profile() -> bytes:
    """An ICC profile (version 2) of grey with gamma 2.2."""
    return _profile("Grey", b"GRAY", {b"kTRC": _GAMMA})


def cmyk_profile() -> bytes:
    """An ICC profile (version 2, lut8 to Lab) of a press that has cyan and yellow ink the other way round."""
    inks = np.array(list(np.ndindex(2, 2, 2, 2)))  # cyan, magenta, yellow, black; the first varies slowest
    grid = b"".join(_lab((1 - ink[[2, 1, 0]]) * (1 - ink[3])) for ink in inks)
    unchanged = bytes(range(256))
    matrix = struct.pack(">9i", *np.eye(3, dtype=int).flatten() * 65536)
    table = b"mft1\0\0\0\0" + bytes((4, 3, 2, 0)) + matrix + unchanged * 4 + grid + unchanged * 3
    return _profile("Swapped inks", b"CMYK", {b"A2B0": table}, kind=b"prtr", connection=b"Lab ")


def _lab(light: npt.NDArray[np.int64]) -> bytes:
    """Linear red, green and blue of 0 or 1 in Lab of 8 bits."""
    parts = light @ np.array(_PRIMARIES) / np.array(_PAPER)
    x, y, z = np.where(parts > 0, np.cbrt(parts), 16 / 116)
    return bytes(round(value) for value in ((116 * y - 16) * 2.55, 500 * (x - y) + 128, 200 * (y - z) + 128))


def _profile(
    name: str, space: bytes, tags: dict[bytes, bytes], *, kind: bytes = b"mntr", connection: bytes = b"XYZ "
) -> bytes:
    described = b"desc\0\0\0\0" + struct.pack(">I", len(name) + 1) + name.encode() + b"\0" * 80
    tags = {
        b"desc": described + b"\0" * (-len(described) % 4),
        b"wtpt": _WHITE_POINT,
        **tags,
        b"cprt": b"text\0\0\0\0none\0\0\0\0",
    }
    table, body, offset = b"", b"", 128 + 4 + 12 * len(tags)
    for key, data in tags.items():
        table += key + struct.pack(">II", offset + len(body), len(data))
        body += data
    size = offset + len(body)
    header = struct.pack(">I4sI4s4s4s", size, b"\0\0\0\0", 0x02400000, kind, space, connection)
    header += b"\0" * 12 + b"acsp" + b"\0" * 28 + struct.pack(">iii", 0xF6D6, 0x10000, 0xD32D)
    return header + b"\0" * (128 - len(header)) + struct.pack(">I", len(tags)) + table + body
