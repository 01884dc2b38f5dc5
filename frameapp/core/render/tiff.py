"""TIFF kinds that Pillow does not know: samples of 16, 32 or 64 bits, as integers or floats, and CMYK with alpha.

Libtiff unpacks them for Pillow as if each byte was a grey pixel; the predictor is undone here. See
https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf.
"""

import io
import struct
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from frameapp.errors import PictureError

_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC, _SAMPLES, _PLANAR = 256, 257, 258, 259, 262, 277, 284
_PREDICTOR, _TILE_WIDTH, _EXTRA, _FORMAT, _PROFILE, _ORIENTATION = 317, 322, 338, 339, 34675, 274
# What of a file's tags says where its bytes are and how they are compressed.
_KEPT = (_HEIGHT, _COMPRESSION, 266, 273, 278, 279, _TILE_WIDTH, 323, 324, 325)
_COLOURS = {0: 1, 1: 1, 2: 3, 5: 4}  # samples by the photometric interpretation: grey, RGB and CMYK
_MODES = {1: "L", 3: "RGB", 4: "CMYK"}
_PREDICTING = {5, 8, 32946, 50000}  # LZW, Deflate (twice) and Zstandard
_KINDS = {1: "u", 3: "f"}

Samples = npt.NDArray[Any]


def unusual(data: bytes, max_pixels: int) -> Image.Image:
    """The picture, decoded to 8 bits, its alpha in ``info["alpha"]``. Raises PictureError where it is none of these."""
    tags = _tags(data)
    width, height, samples = (int(tags.get(tag, 1)) for tag in (_WIDTH, _HEIGHT, _SAMPLES))
    bits, kind = _same(tags.get(_BITS, 1)), _same(tags.get(_FORMAT, 1))
    colours = _COLOURS.get(tags.get(_PHOTOMETRIC, 0), 0)
    known = bits in {8, 16, 32, 64} and kind in _KINDS and (kind == 1 or bits > 8) and tags.get(_PLANAR, 1) == 1
    if not known or not 0 < colours <= samples <= colours + 4 or data[2:4] not in {b"*\0", b"\0*"}:
        raise PictureError(_sentence(tags))
    if width * height > max_pixels:
        raise PictureError(f"The picture has too many pixels; at most {max_pixels / 1e6:.0f} megapixels are allowed.")
    order = "<" if data[:2] == b"II" else ">"
    rows = _rows(data, tags, width * samples * bits // 8)
    levels = _levels(_unpredicted(rows, tags, samples, np.dtype(f"{order}{_KINDS[kind]}{bits // 8}")), kind)
    return _image(levels.reshape(height, width, samples), colours, tags)


def _tags(data: bytes) -> dict[int, Any]:
    stream = io.BytesIO(data)
    directory = ImageFileDirectory_v2(stream.read(8))
    stream.seek(directory.next)
    directory.load(stream)
    return dict(directory)


def _same(value: Any) -> int:
    """The number that all samples share; 0 where they differ."""
    values = set(value) if isinstance(value, tuple) else {value}
    return int(values.pop()) if len(values) == 1 else 0


def _sentence(tags: dict[int, Any]) -> str:
    bits, samples = _same(tags.get(_BITS, 1)), tags.get(_SAMPLES, 1)
    return (
        f"This kind of TIFF cannot be read ({samples} x {bits or 'mixed'} bits, photometric interpretation "
        f"{tags.get(_PHOTOMETRIC, 'missing')}). Save the picture as RGB with 8 bits."
    )


def _rows(data: bytes, tags: dict[int, Any], length: int) -> Samples:
    """The rows' bytes, uncompressed, whatever they mean."""
    grey = {_WIDTH: length, _BITS: 8, _PHOTOMETRIC: 1, _SAMPLES: 1}
    changed = {tag: tags[tag] for tag in _KEPT if tag in tags} | grey
    if _TILE_WIDTH in changed:
        changed[_TILE_WIDTH] = changed[_TILE_WIDTH] * length // tags[_WIDTH]
    order = "<" if data[:2] == b"II" else ">"
    extra, entries = b"", b""
    for tag in sorted(changed):
        values = changed[tag] if isinstance(changed[tag], tuple) else (changed[tag],)
        packed = struct.pack(f"{order}{len(values)}I", *values)
        if len(values) > 1:
            extra, packed = extra + packed, struct.pack(order + "I", len(data) + len(extra))
        entries += struct.pack(order + "HHI", tag, 4, len(values)) + packed
    start = struct.pack(order + "I", len(data) + len(extra))
    table = struct.pack(order + "H", len(changed)) + entries + bytes(4)
    with Image.open(io.BytesIO(b"".join([data[:4], start, data[8:], extra, table])), formats=("TIFF",)) as image:
        return np.array(image)


def _unpredicted(rows: Samples, tags: dict[int, Any], samples: int, kind: np.dtype[Any]) -> Samples:
    """The samples of each row; ``kind`` is their type in the file."""
    predictor = tags.get(_PREDICTOR, 1) if tags.get(_COMPRESSION) in _PREDICTING else 1
    width = tags[_WIDTH]
    step = min(tags.get(_TILE_WIDTH, width), width) * samples * kind.itemsize
    parts = [rows[:, at : at + step] for at in range(0, rows.shape[1], step)]
    if predictor == 1:
        return np.ascontiguousarray(rows).view(kind)
    if predictor == 2:
        unsigned = np.dtype(f"{kind.byteorder}u{kind.itemsize}")
        whole = [np.ascontiguousarray(part).view(unsigned).reshape(len(rows), -1, samples) for part in parts]
        sums = [np.add.accumulate(part, axis=1, dtype=unsigned.newbyteorder("=")) for part in whole]
        return np.concatenate(sums, axis=1).view(kind.newbyteorder("="))
    if predictor == 3 and rows.shape[1] % step == 0:
        return np.concatenate([_floats(part, samples, kind) for part in parts], axis=1)
    raise PictureError(_sentence(tags))


def _floats(part: Samples, samples: int, kind: np.dtype[Any]) -> Samples:
    """Floats whose bytes lie apart, the highest ones first, each as its difference to the pixel before."""
    sums = np.add.accumulate(part.reshape(len(part), -1, samples), axis=1, dtype=np.uint8)
    planes = sums.reshape(len(part), kind.itemsize, -1).transpose(0, 2, 1)
    return np.ascontiguousarray(planes).view(kind.newbyteorder(">"))[..., 0]


def _levels(values: Samples, kind: int) -> Samples:
    """The samples in 8 bits: floats from 0 to 1, integers by their highest bits."""
    if kind == 1:
        return (values >> (8 * (values.dtype.itemsize - 1))).astype(np.uint8)
    return (np.nan_to_num(values.astype(np.float32)).clip(0, 1) * 255 + 0.5).astype(np.uint8)


def _image(levels: Samples, colours: int, tags: dict[int, Any]) -> Image.Image:
    kinds = tags.get(_EXTRA, ())
    kind = kinds[0] if isinstance(kinds, tuple) and kinds else kinds
    colour, alpha = levels[..., :colours], levels[..., colours : colours + 1]
    if kind == 1 and alpha.size:  # the colours are multiplied by it
        colour = (colour.astype(np.uint16) * 255 // np.maximum(alpha, 1)).clip(0, 255).astype(np.uint8)
    image = Image.fromarray(np.ascontiguousarray(colour if colours > 1 else colour[..., 0]), _MODES[colours])
    if tags.get(_PHOTOMETRIC) == 0:
        image = ImageChops.invert(image)
    exif = Image.Exif()
    exif[_ORIENTATION] = tags.get(_ORIENTATION, 1)
    image.info.update(icc_profile=tags.get(_PROFILE), exif=exif.tobytes())
    if kind in {1, 2} and alpha.size:
        image.info["alpha"] = Image.fromarray(np.ascontiguousarray(alpha[..., 0]))
    image.format = "TIFF"
    return image
