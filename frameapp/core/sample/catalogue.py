"""The sample shop's products: what the feed says of each."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Product:
    """One product of the sample shop; ``number`` counts from 1."""

    number: int
    kind: str
    title: str
    brand: str
    price: str
    sale_price: str
    availability: str

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

AVAILABILITY = {"yes": "in_stock", "no": "out_of_stock", "soon": "preorder"}

# kind | title | brand | price > sale price | availability
_TABLE_OF_PRODUCTS = """
sneaker | Runa low sneaker, chalk and forest | Halden | 119.00 | yes
mug | Dipped mug, ocean | Marlow & Finch | 24.00 > 19.20 | yes
lamp | Poppy mushroom lamp, tangerine | Lumen Works | 189.00 | yes
chair | Shell chair Nore, mustard | Oakline | 249.00 > 199.00 | yes
bag | Canvas tote Marie with leather base, sand | Marlow & Finch | 139.00 | yes
watch | Meridian 38 watch, midnight dial, tan strap | Norra | 229.00 | yes
bottle | Norra bottle 750 ml, moss | Norra | 34.90 > 27.90 | yes
headphones | Quiet Hours headphones, graphite | Audra | 299.00 > 249.00 | yes
plant | Monstera deliciosa in a white pot | Green Room | 49.00 | yes
book | Forms & Colours, a pattern book | Harbour Press | 38.00 | yes
candle | Fig & Cedar scented candle | Marlow & Finch | 32.00 | yes
shirt | Breton T-shirt, navy stripes | Kestrel Supply | 45.00 > 36.00 | yes
sneaker | Track sneaker, cobalt | Kestrel Supply | 99.00 > 79.00 | yes
mug | Everyday mug, terracotta | Marlow & Finch | 18.00 | yes
lamp | Linen table lamp on a teal base | Lumen Works | 129.00 | yes
chair | Armchair Alma, green bouclé | Oakline | 890.00 > 749.00 | yes
bag | Flap bag Odile, burgundy | Atelier Rue | 219.00 | yes
watch | Regatta chronograph, silver and navy | Norra | 349.00 > 299.00 | yes
bottle | Trail bottle 1 l, sunset | Norra | 39.90 | soon
headphones | Studio One headphones, ivory | Audra | 199.00 | yes
plant | Snake plant in a charcoal pot | Green Room | 29.00 | yes
book | North of Here, a novel | Harbour Press | 24.00 > 18.00 | yes
candle | Sea Salt candle in fluted ceramic | Marlow & Finch | 36.00 | yes
shirt | Pocket T-shirt, rosewood | Kestrel Supply | 35.00 | yes
book row | Halloran Mysteries, complete set | Harbour Press | 420.00 > 360.00 | yes
sneaker | Court leather sneaker, white | Halden | 129.00 | yes
mug | Striped mug, sailor red | Marlow & Finch | 22.00 | yes
lamp | Globe lamp Luna, brass | Lumen Works | 159.00 > 127.00 | yes
chair | Shell chair Nore with cushion, white | Oakline | 269.00 | yes
bag | Commuter backpack, slate | Kestrel Supply | 149.00 > 119.00 | yes
watch | Bauhaus 36 watch, ivory dial | Norra | 189.00 | yes
bottle | Norra bottle 500 ml with wooden cap, blush | Norra | 36.90 | yes
headphones | Quiet Hours headphones, plum | Audra | 299.00 | no
plant | Rubber plant in a terracotta pot | Green Room | 35.00 > 28.00 | yes
book | The Quiet Kitchen: eighty calm suppers | Harbour Press | 32.00 | yes
candle | Amber candle in smoked glass | Marlow & Finch | 38.00 > 30.40 | yes
shirt | Slow Sundays T-shirt, oat | Kestrel Supply | 39.00 | yes
sneaker | Trail runner, ember | Kestrel Supply | 139.00 | soon
mug | Speckled mug, oat | Marlow & Finch | 26.00 | yes
lamp | Desk lamp Arc, matt black | Lumen Works | 145.00 | yes
floor lamp | Floor lamp Ilse, sand shade | Lumen Works | 279.00 | yes
chair | Channel armchair Vera, rust velvet | Oakline | 960.00 | yes
bag | Weekend tote, olive canvas | Marlow & Finch | 159.00 | yes
watch | Pilot chronograph, black | Norra | 379.00 | yes
bottle | Wide bottle 900 ml, arctic | Norra | 37.90 | yes
headphones | Studio One headphones, sage | Audra | 199.00 > 159.00 | yes
plant | Olive tree, small, in a sand pot | Green Room | 59.00 | yes
book | Slow Gardens: a year outdoors | Harbour Press | 29.00 | yes
candle | White Tea candle in blush ceramic | Marlow & Finch | 36.00 | no
shirt | Heavy sweatshirt, pine | Kestrel Supply | 79.00 > 63.00 | yes
sneaker | Wave slip sneaker, lilac | Halden | 109.00 > 87.00 | yes
mug | Banded mug, graphite and gold | Marlow & Finch | 28.00 | yes
lamp | Poppy mushroom lamp, cobalt | Lumen Works | 189.00 > 151.00 | yes
chair | Shell chair Nore, dusty blue | Oakline | 249.00 | yes
bag | Flap bag Odile, cognac | Atelier Rue | 219.00 > 175.00 | yes
watch | Dune 36 watch, rose gold | Norra | 209.00 | yes
bottle | Two-tone bottle 750 ml, plum and rose | Norra | 35.90 | yes
headphones | Junior headphones, coral | Audra | 89.00 | yes
plant | Areca palm in a blue pot | Green Room | 45.00 | yes
shirt | Colour block T-shirt, coast | Kestrel Supply | 42.00 > 33.60 | yes
"""


def _product(number: int, row: str) -> Product:
    kind, title, brand, prices, availability = row.split(" | ")
    price, _, sale_price = prices.partition(" > ")
    return Product(number, kind, title, brand, price, sale_price, AVAILABILITY[availability])


PRODUCTS = tuple(_product(number, row) for number, row in enumerate(_TABLE_OF_PRODUCTS.strip().splitlines(), start=1))
