"""Outlines and effects as masks: rounded corners, ellipses, gradients, shadows, strokes, rotation."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from PIL import Image, ImageFilter

from frameapp.core.design.parts import Gradient, Shadow, rgba
from frameapp.core.render.canvas import Flat, Mask, Picture, Tile, flat_pixels
from frameapp.core.render.pixels import Pixels, as_image

_KEPT = 64
_STEPS = 4  # of a pixel, by which the edge of a grown mask is smooth


@lru_cache(maxsize=_KEPT)
def rounded(width: int, height: int, radius: int) -> Mask:
    """A rectangle with rounded corners, at most half circles; its edge is smooth."""
    mask = np.full((height, width), 255, np.uint8)
    r = min(radius, width / 2, height / 2)
    side = math.ceil(r)
    if r > 0:
        away = r - (np.arange(side) + 0.5)
        corner = _covered(np.hypot(away[:, None], away[None, :]) - r)
        corner[(away[:, None] < 0) | (away[None, :] < 0)] = 255
        mask[:side, :side] = np.minimum(mask[:side, :side], corner)
        mask[:side, width - side :] = np.minimum(mask[:side, width - side :], corner[:, ::-1])
        mask[height - side :, :side] = np.minimum(mask[height - side :, :side], corner[::-1])
        mask[height - side :, width - side :] = np.minimum(mask[height - side :, width - side :], corner[::-1, ::-1])
    return _kept(mask)


@lru_cache(maxsize=_KEPT)
def ellipse(width: int, height: int) -> Mask:
    """An ellipse that fills the size; its edge is smooth."""
    across = (np.arange(width) + 0.5 - width / 2) / (width / 2)
    down = (np.arange(height) + 0.5 - height / 2) / (height / 2)
    form = across[None, :] ** 2 + down[:, None] ** 2 - 1
    steep = 2 * np.hypot(across[None, :] / (width / 2), down[:, None] / (height / 2))
    return _kept(_covered(form / np.maximum(steep, 1e-9)))


def _covered(distance: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Mask:
    """How much of each pixel lies inside, by its middle's distance from the outline (inside is negative)."""
    return np.round(np.clip(0.5 - distance, 0, 1) * 255).astype(np.uint8)


def _kept(mask: Mask) -> Mask:
    mask.flags.writeable = False
    return mask


@lru_cache(maxsize=_KEPT)
def gradient(width: int, height: int, fill: Gradient) -> Pixels:
    """The gradient over that size, with alpha; colours are mixed as CSS does, premultiplied."""
    turned = math.radians(fill.angle)
    run_x, run_y = math.sin(turned), -math.cos(turned)
    length = abs(width * run_x) + abs(height * run_y)
    across, down = np.arange(width) + 0.5 - width / 2, np.arange(height) + 0.5 - height / 2
    way = (across[None, :] * run_x + down[:, None] * run_y) / max(length, 1e-9) + 0.5
    stops = sorted(fill.stops, key=lambda stop: stop.at)
    places = [stop.at / 100 for stop in stops]
    colours = np.array([rgba(stop.colour) for stop in stops], float)
    alpha = np.interp(way, places, colours[:, 3])
    pixels = np.empty((height, width, 4), np.uint8)
    for channel in range(3):
        mixed = np.interp(way, places, colours[:, channel] * colours[:, 3])
        pixels[..., channel] = np.round(mixed / np.maximum(alpha, 1e-9))
    pixels[..., 3] = np.round(alpha)
    pixels.flags.writeable = False
    return pixels


def filled(x: int, y: int, mask: Mask, fill: str | Gradient) -> Tile:
    """A mask filled with a colour or gradient."""
    if isinstance(fill, str):
        *colour, alpha = rgba(fill)
        return Flat(x, y, shared(mask, alpha), (colour[0], colour[1], colour[2]))
    pixels = gradient(mask.shape[1], mask.shape[0], fill).copy()
    pixels[..., 3] = _times(pixels[..., 3], mask)
    return Picture(x, y, pixels)


def shared(mask: Mask, alpha: int) -> Mask:
    """The mask by a share of ``alpha`` of 255."""
    return mask if alpha == 255 else _times(mask, np.uint8(alpha))


def _times(mask: Mask, other: Mask | np.uint8) -> Mask:
    product = mask.astype(np.uint32) * other + 128
    return ((product + (product >> 8)) >> 8).astype(np.uint8)


def cut(tile: Picture, mask: Mask) -> Picture:
    """The tile's pixels inside a mask of its size."""
    pixels = tile.pixels.copy()
    pixels[..., 3] = _times(pixels[..., 3], mask)
    return Picture(tile.x, tile.y, pixels)


def faded(tile: Tile, percent: int) -> Tile:
    """The tile at that opacity."""
    alpha = round(percent * 255 / 100)
    if isinstance(tile, Flat):
        return Flat(tile.x, tile.y, shared(tile.mask, alpha), tile.colour)
    return cut(tile, np.full(tile.pixels.shape[:2], alpha, np.uint8))


def reach(shadow: Shadow) -> int:
    """How many pixels beyond its shape a shadow goes, before it is moved."""
    return math.ceil(shadow.blur * 1.5)


def shadow_of(tile: Tile, shadow: Shadow) -> Tile:
    """The shadow below a tile. ``blur`` is CSS's: twice the deviation of a Gaussian."""
    room = reach(shadow)
    alpha = np.pad(tile.mask if isinstance(tile, Flat) else tile.pixels[..., 3], room)
    return filled(tile.x - room + shadow.x, tile.y - room + shadow.y, _blurred(alpha, shadow.blur / 2), shadow.colour)


def _blurred(mask: Mask, deviation: float) -> Mask:
    """A Gaussian blur, of a smaller copy where it is wide: nobody can tell, and it costs a tenth."""
    if not deviation:
        return mask
    image = Image.fromarray(mask)
    factor = max(1, int(deviation / 3))
    small = image.reduce(factor) if factor > 1 else image
    soft = small.filter(ImageFilter.GaussianBlur(deviation / factor))
    return np.asarray(_enlarged(soft, image.size, factor) if factor > 1 else soft)


def _enlarged(small: Image.Image, size: tuple[int, int], factor: int) -> Image.Image:
    """The opposite of ``reduce``: the last column and row of what it gave may stand for less than ``factor`` pixels."""
    return small.resize(size, Image.Resampling.BILINEAR, box=(0, 0, size[0] / factor, size[1] / factor))


def blurred_pixels(pixels: Pixels, deviation: float) -> Pixels:
    """Pixels blurred as ``_blurred`` does masks."""
    factor = max(1, int(deviation / 3))
    image = as_image(np.ascontiguousarray(pixels)).convert("RGBa")
    soft = image.reduce(factor).filter(ImageFilter.GaussianBlur(deviation / factor))
    return np.array(_enlarged(soft, image.size, factor).convert("RGBA"))


def grown(mask: Mask, by: int) -> Mask:
    """The mask, larger by so many pixels on each side, with its shapes grown by as much; its edge is smooth."""
    height, width = mask.shape
    radii = [by + (step + 0.5) / _STEPS for step in range(_STEPS)]
    discs = np.zeros((_STEPS, height + 2 * by, width + 2 * by), np.uint8)
    row = np.pad(mask, ((0, 0), (by, by)))  # each row's maximum over ``reach_x`` pixels to both sides
    for reach_x in range(by + 1):
        row = _wider(row) if reach_x else row
        for disc, radius in zip(discs, radii, strict=True):
            for down in range(-by, by + 1):
                if min(by, int(math.sqrt(radius**2 - down**2))) == reach_x:
                    part = disc[by + down : by + down + height]
                    np.maximum(part, row, out=part)
    mean: Mask = np.round(discs.mean(axis=0, dtype=np.float32)).astype(np.uint8)
    return mean


def _wider(row: Mask) -> Mask:
    wide = row.copy()
    np.maximum(wide[:, 1:], row[:, :-1], out=wide[:, 1:])
    np.maximum(wide[:, :-1], row[:, 1:], out=wide[:, :-1])
    return wide


def turned(tile: Tile, degrees: float, around: tuple[float, float]) -> Tile:
    """The tile turned clockwise around a point of the canvas.

    Between pixels it is mixed linearly: a cubic filter draws a bright rim around what is light.
    """
    pixels = flat_pixels(tile) if isinstance(tile, Flat) else tile.pixels
    height, width = pixels.shape[:2]
    image = as_image(np.pad(pixels, ((1, 1), (1, 1), (0, 0)))).convert("RGBa")  # the border makes the edges smooth
    spun = image.rotate(-degrees, Image.Resampling.BILINEAR, expand=True).convert("RGBA")
    angle = math.radians(degrees)
    x, y = tile.x + width / 2 - around[0], tile.y + height / 2 - around[1]
    middle_x = around[0] + x * math.cos(angle) - y * math.sin(angle)
    middle_y = around[1] + x * math.sin(angle) + y * math.cos(angle)
    out = np.asarray(spun)
    return Picture(round(middle_x - out.shape[1] / 2), round(middle_y - out.shape[0] / 2), out)
