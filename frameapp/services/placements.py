"""Where the product goes: what the placement page reads and saves."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from frameapp.core.design.recipe import Recipe, first_placement
from frameapp.core.feeds import NoIds
from frameapp.db.owned import owned_feed, owned_frame
from frameapp.db.paging import FIRST, Order, Page, page
from frameapp.db.paging import Asked as Asked  # pages take it from here
from frameapp.errors import FeedError, Invalid
from frameapp.models import Feed, Frame, Product, utc_now
from frameapp.services import feeds
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.services.checks import CheckProgress

LARGEST_OUTPUT = 8000  # pixels a side; a canvas beyond it fits no ad channel


@dataclass(frozen=True, slots=True)
class Placement:
    """A frame as the placement page needs it; sizes in pixels. ``window``: the first proposal is a window."""

    frame_id: int
    name: str
    image_digest: str
    width: int
    height: int
    recipe: Recipe
    placed: bool
    window: bool


@dataclass(frozen=True, slots=True)
class ProductCard:
    """A product of the strip: sizes are 0 before its picture was decoded, ``cached`` of the present image link."""

    ref: int
    product_id: str
    title: str
    position: int
    has_picture: bool
    cached: bool = False
    width: int = 0
    height: int = 0
    why: str = ""


@dataclass(frozen=True)
class ProductPage(Page[ProductCard]):
    """Some products in the feed's order.

    Before a run has read the whole feed only its first products are known: ``known`` of ``promised``, else 0 of 0.
    """

    known: int = 0
    promised: int = 0


def open_placement(app: Application, viewer: Viewer, frame_id: int) -> Placement:
    """The frame with its recipe, or the first proposal where none was saved. Raises NotFound."""
    with app.database.read() as session:
        frame = owned_frame(session, viewer.workspace_ids, frame_id)
        recipe = recipe_of(frame)
        return Placement(
            frame_id=frame.id,
            name=frame.name,
            image_digest=frame.image_digest,
            width=frame.image_width,
            height=frame.image_height,
            recipe=recipe,
            placed=frame.placed,
            window=recipe.box != first_placement(frame.image_width, frame.image_height),
        )


def recipe_of(frame: Frame) -> Recipe:
    """The frame's recipe inside its present image; the 60 % proposal where there is none."""
    width, height = frame.image_width, frame.image_height
    recipe = Recipe.from_json(frame.recipe) if frame.recipe else Recipe(box=first_placement(width, height))
    return recipe.inside(width, height)


def save_recipe(app: Application, viewer: Viewer, frame_id: int, recipe: Recipe) -> Recipe:
    """Keep the recipe for the next run, its box moved inside the frame image. Raises NotFound or Invalid."""
    _check(recipe)
    with app.database.write() as session:
        frame = owned_frame(session, viewer.workspace_ids, frame_id)
        kept = recipe.inside(frame.image_width, frame.image_height)
        frame.recipe = kept.to_json()
        frame.placed = True
        frame.updated_at = utc_now()
        session.add(frame)
    return kept


def products(app: Application, viewer: Viewer, frame_id: int, asked: Asked = FIRST) -> ProductPage:
    """A page of the feed's products, in its order, whose id or title contains the search."""
    with app.database.read() as session:
        frame = owned_frame(session, viewer.workspace_ids, frame_id)
        order = Order(col(Product.id), col(Product.position))
        found = page(session, _matching(frame.feed_id, asked.search), order, asked)
        known, promised = _known(session, owned_feed(session, viewer.workspace_ids, frame.feed_id))
    return ProductPage([_card(row[0]) for row in found.rows], found.next_key, found.previous_key, known, promised)


async def read_first_products(
    app: Application, viewer: Viewer, frame_id: int, progress: CheckProgress | None = None
) -> None:
    """Check the feed if none of its products is known. Raises NotFound, TooBusy, or FeedError."""
    feed_id = await asyncio.to_thread(_feed_without_products, app, viewer, frame_id)
    if feed_id is not None:
        found = await feeds.check(app, viewer, feed_id, progress)
        if found.error:
            raise FeedError(found.error)
        if not found.report.with_id:
            raise NoIds(found.report.entries)


def _feed_without_products(app: Application, viewer: Viewer, frame_id: int) -> int | None:
    with app.database.read() as session:
        frame = owned_frame(session, viewer.workspace_ids, frame_id)
        known = session.exec(select(Product.id).where(Product.feed_id == frame.feed_id).limit(1)).first()
        return frame.feed_id if known is None else None


def difficult(app: Application, viewer: Viewer, frame_id: int) -> list[ProductCard]:
    """The products that test a placement hardest, among those whose pictures were decoded so far."""
    ratio = sa.cast(col(Product.source_width), sa.Float) / col(Product.source_height)
    area = sa.cast(col(Product.source_width), sa.Float) * col(Product.source_height)
    with app.database.read() as session:
        frame = owned_frame(session, viewer.workspace_ids, frame_id)
        measured = _matching(frame.feed_id, "").where(col(Product.source_width) > 0, col(Product.source_height) > 0)
        found = [
            *_first(session, measured.order_by(ratio.desc()), "Widest"),
            *_first(session, measured.order_by(ratio), "Tallest"),
            *_first(session, measured.order_by(area), "Smallest"),
            *_with_trait(session, measured, "transparent", "Transparent"),
            *_with_trait(session, measured, "cmyk", "CMYK"),
            *_with_trait(session, measured, "rotated", "Rotated"),
        ]
    return _merged(found)


def _check(recipe: Recipe) -> None:
    if not 1 <= recipe.encoder.quality <= 100:
        raise Invalid("Enter a quality from 1 to 100.", field="quality")
    for side in (recipe.output_width, recipe.output_height):
        if not 0 <= side <= LARGEST_OUTPUT:
            raise Invalid(f"An output side has at most {LARGEST_OUTPUT:,} pixels.", field="size")


def _matching(feed_id: int, search: str) -> SelectOfScalar[Product]:
    query = select(Product).where(Product.feed_id == feed_id, col(Product.retired_at).is_(None))
    if text := search.strip():
        query = query.where(
            col(Product.product_id).icontains(text, autoescape=True)
            | col(Product.title).icontains(text, autoescape=True)
        )
    return query


def _known(session: Session, feed: Feed) -> tuple[int, int]:
    """How many of the feed's products are known, and how many the last check counted; 0 of 0 where all are known."""
    promised = feed.report.with_id - feed.report.duplicates
    if feed.copy_key:  # a run read it to its end
        return 0, 0
    query = sa.select(sa.func.count()).where(col(Product.feed_id) == feed.id, col(Product.retired_at).is_(None))
    known = session.scalar(query) or 0
    return (known, promised) if known < promised else (0, 0)


def _card(row: Product) -> ProductCard:
    return ProductCard(
        ref=row.id,
        product_id=row.product_id,
        title=row.title,
        position=row.position,
        has_picture=bool(row.image_link),
        cached=bool(row.source_digest),
        width=row.source_width,
        height=row.source_height,
    )


def _first(session: Session, query: SelectOfScalar[Product], why: str) -> Iterable[ProductCard]:
    return [replace(_card(row), why=why) for row in session.exec(query.limit(1))]


def _with_trait(session: Session, query: SelectOfScalar[Product], trait: str, why: str) -> Iterable[ProductCard]:
    return _first(session, query.where(col(Product.source_traits).contains(trait)).order_by(col(Product.position)), why)


def _merged(cards: Sequence[ProductCard]) -> list[ProductCard]:
    merged: dict[int, ProductCard] = {}
    for card in cards:
        known = merged.get(card.ref)
        merged[card.ref] = replace(known, why=f"{known.why} · {card.why}") if known else card
    return list(merged.values())
