"""A catalogue host on loopback: a feed of any size whose pictures are good, slow or broken."""

from __future__ import annotations

import hashlib
import io
import threading
from collections import Counter
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qs, urlsplit

from PIL import Image, ImageDraw

# What `/picture/<kind>/<n>.jpg` may be beside `good`.
BROKEN = ("missing", "html", "truncated", "empty")


@lru_cache(maxsize=64)
def picture(number: int) -> bytes:
    """A JPEG of its own colours and size."""
    width, height = 400 + number % 7 * 60, 360 + number % 5 * 70
    image = Image.new("RGB", (width, height), "white")
    colour = tuple(hashlib.sha256(str(number).encode()).digest()[:3])
    ImageDraw.Draw(image).rounded_rectangle((40, 40, width - 40, height - 40), 40, fill=colour)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


class Catalogue:
    """Serves ``feed_url()`` and its pictures; ``requests`` counts the paths that were asked."""

    feed_type = "application/xml"

    def __init__(self) -> None:
        self.requests: Counter[str] = Counter()
        self.gate = threading.Event()  # `gated` pictures wait for it
        self.gate.set()
        self.end = threading.Event()  # `last` pictures wait for it: the last product of a `stepped` feed has one
        self.end.set()
        host = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                host.answer(self)

            def log_message(self, format: str, *args: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Catalogue:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.gate.set()
        self.end.set()
        self._server.shutdown()
        self._server.server_close()

    def feed_url(self, products: int, *, kind: str = "good", broken: int = 0, name: str = "feed") -> str:
        """The address of a feed; the last ``broken`` products have pictures that fail, each in its own way."""
        return f"{self.url}/{name}.xml?n={products}&kind={kind}&broken={broken}"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        self.requests[handler.path] += 1
        if parts.path.endswith(".xml"):
            query = {k: v[0] for k, v in parse_qs(parts.query).items()}
            body = self.feed(int(query["n"]), query["kind"], int(query["broken"]))
            return send(handler, 200, self.feed_type, body)
        _, _, kind, file = (*parts.path.split("/"), "", "", "")[:4]
        if kind.startswith("gated"):
            self.gate.wait(30)
            kind = kind.removeprefix("gated-")
        if kind == "last":
            self.end.wait(30)
        if kind == "missing" or parts.path.count("/") != 3:
            return send(handler, 404, "text/plain", b"not here")
        if kind == "html":
            return send(handler, 200, "text/html", b"<html><body>Please sign in</body></html>")
        body = picture(int(file.removesuffix(".jpg")))
        body = {"empty": b"", "truncated": body[: len(body) // 3]}.get(kind, body)
        return send(handler, 200, "image/jpeg", body, etag=f'"{hashlib.sha256(body).hexdigest()[:16]}"')

    def feed(self, products: int, kind: str, broken: int) -> bytes:
        entries = []
        for number in range(products):
            bad = number - (products - broken)
            how = BROKEN[bad % len(BROKEN)] if bad >= 0 else kind
            if kind == "gated" and bad >= 0:
                how = f"gated-{how}"
            if kind == "stepped":
                how = "last" if number == products - 1 else "gated"
            entries.append(
                f"<entry><g:id>SKU-{number:05d}</g:id><title>Product {number}</title><g:price>{number}.00 EUR</g:price>"
                f"<g:image_link>{self.url}/picture/{how}/{number}.jpg</g:image_link></entry>"
            )
        start = '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0"><title>Shop</title>'
        return f'<?xml version="1.0" encoding="UTF-8"?>{start}{"".join(entries)}</feed>'.encode()


def send(handler: BaseHTTPRequestHandler, status: int, media_type: str, body: bytes, *, etag: str = "") -> None:
    if etag and handler.headers.get("If-None-Match") == etag:
        status, body = 304, b""
    handler.send_response(status)
    handler.send_header("Content-Type", media_type)
    handler.send_header("Content-Length", str(len(body)))
    if etag:
        handler.send_header("ETag", etag)
    handler.end_headers()
    handler.wfile.write(body)
