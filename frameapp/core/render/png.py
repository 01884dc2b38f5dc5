"""A PNG encoder: filters by whole arrays, deflate by zlib-ng. `make bench-core` has it beside Pillow's.

See https://www.w3.org/TR/png-3/, 9 (filtering) and 10 (compression).
"""

import struct
import zlib

import numpy as np
import numpy.typing as npt
from zlib_ng import zlib_ng

from frameapp.core.render.pixels import Pixels, without_alpha

Rows = npt.NDArray[np.uint8]

_LEVEL = 5
_BLOCK = 64  # rows that are filtered at a time, so that they stay in the processor's cache
_GROUP = 4  # rows that share a filter, which the first of them decides
_SUB, _UP, _AVERAGE = 1, 2, 3


def encode(canvas: Pixels, quality: int = 0, *, transparent: bool = False, xmp: bytes = b"") -> bytes:
    """A PNG, which has no ``quality``, of three channels or, where it is ``transparent``, four; ``xmp`` becomes its XMP
    packet.
    """
    return of_rows(canvas if transparent else without_alpha(canvas), xmp)


def of_rows(pixels: npt.NDArray[np.uint8], xmp: bytes = b"") -> bytes:
    """A PNG of height x width x 3 or 4 bytes."""
    height, width, channels = pixels.shape
    header = struct.pack(">IIBBBBB", width, height, 8, 2 if channels == 3 else 6, 0, 0, 0)
    deflate = zlib_ng.compressobj(_LEVEL, zlib_ng.DEFLATED, 15, 9)
    body = b"".join([deflate.compress(_filtered(pixels.reshape(height, width * channels), channels)), deflate.flush()])
    parts = [b"\x89PNG\r\n\x1a\n", _chunk(b"IHDR", header), _chunk(b"sRGB", b"\x00")]
    if xmp:
        parts.append(_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp))
    return b"".join([*parts, _chunk(b"IDAT", body), _chunk(b"IEND", b"")])


def _chunk(name: bytes, data: bytes) -> bytes:
    return b"".join([struct.pack(">I", len(data)), name, data, struct.pack(">I", zlib.crc32(data, zlib.crc32(name)))])


def _filtered(rows: Rows, channels: int) -> Rows:
    """Each row with its filter's number before it: Sub (1), Up (2) or Average (3), whichever leaves least."""
    height, length = rows.shape
    out = np.empty((height, 1 + length), np.uint8)
    first = np.zeros((1, length), np.uint8)
    for top in range(0, height, _BLOCK):
        block = rows[top : top + _BLOCK]
        above = np.concatenate((rows[top - 1 : top] if top else first, block[:-1]))
        chosen = np.repeat(_least(block[::_GROUP], above[::_GROUP], channels), _GROUP)[: len(block)]
        part = out[top : top + _BLOCK]
        part[:, 0] = chosen
        for number in np.unique(chosen).tolist():
            if (chosen == number).all():
                part[:, 1:] = _differences(block, above, channels, number)
            else:
                of_it = np.flatnonzero(chosen == number)
                part[of_it, 1:] = _differences(block[of_it], above[of_it], channels, number)
    return out


def _least(block: Rows, above: Rows, channels: int) -> Rows:
    """The number of the filter that leaves least in each of the rows."""
    left = [_differences(block, above, channels, number).view(np.int8) for number in (_SUB, _UP, _AVERAGE)]
    sizes = np.stack([np.abs(rows).view(np.uint8).sum(axis=1, dtype=np.uint32) for rows in left])
    least: Rows = (sizes.argmin(axis=0) + 1).astype(np.uint8)
    return least


def _differences(block: Rows, above: Rows, channels: int, number: int) -> Rows:
    """The rows under one filter."""
    if number == _UP:
        return block - above
    left = np.zeros_like(block)
    left[:, channels:] = block[:, :-channels]
    return block - (left if number == _SUB else _average(left, above))


def _average(a: Rows, b: Rows) -> Rows:
    """Half of the sums, rounded down, without a wider type."""
    return (a & b) + ((a ^ b) >> 1)
