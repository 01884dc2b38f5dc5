"""What the fields of a feed are called: one plain name whatever the spelling or the prefix."""

import re

GOOGLE = "http://base.google.com/ns/1.0"
GOOGLE_CUSTOM = "http://base.google.com/cns/1.0"
ATOM = "http://www.w3.org/2005/Atom"

IMAGE_LINK = "image_link"
ADDITIONAL = "additional_image_link"

#: Other spellings, after ``spelled``; they count only where the feed has no field of the right name.
ALIASES = {
    "id": ("product_id", "item_id", "sku_id", "offer_id", "retailer_id", "sku"),
    "image_link": ("image_url", "image", "image[0].url", "img", "img_url", "picture", "picture_url", "main_image"),
    "title": ("name", "product_name", "product_title", "titel"),
    "additional_image_link": ("additional_image_links", "additional_image_url", "additional_images"),
}
#: Fields that have one value; a second is ignored. Others that repeat are joined.
SINGLE = frozenset(
    "id title description link image_link price sale_price availability brand gtin mpn condition".split()  # noqa: SIM905
)
#: Fields whose text is an identifier; ``text.py`` says how they are read.
IDENTIFIERS = frozenset({"id", "item_group_id"})
KNOWN = SINGLE | {ADDITIONAL} | {alias for aliases in ALIASES.values() for alias in aliases}

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_GAP = re.compile(r"[\s_-]+")


def spelled(name: str) -> str:
    """A column's name in its plain spelling.

    >>> spelled(" Image Link "), spelled("g:imageLink"), spelled("GTIN")
    ('image_link', 'image_link', 'gtin')
    """
    name = name.strip().strip("\ufeff\"'").strip()
    if name[:2].lower() in ("g:", "c:"):
        name = name[2:]
    return _GAP.sub("_", _HUMP.sub("_", name)).lower()


def columns(header: list[str]) -> list[str]:
    """The plain names of a table's columns, each once: a repeated name gets a number."""
    names = [spelled(cell) or f"column_{number}" for number, cell in enumerate(header, 1)]
    for right, aliases in ALIASES.items():
        if right not in names:
            alias = next((alias for alias in aliases if alias in names), "")
            names = [right if name == alias else name for name in names] if alias else names
    seen: dict[str, int] = {}
    for index, name in enumerate(names):
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            names[index] = f"{name}_{seen[name]}"
    return names
