"""Small pictures for lists, and the trimmed one that a placement is drawn with."""

from frameapp.core.render import webp
from frameapp.core.render.crop import Crop
from frameapp.core.render.geometry import contained
from frameapp.core.render.pixels import scaled
from frameapp.core.render.source import Source, content_box

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
            encoded = webp.encode(small, quality, transparent=picture.alpha)
            if len(encoded) <= MAX_THUMBNAIL_BYTES:
                return encoded
        size = (max(1, size[0] * 3 // 4), max(1, size[1] * 3 // 4))


def trimmed(data: bytes, longest: int) -> bytes:
    """The picture inside its white or transparent borders, as a render trims it, as WebP for the screen.

    Its longest side has at most ``longest`` pixels; it is never enlarged. Raises PictureError.
    """
    picture = Source(data).decode()
    part = content_box(picture)
    side = min(longest, max(part.width, part.height))
    width, height = contained(part.width, part.height, side, side)
    crop = Crop(part.x, part.y, part.x + part.width, part.y + part.height)
    return webp.encode(scaled(picture.pixels, crop, width, height, alpha=picture.alpha), 88, transparent=picture.alpha)
