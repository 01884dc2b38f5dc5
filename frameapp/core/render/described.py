"""What Pillow does not read of a file: a description of its colours, for ``color.to_srgb``."""

import struct

from PIL import Image

from frameapp.core.render import boxes, chunks
from frameapp.core.render.color import is_readable
from frameapp.core.render.colorimetry import Colorimetry

_EXIF = b"Exif\0\0"
_EMBEDDED = 0x4D424544  # in a BMP's header: an ICC profile stands behind the pixels


def describe(image: Image.Image, data: bytes) -> None:
    """Keeps the picture's colours where it does not keep them itself: ``colorimetry`` or ``icc_profile`` in its info.

    At most one of them is in force. An ICC profile that cannot be read says nothing.
    """
    profile = image.info.get("icc_profile") or (_bmp_profile(data) if image.format == "BMP" else None)
    if profile and not is_readable(profile):
        profile = None
    told: Colorimetry | None = None
    if image.format == "PNG":
        found = chunks.before_pixels(data)
        told = chunks.coded(found) or (None if profile else chunks.measured(found))
    elif image.format == "AVIF" and not profile:
        told = boxes.coded(data)
    _drop_foreign_exif(image)
    image.info["icc_profile"], image.info["colorimetry"] = None if told else profile, told


def _drop_foreign_exif(image: Image.Image) -> None:
    """Forgets Exif of a PNG or WebP that has a JPEG's header before it, which Chromium does not follow."""
    exif = image.info.get("exif", b"")
    if image.format == "PNG":
        exif = exif.removeprefix(_EXIF)  # Pillow's own
    if image.format in {"PNG", "WEBP"} and exif.startswith(_EXIF):
        image.info["exif"] = b""


def _bmp_profile(data: bytes) -> bytes | None:
    """The profile that a BMP with a header of version 5 has in it."""
    if len(data) < 138 or struct.unpack_from("<I", data, 14)[0] < 124:
        return None
    (space,), (start, size) = struct.unpack_from("<I", data, 70), struct.unpack_from("<II", data, 126)
    return data[14 + start : 14 + start + size] if space == _EMBEDDED and size else None
