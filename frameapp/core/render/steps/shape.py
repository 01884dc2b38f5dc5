"""Rectangles, ellipses and lines."""

from __future__ import annotations

import numpy as np

from frameapp.core.design.layers import Outline, ShapeLayer
from frameapp.core.design.parts import Stroke
from frameapp.core.design.recipe import Box
from frameapp.core.render.canvas import Mask, Tile, merged
from frameapp.core.render.effects import cut, ellipse, filled, rounded, shadow_of
from frameapp.core.render.steps.scene import Scene


def draw(layer: ShapeLayer, box: Box, scene: Scene) -> list[Tile]:
    """Shadow, fill, then the stroke inside the outline."""
    tiles = _line(layer, box) if layer.shape is Outline.LINE else _area(layer, box)
    if tiles and layer.shadow is not None:
        return [shadow_of(tiles[0] if len(tiles) == 1 else merged(tiles), layer.shadow), *tiles]
    return tiles


def _area(layer: ShapeLayer, box: Box) -> list[Tile]:
    mask = _outline(layer, box.width, box.height, layer.radius)
    if layer.stroke is None:
        return [] if layer.fill is None else [filled(box.x, box.y, mask, layer.fill)]
    if layer.fill is None:
        ring = np.minimum(mask, 255 - _hole(layer, box, layer.stroke.width))
        return [filled(box.x, box.y, ring, layer.stroke.colour)]
    # Both fill the box and are cut together, else the fill would show through the smooth edge of the stroke.
    whole = np.full_like(mask, 255)
    around = filled(box.x, box.y, whole - _hole(layer, box, layer.stroke.width), layer.stroke.colour)
    return [cut(merged([filled(box.x, box.y, whole, layer.fill), around]), mask)]


def _outline(layer: ShapeLayer, width: int, height: int, radius: int) -> Mask:
    return ellipse(width, height) if layer.shape is Outline.ELLIPSE else rounded(width, height, radius)


def _hole(layer: ShapeLayer, box: Box, thick: int) -> Mask:
    """What a stroke leaves of the box: the outline inside of it."""
    hole = np.zeros((box.height, box.width), np.uint8)
    width, height = box.width - 2 * thick, box.height - 2 * thick
    if width > 0 and height > 0:
        inside = _outline(layer, width, height, max(0, layer.radius - thick))
        hole[thick:-thick, thick:-thick] = inside
    return hole


def _line(layer: ShapeLayer, box: Box) -> list[Tile]:
    stroke = layer.stroke or Stroke()
    across = box.width >= box.height
    thick = min(stroke.width, box.height if across else box.width)
    width, height = (box.width, thick) if across else (thick, box.height)
    x, y = box.x + (box.width - width) // 2, box.y + (box.height - height) // 2
    return [filled(x, y, rounded(width, height, layer.radius), stroke.colour)]
