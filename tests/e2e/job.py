"""The main job by mouse, as far as a test needs it."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site


@dataclass(frozen=True)
class Made:
    """A finished frame: its id and name, addresses of its files, and its owner's cookie."""

    frame_id: int
    frame_name: str
    files: tuple[str, ...]
    cookie: str


def frame_image(width: int = 800, height: int = 800) -> bytes:
    """A PNG with a coloured border and a transparent window."""
    image = Image.new("RGBA", (width, height), "#3b3bb3")
    ImageDraw.Draw(image).rectangle((60, 60, width - 61, height - 161), fill=(0, 0, 0, 0))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def add_frame(page: Page, feed_address: str, *, name: str = "Summer sale", image: bytes | None = None) -> int:
    """Add a frame in the interface; returns its id, with the placement page open."""
    page.goto("/add-frame")
    page.get_by_label("Name", exact=True).first.fill(name)
    file = {"name": "frame.png", "mimeType": "image/png", "buffer": image or frame_image()}
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_alt_text("The frame image")).to_be_visible()
    page.get_by_label("Feed address").fill(feed_address)
    page.get_by_role("button", name="Create frame").click()
    page.wait_for_url(re.compile(r"/frame/\d+/preview"))
    return int(re.search(r"/frame/(\d+)/", page.url)[1])  # type: ignore[index]


def generate(page: Page) -> None:
    """Press the primary button of the placement page and come to the details."""
    page.get_by_role("button", name="Save & Generate Images").click()
    # Soon, and not only when it has loaded: pictures that a test holds back hold up nobody.
    page.wait_for_url(re.compile(r"/frame_detail/\d+"), wait_until="commit")


def wait_until_processed(page: Page, total: int) -> None:
    """Until the outputs' count on the details page says that all are there and the run has ended."""
    expect(page.get_by_role("button", name="Run again")).to_be_enabled()
    answer = page.context.request.get(f"/frame/{frame_id_of(page)}/outputs-ajax/?start=0&length=1")
    assert answer.json()["recordsTotal"] == total


def frame_id_of(page: Page) -> int:
    """The frame's id in the details page's address."""
    return int(re.search(r"/frame_detail/(\d+)", page.url)[1])  # type: ignore[index]


def cookie_of(page: Page) -> str:
    """The Cookie header of the page's browser."""
    return "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in page.context.cookies())


def make_finished_frame(site: Site, page: Page, *, products: int) -> Made:
    """Add a frame, generate, wait, and note every file's address that the pages showed on the way."""
    files: set[str] = set()
    page.on("request", lambda request: files.add(request.url) if "/files/" in request.url else None)
    name = "Only for its owner"
    frame_id = add_frame(page, site.catalogue.feed_url(products), name=name)
    generate(page)
    wait_until_processed(page, products)
    page.reload()
    page.locator("img[src*='/files/']").first.wait_for()
    answer = page.context.request.get(f"/frame/{frame_id}/outputs-ajax/?start=0&length=10").json()
    for row in answer["data"]:
        files.update(value for value in row.values() if isinstance(value, str) and value.startswith("/f"))
    paths = sorted({file.removeprefix(site.url) for file in files})
    assert len(paths) > products
    return Made(frame_id, name, tuple(paths), cookie_of(page))
