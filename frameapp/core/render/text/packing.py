"""Fonts packed for web pages, WOFF and WOFF2, which HarfBuzz does not read."""

from __future__ import annotations

import io

from frameapp.errors import PictureError

MAX_UNPACKED = 40_000_000  # bytes
_PACKED = (b"wOFF", b"wOF2")


def unpacked(data: bytes) -> bytes:
    """The TTF or OTF in a packed font; any other file as it is. Raises PictureError."""
    if data[:4] not in _PACKED:
        return data
    if int.from_bytes(data[16:20]) > MAX_UNPACKED:
        raise PictureError(f"The font is too large: at most {MAX_UNPACKED // 1_000_000} MB unpacked.")
    from fontTools.ttLib import TTFont  # large, and seldom needed

    out = io.BytesIO()
    try:
        with TTFont(io.BytesIO(data), lazy=True, recalcBBoxes=False, recalcTimestamp=False) as font:
            font.flavor = None
            font.save(out, reorderTables=False)
    except MemoryError:
        raise
    except Exception as error:  # fontTools raises whatever it stumbles over in a damaged file
        raise PictureError("The font file is damaged.") from error
    return out.getvalue()
