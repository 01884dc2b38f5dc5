"""BMP files of every kind, with the colours that Chromium shows."""

import struct

import pytest

from frameapp.core.render.source import Source
from frameapp.errors import PictureError

Colour = tuple[int, ...]
RED, GREEN, BLUE, BLACK = (255, 0, 0, 255), (0, 255, 0, 255), (0, 0, 255, 255), (0, 0, 0, 255)
PALETTE = bytes((0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0))  # red, green, blue


def bmp(
    body: bytes,
    bits: int,
    *,
    size: tuple[int, int] = (2, 1),
    coding: int = 0,
    header: int = 40,
    masks: tuple[int, ...] = (),
    palette: bytes = b"",
    colours: int = 0,
    start: int = 0,
) -> bytes:
    """A file of these pixels; the masks are in the header or behind it."""
    parts = struct.pack("<IiiHHIIiiII", header, *size, 1, bits, coding, 0, 0, 0, colours, 0)
    fields = parts[:header].ljust(min(header, 40), b"\0") + struct.pack(f"<{len(masks)}I", *masks)
    fields = fields.ljust(header, b"\0") + palette
    return b"BM" + struct.pack("<III", 14 + len(fields) + len(body), 0, start or 14 + len(fields)) + fields + body


def seen(data: bytes) -> list[Colour]:
    """The pixels, row by row."""
    return [tuple(pixel) for row in Source(data).decode().pixels.tolist() for pixel in row]


KINDS: dict[str, tuple[bytes, list[Colour]]] = {
    "5, 5 and 5 bits": (bmp(struct.pack("<HH", 0x7C00, 0x83E0), 16), [RED, GREEN]),
    "5, 6 and 5 bits": (
        bmp(struct.pack("<HH", 0xF800, 0x07E0), 16, coding=3, masks=(0xF800, 0x7E0, 0x1F)),
        [RED, GREEN],
    ),
    "5 bits and one of alpha": (
        bmp(struct.pack("<HH", 0xFC00, 0x03E0), 16, coding=3, header=56, masks=(0x7C00, 0x3E0, 0x1F, 0x8000)),
        [RED, (0, 255, 0, 0)],
    ),
    "4 bits each": (
        bmp(struct.pack("<HH", 0xFF00, 0x80F0), 16, coding=3, header=56, masks=(0xF00, 0xF0, 0xF, 0xF000)),
        [RED, (0, 255, 0, 136)],
    ),
    "2, 3 and 1 bits": (
        bmp(struct.pack("<HH", 0x30, 0x1D), 16, coding=3, masks=(0x30, 0xE, 1)),
        [RED, (85, 219, 255, 255)],
    ),
    "11, 11 and 10 bits": (
        bmp(struct.pack("<II", 0xFFE00000, 0x3FF), 32, coding=3, masks=(0xFFE00000, 0x1FFC00, 0x3FF)),
        [RED, BLUE],
    ),
    "bytes in another order": (
        bmp(struct.pack("<II", 0xFF000000, 0xFF0), 32, coding=3, masks=(0xFF000000, 0xFF0, 0xFF0000)),
        [RED, GREEN],
    ),
    "masks of four behind the header": (
        bmp(struct.pack("<II", 0xFFFF0000, 0xFF00), 32, coding=6, masks=(0xFF000000, 0xFF00, 0xFF, 0xFF0000)),
        [RED, (0, 255, 0, 0)],
    ),
    "alpha in a header of version 5, without masks": (
        bmp(struct.pack("<II", 0xFFFF0000, 0x8000FF00), 32, header=124, masks=(0xFF0000, 0xFF00, 0xFF, 0xFF000000)),
        [RED, (0, 255, 0, 128)],
    ),
    "a fourth byte without meaning": (bmp(struct.pack("<II", 0xFF0000, 0x8000FF00), 32), [RED, GREEN]),
    "2 bits": (bmp(b"\x12\0\0\0", 2, size=(4, 1), palette=PALETTE, colours=3), [RED, GREEN, RED, BLUE]),
    "2 bits, from the top": (bmp(b"\0\0\0\0\x40\0\0\0", 2, size=(1, -2), palette=PALETTE, colours=3), [RED, GREEN]),
    "a header of OS/2 with 16 bytes": (
        bmp(b"\0\1\0\0", 8, header=16, palette=PALETTE.ljust(1024, b"\0")),
        [RED, GREEN],
    ),
    "more colours than there can be": (
        bmp(b"\0\1\0\0", 8, palette=PALETTE.ljust(1200, b"\0"), colours=300),
        [RED, GREEN],
    ),
    "a nonsense number of colours": (
        bmp(b"\0\1\0\0", 8, palette=PALETTE.ljust(1024, b"\0"), colours=305_402_420),
        [RED, GREEN],
    ),
    "pixels that begin in the palette": (bmp(b"", 8, palette=PALETTE, colours=3, start=54 + 2), [BLACK, RED]),
    "runs of 8 bits": (
        bmp(b"\2\0\0\0\0\2\1\0\1\2\0\1", 8, size=(2, 3), coding=1, palette=PALETTE, colours=3),
        [BLACK, BLACK, BLACK, BLUE, RED, RED],
    ),
    "a run beyond the row": (bmp(b"\7\1\0\1", 8, coding=1, palette=PALETTE, colours=3), [GREEN, GREEN]),
    "runs of 4 bits": (
        bmp(b"\0\3\x01\x20\2\x11\0\1", 4, size=(5, 1), coding=2, palette=PALETTE, colours=3),
        [RED, GREEN, BLUE, GREEN, GREEN],
    ),
    "runs of 24 bits": (bmp(b"\1\0\0\xff\1\0\xff\0\0\1", 24, coding=4, header=64), [RED, GREEN]),
}


@pytest.mark.wild(
    "bmp",
    source="https://github.com/python-pillow/Pillow/issues/6435",
    given="a BMP with any order and number of bits for its colours and alpha",
    right="as browsers show it",
)
@pytest.mark.wild(
    "bmp",
    source="https://github.com/nothings/stb/issues/1104",
    given="a BMP of BI_ALPHABITFIELDS",
    right="as browsers show it",
)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_shown_as_in_browsers(kind: str) -> None:
    data, right = KINDS[kind]
    assert seen(data) == right


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (bmp(b"\2\0", 8, size=(2, 3), coding=1, palette=PALETTE, colours=3), "ends before its last rows"),
        (bmp(b"\0\2\1", 8, coding=1, palette=PALETTE, colours=3), "damaged"),
        (bmp(b"\0\4\1", 8, size=(4, 1), coding=1, palette=PALETTE, colours=3), "ends before its last rows"),
        (bmp(bytes(13), 24, size=(2, 2)), "ends before its last rows"),
        (bmp(bytes(8), 24, size=(0, 1)), "no pixels"),
        (bmp(bytes(8), 24, size=(9_000, 9_000)), "too many pixels"),
        (bmp(b"", 0, coding=4), "This kind of BMP cannot be read .0 bits, compression 4."),
        (bmp(bytes(8), 24, coding=4), "This kind of BMP cannot be read .24 bits, compression 4."),
        (bmp(bytes(8), 24)[:30], "damaged"),
        (b"BM", "damaged"),
        (bmp(bytes(8), 24, header=13), "its header is too short"),
    ],
)
def test_the_others_are_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(PictureError, match=sentence):
        Source(data)
