"""Pillow, written straight away: the peer, the reference that similarity is measured against, and a decode.

All of it shows a picture as a viewer does: upright by its EXIF orientation, in sRGB by its profile.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np
from PIL import Image, ImageCms, ImageColor, ImageDraw, ImageFile, ImageOps

from benchmarks import typeset
from benchmarks.case import MAIN, QUALITY, Case, target
from benchmarks.offer import BAR, GRADIENT, LINE_HEIGHT, LOGO, PILL, logo

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


def offer() -> Callable[[bytes, Mapping[str, str]], bytes]:
    """The peer for the design: what is the same in all pictures is kept, and texts are drawn on the canvas."""
    frame, bar = branded(), _bar()

    def run(data: bytes, texts: Mapping[str, str]) -> bytes:
        image, (x, y, w, h) = _drafted(data)
        product = _viewed(image).resize((w, h), Image.Resampling.LANCZOS)
        canvas = _canvas(product, (x, y), frame, MAIN)
        _write(canvas, bar, texts)
        out = io.BytesIO()
        canvas.save(out, "JPEG", quality=QUALITY)
        return out.getvalue()

    return run


def offer_reference(data: bytes, texts: Mapping[str, str]) -> Image.Image:
    """What the design looks like with all pixels decoded, LANCZOS and no encoding."""
    image = _viewed(Image.open(io.BytesIO(data)))
    x, y, w, h = target(*image.size)
    canvas = _canvas(image.resize((w, h), Image.Resampling.LANCZOS), (x, y), branded(), MAIN)
    _write(canvas, _bar(), texts)
    return canvas


def branded() -> Image.Image:
    """The frame image with the logo, which are the same in every picture."""
    frame = Image.open(io.BytesIO(MAIN.frame))
    brand = Image.open(io.BytesIO(logo()))
    frame.paste(brand, LOGO[:2], brand)
    return frame


def _bar() -> Image.Image:
    _, _, width, height = BAR
    first, last = (np.array(ImageColor.getrgb(colour), float) for colour in GRADIENT)
    way = (np.arange(width) + 0.5)[:, None] / width
    row = np.round(first + (last - first) * way).astype(np.uint8)
    return Image.fromarray(np.ascontiguousarray(np.broadcast_to(row, (height, width, 3))))


@lru_cache(maxsize=64)
def _pill(width: int, height: int) -> Image.Image:
    mask = Image.new("L", (4 * width, 4 * height), 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, 4 * width - 1, 4 * height - 1), 2 * height, fill=255)
    return mask.reduce(4)


def _write(canvas: Image.Image, bar: Image.Image, texts: Mapping[str, str]) -> None:
    canvas.paste(bar, BAR[:2])
    draw = ImageDraw.Draw(canvas)
    for one in typeset.fitted(texts):
        font = typeset.font(one.text.weight, one.size)
        if one.pill:
            x, y, width, height = one.pill
            canvas.paste(PILL, (x, y, x + width, y + height), _pill(width, height))
        for number, (line, left) in enumerate(one.lines):
            baseline = one.baseline + number * LINE_HEIGHT * one.size
            draw.text((left, baseline), line, fill="white", font=font, anchor="ls")
            if one.text.strike:
                top = round(baseline - typeset.STRIKE * one.size)
                draw.rectangle((round(left), top, round(one.right) - 1, top + round(one.size / 14) - 1), fill="white")


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
