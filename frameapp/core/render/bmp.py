"""BMP as Chromium shows it: every depth, order of bits and run-length coding that there is.

See https://learn.microsoft.com/windows/win32/gdi/bitmap-storage. What a run-length coded picture skips is black.
"""

import struct

import numpy as np
import numpy.typing as npt
from PIL import Image

from frameapp.errors import PictureError

_RGB, _RLE8, _RLE4, _FIELDS, _RLE24, _ALPHA_FIELDS = 0, 1, 2, 3, 4, 6
_OS2 = {12, 16, 64}  # the headers of OS/2, of which 12 bytes are the oldest
_PACKED = {1, 2, 4, 8}
_MASKS = {16: (0x7C00, 0x3E0, 0x1F, 0), 24: (0xFF0000, 0xFF00, 0xFF, 0), 32: (0xFF0000, 0xFF00, 0xFF, 0)}
_DEPTHS = {
    _RGB: {1, 2, 4, 8, 16, 24, 32},
    _RLE8: {8},
    _RLE4: {4},
    _RLE24: {24},
    _FIELDS: {16, 32},
    _ALPHA_FIELDS: {16, 32},
}
_DAMAGED = "The picture is damaged: its file ends before its last rows."

Levels = npt.NDArray[np.uint8]


def decoded(data: bytes, max_pixels: int) -> Image.Image:
    """The picture in P, RGB or RGBA. Raises PictureError, or struct.error where the header is cut."""
    (start,), (size,) = struct.unpack_from("<I", data, 10), struct.unpack_from("<I", data, 14)
    width, height, bits, coding, colours = _header(data, size)
    if bits not in _DEPTHS.get(coding, ()) or (coding == _RLE24 and size not in _OS2):
        raise PictureError(f"This kind of BMP cannot be read ({bits} bits, compression {coding}). Save it as a PNG.")
    high = abs(height)
    if width < 1 or not high:
        raise PictureError("The picture is damaged: it has no pixels.")
    if width * high > max_pixels:
        raise PictureError(f"The picture has too many pixels; at most {max_pixels / 1e6:.0f} megapixels are allowed.")
    masks, at = _masks(data, size, bits, coding)
    palette, after = _palette(data, at, bits, colours, 3 if size == 12 else 4)
    body = data[start if start >= at else after :]
    if coding in {_RLE8, _RLE4, _RLE24}:
        levels = _run_lengths(body, width, high, bits, palette)
    elif bits in _PACKED:
        levels = _indices(_rows(body, width, high, bits), width, bits)
    else:
        levels = _fields(_rows(body, width, high, bits), width, bits, masks)
    if height > 0:
        levels = levels[::-1]
    image = Image.fromarray(np.ascontiguousarray(levels))
    if levels.ndim == 2:
        image.putpalette(palette.tobytes())
    image.format = "BMP"
    return image


def _header(data: bytes, size: int) -> tuple[int, int, int, int, int]:
    """Width, height (negative where the first row is the upper one), bits of a pixel, compression, colours."""
    if size == 12:
        width, height, _, bits = struct.unpack_from("<HHHH", data, 18)
        return width, height, bits, _RGB, 0
    if size < 16:
        raise PictureError("The BMP file is damaged: its header is too short.")
    width, height, _, bits = struct.unpack_from("<iiHH", data, 18)
    coding = struct.unpack_from("<I", data, 30)[0] if size >= 20 else _RGB
    return width, height, bits, coding, struct.unpack_from("<I", data, 46)[0] if size >= 36 else 0


def _masks(data: bytes, size: int, bits: int, coding: int) -> tuple[tuple[int, ...], int]:
    """The bits of red, green, blue and alpha, and where the header ends with them."""
    end = 14 + size
    if size >= 56:
        masks = struct.unpack_from("<4I", data, 54)
        if coding != _RGB:
            return masks, end
        with_alpha = bits == 32 and size > 56 and masks[3]
        return (*_MASKS.get(bits, (0,) * 4)[:3], 0xFF000000 if with_alpha else 0), end
    count = {_FIELDS: 3, _ALPHA_FIELDS: 4}.get(coding, 0)
    if not count:
        return _MASKS.get(bits, (0,) * 4), end
    at = min(end, 54)
    return (*struct.unpack_from(f"<{count}I", data, at), 0)[:4], max(end, at + 4 * count)


def _palette(data: bytes, at: int, bits: int, colours: int, size: int) -> tuple[Levels, int]:
    """256 colours, black where the file has none, and where they end in the file."""
    full = 1 << bits if bits in _PACKED else 0
    count = min(colours or full, full)
    found = np.frombuffer(data[at : at + count * size], np.uint8)
    found = found[: len(found) // size * size].reshape(-1, size)[:, 2::-1]
    palette = np.zeros((256, 3), np.uint8)
    palette[: len(found)] = found
    return palette, at + len(found) * size


def _rows(body: bytes, width: int, height: int, bits: int) -> Levels:
    """The rows' bytes, without what fills them up."""
    stride = (width * bits + 31) // 32 * 4
    used = (width * bits + 7) // 8
    if len(body) < stride * (height - 1) + used:
        raise PictureError(_DAMAGED)
    rows = np.frombuffer(body.ljust(stride * height, b"\0"), np.uint8, stride * height)
    return rows.reshape(height, stride)[:, :used]


def _indices(rows: Levels, width: int, bits: int) -> Levels:
    if bits == 8:
        return rows
    shifts = np.arange(8 - bits, -1, -bits, dtype=np.uint8)
    indices = rows[..., None] >> shifts & np.uint8((1 << bits) - 1)
    return indices.reshape(len(rows), -1)[:, :width]


def _fields(rows: Levels, width: int, bits: int, masks: tuple[int, ...]) -> Levels:
    """Height x width x 3 levels, or 4 where there is alpha."""
    size = bits // 8
    if size == 3:
        return rows.reshape(len(rows), width, 3)[..., ::-1]
    pixels = np.ascontiguousarray(rows).view(f"<u{size}")
    channels = [_scaled(pixels, mask) for mask in masks]
    return np.stack(channels if masks[3] else channels[:3], axis=-1)


def _scaled(pixels: npt.NDArray[np.unsignedinteger], mask: int) -> Levels:
    """What of the pixels is within the mask, in 8 bits."""
    if not mask:
        return np.zeros(pixels.shape, np.uint8)
    shift = (mask & -mask).bit_length() - 1
    most = mask >> shift
    found = (pixels & pixels.dtype.type(mask & ((1 << 8 * pixels.itemsize) - 1))) >> shift
    if most == 255 and not shift % 8:
        return pixels.view(np.uint8).reshape(*pixels.shape, -1)[..., shift // 8]
    if most > 255:
        return (found >> (most.bit_length() - 8)).astype(np.uint8)
    levels: Levels = ((np.arange(most + 1) * 255 + most // 2) // most).astype(np.uint8)[found]
    return levels


def _run_lengths(body: bytes, width: int, height: int, bits: int, palette: Levels) -> Levels:
    """Height x width x 3 levels, black where they are skipped; what goes beyond a row or the last one is left out."""
    colours = [colour.tobytes() for colour in palette]
    canvas = bytearray(height * width * 3)
    x = y = at = 0
    while y < height:
        count, code = body[at : at + 1], body[at + 1 : at + 2]
        if not code:
            raise PictureError(_DAMAGED)
        if count == b"\0" and code < b"\3":
            if code == b"\1":
                break
            x, y = (x + body[at + 2], y + body[at + 3]) if code == b"\2" else (0, y + 1)
            at += 4 if code == b"\2" else 2
            continue
        repeated = count != b"\0"
        number = count[0] or code[0]
        first = at + 1 if repeated else at + 2
        length = (bits + 7) // 8 if repeated else (number * bits + 7) // 8
        raw = body[first : first + length]
        if len(raw) < length:
            raise PictureError(_DAMAGED)
        used = max(0, min(number, width - x)) * 3
        place = (y * width + x) * 3
        canvas[place : place + used] = _levels(raw * number if repeated else raw, bits, colours)[:used]
        x, at = x + number, first + length + (0 if repeated else length % 2)
    return np.frombuffer(canvas, np.uint8).reshape(height, width, 3)


def _levels(raw: bytes, bits: int, colours: list[bytes]) -> bytes:
    """Three bytes for each pixel."""
    if bits == 8:
        return b"".join([colours[index] for index in raw])
    if bits == 4:
        return b"".join([colours[byte >> 4] + colours[byte & 15] for byte in raw])
    return np.frombuffer(raw, np.uint8).reshape(-1, 3)[:, ::-1].tobytes()
