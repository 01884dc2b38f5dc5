"""Fonts that are damaged or meant to break what reads them, made from one that ships."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache, partial
from itertools import pairwise
from typing import Any

import numpy as np
from fontTools.colorLib.builder import buildCOLR, buildCPAL
from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.woff2 import WOFF2DirectoryEntry, woff2DirectorySize

from frameapp.core.fonts import family


@cache
def shipped(key: str = "noto-sans-thai") -> bytes:
    """A small font that ships."""
    known = family(key)
    assert known is not None
    return known.upright.read_bytes()


def packed(flavour: str, data: bytes | None = None) -> bytes:
    """A font as WOFF (``woff``) or WOFF2 (``woff2``)."""
    font, out = TTFont(io.BytesIO(data or shipped()), recalcTimestamp=False), io.BytesIO()
    font.flavor = flavour
    font.save(out)
    return out.getvalue()


Draw = Callable[[TTGlyphPen], None]


def _square(pen: TTGlyphPen, reach: int = 500) -> None:
    pen.moveTo((0, 0))
    for point in ((0, reach), (reach, reach), (reach, 0)):
        pen.lineTo(point)
    pen.closePath()


def built(glyphs: dict[str, Draw], *, upem: int = 1000, more: Callable[[FontBuilder], Any] | None = None) -> bytes:
    """A font with these glyphs for ``a``, ``b``, ``c`` and so on."""
    names = [".notdef", *glyphs]
    builder = FontBuilder(upem, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord("a") + at: name for at, name in enumerate(glyphs)})
    outlines = {}
    for name, draw in {".notdef": _square, **glyphs}.items():
        pen = TTGlyphPen(dict.fromkeys(names))
        draw(pen)
        outlines[name] = pen.glyph()
    builder.setupGlyf(outlines, calcGlyphBounds=False)
    for glyph in outlines.values():
        glyph.xMin, glyph.yMin, glyph.xMax, glyph.yMax = 0, 0, 500, 500
    builder.setupHorizontalMetrics(dict.fromkeys(names, (600, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Hostile", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.font["maxp"].recalc = lambda *_: None
    builder.font["head"].xMin = builder.font["head"].yMin = 0
    builder.font.recalcBBoxes = False
    if more is not None:
        more(builder)
    out = io.BytesIO()
    builder.font.save(out)
    return out.getvalue()


def _of(*parts: str, scale: float = 1.0) -> Draw:
    def draw(pen: TTGlyphPen) -> None:
        for part in parts:
            pen.addComponent(part, (scale, 0, 0, scale, 0, 0))

    return draw


def _giant(pen: TTGlyphPen) -> None:
    pen.moveTo((-16_000, -16_000))
    for point in ((-16_000, 16_000), (16_000, 16_000), (16_000, -16_000)):
        pen.lineTo(point)
    pen.closePath()


def _many_points(pen: TTGlyphPen) -> None:
    for at in range(3_000):
        pen.moveTo((at % 1000, 0))
        for step in range(9):
            pen.qCurveTo((step * 991 % 30_000, at), (at, step * 887 % 30_000))
        pen.closePath()


def _wide_metrics(builder: FontBuilder) -> None:
    builder.setupHorizontalHeader(ascent=32_767, descent=-32_768, lineGap=32_767)
    builder.font["hmtx"].metrics = dict.fromkeys(builder.font["hmtx"].metrics, (65_535, -32_768))
    builder.font["post"].underlineThickness = 32_767
    builder.font["OS/2"].yStrikeoutPosition = -32_768


def _inverted_metrics(builder: FontBuilder) -> None:
    builder.setupHorizontalHeader(ascent=-32_768, descent=32_767)
    builder.font["hmtx"].metrics = dict.fromkeys(builder.font["hmtx"].metrics, (0, 0))
    builder.font["post"].underlineThickness = -32_768


def _growing(builder: FontBuilder) -> None:
    """Each letter becomes many, again and again."""
    rules = "".join(f"lookup L{n} {{ sub a by {'a ' * 60}; }} L{n};" for n in range(8))
    calls = "".join(f"lookup L{n};" for n in range(8))
    addOpenTypeFeaturesFromString(builder.font, f"{rules} feature ccmp {{ {calls} }} ccmp;")


def _paint_cycle(builder: FontBuilder) -> None:
    layers = {"a": {"Format": 11, "Glyph": "b"}, "b": {"Format": 11, "Glyph": "a"}}
    builder.font["COLR"] = buildCOLR(layers, version=1)
    builder.font["CPAL"] = buildCPAL([[(1, 0, 0, 1)]])


def _paint_bomb(builder: FontBuilder) -> None:
    names = [name for name in builder.font.getGlyphOrder() if name != ".notdef"]
    fill = {"Format": 10, "Glyph": names[-1], "Paint": {"Format": 2, "PaletteIndex": 0, "Alpha": 1.0}}
    layers: dict[str, Any] = {}
    for one, behind in pairwise(names):
        layers[one] = {"Format": 1, "Layers": [{"Format": 11, "Glyph": behind}] * 20}
    layers[names[-1]] = fill
    builder.font["COLR"] = buildCOLR(layers, version=1)
    builder.font["CPAL"] = buildCPAL([[(1, 0, 0, 1)]])


def damaged(data: bytes, seed: int) -> bytes:
    """A font with a few bytes changed, mostly in its tables' heads."""
    random = np.random.default_rng(seed)
    out = bytearray(data)
    for at in random.integers(0, len(out), 40).tolist() + random.integers(12, 400, 4).tolist():
        out[at] = int(random.integers(0, 256))
    return bytes(out)


def _woff2_of_zeros() -> bytes:
    """A WOFF2 whose tables would be 1.2 GB of zeros."""
    import brotli

    packer = brotli.Compressor(quality=3)
    stream = b"".join(packer.process(bytes(10_000_000)) for _ in range(120)) + packer.finish()
    whole = io.BytesIO(packed("woff2"))
    whole.seek(woff2DirectorySize)
    for _ in range(int.from_bytes(whole.getvalue()[12:14])):
        WOFF2DirectoryEntry().fromFile(whole)
    data = bytearray(whole.getvalue()[: whole.tell()])  # all before the tables
    data[8:12] = (len(data) + len(stream)).to_bytes(4)
    data[20:24] = len(stream).to_bytes(4)
    return bytes(data) + stream


LETTERS = [chr(ord("a") + n) for n in range(20)]


@cache
def cut_off(share: int) -> bytes:
    """The beginning of a font, so many per cent of it."""
    return shipped()[: len(shipped()) * share // 100]


CHAIN = {one: _of(behind, behind) for one, behind in pairwise(LETTERS)}
PLAIN = dict.fromkeys(LETTERS, _square)
#: Fonts by what is wrong with them.
HOSTILE: dict[str, Callable[[], bytes]] = {
    "no bytes": lambda: b"",
    "random bytes": lambda: np.random.default_rng(1).bytes(50_000),
    "random bytes behind a font's head": lambda: shipped()[:300] + np.random.default_rng(2).bytes(50_000),
    "a picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(1000),
    **{f"cut off at {share} %": partial(cut_off, share) for share in (1, 10, 50, 90, 99)},
    "giant coordinates": lambda: built({"a": _giant, "b": _of("a", scale=1.9)}),
    "giant coordinates, 16 units": lambda: built({"a": _giant, "b": _of("a", scale=1.9)}, upem=16),
    "16,384 units": lambda: built({"a": _square}, upem=16_384),
    "a glyph of itself": lambda: built({"a": _of("a")}),
    "glyphs of each other": lambda: built({"a": _of("b"), "b": _of("a")}),
    "glyphs of two glyphs, 20 deep": lambda: built({**CHAIN, LETTERS[-1]: _square}),
    "a glyph of 3,000 knots": lambda: built({"a": _many_points}),
    "giant metrics": lambda: built({"a": _square}, more=_wide_metrics),
    "giant metrics, 16 units": lambda: built({"a": _square}, upem=16, more=_wide_metrics),
    "inverted metrics": lambda: built({"a": _square}, more=_inverted_metrics),
    "letters that multiply": lambda: built(PLAIN, more=_growing),
    "colour glyphs of each other": lambda: built(PLAIN, more=_paint_cycle),
    "colour glyphs of 20 glyphs, 20 deep": lambda: built(PLAIN, more=_paint_bomb),
    "WOFF2, cut off": lambda: packed("woff2")[:5_000],
    "WOFF2, damaged": lambda: damaged(packed("woff2"), 3),
    "WOFF, damaged": lambda: damaged(packed("woff"), 4),
    "WOFF2 of 1.2 GB": _woff2_of_zeros,
    **{f"bytes changed, {seed}": partial(damaged, shipped(), seed) for seed in range(10)},
    **{f"bytes changed in colours, {seed}": partial(damaged, shipped("twemoji"), seed) for seed in range(3)},
    **{f"bytes changed in axes, {seed}": partial(damaged, shipped("roboto-slab"), seed) for seed in range(3)},
}
