"""Small pictures for lists."""

from __future__ import annotations

import io

from frameapp.core.render.geometry import Crop, contained
from frameapp.core.render.pixels import as_image, scaled
from frameapp.core.render.source import Source

THUMBNAIL_MEDIA_TYPE = "image/webp"
MAX_THUMBNAIL_BYTES = 20_000


def thumbnail(data: bytes, longest: int) -> bytes:
    """The picture as WebP, its longest side at most ``longest`` pixels, at most 20 kB; it is never enlarged.

    Raises PictureError.
    """
    picture = Source(data).decode(lambda width, height: contained(width, height, longest, longest))
    height, width = picture.pixels.shape[:2]
    side = min(longest, max(picture.facts.width, picture.facts.height))
    size = contained(picture.facts.width, picture.facts.height, side, side)
    while True:
        small = scaled(picture.pixels, Crop(0, 0, width, height), *size, alpha=picture.alpha)
        for quality in (80, 65, 50, 30, 10):
            out = io.BytesIO()
            image = as_image(small, mode="RGBA" if picture.alpha else "RGBX")
            image.save(out, "WEBP", quality=quality, method=2, exif=b"", xmp=b"", icc_profile=b"")
            if out.tell() <= MAX_THUMBNAIL_BYTES:
                return out.getvalue()
        size = (max(1, size[0] * 3 // 4), max(1, size[1] * 3 // 4))
