"""A canvas -> bytes: deterministic, sRGB, no EXIF; of metadata only the IPTC digital source type is kept."""

from __future__ import annotations

import io
import struct

from frameapp.core.render import jpeg, png
from frameapp.core.render.pixels import Pixels, as_image, without_alpha
from frameapp.core.render.recipe import Encoder, Format

# libwebp's method 2 searches less than its default, 4; `make bench-core` shows what that costs in bytes.
_WEBP_METHOD = 2
_XMP_IN_JPEG = b"http://ns.adobe.com/xap/1.0/\0"


def encode(canvas: Pixels, encoder: Encoder, *, transparent: bool = False, digital_source_type: str = "") -> bytes:
    """The canvas as a file; opaque for JPEG. ``digital_source_type`` is an IPTC code or empty."""
    xmp = source_type_xmp(digital_source_type) if digital_source_type else b""
    if encoder.format is Format.JPEG:
        return _with_xmp(jpeg.encode(canvas, encoder.quality), xmp)
    if encoder.format is Format.PNG:
        return png.encode(canvas if transparent else without_alpha(canvas), xmp)
    out = io.BytesIO()
    image = as_image(canvas, mode="RGBA" if transparent else "RGBX")
    image.save(out, "WEBP", quality=encoder.quality, method=_WEBP_METHOD, xmp=xmp, exif=b"", icc_profile=b"")
    return out.getvalue()


def source_type_xmp(code: str) -> bytes:
    """An XMP packet that says nothing but the IPTC digital source type."""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
        f'Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/{code}"/>'
        '</rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    ).encode()


def _with_xmp(data: bytes, xmp: bytes) -> bytes:
    """The JPEG with an XMP packet in an APP1 segment after its JFIF header."""
    if not xmp:
        return data
    after_jfif = 4 + struct.unpack(">H", data[4:6])[0] if data[2:4] == b"\xff\xe0" else 2
    segment = _XMP_IN_JPEG + xmp
    return b"".join([data[:after_jfif], b"\xff\xe1", struct.pack(">H", len(segment) + 2), segment, data[after_jfif:]])
