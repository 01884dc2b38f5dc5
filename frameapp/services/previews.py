"""Pictures for the interface: previews by the very render of the bulk run, sources and thumbnails.

Users have fair shares: a few pictures of each are in hand at a time, most of them awaited from strangers' hosts, and
the render processes take one of each in turn.
"""

import asyncio
import base64
import binascii
import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import astuple, dataclass, replace

from frameapp.adapters.render_process import Renderer, picture_of
from frameapp.core.design.content import MAIN_PICTURE, Content
from frameapp.core.design.recipe import Recipe, check, output_size
from frameapp.core.design.stored import StoredDesign
from frameapp.core.design.upgrades import MAIN
from frameapp.core.render import Rendered
from frameapp.core.render.formats import media_type, recognised
from frameapp.db.owned import owned_feed, owned_frame, owned_product
from frameapp.errors import Invalid, NotFound, PictureError
from frameapp.models import Feed, Frame, Product
from frameapp.services import sources
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.services.turns import Threads, Turns

LONGEST_RECIPE = 4000  # characters of an encoded one; ours have some hundred
IN_HAND = 64  # pictures of up to 25 MB, most of them small
IN_HAND_OF_USER = 6  # for one purpose
MOST_WAITING = 500  # of a user
LONGEST_PREVIEW = 2048  # pixels; a larger output is shown smaller
BUSY = "Too many of your previews are being rendered. Try again in a minute."
THUMBNAIL_SIDE = 192  # pixels: 96 on a dense screen
CANVAS_SIDE = 1200  # pixels, for pictures that are made for the canvas


@dataclass(frozen=True, slots=True)
class Picture:
    """Bytes for a browser, with their media type."""

    data: bytes
    media_type: str


renderer = Renderer()  # this process's, for thumbnails and other small pictures; its child starts when it is needed
_preview_renderer = Renderer()  # who moves the box does not wait for a list's thumbnails
drawing = Threads("drawing", count=4, waiting=MOST_WAITING, full=BUSY)  # for what uses ``renderer``
_previewing = Threads("previews", count=1, waiting=MOST_WAITING, full=BUSY)
_in_hand = Turns(in_all=IN_HAND, each=IN_HAND_OF_USER, waiting=MOST_WAITING, full=BUSY)


def encode_recipe(recipe: Recipe) -> str:
    """The recipe as a short text for an address."""
    text = json.dumps(recipe.to_json(), separators=(",", ":"), sort_keys=True)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_recipe(text: str) -> Recipe:
    """The recipe that ``encode_recipe`` wrote. Raises Invalid."""
    if len(text) > LONGEST_RECIPE:
        raise Invalid("This recipe is damaged.")
    try:
        data = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise Invalid("This recipe is damaged.") from error
    if not isinstance(data, dict):
        raise Invalid("This recipe is damaged.")
    recipe = Recipe.from_json(data)
    sizes = (*astuple(recipe.box), recipe.output_width or 0, recipe.output_height or 0)
    if not all(type(size) is int for size in sizes):
        raise Invalid("This recipe is damaged.")
    return recipe


async def render(app: Application, viewer: Viewer, frame_id: int, product_ref: int, recipe: Recipe) -> Rendered:
    """What a run renders, up to LONGEST_PREVIEW. Raises NotFound, FetchError, PictureError, or Invalid."""
    frame, feed, product = await asyncio.to_thread(_rows, app, viewer, frame_id, product_ref)

    def load_asset(_: str) -> bytes:
        data = app.storage.get(frame.image_key)
        if data is None:
            raise PictureError("The frame image is missing. Upload it again.")
        return data

    shown = for_preview(recipe, frame.image_width, frame.image_height)
    async with _source(app, viewer, feed, product, purpose="preview") as source:
        results = await _previewing.run(
            viewer.user_id,
            _preview_renderer.render,
            {MAIN_PICTURE: source},
            Content(),
            design=StoredDesign.of_recipe(shown, frame.image_digest),
            load_asset=load_asset,
        )
    return picture_of(results, MAIN)


def for_preview(recipe: Recipe, width: int, height: int) -> Recipe:
    """The recipe on a frame image of that size, its output no longer than ``LONGEST_PREVIEW``. Raises Invalid."""
    inside = recipe.inside(width, height)
    check(inside, width, height)
    output = output_size(width, height, inside)
    longest = max(output)
    if longest <= LONGEST_PREVIEW:
        return inside
    wide, high = (max(1, round(side * LONGEST_PREVIEW / longest)) for side in output)
    return replace(inside, output_width=wide, output_height=high)


async def prepare(app: Application, viewer: Viewer, product_ref: int, *, anew: bool = False) -> None:
    """Bring the product's picture into the cache, ``anew`` in any case. Raises NotFound, FetchError, PictureError."""
    feed, product = await asyncio.to_thread(_product, app, viewer, product_ref)
    async with _source(app, viewer, feed, product, anew=anew):
        pass


async def original(app: Application, viewer: Viewer, product_ref: int) -> Picture:
    """The product's picture as a browser can show it: as it is, or converted where no browser reads it."""
    feed, product = await asyncio.to_thread(_product, app, viewer, product_ref)
    async with _source(app, viewer, feed, product) as data:
        found = recognised(data)
        if found and found.displayed:
            return Picture(data, found.media_type)
        return _picture(await drawing.run(viewer.user_id, renderer.thumbnail, data, CANVAS_SIDE))


async def trimmed(app: Application, viewer: Viewer, product_ref: int) -> Picture:
    """The product's picture without its white or transparent borders, for the canvas of a placement that trims."""
    feed, product = await asyncio.to_thread(_product, app, viewer, product_ref)
    async with _source(app, viewer, feed, product) as data:
        return _picture(await drawing.run(viewer.user_id, renderer.trimmed, data, CANVAS_SIDE))


async def thumbnail(app: Application, viewer: Viewer, product_ref: int) -> Picture:
    """A small picture of the product (at most 20 kB), made once and kept under ``cache/thumbs``."""
    feed, product = await asyncio.to_thread(_product, app, viewer, product_ref)
    link = hashlib.sha256(f"{product.image_link}\n{product.source_digest}".encode()).hexdigest()
    key = f"cache/thumbs/source-{product_ref}-{link[:32]}-{THUMBNAIL_SIDE}"
    kept = await asyncio.to_thread(app.storage.get, key)
    if kept is not None:
        return _picture(kept)
    async with _source(app, viewer, feed, product) as data:
        small = await drawing.run(viewer.user_id, renderer.thumbnail, data, THUMBNAIL_SIDE)
    await asyncio.to_thread(app.storage.put, key, small)
    return _picture(small)


async def small(app: Application, viewer: Viewer, feed_kind: str, link: str, longest: int) -> bytes:
    """A small picture (WebP) of the one at ``link``, which is kept nowhere. Raises FetchError, PictureError."""
    async with _in_hand.turn((viewer.user_id, "feed")):
        data = await sources.read_link(app, feed_kind, link)
        return await drawing.run(viewer.user_id, renderer.thumbnail, data, longest)


@asynccontextmanager
async def _source(
    app: Application, viewer: Viewer, feed: Feed, product: Product, *, anew: bool = False, purpose: str = ""
) -> AsyncIterator[bytes]:
    """The product's source picture, one of few that the viewer has in hand for a purpose, until the block ends."""
    async with _in_hand.turn((viewer.user_id, purpose)):
        yield await sources.read_source(app, feed, product, anew=anew)


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


def _picture(data: bytes) -> Picture:
    return Picture(data, media_type(data))
