"""A canvas -> bytes: deterministic, sRGB, no EXIF; of metadata only the IPTC digital source type is kept."""

from frameapp.core.design.recipe import Encoder
from frameapp.core.render.pixels import Pixels


def encode(canvas: Pixels, encoder: Encoder, *, transparent: bool = False, digital_source_type: str = "") -> bytes:
    """The canvas as a file; opaque where its format has no alpha. ``digital_source_type`` is an IPTC code or empty."""
    xmp = source_type_xmp(digital_source_type) if digital_source_type else b""
    if encoder.format.encode is None:
        raise ValueError(encoder.format.name)
    return encoder.format.encode(canvas, encoder.quality, transparent=transparent, xmp=xmp)


def source_type_xmp(code: str) -> bytes:
    """An XMP packet that says nothing but the IPTC digital source type."""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
        f'Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/{code}"/>'
        '</rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    ).encode()
