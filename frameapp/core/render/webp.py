"""WebP, by libwebp through Pillow."""

import io

from frameapp.core.render.pixels import Pixels, as_image

# libwebp's method 2 searches less than its default, 4; `make bench-core` shows what that costs in bytes.
_METHOD = 2


def encode(canvas: Pixels, quality: int, *, transparent: bool = False, xmp: bytes = b"") -> bytes:
    """A lossy WebP, whose chroma is always 4:2:0; ``xmp`` becomes its XMP packet."""
    out = io.BytesIO()
    image = as_image(canvas, mode="RGBA" if transparent else "RGBX")
    image.save(out, "WEBP", quality=quality, method=_METHOD, xmp=xmp, exif=b"", icc_profile=b"")
    return out.getvalue()
