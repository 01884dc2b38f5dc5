"""The product pictures: which drawing belongs to which product, and how it stands in its picture."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from frameapp.core.sample.catalogue import PRODUCTS, Product
from frameapp.core.sample.paint import rgb
from frameapp.core.sample.products import (
    bag,
    book,
    bottle,
    candle,
    chair,
    headphones,
    lamp,
    mug,
    plant,
    shirt,
    sneaker,
    watch,
)
from frameapp.core.sample.studio import Drawing, Look, backdrop
from frameapp.errors import PictureError

DRAWINGS: dict[str, tuple[Drawing, tuple[int, int]]] = {
    "bag": (bag.draw, bag.SIZE),
    "book": (book.draw, book.SIZE),
    "book row": (book.draw_row, book.ROW_SIZE),
    "bottle": (bottle.draw, bottle.SIZE),
    "candle": (candle.draw, candle.SIZE),
    "chair": (chair.draw, chair.SIZE),
    "floor lamp": (lamp.draw_floor, lamp.FLOOR_SIZE),
    "headphones": (headphones.draw, headphones.SIZE),
    "lamp": (lamp.draw, lamp.SIZE),
    "mug": (mug.draw, mug.SIZE),
    "plant": (plant.draw, plant.SIZE),
    "shirt": (shirt.draw, shirt.SIZE),
    "sneaker": (sneaker.draw, sneaker.SIZE),
    "watch": (watch.draw, watch.SIZE),
}
SHARE = 0.86  # of the picture's width or height that the product may take
QUALITY = 90


def draw_product(product: Product) -> Image.Image:
    """The product's picture, RGB, of ``product.size`` pixels."""
    draw, (design_width, design_height) = DRAWINGS[product.kind]
    width, height = product.size
    stage = backdrop(width, height, rgb(product.tint) if product.tint else None)
    scale = min(width * SHARE / design_width, height * SHARE / design_height)
    stage.look_at(scale, ((width - design_width * scale) / 2, (height - design_height * scale) / 2))
    main, accent, detail = (rgb(colour) for colour in product.colours)
    draw(stage, Look(main, accent, detail, product.variant))
    return stage.image


def picture(number: int) -> bytes:
    """The picture of product ``number`` (1 to 60) as a JPEG. Raises PictureError for another number."""
    if not 1 <= number <= len(PRODUCTS):
        raise PictureError(f"The sample has no product {number}.")
    out = BytesIO()
    draw_product(PRODUCTS[number - 1]).save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
