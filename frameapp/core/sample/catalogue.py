"""The sample shop's products: what the feed says of each, and how its picture is drawn."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Product:
    """One product of the sample shop; ``number`` counts from 1.

    ``size`` is its picture's, in pixels. ``colours`` are main, accent and detail as ``#rrggbb``; so is the
    backdrop's ``tint``, empty for white.
    """

    number: int
    kind: str
    variant: int
    title: str
    brand: str
    price: str
    sale_price: str
    availability: str
    size: tuple[int, int]
    colours: tuple[str, str, str]
    tint: str

    @property
    def product_id(self) -> str:
        """The id in the feed, as ``MF-1007``."""
        return f"MF-{1000 + self.number}"


@dataclass(frozen=True, slots=True)
class Kind:
    """What all products of a kind have in common in the feed."""

    product_type: str
    category: str
    description: str


_LIGHT = "Home & Garden > Lighting > Lamps"
_TABLE = "Home & Garden > Kitchen & Dining"
KINDS = {
    "sneaker": Kind("Shoes", "Apparel & Accessories > Shoes", "A light everyday shoe with a cushioned sole."),
    "mug": Kind("Kitchen", f"{_TABLE} > Tableware > Drinkware > Mugs", "Stoneware, glazed by hand."),
    "lamp": Kind("Lighting", _LIGHT, "Warm, dimmable light; the LED bulb is included."),
    "floor lamp": Kind("Lighting", _LIGHT, "A slim lamp for the reading corner."),
    "chair": Kind("Furniture", "Furniture > Chairs", "Made to be sat in for hours, and to be mended."),
    "bag": Kind("Bags", "Luggage & Bags", "Room for the day, with a pocket for keys."),
    "watch": Kind("Watches", "Apparel & Accessories > Jewelry > Watches", "Sapphire glass, water resistant to 50 m."),
    "bottle": Kind(
        "Outdoor",
        f"{_TABLE} > Food & Beverage Carriers > Water Bottles",
        "Steel, double walled: cold for a day, hot for half of one.",
    ),
    "headphones": Kind(
        "Audio",
        "Electronics > Audio > Audio Components > Headphones & Headsets > Headphones",
        "Thirty hours of music, and cushions that can be replaced.",
    ),
    "plant": Kind("Plants", "Home & Garden > Plants", "Comes with its pot and a note on water and light."),
    "book": Kind("Books", "Media > Books", "Sewn binding, printed on uncoated paper."),
    "book row": Kind("Books", "Media > Books", "The whole series, in the order the author wants."),
    "candle": Kind(
        "Home scent",
        "Home & Garden > Decor > Home Fragrances > Candles",
        "Soy wax and a cotton wick, for about forty evenings.",
    ),
    "shirt": Kind(
        "Clothing", "Apparel & Accessories > Clothing > Shirts & Tops", "Heavy organic cotton that keeps its shape."
    ),
}

SIZES = {
    "square": (1200, 1200),
    "portrait": (1040, 1300),
    "tall": (960, 1280),
    "landscape": (1320, 990),
    "wide": (1400, 934),
    "widest": (1400, 420),
    "tallest": (420, 1400),
}

AVAILABILITY = {"yes": "in_stock", "no": "out_of_stock", "soon": "preorder"}

# kind, variant | title | brand | price > sale price | availability | size | main accent detail on tint
_TABLE_OF_PRODUCTS = """
sneaker, 0 | Runa low sneaker, chalk and forest | Halden | 119.00 | yes | wide | f2efe8 2c6150 fbf9f4
mug, 1 | Dipped mug, ocean | Marlow & Finch | 24.00 > 19.20 | yes | square | efe9de 2d6a8e efe9de on eef0ef
lamp, 0 | Poppy mushroom lamp, tangerine | Lumen Works | 189.00 | yes | square | ee7a3c ee7a3c d9b26a
chair, 0 | Shell chair Nore, mustard | Oakline | 249.00 > 199.00 | yes | portrait | dda63a c7872a b98452
bag, 0 | Canvas tote Marie with leather base, sand | Marlow & Finch | 139.00 | yes | square | e6d9c2 8a4b2d d9b26a
watch, 0 | Meridian 38 watch, midnight dial, tan strap | Norra | 229.00 | yes | tall | a8673a 1f2d4d d9dbe0
bottle, 0 | Norra bottle 750 ml, moss | Norra | 34.90 > 27.90 | yes | portrait | 5f7a4c 5f7a4c 2e2f33
headphones, 0 | Quiet Hours headphones, graphite | Audra | 299.00 > 249.00 | yes | square | 3b3e46 26272c c9a271
plant, 4 | Monstera deliciosa in a white pot | Green Room | 49.00 | yes | portrait | f1eee8 3f7f4d 6fa35a
book, 2 | Forms & Colours, a pattern book | Harbour Press | 38.00 | yes | tall | f0dfc0 d5502f 2f5f8a
candle, 0 | Fig & Cedar scented candle | Marlow & Finch | 32.00 | yes | portrait | f3f1ec 4c5a3c 4c5a3c
shirt, 1 | Breton T-shirt, navy stripes | Kestrel Supply | 45.00 > 36.00 | yes | square | f7f4ec 26365a f7f4ec
sneaker, 1 | Track sneaker, cobalt | Kestrel Supply | 99.00 > 79.00 | yes | landscape | 2f56b5 f5f3ee f7f5ef on edf0f5
mug, 0 | Everyday mug, terracotta | Marlow & Finch | 18.00 | yes | square | c8694a c8694a f0e6d8
lamp, 1 | Linen table lamp on a teal base | Lumen Works | 129.00 | yes | portrait | efe6d3 1f6f73 c9a45c on f3efe8
chair, 1 | Armchair Alma, green bouclé | Oakline | 890.00 > 749.00 | yes | square | 33604f d9a441 9a683e on f1eee8
bag, 1 | Flap bag Odile, burgundy | Atelier Rue | 219.00 | yes | square | 7a2534 5a1a28 d9b566
watch, 1 | Regatta chronograph, silver and navy | Norra | 349.00 > 299.00 | yes | tall | 26365a eceef0 cfd3d8
bottle, 4 | Trail bottle 1 l, sunset | Norra | 39.90 | soon | portrait | f0a04b d9573c 2c2d31
headphones, 1 | Studio One headphones, ivory | Audra | 199.00 | yes | portrait | efe9dd b98a62 c9cdd3 on efebe4
plant, 1 | Snake plant in a charcoal pot | Green Room | 29.00 | yes | portrait | 4a4d52 2f6b4a d8cf7a
book, 1 | North of Here, a novel | Harbour Press | 24.00 > 18.00 | yes | tall | f2b98a b5485d fff1d6
candle, 1 | Sea Salt candle in fluted ceramic | Marlow & Finch | 36.00 | yes | portrait | 9db7c4 2f5468 9db7c4 on eef2f3
shirt, 0 | Pocket T-shirt, rosewood | Kestrel Supply | 35.00 | yes | portrait | a8545a a8545a a8545a
book row, 0 | Halloran Mysteries, complete set | Harbour Press | 420.00 > 360.00 | yes | widest | 26435c b5533c 7d8f6b
sneaker, 2 | Court leather sneaker, white | Halden | 129.00 | yes | wide | f6f5f2 c9b79a f3e9d6
mug, 2 | Striped mug, sailor red | Marlow & Finch | 22.00 | yes | square | f6f2ea c8392f f6f2ea
lamp, 2 | Globe lamp Luna, brass | Lumen Works | 159.00 > 127.00 | yes | tall | f6ead0 3a3d44 cfa558
chair, 2 | Shell chair Nore with cushion, white | Oakline | 269.00 | yes | portrait | eeece8 5b7f8c c79a66
bag, 2 | Commuter backpack, slate | Kestrel Supply | 149.00 > 119.00 | yes | portrait | 55646f 9a5b36 d5d8dc
watch, 2 | Bauhaus 36 watch, ivory dial | Norra | 189.00 | yes | tall | 2b2b2f f3eee2 d8b777 on f0ede7
bottle, 3 | Norra bottle 500 ml with wooden cap, blush | Norra | 36.90 | yes | portrait | e3a9a0 e3a9a0 b98452
headphones, 2 | Quiet Hours headphones, plum | Audra | 299.00 | no | square | 6a3d63 3f2a40 d2b48c
plant, 0 | Rubber plant in a terracotta pot | Green Room | 35.00 > 28.00 | yes | portrait | c9764f 2d6b4a 7fa650
book, 0 | The Quiet Kitchen: eighty calm suppers | Harbour Press | 32.00 | yes | tall | 23493f e9b44c f1e7d3
candle, 2 | Amber candle in smoked glass | Marlow & Finch | 38.00 > 30.40 | yes | portrait | a8622d 6a3b1c a8622d
shirt, 2 | Slow Sundays T-shirt, oat | Kestrel Supply | 39.00 | yes | square | efe6d4 d9663c efe6d4 on eceae6
sneaker, 3 | Trail runner, ember | Kestrel Supply | 139.00 | soon | landscape | e2593b 2c2f3a f5efe4
mug, 3 | Speckled mug, oat | Marlow & Finch | 26.00 | yes | square | e8dcc6 6b4a32 efe6d6 on f0ece5
lamp, 3 | Desk lamp Arc, matt black | Lumen Works | 145.00 | yes | portrait | 33353b 33353b c9a45c
floor lamp, 0 | Floor lamp Ilse, sand shade | Lumen Works | 279.00 | yes | tallest | e9d9bd e9d9bd 3a3a3f
chair, 3 | Channel armchair Vera, rust velvet | Oakline | 960.00 | yes | square | b5532f b5532f 6e4529 on f4efe9
bag, 3 | Weekend tote, olive canvas | Marlow & Finch | 159.00 | yes | square | 7c8260 3b2a20 cfa558
watch, 3 | Pilot chronograph, black | Norra | 379.00 | yes | tall | 3a3a3e 202226 55585e
bottle, 1 | Wide bottle 900 ml, arctic | Norra | 37.90 | yes | portrait | a9cbd8 a9cbd8 3a3d44 on f0f4f5
headphones, 3 | Studio One headphones, sage | Audra | 199.00 > 159.00 | yes | portrait | 9fb09a 5d6b5c d9c9a8
plant, 2 | Olive tree, small, in a sand pot | Green Room | 59.00 | yes | portrait | d8c3a0 7d9271 a9b79a on f2efe9
book, 3 | Slow Gardens: a year outdoors | Harbour Press | 29.00 | yes | tall | efe9da 2f6b4a d98b4a on eceee9
candle, 3 | White Tea candle in blush ceramic | Marlow & Finch | 36.00 | no | portrait | e2b9ad 7a4a44 e2b9ad
shirt, 3 | Heavy sweatshirt, pine | Kestrel Supply | 79.00 > 63.00 | yes | square | 2f5a4a efe7d2 2f5a4a
sneaker, 4 | Wave slip sneaker, lilac | Halden | 109.00 > 87.00 | yes | wide | b9a5d6 6a4fa3 f6f2fa on f2f0f6
mug, 4 | Banded mug, graphite and gold | Marlow & Finch | 28.00 | yes | square | 3f444d cfa24a e9e2d4
lamp, 0 | Poppy mushroom lamp, cobalt | Lumen Works | 189.00 > 151.00 | yes | portrait | 3556b8 3556b8 d9b26a on eff1f6
chair, 4 | Shell chair Nore, dusty blue | Oakline | 249.00 | yes | portrait | 6f93ad 6f93ad c79a66
bag, 4 | Flap bag Odile, cognac | Atelier Rue | 219.00 > 175.00 | yes | square | b5703a 7a4522 e0c07a on f3eee7
watch, 4 | Dune 36 watch, rose gold | Norra | 209.00 | yes | tall | c9a59a f5ece6 e0a58c
bottle, 2 | Two-tone bottle 750 ml, plum and rose | Norra | 35.90 | yes | portrait | e7b5ac 6d2f4f 6d2f4f
headphones, 4 | Junior headphones, coral | Audra | 89.00 | yes | square | ee7460 f6e7d6 f2f2f2 on f7f0ec
plant, 3 | Areca palm in a blue pot | Green Room | 45.00 | yes | portrait | 3f6f93 4d8f4a a3bf5c
shirt, 4 | Colour block T-shirt, coast | Kestrel Supply | 42.00 > 33.60 | yes | portrait | f4efe4 2b5a78 e0b04f
"""


def _product(number: int, row: str) -> Product:
    said, title, brand, prices, availability, size, colours = row.split(" | ")
    kind, variant = said.split(", ")
    price, _, sale_price = prices.partition(" > ")
    drawn, _, tint = colours.partition(" on ")
    main, accent, detail = drawn.split()
    return Product(
        number=number,
        kind=kind,
        variant=int(variant),
        title=title,
        brand=brand,
        price=price,
        sale_price=sale_price,
        availability=AVAILABILITY[availability],
        size=SIZES[size],
        colours=(f"#{main}", f"#{accent}", f"#{detail}"),
        tint=f"#{tint}" if tint else "",
    )


PRODUCTS = tuple(_product(number, row) for number, row in enumerate(_TABLE_OF_PRODUCTS.strip().splitlines(), start=1))
