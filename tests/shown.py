"""How Chromium shows a picture: served on the loopback interface, loaded by an ``img``, read back from a canvas."""

from __future__ import annotations

import base64
import hashlib
import io
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import ARGUMENTS, find_browser

# An empty answer where the picture is not shown, else the canvas as a PNG.
_LOAD = """async (address) => {
    const image = new Image();
    const loaded = new Promise((resolve) => {
        image.onload = () => resolve(true);
        image.onerror = () => resolve(false);
    });
    image.src = address;
    if (!await loaded || !image.naturalWidth) return "";
    const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
    canvas.getContext("2d", {willReadFrequently: true}).drawImage(image, 0, 0);
    const bytes = new Uint8Array(await (await canvas.convertToBlob({type: "image/png"})).arrayBuffer());
    let text = "";
    for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
    return btoa(text);
}"""


# Whether the whole of the picture can be decoded: an img shows the part of a cut one that is there.
_DECODE = """async ([address, type]) => {
    const data = await (await fetch(address)).arrayBuffer();
    try {
        const decoder = new ImageDecoder({data, type});
        const {image} = await decoder.decode({completeFramesOnly: true});
        image.close();
        return true;
    } catch {
        return false;
    }
}"""
_TYPES = {b"\x89PNG": "png", b"\xff\xd8": "jpeg", b"GIF8": "gif", b"BM": "bmp", b"RIFF": "webp"}


class Shown:
    """A page that loads pictures."""

    def __init__(self, page: Page, server: _Server) -> None:
        self._page = page
        self._server = server

    def of(self, data: bytes) -> Image.Image | None:
        """The picture as RGBA in sRGB; None where Chromium does not show it."""
        with self._server.serving(data) as address:
            told = self._page.evaluate(_LOAD, address)
        return Image.open(io.BytesIO(base64.b64decode(told))).convert("RGBA") if told else None

    def decodes(self, data: bytes) -> bool:
        """Whether Chromium decodes all of the picture, its end included."""
        kind = next((kind for start, kind in _TYPES.items() if data.startswith(start)), "avif")
        with self._server.serving(data) as address:
            return bool(self._page.evaluate(_DECODE, [address, f"image/{kind}"]))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    files: dict[str, bytes]

    @contextmanager
    def serving(self, data: bytes) -> Iterator[str]:
        """The path of these bytes, for as long as they are asked for."""
        path = f"/{hashlib.sha256(data).hexdigest()}"
        self.files[path] = data
        try:
            yield path
        finally:
            del self.files[path]

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up, as it does where it has seen enough, is no error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        data = self.server.files.get(self.path)
        self.send_response(200 if data is not None else 404)
        self.send_header("Content-Length", str(len(data or b"")))
        self.send_header("Content-Type", "text/html" if self.path == "/" else "image/x-unknown")
        self.end_headers()
        self.wfile.write(data or b"")

    def log_message(self, format: str, *args: object) -> None:
        """Keeps the terminal quiet."""


@contextmanager
def shown_by(browser: Browser) -> Iterator[Shown]:
    """A page of that browser."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.files = {"/": b"<!doctype html>"}
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        page = browser.new_page()
        try:
            page.goto(f"http://127.0.0.1:{server.server_port}/", wait_until="load")
            yield Shown(page, server)
        finally:
            page.close()
            server.shutdown()
            thread.join()


@contextmanager
def chromium() -> Iterator[Shown]:
    """A page of a browser of its own."""
    path = find_browser()
    assert path, "no Chromium: run python -m tests.browser"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            with shown_by(browser) as shown:
                yield shown
        finally:
            browser.close()
