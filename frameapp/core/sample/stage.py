"""The stage: a picture in pixels on which shapes in design units are painted, with smooth edges."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from frameapp.core.sample.paint import Colour, Linear, Paint, Radial, strip
from frameapp.core.sample.shapes import Point, Shape
from frameapp.errors import PictureError

Pixels = tuple[int, int, int, int]
LARGE = 160_000  # pixels from which fewer samples per pixel are enough


@dataclass(frozen=True, slots=True)
class Clip:
    """A mask that later strokes are held inside; ``box`` is where it lies, in pixels."""

    box: Pixels
    mask: Image.Image


class Stage:
    """A picture and the way from design units to its pixels."""

    def __init__(self, image: Image.Image, scale: float = 1.0, origin: Point = (0.0, 0.0)) -> None:
        self.image = image
        self.scale = scale
        self.origin = origin

    def look_at(self, scale: float, origin: Point) -> None:
        """From now on design unit (0, 0) lies at pixel ``origin`` and one unit is ``scale`` pixels."""
        self.scale, self.origin = scale, origin

    def fill(self, shape: Shape, paint: Paint, opacity: float = 1.0, within: Clip | None = None) -> None:
        """Paints the shape."""
        box = self._box(shape, 1, within)
        if box is None:
            return
        self._paste(paint, box, self._mask(shape, box), opacity, within)

    def soft(self, shape: Shape, paint: Paint, blur: float, opacity: float = 1.0, within: Clip | None = None) -> None:
        """Paints the shape with an edge blurred by ``blur`` design units: light and shadow."""
        radius = blur * self.scale
        box = self._box(shape, round(radius * 2.4) + 2, within)
        if box is None:
            return
        size = (box[2] - box[0], box[3] - box[1])
        shrink = max(1.0, radius / 3)
        small = (max(1, round(size[0] / shrink)), max(1, round(size[1] / shrink)))
        mask = Image.new("L", small)
        self._draw(mask, shape, box, small[0] / size[0], small[1] / size[1])
        mask = mask.filter(ImageFilter.GaussianBlur(radius * small[0] / size[0]))
        if small != size:
            mask = mask.resize(size, Image.Resampling.BILINEAR)
        self._paste(paint, box, mask, opacity, within)

    def clip(self, shape: Shape, within: Clip | None = None) -> Clip:
        """A mask of the shape for ``within``; itself inside another one where given."""
        box = self._box(shape, 1, within) or (0, 0, 1, 1)
        mask = self._mask(shape, box)
        return Clip(box, ImageChops.multiply(mask, _crop(within, box)) if within else mask)

    def grain(self, clip: Clip, strength: float) -> None:
        """A fine, even roughness, as of cloth or clay; ``strength`` 0 to 1."""
        size = (clip.box[2] - clip.box[0], clip.box[3] - clip.box[1])
        for colour, tile in zip(((0, 0, 0), (255, 255, 255)), _noise(strength), strict=True):
            mask = Image.new("L", size)
            for x in range(0, size[0], tile.width):
                for y in range(0, size[1], tile.height):
                    mask.paste(tile, (x, y))
            self._paste(colour, clip.box, mask, 1, clip)

    def text(
        self, at: Point, words: str, size: float, colour: Colour, *, spacing: float = 0, opacity: float = 1.0
    ) -> None:
        """Words centred at a point; ``size`` is the letters' height and ``spacing`` what lies between them."""
        mask = letters(words, size * self.scale, spacing * self.scale)
        x, y = self._pixel(at)
        left, top = round(x - mask.width / 2), round(y - mask.height / 2)
        self._paste(colour, (left, top, left + mask.width, top + mask.height), mask, opacity, None)

    def _pixel(self, point: Point) -> Point:
        return point[0] * self.scale + self.origin[0], point[1] * self.scale + self.origin[1]

    def _box(self, shape: Shape, margin: int, within: Clip | None) -> Pixels | None:
        left, top, right, bottom = shape.bounds()
        (x0, y0), (x1, y1) = self._pixel((left, top)), self._pixel((right, bottom))
        area = within.box if within else (0, 0, *self.image.size)
        box = (
            max(int(x0) - margin, area[0], 0),
            max(int(y0) - margin, area[1], 0),
            min(int(x1) + 1 + margin, area[2], self.image.width),
            min(int(y1) + 1 + margin, area[3], self.image.height),
        )
        return box if box[0] < box[2] and box[1] < box[3] else None

    def _mask(self, shape: Shape, box: Pixels) -> Image.Image:
        size = (box[2] - box[0], box[3] - box[1])
        factor = 3 if size[0] * size[1] > LARGE else 4
        mask = Image.new("L", (size[0] * factor, size[1] * factor))
        self._draw(mask, shape, box, factor, factor)
        return mask.reduce(factor)

    def _draw(self, mask: Image.Image, shape: Shape, box: Pixels, fx: float, fy: float) -> None:
        draw = ImageDraw.Draw(mask)
        ax, ay = self.scale * fx, self.scale * fy
        bx, by = (self.origin[0] - box[0]) * fx, (self.origin[1] - box[1]) * fy
        for piece in shape.pieces:
            points = [(x * ax + bx - 0.5, y * ay + by - 0.5) for x, y in piece.points]
            value = 0 if piece.hole else 255
            if piece.width:
                _draw_line(draw, points, piece.width * ax, value)
            else:
                draw.polygon(points, fill=value)

    def _paste(self, paint: Paint, box: Pixels, mask: Image.Image, opacity: float, within: Clip | None) -> None:
        if within is not None:
            mask = ImageChops.multiply(mask, _crop(within, box))
        if opacity < 1:
            mask = mask.point(_fainter(opacity))
        if isinstance(paint, tuple) and self.image.mode == "RGB":
            self.image.paste(paint, box, mask)
            return
        layer = Image.new("RGB", mask.size, paint) if isinstance(paint, tuple) else self._gradient(paint, box)
        if self.image.mode == "RGB":
            self.image.paste(layer, box, mask)
        else:
            layer.putalpha(mask)
            self.image.alpha_composite(layer, box[:2])

    def _gradient(self, paint: Linear | Radial, box: Pixels) -> Image.Image:
        return self._linear(paint, box) if isinstance(paint, Linear) else self._radial(paint, box)

    def _linear(self, paint: Linear, box: Pixels) -> Image.Image:
        size = (box[2] - box[0], box[3] - box[1])
        (sx, sy), (ex, ey) = self._pixel(paint.start), self._pixel(paint.end)
        dx, dy = ex - sx, ey - sy
        length = dx * dx + dy * dy
        ux, uy = dx / length, dy / length
        first = (box[0] + 0.5 - sx) * ux + (box[1] + 0.5 - sy) * uy
        corners = (first, first + size[0] * ux, first + size[1] * uy, first + size[0] * ux + size[1] * uy)
        low, high = min(corners), max(corners)
        row = strip(paint.stops, low, high)
        if dy == 0:
            row = row if dx > 0 else row.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
            return row.resize((size[0], 1), Image.Resampling.BILINEAR).resize(size, Image.Resampling.NEAREST)
        if dx == 0:
            turn = Image.Transpose.ROTATE_270 if dy > 0 else Image.Transpose.ROTATE_90
            column = row.transpose(turn).resize((1, size[1]), Image.Resampling.BILINEAR)
            return column.resize(size, Image.Resampling.NEAREST)
        steps = 255 / ((high - low) or 1)
        matrix = (ux * steps, uy * steps, (first - low) * steps, 0, 0, 0.5)
        return row.transform(size, Image.Transform.AFFINE, matrix, Image.Resampling.NEAREST)

    def _radial(self, paint: Radial, box: Pixels) -> Image.Image:
        size = (box[2] - box[0], box[3] - box[1])
        x, y = self._pixel(paint.centre)
        rx, ry = paint.radii[0] * self.scale, paint.radii[1] * self.scale
        row = strip(paint.stops, 0.0, 1.0)
        table = row.tobytes()
        bands = [_disc().point(list(table[band::3])) for band in range(3)]
        disc = Image.merge("RGB", bands).resize((max(1, round(2 * rx)), max(1, round(2 * ry))))
        picture = Image.new("RGB", size, paint.stops[-1][1])
        picture.paste(disc, (round(x - rx) - box[0], round(y - ry) - box[1]))
        return picture


def _crop(clip: Clip, box: Pixels) -> Image.Image:
    if clip.box == box:
        return clip.mask
    return clip.mask.crop((box[0] - clip.box[0], box[1] - clip.box[1], box[2] - clip.box[0], box[3] - clip.box[1]))


def _draw_line(draw: ImageDraw.ImageDraw, points: Sequence[Point], width: float, value: int) -> None:
    draw.line(list(points), fill=value, width=max(1, round(width)), joint="curve")
    radius = width / 2
    for x, y in (points[0], points[-1]):
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=value)


@lru_cache(maxsize=1)
def _disc() -> Image.Image:
    return Image.radial_gradient("L")


@lru_cache(maxsize=256)
def _fainter(opacity: float) -> list[int]:
    return [round(i * opacity) for i in range(256)]


@lru_cache(maxsize=32)
def _noise(strength: float) -> tuple[Image.Image, Image.Image]:
    noise = Image.frombytes("L", (256, 256), random.Random(7).randbytes(65536))  # noqa: S311 - a texture
    noise = noise.filter(ImageFilter.GaussianBlur(0.7))
    shade = noise.point([round(min(255, max(0, 127 - i) * 4) * strength) for i in range(256)])
    shine = noise.point([round(min(255, max(0, i - 127) * 4) * strength) for i in range(256)])
    return shade, shine


def _font(size: float) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size=max(4.0, size * 3 / 0.72))
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise PictureError("Pillow was built without FreeType; install Pillow from PyPI.")
    return font


def letters(words: str, size: float, spacing: float = 0) -> Image.Image:
    """A mask of the words in Aileron (built into Pillow), letters ``size`` pixels high."""
    font = _font(size)
    advances = [font.getlength(letter) + spacing * 3 for letter in words]
    ascent, descent = font.getmetrics()
    width = max(1, int(sum(advances) - spacing * 3) + 1)
    mask = Image.new("L", (width + (-width % 3) + 6, ascent + descent + (-(ascent + descent) % 3)))
    draw = ImageDraw.Draw(mask)
    x = 3.0
    for letter, advance in zip(words, advances, strict=True):
        draw.text((x, 0), letter, fill=255, font=font)
        x += advance
    reduced = mask.reduce(3)
    inked = reduced.getbbox()
    if inked is None:
        return reduced
    top = font.getbbox("H")[1] // 3
    bottom = -(-font.getbbox("H")[3] // 3)
    return reduced.crop((inked[0], min(inked[1], top), inked[2], max(inked[3], bottom)))
