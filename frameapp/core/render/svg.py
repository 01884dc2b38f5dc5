"""SVG -> pixels, by resvg: without scripts, network or files, and with the fonts of ``core.fonts`` only.

resvg opens files that an SVG names, and deep nesting exhausts its stack; so a document is read here first, by libxml2
with its own limits (entities do not multiply), and one that refers to other files is refused.
What is still too dear, such as filters over filters, costs the process that renders it (``adapters/render_child.py``).
"""

from __future__ import annotations

import io
import math
import re

import numpy as np
import resvg_py
from lxml import etree
from PIL import Image

from frameapp.core import fonts
from frameapp.core.render.pixels import Pixels
from frameapp.errors import PictureError

MAX_BYTES = 5_000_000
MAX_PIXELS = 50_000_000
SHORTEST = 1080  # pixels: the longest side, at least, of a drawing that names no size of its own

# The root element, behind what may stand before it; an HTML page with a drawing in it is none.
MAGIC = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--(?:[^-]|-[^-]){0,4000}-->\s*|<\?[^>]{0,400}\?>\s*){0,9}"
    rb"(?:<!DOCTYPE\s+svg\b[^\[>]{0,400}(?:\[[^\]]{0,8000}\]\s*)?>\s*)?(?:<!--(?:[^-]|-[^-]){0,4000}-->\s*){0,9}<(?:svg:)?svg\b"
)
_NAMESPACE = "{http://www.w3.org/2000/svg}"
_LINKS = ("href", "{http://www.w3.org/1999/xlink}href")
_EMBEDDED = re.compile(r"data:image/(?:png|jpeg|jpg|gif|webp);base64,")
_LENGTH = re.compile(r"(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d{1,3}))?(px|pt|pc|mm|cm|in)?")
_UNITS = {None: 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
_DAMAGED = "The SVG is damaged, or nested too deeply. Export it again."
_DEEPEST = 100  # levels; resvg runs out of a stack of 8 MB behind 240


def svg_size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels: its own, or else its ``viewBox``, enlarged to 1080 on its longest side at least.

    Raises PictureError.
    """
    return _size(_read(data))


def rasterise(data: bytes, width: int, height: int) -> Pixels:
    """The drawing as height x width pixels (RGBA): all of it, in the middle, transparent around.

    Raises PictureError.
    """
    if width * height > MAX_PIXELS:
        raise PictureError(f"The SVG is too large: at most {MAX_PIXELS / 1e6:.0f} megapixels are allowed.")
    root = _read(data)
    if _box(root) is None:
        own = _size(root)
        root.set("viewBox", f"0 0 {own[0]} {own[1]}")
    root.set("width", str(width))
    root.set("height", str(height))
    root.set("preserveAspectRatio", "xMidYMid")
    written = any(True for _ in root.iter(f"{_NAMESPACE}text"))
    return _centred(_drawn(etree.tostring(root, encoding="unicode"), width, height, written=written), width, height)


def at_own_size(data: bytes, most: int) -> Pixels:
    """The drawing at ``svg_size``, of at most ``most`` pixels. Raises PictureError."""
    width, height = svg_size(data)
    if width * height > most:
        raise PictureError(f"The SVG is too large: at most {most / 1e6:.0f} megapixels are allowed.")
    return rasterise(data, width, height)


def _drawn(text: str, width: int, height: int, *, written: bool) -> Pixels:
    try:
        png = resvg_py.svg_to_bytes(
            svg_string=text,
            width=width,
            height=height,
            skip_system_fonts=True,
            font_files=_font_files() if written else None,
            font_family="Inter",
            sans_serif_family="Inter",
            serif_family="Source Serif 4",
        )
    except ValueError as error:
        raise PictureError("The SVG cannot be drawn: it is damaged, or has too many parts.") from error
    with Image.open(io.BytesIO(bytes(png)), formats=("PNG",)) as image:
        return np.array(image.convert("RGBA"))


def _centred(pixels: Pixels, width: int, height: int) -> Pixels:
    """Of exactly that size: a style in the drawing may have given it another shape."""
    high, wide = pixels.shape[:2]
    if (wide, high) == (width, height):
        return pixels
    canvas = np.zeros((height, width, 4), np.uint8)
    top, left = (height - high) // 2, (width - wide) // 2
    canvas[top : top + high, left : left + wide] = pixels
    return canvas


def _font_files() -> list[str]:
    families = (*fonts.FAMILIES, *fonts.FALLBACKS, fonts.EMOJI)
    return list(dict.fromkeys(str(path) for known in families for path in (known.upright, known.italic) if path))


def _read(data: bytes) -> etree._Element:
    """The root of a drawing without comments, scripts and references to other files."""
    if len(data) > MAX_BYTES:
        raise PictureError(f"The SVG has {len(data) / 1e6:.1f} MB; at most {MAX_BYTES / 1e6:.0f} MB are allowed.")
    parser = etree.XMLParser(
        resolve_entities="internal",  # type: ignore[arg-type]
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise PictureError(_DAMAGED) from error
    if root.xpath("/*" * (_DEEPEST + 1)):
        raise PictureError(_DAMAGED)
    if root.tag != f"{_NAMESPACE}svg":
        raise PictureError("The SVG is damaged: its first element is not an svg element of the SVG namespace.")
    etree.strip_elements(root, f"{_NAMESPACE}script", f"{_NAMESPACE}foreignObject", with_tail=False)
    for element in root.iter(f"{_NAMESPACE}*"):
        _check_links(element)
    return root


def _check_links(element: etree._Element) -> None:
    local = str(element.tag).removeprefix(_NAMESPACE)
    for name in _LINKS:
        link = (element.get(name) or "").strip()
        if not link or local == "a":
            element.attrib.pop(name, "")
        elif local in {"image", "feImage"} and link.startswith("data:"):
            if not _EMBEDDED.match(link):
                raise PictureError(
                    "The SVG has a picture in it that is not a PNG, JPEG, GIF or WebP. Embed it as a PNG."
                )
        elif not link.startswith("#"):
            raise PictureError(f"The SVG refers to another file ({link[:60]!r}). Embed it, and export the SVG again.")


def _size(root: etree._Element) -> tuple[int, int]:
    width, height, box = _length(root.get("width")), _length(root.get("height")), _box(root)
    if box is not None:
        ratio = box[0] / box[1]
        if width is None and height is None:
            factor = max(1.0, SHORTEST / max(box))
            width, height = box[0] * factor, box[1] * factor
        width = width if width is not None else (height or 0.0) * ratio
        height = height if height is not None else width / ratio
    if width is None or height is None:
        raise PictureError("The SVG has no size. Give it a width and a height, or a viewBox.")
    if not max(width, height) < 1e6:
        raise PictureError("The SVG is too large: at most 1,000,000 pixels a side can be read.")
    return max(1, round(width)), max(1, round(height))


def _length(text: str | None) -> float | None:
    """A length in pixels; None for none, for a percentage and for what is no length."""
    found = _LENGTH.fullmatch((text or "").strip())
    if found is None:
        return None
    value = float(f"{found[1]}e{found[2] or 0}") * _UNITS[found[3]]
    return value if value > 0 and math.isfinite(value) else None


def _box(root: etree._Element) -> tuple[float, float] | None:
    """Width and height of the ``viewBox``; None where there is none that can be drawn."""
    parts = re.split(r"[\s,]+", (root.get("viewBox") or "").strip())
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        return None
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)) or min(numbers[2:]) <= 0:
        return None
    return numbers[2], numbers[3]
