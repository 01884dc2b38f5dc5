"""Pillow, written straight away: the peer, the reference that similarity is measured against, and a decode.

All of it shows a picture as a viewer does: upright by its EXIF orientation, in sRGB by its profile.
"""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image, ImageCms, ImageFile, ImageOps

from benchmarks.case import QUALITY, Case, target

_ORIENTATION = 0x0112
_SRGB = ImageCms.createProfile("sRGB")


def pillow(case: Case) -> Callable[[bytes], bytes]:
    """Draft, LANCZOS, paste, save."""
    frame = Image.open(io.BytesIO(case.frame))
    frame.load()
    save = {"quality": QUALITY} if case.format.has_quality else {}

    def run(data: bytes) -> bytes:
        image, (x, y, w, h) = _drafted(data)
        product = _viewed(image).resize((w, h), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        _canvas(product, (x, y), frame, case).save(out, case.format.codecs[0], **save)
        return out.getvalue()

    return run


def reference(case: Case, data: bytes) -> Image.Image:
    """What the case looks like with all pixels decoded, LANCZOS and no encoding."""
    image = _viewed(Image.open(io.BytesIO(data)))
    x, y, w, h = target(*image.size)
    frame = Image.open(io.BytesIO(case.frame))
    return _canvas(image.resize((w, h), Image.Resampling.LANCZOS), (x, y), frame, case)


def decode(data: bytes) -> Image.Image:
    """Scaled decoding alone."""
    image, _ = _drafted(data)
    image.load()
    return image


def _drafted(data: bytes) -> tuple[ImageFile.ImageFile, tuple[int, int, int, int]]:
    """The picture, told how small it may be decoded, and where it lands."""
    image = Image.open(io.BytesIO(data))
    width, height = image.size
    # Pillow turns a TIFF, its size too, by itself.
    lying = image.format != "TIFF" and image.getexif().get(_ORIENTATION, 1) >= 5
    place = target(height, width) if lying else target(width, height)
    _, _, w, h = place
    image.draft("RGB", (h, w) if lying else (w, h))
    return image, place


def _viewed(image: Image.Image) -> Image.Image:
    """The picture upright and in sRGB: RGBA where it may be transparent, else RGB."""
    ImageOps.exif_transpose(image, in_place=True)
    profile = image.info.get("icc_profile")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    if mode == "RGBA" or image.mode not in {"RGB", "L", "CMYK"}:
        image = image.convert(mode)
    converted = _converted(image, profile, mode) if profile else image
    return converted if converted.mode == mode else converted.convert(mode)


def _converted(image: Image.Image, profile: bytes, mode: str) -> Image.Image:
    """The picture by its profile; as it is where the profile is damaged or made for other colours."""
    intent, flags = ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Flags.BLACKPOINTCOMPENSATION
    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, opened, _SRGB, intent, mode, flags=flags) or image
    except (ImageCms.PyCMSError, OSError):
        return image


def _canvas(product: Image.Image, place: tuple[int, int], frame: Image.Image, case: Case) -> Image.Image:
    """The product and the frame on one canvas."""
    canvas = Image.new("RGB", frame.size, "white") if case.above else frame.copy()
    canvas.paste(product, place, product if product.mode == "RGBA" else None)
    if case.above:
        canvas.paste(frame, (0, 0), frame)
    return canvas
