"""Rectangles, ellipses and lines."""

from __future__ import annotations

import numpy as np

from frameapp.core.design.layers import Outline, ShapeLayer
from frameapp.core.design.parts import Stroke
from frameapp.core.design.recipe import Box
from frameapp.core.render.canvas import Mask, Tile, merged
from frameapp.core.render.effects import ellipse, filled, rounded, shadow_of
from frameapp.core.render.steps.scene import Scene


def draw(layer: ShapeLayer, box: Box, scene: Scene) -> list[Tile]:
    """Shadow, fill, then the stroke inside the outline."""
    tiles = _line(layer, box) if layer.shape is Outline.LINE else _area(layer, box)
    if tiles and layer.shadow is not None:
        return [shadow_of(tiles[0] if len(tiles) == 1 else merged(tiles), layer.shadow), *tiles]
    return tiles


def _area(layer: ShapeLayer, box: Box) -> list[Tile]:
    mask = _outline(layer, box.width, box.height, layer.radius)
    tiles = [] if layer.fill is None else [filled(box.x, box.y, mask, layer.fill)]
    if layer.stroke is not None:
        tiles.append(filled(box.x, box.y, _ring(layer, box, mask, layer.stroke.width), layer.stroke.colour))
    return tiles


def _outline(layer: ShapeLayer, width: int, height: int, radius: int) -> Mask:
    return ellipse(width, height) if layer.shape is Outline.ELLIPSE else rounded(width, height, radius)


def _ring(layer: ShapeLayer, box: Box, mask: Mask, thick: int) -> Mask:
    width, height = box.width - 2 * thick, box.height - 2 * thick
    if width <= 0 or height <= 0:
        return mask
    ring = mask.copy()
    hole = _outline(layer, width, height, max(0, layer.radius - thick))
    part = ring[thick:-thick, thick:-thick]
    np.minimum(part, 255 - hole, out=part)
    return ring


def _line(layer: ShapeLayer, box: Box) -> list[Tile]:
    stroke = layer.stroke or Stroke()
    across = box.width >= box.height
    thick = min(stroke.width, box.height if across else box.width)
    width, height = (box.width, thick) if across else (thick, box.height)
    x, y = box.x + (box.width - width) // 2, box.y + (box.height - height) // 2
    return [filled(x, y, rounded(width, height, layer.radius), stroke.colour)]
