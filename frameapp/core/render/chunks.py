"""A PNG's chunks: which of them are sound, and how they describe its colours.

See https://www.w3.org/TR/png-3/. Where it leaves a choice, it is Chromium's.
"""

import struct
import zlib
from collections.abc import Iterator

import numpy as np

from frameapp.core.render.colorimetry import CURVES, PRIMARIES, SRGB, Colorimetry, power
from frameapp.errors import PictureError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_LENGTHS = {b"gAMA": 4, b"cHRM": 32, b"sRGB": 1, b"cICP": 4, b"cLLI": 8, b"mDCV": 24, b"pHYs": 9, b"acTL": 8}
_KEYED = {0: 2, 2: 6, 3: 1}  # the length of tRNS (the least, for a palette) by the colour type
_HEADER = 33  # bytes of the signature and IHDR
_UNCHECKED = {b"IDAT", b"IEND"}
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_PIECE = 4096
MOST_TEXT = 8_000_000
"""Bytes of a PNG's compressed texts, or of its ICC profile, unpacked; what goes beyond is not read."""
_USUAL_GAMMA = 45455  # alone, what is within a twentieth of it stands for sRGB


def sound(data: bytes) -> bytes:
    """The PNG without damaged ancillary chunks and without texts that unpack to more than ``MOST_TEXT``.

    Raises PictureError where a critical one's checksum is wrong.
    Those of the pixels and of the end do not matter: the pixels have one of their own.
    """
    kept, start, room = [], 0, MOST_TEXT
    for name, at, end in _chunks(data) if len(data) > _HEADER else ():
        room -= _unpacked(data[at:end]) if name in {b"zTXt", b"iTXt"} else 0
        if name in _UNCHECKED or (_is_sound(data, name, at, end) and (room >= 0 or name[1:] != b"TXt")):
            continue
        if not name[0] & 32:
            raise PictureError(f"The PNG file is damaged: the checksum of its {name.decode('latin-1')} chunk is wrong.")
        kept.append(data[start : at - 8])
        start = end + 4
    return b"".join([*kept, data[start:]]) if kept else data


def _unpacked(text: bytes) -> int:
    """How many bytes a text chunk has unpacked, or more than there may be."""
    rest = text.partition(b"\0")[2]
    packed = rest[1:]
    if len(rest) > 1 and rest[:2] == b"\1\0":  # of an iTXt; its language and its name in that language come first
        packed = rest[2:].partition(b"\0")[2].partition(b"\0")[2]
    try:
        return len(zlib.decompressobj().decompress(packed, MOST_TEXT + 1))
    except zlib.error:
        return len(text)


def with_all_rows(data: bytes) -> bytes:
    """The PNG with its pixels compressed anew, whatever their checksum. Raises PictureError where rows are missing."""
    width, height, depth, kind, _, _, interlaced = struct.unpack_from(">IIBBBBB", data, 16)
    bits = depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[kind]
    passes = _ADAM7 if interlaced else ((0, 0, 1, 1),)
    sizes = [(-(-(width - x) // across), -(-(height - y) // down)) for x, y, across, down in passes]
    expected = sum(high * (1 + -(-wide * bits // 8)) for wide, high in sizes if wide > 0 and high > 0)
    spans = [(at, end) for name, at, end in _chunks(data) if name == b"IDAT"]
    rows = _inflated(b"".join(data[at:end] for at, end in spans)[2:], expected)
    if len(rows) < expected:
        raise PictureError("The picture is damaged: its file ends before its last rows.")
    body = b"IDAT" + zlib.compress(rows, 1)
    again = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return data[: spans[0][0] - 8] + again + data[spans[-1][1] + 4 :]


def _inflated(data: bytes, most: int) -> bytes:
    """What of the raw deflate stream can be read."""
    inflate, parts = zlib.decompressobj(-15), []
    try:
        for at in range(0, len(data), _PIECE):
            parts.append(inflate.decompress(data[at : at + _PIECE], most))
            most -= len(parts[-1])
            if most <= 0 or inflate.eof:
                break
    except zlib.error:
        pass  # what came before it is kept
    return b"".join(parts)


def before_pixels(data: bytes) -> dict[bytes, bytes]:
    """The sound PNG's chunks of a fixed length before its pixels; of several with a name, the first."""
    found: dict[bytes, bytes] = {}
    for name, at, end in _chunks(data):
        if name == b"IDAT":
            break
        if name in _LENGTHS:
            found.setdefault(name, data[at:end])
    return found


def coded(chunks: dict[bytes, bytes]) -> Colorimetry | None:
    """What cICP says; it counts before an ICC profile."""
    primaries, curve, matrix, full_range = chunks.get(b"cICP", bytes(4))
    if matrix != 0 or full_range != 1 or primaries not in PRIMARIES or curve not in CURVES:
        return None
    brightest = chunks.get(b"cLLI", b"")[:4] or chunks.get(b"mDCV", b"")[16:20]
    return Colorimetry(PRIMARIES[primaries], CURVES[curve], int.from_bytes(brightest) / 10_000)


def measured(chunks: dict[bytes, bytes]) -> Colorimetry | None:
    """What gAMA and cHRM say; an ICC profile and sRGB count before them, and cHRM alone says nothing."""
    gamma = int.from_bytes(chunks.get(b"gAMA", b""))
    if not gamma or b"sRGB" in chunks:
        return None
    if b"cHRM" not in chunks:
        usual = abs(gamma - _USUAL_GAMMA) * 20 < _USUAL_GAMMA
        return None if usual else Colorimetry(SRGB, power(100_000 / gamma))
    primaries = tuple(value / 100_000 for value in struct.unpack(">8I", chunks[b"cHRM"]))
    return Colorimetry(primaries, power(100_000 / gamma)) if _spans(primaries) else None


def _spans(primaries: tuple[float, ...]) -> bool:
    """Whether these are the x and y of four places, the last three of which span a triangle."""
    corners = np.reshape(primaries, (4, 2))
    triangle = np.column_stack([corners[1:], np.ones(3)])
    return max(primaries) <= 1 and primaries[1] > 0 and abs(np.linalg.det(triangle)) > 1e-4


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """The name of each chunk, and where its content begins and ends."""
    at = len(SIGNATURE)
    while at + 8 <= len(data):
        end = at + 8 + int.from_bytes(data[at : at + 4])
        yield data[at + 4 : at + 8], at + 8, end
        at = end + 4


def _is_sound(data: bytes, name: bytes, at: int, end: int) -> bool:
    if not name.isalpha() or end + 4 > len(data) or end - at != _LENGTHS.get(name, end - at):
        return False
    if name in {b"iCCP", b"zTXt"} and data.find(b"\0\0", at, min(end, at + 81)) <= at:  # a name, the only compression
        return False
    depth, kind = data[24], data[25]
    if name == b"tRNS" and (end - at < _KEYED.get(kind, 0) or (kind == 0 and depth < 8 and data[at + 1] >> depth)):
        return False  # too short, or a level of grey that there is none of
    return zlib.crc32(data[at - 4 : end]) == int.from_bytes(data[end : end + 4])
