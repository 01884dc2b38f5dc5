"""The short way for ordinary JPEG pictures: libjpeg-turbo straight into our pixels and back (simplejpeg).

It gives the same geometry as the general way through Pillow, which takes everything that is refused here.
"""

import struct

import simplejpeg

from frameapp.core.render.pixels import Pixels

END = b"\xff\xd9"
_XMP = b"http://ns.adobe.com/xap/1.0/\0"


def decode(data: bytes, width: int, height: int, factor: int) -> Pixels | None:
    """The pixels at 1/``factor`` (1, 2, 4 or 8) of a JPEG of that size, sides rounded up; None where it is not sound.

    Libjpeg-turbo's other scales have no SIMD code.
    """
    wide, high = -(-width // factor), -(-height // factor)
    try:
        pixels: Pixels = simplejpeg.decode_jpeg(data, "RGBX", min_width=wide, min_height=high, min_factor=factor)
    except (ValueError, RuntimeError):
        return None
    return pixels if pixels.shape[:2] == (high, wide) else None


def ended(data: bytes) -> bytes | None:
    """The JPEG with its end marker; None where more than that is missing."""
    whole = data + END
    try:
        simplejpeg.decode_jpeg(
            whole, "CMYK" if simplejpeg.decode_jpeg_header(whole)[2] == "CMYK" else "GRAY", min_factor=8
        )
    except (ValueError, RuntimeError):
        return None
    return whole


def encode(canvas: Pixels, quality: int, *, transparent: bool = False, xmp: bytes = b"") -> bytes:
    """A baseline JPEG with 4:2:0 chroma of pixels that are taken as opaque; ``xmp`` becomes its XMP packet."""
    return _with_xmp(bytes(simplejpeg.encode_jpeg(canvas, quality, "RGBX", "420", fastdct=False)), xmp)


def _with_xmp(data: bytes, xmp: bytes) -> bytes:
    """The JPEG with an XMP packet in an APP1 segment after its JFIF header."""
    if not xmp:
        return data
    after_jfif = 4 + struct.unpack(">H", data[4:6])[0] if data[2:4] == b"\xff\xe0" else 2
    segment = _XMP + xmp
    return b"".join([data[:after_jfif], b"\xff\xe1", struct.pack(">H", len(segment) + 2), segment, data[after_jfif:]])
