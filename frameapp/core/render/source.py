"""Strangers' bytes -> an sRGB picture, upright, in mode RGB or RGBA.

The format is told by the bytes, from an explicit list; size caps are checked on the header, before any decoding.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageOps, UnidentifiedImageError

from frameapp.core.render.color import to_srgb
from frameapp.core.render.facts import SourceFacts
from frameapp.core.render.recipe import Box
from frameapp.errors import PictureError

MAX_SOURCE_BYTES = 25_000_000
MAX_SOURCE_PIXELS = 50_000_000
SOURCE_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")

_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# The IPTC codes of https://cv.iptc.org/newscodes/digitalsourcetype/, as they stand in XMP.
_SOURCE_TYPE = re.compile(rb"cv\.iptc\.org/newscodes/digitalsourcetype/([A-Za-z]{3,60})")
_WHITE = 244  # a border pixel is white where no channel is darker; JPEG's noise stays above


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded picture. ``factor`` source pixels lie behind each of its pixels (1, or more after a scaled decode)."""

    image: Image.Image
    facts: SourceFacts
    factor: int = 1


class Source:
    """An opened, not yet decoded picture."""

    def __init__(self, data: bytes) -> None:
        """Raises PictureError where the bytes are no picture of a known format, or too large."""
        self.image = open_picture(data, SOURCE_FORMATS, MAX_SOURCE_BYTES, MAX_SOURCE_PIXELS)
        self.format = "jpeg" if self.image.format == "MPO" else str(self.image.format).lower()
        self.header_mode = self.image.mode
        self.orientation = orientation_of(self.image)
        width, height = self.image.size
        self.width, self.height = (height, width) if self.orientation >= 5 else (width, height)

    @property
    def digital_source_type(self) -> str:
        """The IPTC digital source type in its XMP, as ``trainedAlgorithmicMedia``; empty where there is none."""
        info = self.image.info
        for key in ("xmp", "XML:com.adobe.xmp"):
            value = info.get(key, b"")
            raw = value.encode() if isinstance(value, str) else bytes(value)
            if found := _SOURCE_TYPE.search(raw):
                return found.group(1).decode()
        return ""

    def decode(self, smallest: Callable[[int, int], tuple[int, int]] | None = None) -> Picture:
        """The picture in sRGB, upright. Raises PictureError.

        ``smallest`` tells how small (upright width, height) a JPEG may be decoded; None decodes all pixels.
        """
        with decoding():
            factor = self._draft(smallest) if smallest is not None else 1
            self.image.load()
            image = self.image
            traits = list(self._traits())
            image = turned(to_srgb(image), self.orientation)
            if image.mode == "RGBA":
                if has_transparency(image):
                    traits.append("transparent")
                else:
                    image = image.convert("RGB")
            return Picture(image, SourceFacts(self.width, self.height, self.format, tuple(traits)), factor)

    def _draft(self, smallest: Callable[[int, int], tuple[int, int]]) -> int:
        """Lets libjpeg scale while it decodes, where the picture stays at least as large as asked."""
        if self.format != "jpeg":
            return 1
        width, height = smallest(self.width, self.height)
        if self.orientation >= 5:
            width, height = height, width
        before = self.image.size[0]
        drafted = self.image.draft(None, (max(1, width), max(1, height)))
        return 1 if drafted is None else round(before / drafted[1][2])

    def _traits(self) -> Iterator[str]:
        mode = self.header_mode
        if mode == "CMYK":
            yield "cmyk"
        if mode in {"1", "L", "LA"} or mode.startswith(("I", "F")):
            yield "grey"
        if mode in {"P", "PA"}:
            yield "palette"
        if mode.startswith("I"):
            yield "16-bit"
        if self.orientation != 1:
            yield "rotated"
        if self.image.info.get("icc_profile"):
            yield "icc"
        if getattr(self.image, "is_animated", False):
            yield "animated"


@contextmanager
def decoding() -> Iterator[None]:
    """The boundary to the decoders: whatever they raise on strangers' bytes becomes a PictureError."""
    try:
        yield
    except PictureError:
        raise
    except MemoryError as error:
        raise PictureError("The picture needs more memory than there is. Use a smaller one.") from error
    except Exception as error:
        raise PictureError("The picture is damaged: it cannot be decoded.") from error


def open_picture(data: bytes, formats: tuple[str, ...], max_bytes: int, max_pixels: int) -> Image.Image:
    """The picture, opened by its bytes and not yet decoded. Raises PictureError."""
    if not data:
        raise PictureError("The picture is empty: it has 0 bytes.")
    if len(data) > max_bytes:
        raise PictureError(f"The picture has {len(data) / 1e6:.1f} MB; at most {max_bytes / 1e6:.0f} MB are allowed.")
    too_many = f"The picture has too many pixels; at most {max_pixels / 1e6:.0f} megapixels are allowed."
    try:
        image = Image.open(io.BytesIO(data), formats=formats)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureError(too_many) from error
    except UnidentifiedImageError as error:
        raise PictureError(f"The file is not a picture that can be read ({', '.join(formats)}).") from error
    except Exception as error:  # the same boundary as ``decoding``
        raise PictureError("The picture is damaged: its header cannot be read.") from error
    width, height = image.size
    if width < 1 or height < 1:
        raise PictureError("The picture is damaged: it has no pixels.")
    if width * height > max_pixels:
        raise PictureError(too_many)
    return image


def orientation_of(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; 1 where there is none or it is nonsense.

    TIFF and AVIF are turned by Pillow itself while they load.
    """
    if image.format in {"TIFF", "AVIF"}:
        return 1
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # damaged metadata does not spoil a picture
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def has_transparency(image: Image.Image) -> bool:
    """Whether any pixel of an RGBA picture is not opaque."""
    return image.getchannel("A").histogram()[255] < image.width * image.height


def turned(image: Image.Image, orientation: int) -> Image.Image:
    """The picture upright, for an EXIF orientation of 1 to 8."""
    return image.transpose(_TURNS[orientation]) if orientation in _TURNS else image


def content_box(image: Image.Image) -> Box:
    """The part of the picture inside its white or transparent borders; all of it where nothing else is there."""
    width, height = image.size
    if image.mode == "RGBA":
        white = Image.new("RGBA", image.size, (255, 255, 255, 255))
        image = Image.alpha_composite(white, image).convert("RGB")
    red, green, blue = image.split()
    darkest = ImageChops.darker(ImageChops.darker(red, green), blue)
    found = ImageOps.invert(darkest).point([0] * (256 - _WHITE) + [255] * _WHITE).getbbox()
    if found is None:
        return Box(0, 0, width, height)
    left, top, right, bottom = found
    return Box(left, top, right - left, bottom - top)
