"""AVIF, by libaom through Pillow."""

import io

from PIL import Image

from frameapp.core.render.pixels import Pixels, as_image, without_alpha

# Of libaom's speeds, 10 (fastest) to 0. Of a picture of 1080 x 1080 pixels, 9 makes a file half as large again, and 7
# takes three times as long to save a twentieth of the bytes.
_SPEED = 8
# Frames are full of flat, saturated colours and letters, whose edges 4:2:0 blurs. It would save a twentieth.
_CHROMA = "4:4:4"
# As in WebP: what is transparent stays so at any quality, and nothing else becomes so.
_ALPHA = {"alpha:lossless": "1"}


def encode(canvas: Pixels, quality: int, *, transparent: bool = False, xmp: bytes = b"") -> bytes:
    """An AVIF of 8 bits, lossless in its alpha only; ``xmp`` becomes its XMP packet.

    One thread and one tile: libavif's choice of either depends on the machine's cores, and tiles change the bytes.
    """
    image = as_image(canvas) if transparent else Image.fromarray(without_alpha(canvas))
    out = io.BytesIO()
    image.save(
        out,
        "AVIF",
        quality=quality,
        speed=_SPEED,
        subsampling=_CHROMA,
        codec="aom",
        max_threads=1,
        autotiling=False,
        advanced=_ALPHA if transparent else None,
        xmp=xmp,
        exif=b"",
        icc_profile=b"",
    )
    return out.getvalue()
