"""A set text -> pixels: coverage of its letters in one pass, colour glyphs on top."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import uharfbuzz as hb

from frameapp.core.render.pixels import Pixels
from frameapp.core.render.text.directions import visual_order
from frameapp.core.render.text.faces import Face
from frameapp.core.render.text.setting import Line, Setting, Style
from frameapp.errors import PictureError

Mask = npt.NDArray[np.uint8]
_KEPT_SIZE = 150  # pixels; larger colour glyphs are painted anew, since 256 of them would fill the memory


@dataclass(frozen=True, slots=True)
class Ink:
    """What a text draws in its room: ``mask`` is how much of each pixel is covered (0 to 255).

    ``emoji`` are pictures with alpha and the places of their top left corners.
    """

    mask: Mask
    emoji: tuple[tuple[int, int, Pixels], ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines through or below a text."""

    underline: bool = False
    strike: bool = False


def draw(setting: Setting, style: Style, width: int, height: int, left: list[float], top: float, lines: Lines) -> Ink:
    """The text's ink in a room of that size. ``left`` is where each line begins, ``top`` where the first one does."""
    raster = hb.RasterDraw()
    raster.extents = hb.RasterExtents(0, -height, width, height, 0)
    emoji: list[tuple[int, int, Pixels]] = []
    size, main = setting.size, style.chain.main
    baseline = top + setting.baseline * size
    bars: list[tuple[float, float, float, float]] = []
    for line, start in zip(setting.lines, left, strict=True):
        _draw_line(raster, line, size, start, baseline, emoji)
        if lines.underline and line.clusters:
            bars.append(_bar(main, hb.OTMetricsTag.UNDERLINE_OFFSET, start, baseline, line.width * size, size))
        if lines.strike and line.clusters:
            bars.append(_bar(main, hb.OTMetricsTag.STRIKEOUT_OFFSET, start, baseline, line.width * size, size))
        baseline += style.line_height * size
    mask = _rendered(raster, width, height)
    for x0, y0, x1, y1 in bars:
        _cover(mask, x0, y0, x1, y1)
    return Ink(mask, tuple(emoji))


def _draw_line(
    raster: hb.RasterDraw,
    line: Line,
    size: int,
    x: float,
    baseline: float,
    emoji: list[tuple[int, int, Pixels]],
) -> None:
    for at in visual_order([cluster.level for cluster in line.clusters]):
        for glyph in line.clusters[at].glyphs:
            left, rise = x + glyph.x * size, glyph.y * size - baseline
            if glyph.face.colours:
                _add_emoji(emoji, glyph.face, glyph.number, size, left, -rise)
            else:
                scale = size / glyph.face.upem
                raster.transform = (scale, 0.0, 0.0, scale, left, rise)
                raster.draw_glyph(glyph.face.font, glyph.number)
            x += glyph.advance * size
        x += line.spacing * size


def _rendered(raster: hb.RasterDraw, width: int, height: int) -> Mask:
    image = raster.render()
    if image is None:
        raise PictureError("The text cannot be drawn: its font is damaged.")
    extents = image.extents
    if not extents.width:  # nothing was drawn
        return np.zeros((height, width), np.uint8)
    rows = np.frombuffer(image.buffer, np.uint8).reshape(extents.height, extents.stride)
    return rows[::-1, : extents.width].copy()


def _bar(
    face: Face, offset: hb.OTMetricsTag, x: float, baseline: float, width: float, size: int
) -> tuple[float, float, float, float]:
    """A line's left, top, right and bottom, at least a pixel high and on whole rows, so that it is sharp."""
    thick = max(1.0, round(face.metric(hb.OTMetricsTag.UNDERLINE_SIZE) * size))
    top = round(baseline - face.metric(offset) * size - thick / 2)
    return x, top, x + width, top + thick


def _cover(mask: Mask, x0: float, y0: float, x1: float, y1: float) -> None:
    """Covers a bar; its ends may lie between pixels."""
    height, width = mask.shape
    columns = np.arange(width)
    share = np.clip(np.minimum(columns + 1, x1) - np.maximum(columns, x0), 0, 1)
    part = mask[max(0, int(y0)) : min(height, int(y1))]
    np.maximum(part, np.round(share * 255).astype(np.uint8), out=part)


def _add_emoji(
    emoji: list[tuple[int, int, Pixels]], face: Face, glyph: int, size: int, x: float, baseline: float
) -> None:
    paint = _painted if size <= _KEPT_SIZE else _painted.__wrapped__
    pixels, left, top = paint(face, glyph, size)
    emoji.append((round(x) + left, round(baseline) + top, pixels))


@lru_cache(maxsize=256)
def _painted(face: Face, glyph: int, size: int) -> tuple[Pixels, int, int]:
    """A colour glyph at that size, and its top left corner from the pen on the baseline."""
    scale = size / face.upem
    extents = face.font.get_glyph_extents(glyph)
    paint = hb.RasterPaint()
    paint.transform = (scale, 0.0, 0.0, scale, 0.0, 0.0)
    bounded = extents is not None and max(abs(extents.width), abs(extents.height)) <= 4 * face.upem
    if not bounded or not paint.set_glyph_extents(extents):
        return np.zeros((1, 1, 4), np.uint8), 0, 0
    paint.paint_glyph(face.font, glyph)
    image = paint.render()
    if image is None:
        raise PictureError("The text cannot be drawn: its font is damaged.")
    at = image.extents
    rows = np.frombuffer(image.buffer, np.uint8).reshape(at.height, at.stride // 4, 4)[::-1, : at.width]
    return _straight(rows[..., [2, 1, 0, 3]]), at.x_origin, -(at.y_origin + at.height)


def _straight(premultiplied: Pixels) -> Pixels:
    """Colours that are not multiplied by alpha, as everything else here has them."""
    alpha = premultiplied[..., 3:].astype(np.uint16)
    colours = (premultiplied[..., :3].astype(np.uint16) * 255 + alpha // 2) // np.maximum(alpha, 1)
    return np.concatenate([np.minimum(colours, 255), alpha], axis=2).astype(np.uint8)
