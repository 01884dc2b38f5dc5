"""An image of the workspace, or one that the feed names."""

from __future__ import annotations

from frameapp.core.design.layers import ImageLayer
from frameapp.core.design.recipe import Box
from frameapp.core.render.canvas import Picture, Tile
from frameapp.core.render.crop import Crop
from frameapp.core.render.effects import cut, rounded
from frameapp.core.render.geometry import place
from frameapp.core.render.pixels import scaled
from frameapp.core.render.steps.scene import Scene, scaling


def draw(layer: ImageLayer, box: Box, scene: Scene) -> list[Tile]:
    """The image in its box. Raises PictureError."""
    if layer.asset:
        image = scene.assets.image(layer.asset)
        pixels, alpha = image.pixels, image.has_alpha
    else:
        decoded = scene.pictures.decoded(layer.picture, None)
        pixels, alpha = decoded.pixels, decoded.alpha
    height, width = pixels.shape[:2]
    placed = place(Box(0, 0, width, height), box, layer.fit, layer.anchor)
    if placed.crop != Crop(0, 0, width, height) or (placed.box.width, placed.box.height) != (width, height):
        with scaling():
            pixels = scaled(pixels, placed.crop, placed.box.width, placed.box.height, alpha=alpha)
    tile = Picture(placed.box.x, placed.box.y, pixels, alpha)
    return [cut(tile, rounded(placed.box.width, placed.box.height, layer.radius)) if layer.radius else tile]
