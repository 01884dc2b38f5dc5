"""What earlier versions stored, as the design of today. Each upgrader is a pure function and stays for ever."""

from __future__ import annotations

from PIL import ImageColor

from frameapp.core.design.layers import ImageLayer, Layer, ProductLayer
from frameapp.core.design.model import Design, Encoding, Size
from frameapp.core.design.recipe import Box, Fit, Recipe
from frameapp.core.design.recipe import Layer as Side
from frameapp.errors import Invalid

MAIN = "main"


def upgraded(recipe: Recipe, width: int, height: int, asset: str) -> Design:
    """Version 1 as version 2: the frame image (``asset``, its size) fills the canvas, above or below the product.

    Raises Invalid where the recipe does not fit the frame image.
    """
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
        padding=_hex(recipe.padding),
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


def _hex(colour: str) -> str:
    """A colour as version 1 wrote it (whatever Pillow reads, alpha ignored) as ``#rrggbb``, empty for none."""
    if not colour:
        return ""
    try:
        red, green, blue = ImageColor.getrgb(colour)[:3]
    except ValueError as error:
        raise Invalid("The padding colour must look like #rrggbb.", field="padding") from error
    return f"#{red:02x}{green:02x}{blue:02x}"
