"""A catalogue host whose feed a test can replace while its address stays."""

from __future__ import annotations

from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler
from xml.sax.saxutils import escape

from tests.e2e.catalogue import Catalogue, send

START = '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0">'


class Shop(Catalogue):
    """``document`` is what the feed's address answers."""

    document = b""

    @property
    def address(self) -> str:
        """The feed's address."""
        return self.feed_url(0)

    def link(self, number: int, kind: str = "good") -> str:
        """The address of a picture."""
        return f"{self.url}/picture/{kind}/{number}.jpg"

    def sell(self, products: Iterable[tuple[str, str]]) -> None:
        """Make a feed of (product id, image link); an empty one is left out of its entry."""
        entries = []
        for product_id, link in products:
            fields = f"<g:id>{escape(product_id)}</g:id>" if product_id else ""
            fields += f"<g:image_link>{escape(link)}</g:image_link>" if link else ""
            entries.append(f"<entry><title>{escape(product_id)}</title>{fields}</entry>")
        self.document = f'<?xml version="1.0"?>{START}{"".join(entries)}</feed>'.encode()

    def sell_numbered(self, count: int, kind: str = "good") -> None:
        """Make a feed of ``count`` products, each with its own picture."""
        self.sell((f"sku {n}", self.link(n, kind)) for n in range(count))

    def feed(self, products: int, kind: str, broken: int) -> bytes:
        return self.document

    @property
    def feeds_read(self) -> int:
        """How many times the feed was asked for."""
        return sum(count for path, count in self.requests.items() if path.startswith("/feed.xml"))

    def asked(self, kind: str = "") -> int:
        """How many times pictures (of a kind) were asked for."""
        return sum(count for path, count in self.requests.items() if path.startswith(f"/picture/{kind}"))


class Gallery(Shop):
    """A shop whose pictures have names."""

    def named(self, name: str) -> str:
        """The address of the picture of that name."""
        return f"{self.url}/odd/{name}"

    def picture(self, name: str) -> bytes:
        """The file of that name."""
        raise NotImplementedError

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        name = handler.path.removeprefix("/odd/")
        if name == handler.path:
            super().answer(handler)
        else:
            send(handler, 200, "image/jpeg", self.picture(name))
