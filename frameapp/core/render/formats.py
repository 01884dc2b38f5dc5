"""Picture formats, one descriptor each. Menus, patterns, media types and extensions are derived from ``FORMATS``.

A format to read is an entry here; one to write has an encoder beside. Nothing else lists formats.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from frameapp.core.render import avif, jpeg, png, svg, webp
from frameapp.core.render.pixels import Pixels


class Encode(Protocol):
    """A canvas -> a file, always the same one. ``quality`` is from 1 to 100, ``xmp`` a packet or empty."""

    def __call__(self, canvas: Pixels, quality: int, *, transparent: bool, xmp: bytes) -> bytes: ...


class Rasterise(Protocol):
    """A drawing -> its pixels at its own size, of at most ``most``. Raises PictureError."""

    def __call__(self, data: bytes, most: int) -> Pixels: ...


@dataclass(frozen=True, slots=True)
class PictureFormat:
    """What is known of a picture format.

    ``name`` stands in recipes, rows and addresses, ``label`` is for people. ``codecs`` are Pillow's names of it, the
    first of which opens it. The first of ``extensions`` (without a dot) is the one we give. ``magic`` matches the first
    bytes of its files. ``alpha`` and ``has_quality`` are what it can have. ``displayed``: every browser displays it.
    ``frame_image``: a frame image may be of this format. Pictures are written in it where it has ``encode``. Pillow
    reads it, unless it has ``rasterise``. ``subtype`` is its media type's, where that is not its name.
    """

    name: str
    label: str
    codecs: tuple[str, ...]
    extensions: tuple[str, ...]
    magic: re.Pattern[bytes]
    alpha: bool = True
    has_quality: bool = True
    displayed: bool = True
    frame_image: bool = False
    encode: Encode | None = None
    rasterise: Rasterise | None = None
    subtype: str = ""

    @property
    def extension(self) -> str:
        """The extension of the files that we write, without a dot."""
        return self.extensions[0]

    @property
    def media_type(self) -> str:
        """The media type, as ``image/jpeg``."""
        return f"image/{self.subtype or self.name}"


JPEG = PictureFormat(
    "jpeg",
    "JPEG",
    codecs=("JPEG", "MPO"),
    extensions=("jpg", "jpeg"),
    magic=re.compile(rb"\xff\xd8\xff"),
    alpha=False,
    frame_image=True,
    encode=jpeg.encode,
)
PNG = PictureFormat(
    "png",
    "PNG",
    codecs=("PNG",),
    extensions=("png",),
    magic=re.compile(rb"\x89PNG\r\n\x1a\n"),
    has_quality=False,
    frame_image=True,
    encode=png.encode,
)
WEBP = PictureFormat(
    "webp",
    "WebP",
    codecs=("WEBP",),
    extensions=("webp",),
    magic=re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
    frame_image=True,
    encode=webp.encode,
)
GIF = PictureFormat(
    "gif", "GIF", codecs=("GIF",), extensions=("gif",), magic=re.compile(rb"GIF8[79]a"), has_quality=False
)
BMP = PictureFormat(
    "bmp",
    "BMP",
    codecs=("BMP",),
    extensions=("bmp",),
    magic=re.compile(rb"BM"),
    has_quality=False,
    displayed=False,
)
TIFF = PictureFormat(
    "tiff",
    "TIFF",
    codecs=("TIFF",),
    extensions=("tiff", "tif"),
    magic=re.compile(rb"II[*+]\x00|MM\x00[*+]"),
    displayed=False,
)
AVIF = PictureFormat(
    "avif",
    "AVIF",
    codecs=("AVIF",),
    extensions=("avif",),
    magic=re.compile(rb".{4}ftypavi[fs]", re.DOTALL),
    encode=avif.encode,
)
SVG = PictureFormat(
    "svg",
    "SVG",
    codecs=("SVG",),
    extensions=("svg",),
    magic=svg.MAGIC,
    has_quality=False,
    displayed=False,  # not as we draw it: browsers use fonts of their own
    frame_image=True,
    rasterise=svg.at_own_size,
    subtype="svg+xml",
)

# By name, in the order of menus.
FORMATS = {known.name: known for known in (JPEG, PNG, WEBP, SVG, GIF, BMP, TIFF, AVIF)}


def sources() -> tuple[PictureFormat, ...]:
    """The formats that products' pictures may have."""
    return tuple(FORMATS.values())


def frame_images() -> tuple[PictureFormat, ...]:
    """The formats that frame images may have."""
    return tuple(known for known in FORMATS.values() if known.frame_image)


def outputs() -> tuple[PictureFormat, ...]:
    """The formats that pictures are written in."""
    return tuple(known for known in FORMATS.values() if known.encode is not None)


def output(name: str) -> PictureFormat:
    """The output format of this name. Raises ValueError for a name that none has."""
    found = next((known for known in outputs() if known.name == name), None)
    if found is None:
        raise ValueError(name)
    return found


def opened_by(codec: str | None) -> PictureFormat:
    """The format that Pillow calls this."""
    return next(known for known in FORMATS.values() if codec in known.codecs)


def recognised(data: bytes) -> PictureFormat | None:
    """The format of a file, by its first bytes."""
    return next((known for known in FORMATS.values() if known.magic.match(data)), None)


def media_type(data: bytes) -> str:
    """The media type of a picture, by its first bytes."""
    found = recognised(data)
    return found.media_type if found else "application/octet-stream"


def listed(formats: Iterable[PictureFormat]) -> str:
    """Labels in a sentence, as ``JPEG, PNG or WebP``."""
    *first, last = [known.label for known in formats]
    return f"{', '.join(first)} or {last}" if first else last
