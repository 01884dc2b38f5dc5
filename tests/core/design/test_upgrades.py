"""Version 1 recipes as designs."""

from __future__ import annotations

import pytest

from frameapp.core.design.model import read_design
from frameapp.core.design.recipe import Box, Encoder, Fit, Recipe
from frameapp.core.design.recipe import Layer as Side
from frameapp.core.design.upgrades import upgraded
from frameapp.core.render import formats
from frameapp.errors import Invalid

ASSET = "b" * 64


@pytest.mark.parametrize("side", Side)
def test_a_recipe_is_a_product_and_an_image_that_fills_the_canvas(side: Side) -> None:
    recipe = Recipe(
        Box(5, 6, 70, 80), fit=Fit.COVER, layer=side, padding="red", encoder=Encoder(formats.PNG, 70), output_width=300
    )
    made = upgraded(recipe, 100, 90, ASSET)
    assert [layer.id for layer in made.layers] == (["product", "frame"] if side is Side.ABOVE else ["frame", "product"])
    layers = {layer.id: layer.model_dump() for layer in made.layers}
    assert layers["product"]["padding"] == "#ff0000"
    assert layers["product"]["fit"] is Fit.COVER
    assert made.layers_of(made.sizes[0]) == made.layers
    assert made.sizes[0].output == (300, 270)
    assert made.encoder.encoder == recipe.encoder
    assert made.assets() == (ASSET,)
    assert read_design(made.to_json()) == made


def test_a_box_outside_of_the_frame_image_is_refused() -> None:
    with pytest.raises(Invalid, match="outside the frame image"):
        upgraded(Recipe(Box(200, 0, 10, 10)), 100, 90, ASSET)


def test_a_padding_that_is_no_colour_is_refused() -> None:
    with pytest.raises(Invalid):
        upgraded(Recipe(Box(0, 0, 10, 10), padding="blurple"), 100, 90, ASSET)


def test_a_frame_image_of_any_shape_that_version_1_took_is_a_design() -> None:
    made = upgraded(Recipe(Box(0, 0, 39_000, 900)), 40_000, 1_000, ASSET)
    assert made.sizes[0].output == (40_000, 1_000)
