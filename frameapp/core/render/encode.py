"""A canvas -> bytes: deterministic, sRGB, no EXIF; of metadata only the IPTC digital source type is kept."""

from __future__ import annotations

import io

from PIL import Image, PngImagePlugin

from frameapp.core.render.recipe import Encoder, Format


def encode(canvas: Image.Image, encoder: Encoder, digital_source_type: str = "") -> bytes:
    """The canvas (RGB or RGBA; RGB for JPEG) as a file. ``digital_source_type`` is an IPTC code or empty."""
    out = io.BytesIO()
    xmp = source_type_xmp(digital_source_type) if digital_source_type else b""
    if encoder.format is Format.JPEG:
        canvas.save(out, "JPEG", quality=encoder.quality, subsampling="4:2:0", xmp=xmp)
    elif encoder.format is Format.WEBP:
        canvas.save(out, "WEBP", quality=encoder.quality, method=4, xmp=xmp, exif=b"", icc_profile=b"")
    else:
        notes = PngImagePlugin.PngInfo()
        if xmp:
            notes.add_itxt("XML:com.adobe.xmp", xmp.decode())
        canvas.save(out, "PNG", compress_level=4, pnginfo=notes)
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
