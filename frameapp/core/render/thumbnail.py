"""Small pictures for lists."""

from __future__ import annotations

import io

from PIL import Image

from frameapp.core.render.source import Source

THUMBNAIL_MEDIA_TYPE = "image/webp"
MAX_THUMBNAIL_BYTES = 20_000


def thumbnail(data: bytes, longest: int) -> bytes:
    """The picture as WebP, its longest side at most ``longest`` pixels, at most 20 kB; it is never enlarged.

    Raises PictureError.
    """
    picture = Source(data).decode(lambda w, h: (min(w, 2 * longest), min(h, 2 * longest)))
    image = picture.image
    scale = min(1.0, longest / max(picture.facts.width, picture.facts.height))
    size = (max(1, round(picture.facts.width * scale)), max(1, round(picture.facts.height * scale)))
    while True:
        small = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
        for quality in (80, 65, 50, 30, 10):
            out = io.BytesIO()
            small.save(out, "WEBP", quality=quality, method=3, exif=b"", xmp=b"", icc_profile=b"")
            if out.tell() <= MAX_THUMBNAIL_BYTES:
                return out.getvalue()
        size = (max(1, size[0] * 3 // 4), max(1, size[1] * 3 // 4))
