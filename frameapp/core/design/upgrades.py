"""What earlier versions stored, as the design of today. Each upgrader is a pure function and stays for ever."""

from __future__ import annotations

from frameapp.core.design.layers import ImageLayer, Layer, ProductLayer
from frameapp.core.design.model import Design, Encoding, Size
from frameapp.core.design.recipe import Box, Fit, Recipe, check, padding_colour
from frameapp.core.design.recipe import Layer as Side

MAIN = "main"


def upgraded(recipe: Recipe, width: int, height: int, asset: str) -> Design:
    """Version 1 as version 2: the frame image (``asset``, its size) fills the canvas, above or below the product.

    Raises Invalid where the recipe does not fit the frame image.
    """
    check(recipe, width, height)
    frame = ImageLayer(
        id="frame",
        name="Frame image",
        asset=asset,
        fit=Fit.STRETCH,
        boxes={MAIN: Box(0, 0, width, height)},
    )
    product = ProductLayer(
        id="product",
        name="Product",
        fit=recipe.fit,
        anchor=recipe.anchor,
        padding=_hex(recipe),
        trim=recipe.trim,
        boxes={MAIN: recipe.box},
    )
    layers: tuple[Layer, ...] = (product, frame) if recipe.layer is Side.ABOVE else (frame, product)
    size = Size(
        key=MAIN,
        name="Main",
        width=width,
        height=height,
        output_width=recipe.output_width,
        output_height=recipe.output_height,
    )
    encoding = Encoding(format=recipe.encoder.format.name, quality=recipe.encoder.quality)
    return Design(sizes=(size,), layers=layers, encoder=encoding)


def _hex(recipe: Recipe) -> str:
    """The padding, which version 1 has in any of Pillow's ways, as ``#rrggbb``; empty for none."""
    colour = padding_colour(recipe)
    return "#{:02x}{:02x}{:02x}".format(*colour) if colour else ""
