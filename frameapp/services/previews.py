"""Pictures for the interface: previews by the very render of the bulk run, sources and thumbnails."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, dataclass
from typing import TypeVar

from frameapp.adapters.render_process import Renderer
from frameapp.core.render import Rendered
from frameapp.core.render.recipe import Recipe
from frameapp.db.owned import owned_feed, owned_frame, owned_product
from frameapp.errors import Invalid, NotFound, PictureError
from frameapp.models import Feed, Frame, Product
from frameapp.services import sources
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application

T = TypeVar("T")

AT_ONCE = 16  # threads that may wait for pictures
THUMBNAIL_SIDE = 192  # pixels: 96 on a dense screen
CANVAS_SIDE = 1200  # pixels, for pictures that are made for the canvas

# What every browser shows by itself, by the first bytes.
_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


@dataclass(frozen=True, slots=True)
class Picture:
    """Bytes for a browser, with their media type."""

    data: bytes
    media_type: str


renderer = Renderer()  # this process's, for thumbnails and other small pictures; its child starts when it is needed
_preview_renderer = Renderer()  # who moves the box does not wait for a list's thumbnails
_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="previews")


async def apart(work: Callable[[], T]) -> T:
    """``work`` in a thread of the previews' own: a slow picture host holds up no page, session or health check."""
    return await asyncio.get_running_loop().run_in_executor(_threads, work)


def encode_recipe(recipe: Recipe) -> str:
    """The recipe as a short text for an address."""
    text = json.dumps(recipe.to_json(), separators=(",", ":"), sort_keys=True)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_recipe(text: str) -> Recipe:
    """The recipe that ``encode_recipe`` wrote. Raises Invalid."""
    try:
        data = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError) as error:
        raise Invalid("This recipe is damaged.") from error
    if not isinstance(data, dict):
        raise Invalid("This recipe is damaged.")
    recipe = Recipe.from_json(data)
    sizes = (*astuple(recipe.box), recipe.output_width or 0, recipe.output_height or 0)
    if not all(type(size) is int for size in sizes):
        raise Invalid("This recipe is damaged.")
    return recipe


def render(app: Application, viewer: Viewer, frame_id: int, product_ref: int, recipe: Recipe) -> Rendered:
    """The product in the frame exactly as a run with this recipe makes it. Blocks while it fetches and renders.

    Raises NotFound, FetchError or PictureError.
    """
    frame, feed, product = _rows(app, viewer, frame_id, product_ref)
    source = sources.read_source(app, feed, product)

    def load_frame() -> bytes:
        data = app.storage.get(frame.image_key)
        if data is None:
            raise PictureError("The frame image is missing; upload it again.")
        return data

    inside = recipe.inside(frame.image_width, frame.image_height)
    return _preview_renderer.render(source, frame_digest=frame.image_digest, load_frame=load_frame, recipe=inside)


def prepare(app: Application, viewer: Viewer, product_ref: int, *, anew: bool = False) -> None:
    """Bring the product's picture into the cache; ``anew`` where the one that is there is no good.

    Raises NotFound, FetchError or PictureError.
    """
    feed, product = _product(app, viewer, product_ref)
    sources.read_source(app, feed, product, anew=anew)


def original(app: Application, viewer: Viewer, product_ref: int) -> Picture:
    """The product's picture as a browser can show it: as it is, or converted where no browser reads it."""
    feed, product = _product(app, viewer, product_ref)
    data = sources.read_source(app, feed, product)
    media_type = _media_type(data)
    if media_type:
        return Picture(data, media_type)
    small = renderer.thumbnail(data, CANVAS_SIDE)
    return Picture(small, _media_type(small) or "application/octet-stream")


def trimmed(app: Application, viewer: Viewer, product_ref: int) -> Picture:
    """The product's picture without its white or transparent borders, for the canvas of a placement that trims."""
    feed, product = _product(app, viewer, product_ref)
    small = renderer.trimmed(sources.read_source(app, feed, product), CANVAS_SIDE)
    return Picture(small, _media_type(small))


def thumbnail(app: Application, viewer: Viewer, product_ref: int) -> Picture:
    """A small picture of the product (at most 20 kB), made once and kept under ``cache/thumbs``."""
    feed, product = _product(app, viewer, product_ref)
    link = hashlib.sha256(f"{product.image_link}\n{product.source_digest}".encode()).hexdigest()
    key = f"cache/thumbs/source-{product_ref}-{link[:32]}-{THUMBNAIL_SIDE}"
    data = app.storage.get(key)
    if data is None:
        data = renderer.thumbnail(sources.read_source(app, feed, product), THUMBNAIL_SIDE)
        app.storage.put(key, data)
    return Picture(data, _media_type(data) or "application/octet-stream")


def _rows(app: Application, viewer: Viewer, frame_id: int, product_ref: int) -> tuple[Frame, Feed, Product]:
    with app.database.read() as session:
        frame = owned_frame(session, viewer.workspace_ids, frame_id)
        product = owned_product(session, viewer.workspace_ids, product_ref)
        if product.feed_id != frame.feed_id:
            raise NotFound
        return frame, owned_feed(session, viewer.workspace_ids, frame.feed_id), product


def _product(app: Application, viewer: Viewer, product_ref: int) -> tuple[Feed, Product]:
    with app.database.read() as session:
        product = owned_product(session, viewer.workspace_ids, product_ref)
        return owned_feed(session, viewer.workspace_ids, product.feed_id), product


def _media_type(data: bytes) -> str:
    for magic, media_type in _MAGIC:
        if data.startswith(magic):
            return media_type
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:12] in (b"ftypavif", b"ftypavis"):
        return "image/avif"
    return ""
