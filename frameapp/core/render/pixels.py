"""Pixels in memory: arrays of height x width x 4 bytes, red, green, blue and alpha (255 where there is none).

Four bytes a pixel are what Pillow keeps, and what the JPEG codec and the scaler read and write, so that no step copies
a picture only to change its shape.
"""

import threading

import numpy as np
import numpy.typing as npt
from cykooz_resizer import CropBox, FilterType, ResizeAlg, ResizeOptions, Resizer
from PIL import Image

from frameapp.core.render.crop import Crop

Pixels = npt.NDArray[np.uint8]

# Which upright sides an EXIF orientation mirrors: https://www.cipa.jp/std/documents/e/DC-X008-2016-E.pdf, 4.6.4.
MIRRORED_ACROSS = frozenset({2, 3, 6, 7})
MIRRORED_DOWN = frozenset({3, 4, 7, 8})
_LANCZOS = ResizeAlg.convolution(FilterType.lanczos3)
_local = threading.local()


def from_image(image: Image.Image) -> Pixels:
    """The pixels of an RGB or RGBA picture."""
    raw = image.tobytes("raw", "RGBX" if image.mode == "RGB" else "RGBA")
    words = np.frombuffer(raw, np.uint32)
    if image.mode == "RGB":  # its fourth byte may be anything: colour management leaves 0 there
        words = words | np.array([0, 0, 0, 255], np.uint8).view(np.uint32)
    return words.view(np.uint8).reshape(image.height, image.width, 4)


def as_image(pixels: Pixels, *, mode: str = "RGBA") -> Image.Image:
    """A picture that shares the memory of contiguous pixels; ``mode`` is one of Pillow's with four bytes."""
    height, width = pixels.shape[:2]
    return Image.frombuffer(mode, (width, height), pixels, "raw", mode, 0, 1)


def filled(width: int, height: int, colour: tuple[int, int, int]) -> Pixels:
    """Opaque pixels of one colour."""
    pixels = np.empty((height, width, 4), np.uint8)
    fill(pixels, colour)
    return pixels


def fill(pixels: Pixels, colour: tuple[int, int, int]) -> None:
    """Makes all of the pixels (of an array or a part of one) that colour, opaque."""
    # As whole words: one store a pixel instead of four.
    pixels.view(np.uint32)[...] = np.array([*colour, 255], np.uint8).view(np.uint32)


def without_alpha(pixels: Pixels) -> Pixels:
    """Height x width x 3 bytes."""
    out = np.empty((*pixels.shape[:2], 3), np.uint8)
    for channel in range(3):  # long loops; a copy of all three at once would be a loop of three bytes a pixel
        out[..., channel] = pixels[..., channel]
    return out


def is_opaque(pixels: Pixels) -> bool:
    """Whether no pixel is transparent."""
    return bool(pixels[..., 3].min() == 255)


def turned(pixels: Pixels, orientation: int) -> Pixels:
    """The pixels upright, for an EXIF orientation of 1 to 8."""
    if orientation == 1:
        return pixels
    words = pixels.view(np.uint32)[..., 0]
    if orientation >= 5:
        words = words.T
    down = -1 if orientation in MIRRORED_DOWN else 1
    across = -1 if orientation in MIRRORED_ACROSS else 1
    return np.ascontiguousarray(words[::down, ::across]).view(np.uint8).reshape(*words.shape, 4)


def scaled(pixels: Pixels, crop: Crop, width: int, height: int, *, alpha: bool) -> Pixels:
    """The ``crop`` of the pixels at that size, by a Lanczos filter of radius 3 as wide as the scale needs.

    With ``alpha`` the colours are premultiplied while they are filtered.
    """
    # CMYK is the name of Pillow's for four bytes without alpha; the scaler writes straight into ``out``.
    mode = "RGBA" if alpha else "CMYK"
    out = np.empty((height, width, 4), np.uint8)
    if not hasattr(_local, "resizer"):
        _local.resizer = Resizer()
    options = ResizeOptions(
        resize_alg=_LANCZOS, crop_box=CropBox(crop.left, crop.top, crop.width, crop.height), use_alpha=alpha
    )
    source = np.ascontiguousarray(pixels)
    _local.resizer.resize_pil(as_image(source, mode=mode), as_image(out, mode=mode), options)
    return out


def over(top: Pixels, under: Pixels) -> Pixels:
    """``top`` with its alpha over opaque pixels of the same size; opaque."""
    mask = Image.fromarray(np.ascontiguousarray(top[..., 3]))
    blended = as_image(np.ascontiguousarray(under), mode="RGBX").copy()
    blended.paste(as_image(np.ascontiguousarray(top), mode="RGBX"), (0, 0), mask)
    result = np.frombuffer(bytearray(blended.tobytes()), np.uint8).reshape(top.shape)
    result[..., 3] = 255
    return result


def composited(top: Pixels, under: Pixels) -> Pixels:
    """``top`` over ``under``, both with alpha, of the same size."""
    below, above = as_image(np.ascontiguousarray(under)), as_image(np.ascontiguousarray(top))
    return from_image(Image.alpha_composite(below, above))
