"""The product's picture in its box."""

from __future__ import annotations

import math

import numpy as np

from frameapp.core.design.layers import ProductLayer
from frameapp.core.design.parts import rgba
from frameapp.core.design.recipe import Anchor, Box, Fit
from frameapp.core.render.canvas import Colour, Flat, Picture, Tile, merged
from frameapp.core.render.effects import blurred_pixels, cut, rounded, shadow_of
from frameapp.core.render.facts import NoteKind
from frameapp.core.render.geometry import Placed, place
from frameapp.core.render.pixels import Pixels, scaled
from frameapp.core.render.source import Picture as Decoded
from frameapp.core.render.source import content_box
from frameapp.core.render.steps.scene import Scene, scaling

_UPSCALED = 1.25  # how much larger than its own pixels a picture may be drawn before that is noted


def draw(layer: ProductLayer, box: Box, scene: Scene) -> list[Tile]:
    """Padding, then the picture. Raises PictureError."""
    source = scene.pictures.source(layer.picture)
    whole = Box(0, 0, source.width, source.height)
    if layer.trim:
        picture = scene.pictures.decoded(layer.picture, None)
        placed = place(content_box(picture), box, layer.fit, layer.anchor)
    else:
        placed = place(whole, box, layer.fit, layer.anchor)
        picture = scene.pictures.decoded(layer.picture, smallest(whole, placed))
    scale = max(placed.box.width / placed.crop.width, placed.box.height / placed.crop.height)
    if scale > _UPSCALED:
        scene.note(NoteKind.UPSCALED, layer, f"{source.width} x {source.height}")
    product = Picture(placed.box.x, placed.box.y, scene.pictures.scaled(layer.picture, picture, placed), picture.alpha)
    tiles = [*_padding(layer, box, picture, product), product]
    if layer.radius:
        one = tiles[0] if len(tiles) == 1 else merged(tiles)
        assert isinstance(one, Picture)  # noqa: S101 - a padding has a picture on it
        height, width = one.pixels.shape[:2]
        tiles = [cut(one, rounded(width, height, layer.radius))]
    if layer.shadow is not None:
        shape = tiles[0] if len(tiles) == 1 else merged(tiles)
        tiles = [shadow_of(shape, layer.shadow), *tiles]
    return tiles


def smallest(whole: Box, placed: Placed) -> tuple[int, int]:
    """How small the picture may be decoded: as large as it is scaled to."""
    scale = max(placed.box.width / placed.crop.width, placed.box.height / placed.crop.height)
    return math.ceil(whole.width * scale - 1e-6), math.ceil(whole.height * scale - 1e-6)


def _padding(layer: ProductLayer, box: Box, picture: Decoded, product: Picture) -> list[Tile]:
    """What lies in the box behind the picture."""
    match layer.padding:
        case "":
            return []
        case "auto":
            return [_plain(box, _edge_colour(picture.pixels if layer.trim else product.pixels))]
        case "blur":
            whole = Box(0, 0, picture.pixels.shape[1], picture.pixels.shape[0])
            placed = place(whole, box, Fit.COVER, Anchor.CENTER)
            with scaling():
                cover = scaled(picture.pixels, placed.crop, box.width, box.height, alpha=picture.alpha)
            return [Picture(box.x, box.y, blurred_pixels(cover, max(box.width, box.height) / 24), picture.alpha)]
        case colour:
            red, green, blue, alpha = rgba(colour)
            return [_plain(box, (red, green, blue), alpha)]


def _plain(box: Box, colour: Colour, alpha: int = 255) -> Tile:
    if alpha < 255:
        return Flat(box.x, box.y, np.full((box.height, box.width), alpha, np.uint8), colour)
    pixels = np.empty((box.height, box.width, 4), np.uint8)
    pixels.view(np.uint32)[...] = np.array([*colour, 255], np.uint8).view(np.uint32)
    return Picture(box.x, box.y, pixels, alpha=False)


def _edge_colour(pixels: Pixels) -> Colour:
    """The commonest colour of the picture's outermost pixels, where they are not transparent; white for none."""
    edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    edge = edge[edge[:, 3] > 127][:, :3]
    if not len(edge):
        return 255, 255, 255
    shades = (edge >> 4) @ np.array([1, 16, 256], np.uint16)  # noise does not make another colour
    found, counts = np.unique(shades, return_counts=True)
    alike = edge[shades == found[counts.argmax()]]
    red, green, blue = np.median(alike, axis=0).round().astype(int).tolist()
    return red, green, blue
