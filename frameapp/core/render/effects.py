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
    return np.asarray(soft.resize(image.size, Image.Resampling.BILINEAR) if factor > 1 else soft)


def blurred_pixels(pixels: Pixels, deviation: float) -> Pixels:
    """Pixels blurred as ``_blurred`` does masks."""
    factor = max(1, int(deviation / 3))
    image = as_image(np.ascontiguousarray(pixels)).convert("RGBa")
    soft = image.reduce(factor).filter(ImageFilter.GaussianBlur(deviation / factor))
    return np.array(soft.resize(image.size, Image.Resampling.BILINEAR).convert("RGBA"))


def grown(mask: Mask, by: int) -> Mask:
    """The mask, larger by so many pixels on each side, with its shapes grown by as much."""
    height, width = mask.shape
    out = np.zeros((height + 2 * by, width + 2 * by), np.uint8)
    for down in range(-by, by + 1):
        reach_x = int(math.sqrt((by + 0.5) ** 2 - down * down))
        row = _widest(mask, reach_x)
        part = out[by + down : by + down + height, by - reach_x : by + reach_x + width]
        np.maximum(part, row, out=part)
    return out


def _widest(mask: Mask, by: int) -> Mask:
    """Each row's maximum over ``by`` pixels to both sides; wider by as much on both."""
    out = np.pad(mask, ((0, 0), (2 * by, 2 * by)))
    done, span = 1, 2 * by + 1
    while done < span:  # the maximum over twice as many pixels each time
        step = min(done, span - done)
        out = np.maximum(out[:, :-step], out[:, step:])
        done += step
    return out


def turned(tile: Tile, degrees: float, around: tuple[float, float]) -> Tile:
    """The tile turned clockwise around a point of the canvas."""
    pixels = flat_pixels(tile) if isinstance(tile, Flat) else tile.pixels
    height, width = pixels.shape[:2]
    image = as_image(np.ascontiguousarray(pixels)).convert("RGBa")
    spun = image.rotate(-degrees, Image.Resampling.BICUBIC, expand=True).convert("RGBA")
    angle = math.radians(degrees)
    x, y = tile.x + width / 2 - around[0], tile.y + height / 2 - around[1]
    middle_x = around[0] + x * math.cos(angle) - y * math.sin(angle)
    middle_y = around[1] + x * math.sin(angle) + y * math.cos(angle)
    out = np.asarray(spun)
    return Picture(round(middle_x - out.shape[1] / 2), round(middle_y - out.shape[0] / 2), out)
