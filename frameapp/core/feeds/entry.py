"""One product of a feed, whatever the feed's format."""

from typing import NamedTuple


class Entry(NamedTuple):
    """What a feed says about one product. A named tuple, since a feed may have a million of them.

    ``product_id`` and ``image_link`` are empty where the feed has none. Links are absolute and percent-encoded.
    ``data`` holds every field under its plain name (``price``, ``sale_price``, ``shipping.country``), as text
    without markup's escapes, links as the feed spells them. ``position`` counts from 0.
    """

    product_id: str
    image_link: str
    additional_image_links: tuple[str, ...]
    title: str
    data: dict[str, str]
    position: int


class Located(NamedTuple):
    """An entry and where its image links stand in the text of its ``Piece``: pairs of start and end."""

    entry: Entry
    links: tuple[tuple[int, int], ...]


class Piece(NamedTuple):
    """A stretch of the feed's text with the entries that end in it. All pieces together are the whole text."""

    text: str
    located: list[Located]
