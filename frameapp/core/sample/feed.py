"""The sample's feed: Atom with the names of the Google namespace."""

import re
from xml.sax.saxutils import escape

from frameapp.core.sample.catalogue import KINDS, PRODUCTS, Product

SHOP = "https://www.marlow-and-finch.example"
UPDATED = "2026-03-02T06:00:00Z"


def feed() -> bytes:
    """The whole feed, UTF-8."""
    entries = "".join(_entry(product) for product in PRODUCTS)
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0">\n'
        "  <title>Marlow &amp; Finch: home and fashion</title>\n"
        f'  <link rel="self" href="{SHOP}/feed.xml"/>\n'
        f"  <id>{SHOP}/feed.xml</id>\n"
        f"  <updated>{UPDATED}</updated>\n"
        f"{entries}</feed>\n"
    )
    return text.encode()


def _entry(product: Product) -> str:
    kind = KINDS[product.kind]
    slug = re.sub(r"[^a-z0-9]+", "-", product.title.lower()).strip("-")
    values = {
        "id": product.product_id,
        "title": product.title,
        "description": kind.description,
        "link": f"{SHOP}/products/{slug}",
        "image_link": f"sample:/product/{product.number}",
        "availability": product.availability,
        "price": f"{product.price} EUR",
        "sale_price": f"{product.sale_price} EUR" if product.sale_price else "",
        "brand": product.brand,
        "condition": "new",
        "google_product_category": kind.category,
        "product_type": kind.product_type,
    }
    lines = "".join(f"    <g:{name}>{escape(value)}</g:{name}>\n" for name, value in values.items() if value)
    return f"  <entry>\n{lines}  </entry>\n"
