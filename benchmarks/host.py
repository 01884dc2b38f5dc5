"""A catalogue host on loopback in a process of its own, as light as Python allows, with a log of what was asked.

``python -m benchmarks.host FOLDER COUNT`` prints its port. ``/feed.xml`` lists COUNT products; ``/picture/<n>.jpg`` is
one of the folder's JPEG files with a comment that makes its bytes the product's own, with an ETag; ``/log`` answers
``{path: [times asked, times not modified]}`` as JSON, and begins anew.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

GOOGLE = "http://base.google.com/ns/1.0"


class Catalogue:
    """The host's answers."""

    def __init__(self, folder: Path, count: int) -> None:
        self.pictures = [path.read_bytes() for path in sorted(folder.glob("*.jpg"))]
        self.count = count
        self.log: dict[str, list[int]] = {}
        self.port = 0

    def answer(self, path: str, etag: str) -> list[bytes]:
        """The whole HTTP answer, in parts."""
        if path == "/log":
            log, self.log = self.log, {}
            return _response("200 OK", "application/json", [json.dumps(log).encode()])
        asked = self.log.setdefault(path, [0, 0])
        asked[0] += 1
        if path == "/feed.xml":
            return _response("200 OK", "application/xml", [self._feed()])
        number = path.removeprefix("/picture/").removesuffix(".jpg")
        if not number.isdecimal():
            return _response("404 Not Found", "text/plain", [b"not here"])
        own = f'"picture-{number}"'
        if etag == own:
            asked[1] += 1
            return [f"HTTP/1.1 304 Not Modified\r\nETag: {own}\r\n\r\n".encode()]
        picture = self.pictures[int(number) % len(self.pictures)]
        comment = f"product {number}".encode()
        segment = b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment
        return _response("200 OK", "image/jpeg", [picture[:2], segment, picture[2:]], own)

    def _feed(self) -> bytes:
        entries = "".join(
            f"<item><g:id>SKU-{n:04}</g:id><title>Product {n}</title><g:price>{n}.00 EUR</g:price>"
            f"<g:image_link>http://127.0.0.1:{self.port}/picture/{n}.jpg</g:image_link></item>"
            for n in range(self.count)
        )
        return f'<?xml version="1.0"?><rss version="2.0" xmlns:g="{GOOGLE}"><channel>{entries}</channel></rss>'.encode()


class Connection(asyncio.Protocol):
    """One kept-alive connection of requests without bodies."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.received = b""
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport to answer on."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every complete request."""
        assert self.transport
        self.received += data
        while b"\r\n\r\n" in self.received:
            head, _, self.received = self.received.partition(b"\r\n\r\n")
            first, *fields = head.decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}
            parts = self.catalogue.answer(first.split(" ")[1], headers.get("if-none-match", ""))
            self.transport.writelines(parts)


def _response(status: str, media_type: str, body: list[bytes], etag: str = "") -> list[bytes]:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {sum(map(len, body))}\r\n"
    if etag:
        head += f"ETag: {etag}\r\n"
    return [f"{head}\r\n".encode(), *body]


async def main(folder: Path, count: int) -> None:
    """Serve until the standard input ends."""
    catalogue = Catalogue(folder, count)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(catalogue), "127.0.0.1", 0)
    catalogue.port = server.sockets[0].getsockname()[1]
    print(catalogue.port, flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
