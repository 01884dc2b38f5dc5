"""Which module draws which kind of layer. A new kind is a line here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from frameapp.core.design.layers import BaseLayer, ImageLayer, ProductLayer, ShapeLayer, TextLayer
from frameapp.core.design.recipe import Box
from frameapp.core.render.canvas import Tile, merged
from frameapp.core.render.effects import faded, reach, turned
from frameapp.core.render.steps import image, product, shape, text
from frameapp.core.render.steps.scene import Scene

_DRAW: dict[type[BaseLayer], Callable[[Any, Box, Scene], list[Tile]]] = {
    ProductLayer: product.draw,
    ImageLayer: image.draw,
    ShapeLayer: shape.draw,
    TextLayer: text.draw,
}


def draw(layer: BaseLayer, box: Box, scene: Scene) -> list[Tile]:
    """The layer's tiles from bottom to top, turned around the middle of its box. Raises PictureError."""
    tiles = _DRAW[type(layer)](layer, box, scene)
    if not tiles or (layer.opacity == 100 and not layer.rotation):
        return tiles
    tile = tiles[0] if len(tiles) == 1 else merged(tiles)
    if layer.opacity < 100:
        tile = faded(tile, layer.opacity)
    if layer.rotation:
        tile = turned(tile, layer.rotation, (box.x + box.width / 2, box.y + box.height / 2))
    return [tile]


def changes(layer: BaseLayer) -> bool:
    """Whether the layer draws something else for another product, its condition aside."""
    return bool(layer.picture or layer.fields())


def extent(layer: BaseLayer, box: Box) -> Box:
    """What of a canvas the layer may draw on: its box, its shadow, and the circle around both where it is turned."""
    left, top, right, bottom = box.x, box.y, box.x + box.width, box.y + box.height
    shadow = getattr(layer, "shadow", None)
    if shadow is not None:
        room = reach(shadow)
        left, right = min(left, left - room + shadow.x), max(right, right + room + shadow.x)
        top, bottom = min(top, top - room + shadow.y), max(bottom, bottom + room + shadow.y)
    if layer.rotation:
        middle_x, middle_y = box.x + box.width / 2, box.y + box.height / 2
        far = max(middle_x - left, right - middle_x) ** 2 + max(middle_y - top, bottom - middle_y) ** 2
        radius = int(far**0.5) + 2
        left, right = int(middle_x) - radius, int(middle_x) + radius + 1
        top, bottom = int(middle_y) - radius, int(middle_y) + radius + 1
    return Box(left, top, right - left, bottom - top)
