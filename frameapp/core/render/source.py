"""Strangers' bytes -> pixels in sRGB, upright.

The format is told by the bytes, from an explicit list; size caps are checked on the header, before any decoding.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFile, ImagePalette, PngImagePlugin, UnidentifiedImageError
from PIL.GifImagePlugin import GifImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile

from frameapp.core.design.recipe import Box
from frameapp.core.render import bmp, boxes, chunks, formats, jpeg, tiff
from frameapp.core.render.color import is_srgb, to_srgb
from frameapp.core.render.described import describe
from frameapp.core.render.facts import SourceFacts
from frameapp.core.render.pixels import MIRRORED_ACROSS, MIRRORED_DOWN, Pixels, as_image, from_image, is_opaque, turned
from frameapp.errors import PictureError

PngImagePlugin.MAX_TEXT_CHUNK = chunks.MOST_TEXT  # of an ICC profile as well, which may have more than a megabyte
MAX_SOURCE_BYTES = 25_000_000
MAX_SOURCE_PIXELS = 50_000_000

_ORIENTATION = 0x0112
_XMP = ("xmp", "XML:com.adobe.xmp")  # where Pillow keeps it
# The IPTC codes of https://cv.iptc.org/newscodes/digitalsourcetype/, as they stand in XMP.
_SOURCE_TYPE = re.compile(rb"cv\.iptc\.org/newscodes/digitalsourcetype/([A-Za-z]{3,60})", re.IGNORECASE)
# How a C2PA manifest store goes on, in a file of any format, behind its own length and type (C2PA 2.1, 11.1.4.2).
_C2PA = b"jumd" + bytes.fromhex("6332706100110010800000aa00389b71")
# What a PNG's memory is filled with before it is decoded: colours that no row consists of.
_UNREAD: dict[str, int | tuple[int, ...]] = {
    "1": 1,
    "L": 77,
    "P": 254,
    "I;16": 19_777,
    "LA": (77, 78),
    "RGB": (77, 178, 79),
    "RGBA": (77, 178, 79, 78),
}
_XMP_IN_GIF = b"\x21\xff\x0bXMP DataXMP"
_KEYED = {"L;2": 85, "L;4": 17}  # what a level of grey is multiplied by
_WHITE = 244  # a border pixel is white where no channel is darker; JPEG's noise stays above


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded picture, upright. ``factor`` source pixels lie behind each of its pixels (more than 1 after a scaled
    decode); ``alpha`` tells whether any of them is transparent. Where the last of the pixels across or down stand for
    fewer source pixels and a side is mirrored, they come first: ``lead`` is what they lack, in source pixels.
    """

    pixels: Pixels
    alpha: bool
    facts: SourceFacts
    factor: int = 1
    lead: tuple[int, int] = (0, 0)


class Source:
    """An opened, not yet decoded picture."""

    def __init__(self, data: bytes) -> None:
        """Raises PictureError where the bytes are no picture of a known format, or too large."""
        self._data = data
        self.image = open_picture(data, formats.sources(), MAX_SOURCE_BYTES, MAX_SOURCE_PIXELS)
        self.format = formats.opened_by(self.image.format).name
        self.header_mode = self.image.mode
        told = orientation_of(self.image)
        self.rotated = told != 1
        self.orientation = 1 if isinstance(self.image, TiffImageFile) else told  # Pillow turns it, size and pixels
        width, height = self.image.size
        self.width, self.height = (height, width) if self.orientation >= 5 else (width, height)

    @property
    def digital_source_type(self) -> str:
        """The IPTC digital source type, as ``trainedAlgorithmicMedia``; empty where there is none.

        As its XMP tells, or else its newest C2PA manifest, which is the last one in its store.
        """
        for raw in self._xmp():
            if found := _SOURCE_TYPE.search(raw):
                return found.group(1).decode()
        told = _SOURCE_TYPE.findall(self._c2pa())
        return told[-1].decode() if told else ""

    def _c2pa(self) -> bytes:
        """The picture's C2PA manifest store, with what a format puts between its parts (GIF most, a byte after 255)."""
        at = self._data.find(_C2PA)
        if at < 12 or self._data[at - 8 : at - 4] != b"jumb":
            return b""
        size = int.from_bytes(self._data[at - 12 : at - 8], "big")
        return self._data[at : at + size + size // 200 + 100]

    def _xmp(self) -> Iterator[bytes]:
        """The picture's XMP packets, as they are kept in each format."""
        info = self.image.info
        for key in _XMP:
            value = info.get(key, b"")  # a TIFF's may be of any type
            if isinstance(value, (bytes, str)):
                yield value.encode() if isinstance(value, str) else value
        yield _raw_profile(info.get("Raw profile type xmp", ""))
        if self.format == "gif":  # uncut in an extension, before any of the picture's blocks or after them
            yield self._data.partition(_XMP_IN_GIF)[2]

    def decode(self, smallest: Callable[[int, int], tuple[int, int]] | None = None) -> Picture:
        """The picture in sRGB, upright. Raises PictureError.

        ``smallest`` tells how small (upright width, height) a JPEG may be decoded; None decodes all pixels.
        """
        return self.decode_at(1 if smallest is None else self.factor(*smallest(self.width, self.height)))

    def decode_at(self, factor: int) -> Picture:
        """The picture, of which a JPEG is made smaller by this factor while it is decoded. Raises PictureError."""
        with decoding():
            pixels = self._plain_jpeg(factor)
            if pixels is None:
                pixels, factor = self._general(factor)
            alpha = self.format != "jpeg" and not is_opaque(pixels)
            traits = (*self._traits(), *(("transparent",) if alpha else ()))
            facts = SourceFacts(self.width, self.height, traits)
            return Picture(pixels, alpha, facts, factor, self._lead(pixels, factor))

    def _lead(self, pixels: Pixels, factor: int) -> tuple[int, int]:
        high, wide = pixels.shape[:2]
        across = wide * factor - self.width if self.orientation in MIRRORED_ACROSS else 0
        return across, high * factor - self.height if self.orientation in MIRRORED_DOWN else 0

    def factor(self, width: int, height: int) -> int:
        """How often a JPEG may be halved while libjpeg decodes it, so that it stays as large as asked."""
        if self.format != "jpeg":
            return 1
        return next(f for f in (8, 4, 2, 1) if f == 1 or (self.width // f >= width and self.height // f >= height))

    def _plain_jpeg(self, factor: int) -> Pixels | None:
        """An ordinary JPEG, the short way; None for all others."""
        profile = self.image.info.get("icc_profile")
        if self.format != "jpeg" or self.header_mode not in {"RGB", "L"} or (profile and not is_srgb(profile)):
            return None
        width, height = self.image.size
        pixels = jpeg.decode(self._data, width, height, factor)
        return None if pixels is None else turned(pixels, self.orientation)

    def _general(self, factor: int) -> tuple[Pixels, int]:
        """Any picture, by Pillow, and the factor it was decoded at."""
        if factor > 1:
            width, height = self.image.size
            self.image.draft(None, (width // factor, height // factor))
        return turned(from_image(to_srgb(load(self.image, self._data))), self.orientation), factor

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
        if self.rotated:
            yield "rotated"
        if self.image.info.get("icc_profile"):
            yield "icc"
        if getattr(self.image, "is_animated", False):
            yield "animated"


def _raw_profile(text: str) -> bytes:
    """What ImageMagick wrote as hexadecimal text, after a name and a length; empty where it is damaged."""
    try:
        return bytes.fromhex("".join(text.split()[2:]))
    except ValueError:
        return b""


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


def open_picture(
    data: bytes, allowed: tuple[formats.PictureFormat, ...], max_bytes: int, max_pixels: int
) -> Image.Image:
    """The picture, opened by its bytes and not yet decoded. Raises PictureError."""
    if not data:
        raise PictureError("The picture is empty: it has 0 bytes.")
    if len(data) > max_bytes:
        raise PictureError(f"The picture has {len(data) / 1e6:.1f} MB; at most {max_bytes / 1e6:.0f} MB are allowed.")
    if data.startswith(chunks.SIGNATURE):
        data = chunks.sound(data)
    avif = formats.AVIF.magic.match(data) is not None
    if avif:
        data = boxes.sound(data)
    found = formats.recognised(data)
    if found in allowed and found.rasterise is not None:
        return _rasterised(found.codecs[0], found.rasterise, data, max_pixels)
    if found is formats.BMP and found in allowed:
        return _open_bmp(data, max_pixels)
    too_many = f"The picture has too many pixels; at most {max_pixels / 1e6:.0f} megapixels are allowed."
    try:
        image: Image.Image = Image.open(
            io.BytesIO(boxes.decodable(data) if avif else data),
            formats=[known.codecs[0] for known in allowed if known.rasterise is None],
        )
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureError(too_many) from error
    except UnidentifiedImageError as error:
        if found is None or found not in allowed:
            raise PictureError(f"The file is not a picture that can be read ({formats.listed(allowed)}).") from error
        if found is not formats.TIFF:
            raise PictureError(f"The {found.label} file is damaged, or of a kind that cannot be read.") from error
        with decoding():
            image = tiff.unusual(data, max_pixels)
    except Exception as error:  # the same boundary as ``decoding``
        raise PictureError("The picture is damaged, or of a kind that cannot be read.") from error
    width, height = image.size
    if width < 1 or height < 1:
        raise PictureError("The picture is damaged: it has no pixels.")
    if width * height > max_pixels:
        raise PictureError(too_many)
    describe(image, data)
    if isinstance(image, PngImageFile):
        _match_key(image)
        _fill_palette(image)
        image.im = Image.new(image.mode, image.size, _UNREAD.get(image.mode)).im
    return image


def _rasterised(codec: str, rasterise: formats.Rasterise, data: bytes, max_pixels: int) -> Image.Image:
    """A drawing as a picture of that name, decoded already."""
    with decoding():
        image = as_image(rasterise(data, max_pixels))
    image.format = codec
    image.info["icc_profile"], image.info["colorimetry"] = None, None
    return image


def _open_bmp(data: bytes, max_pixels: int) -> Image.Image:
    with decoding():
        image = bmp.decoded(data, max_pixels)
    describe(image, data)
    return image


def load(image: Image.Image, data: bytes) -> Image.Image:
    """The opened picture of these bytes, decoded. Where only the end of the file is damaged, all pixels are there."""
    if image.format == "PNG":
        return _load_png(image, data)
    if isinstance(image, GifImageFile):
        return _load_gif(image)
    try:
        image.load()
    except OSError:
        ended = jpeg.ended(data) if image.format in {"JPEG", "MPO"} else None
        if ended is None:
            raise
        return _loaded(ended, image)
    return image


def _load_png(image: Image.Image, data: bytes) -> Image.Image:
    try:
        image.load()
    except OSError:
        return _loaded(chunks.with_all_rows(data), image)
    if getattr(image, "default_image", False):
        return _first_frame(image)
    # It says nothing of missing rows: the last ones, also of the last passes of an interlaced one, are looked at.
    unread = Image.new(image.mode, (image.width, 1), _UNREAD.get(image.mode)).tobytes()
    last = [image.crop((0, y, image.width, y + 1)).tobytes() for y in range(max(0, image.height - 2), image.height)]
    return _loaded(chunks.with_all_rows(data), image) if unread in last else image


def _load_gif(image: GifImageFile) -> Image.Image:
    """The first frame on its canvas, which is transparent where that frame is smaller."""
    box = image.dispose_extent
    image.load()
    if box == (0, 0, *image.size):
        return image
    canvas = Image.new("RGBA", image.size)
    canvas.paste(image.convert("RGBA").crop(box), box)
    return canvas


def _first_frame(image: Image.Image) -> Image.Image:
    """An animated PNG's first frame, where the picture before it is for viewers without animations."""
    info = image.info
    image.seek(1)
    image.load()
    image.info = info
    return image


def _loaded(data: bytes, like: Image.Image) -> Image.Image:
    """The repaired picture, decoded at the size and with the facts of the one before the repair."""
    image = Image.open(io.BytesIO(data), formats=(str(like.format),))
    image.draft(None, like.size)
    image.load()
    image.info = like.info
    return image


def _match_key(image: ImageFile.ImageFile) -> None:
    """Brings a PNG's transparent colour to the 8 bits that Pillow makes of 2 and 4 bit grey and of 16 bit RGB.

    Of the latter all colours with the same high bytes count as transparent: Pillow keeps no more of them.
    """
    key, layout = image.info.get("transparency"), image.tile[0].args if image.tile else None
    if layout in _KEYED and isinstance(key, int):
        image.info["transparency"] = key * _KEYED[layout] % 256
    elif layout == "RGB;16B" and isinstance(key, tuple):
        image.info["transparency"] = tuple(level >> 8 for level in key)


def _fill_palette(image: ImageFile.ImageFile) -> None:
    """Lets the last colour of a PNG's palette stand for those that are missing behind it, as browsers do."""
    if image.mode != "P" or image.palette is None:
        return
    colours, key = bytes(image.palette.palette), image.info.get("transparency")
    missing = 256 - len(colours) // 3
    image.palette = ImagePalette.raw("RGB", colours + colours[-3:] * missing)
    if isinstance(key, bytes) and len(key) == 256 - missing:
        image.info["transparency"] = key + key[-1:] * missing


def orientation_of(image: Image.Image) -> int:
    """The EXIF orientation (AVIF's own as well), 1 to 8; 1 where there is none or it is nonsense.

    An orientation that stands only in XMP does not count, as in browsers.
    """
    try:
        value = _exif(image).get(_ORIENTATION, 1)
    except Exception:  # damaged metadata does not spoil a picture
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _exif(image: Image.Image) -> Image.Exif:
    """The picture's EXIF alone; Pillow's own reading fills it up from XMP."""
    if image.format == "PNG" or "exif" in image.info:  # of a PNG only what stands in eXIf before its pixels
        exif = Image.Exif()
        exif.load(image.info.get("exif", b""))
        return exif
    xmp = {key: image.info.pop(key) for key in _XMP if key in image.info}
    try:
        return image.getexif()  # kept by Pillow, which turns a TIFF by it later
    finally:
        image.info.update(xmp)


def content_box(picture: Picture) -> Box:
    """The part of a picture inside its white or transparent borders; all of it where nothing else is there."""
    pixels = picture.pixels
    darkest = np.minimum(np.minimum(pixels[..., 0], pixels[..., 1]), pixels[..., 2])
    if picture.alpha:
        light = 255 - darkest.astype(np.uint16)
        darkest = (255 - light * pixels[..., 3] // 255).astype(np.uint8)
    inside = darkest < _WHITE
    columns, rows = np.flatnonzero(inside.any(axis=0)), np.flatnonzero(inside.any(axis=1))
    if not len(columns):
        return Box(0, 0, pixels.shape[1], pixels.shape[0])
    return Box(int(columns[0]), int(rows[0]), int(columns[-1] - columns[0] + 1), int(rows[-1] - rows[0] + 1))
