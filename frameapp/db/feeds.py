"""Feeds and their first products, as a check of the feed leaves them."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from frameapp.db import work
from frameapp.models import Feed, Frame, Output, Product, ProductOverride, utc_now

BATCH = 500


@dataclass(frozen=True, slots=True)
class SeenProduct:
    """A product that a check read, as far as it can be looked at before a run reads the rest."""

    product_key: str
    product_id: str
    title: str
    image_link: str
    position: int


def add_missing_products(session: Session, feed_id: int, products: Sequence[SeenProduct]) -> None:
    """Add the products that the feed does not have yet, so that they can be looked at before the first run.

    Those that are known stay as they are: only a run, which reads the whole feed, changes or retires them.
    """
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    now = utc_now()
    for start in range(0, len(products), BATCH):
        rows = [
            {
                "feed_id": feed_id,
                "product_key": product.product_key,
                "product_id": product.product_id,
                "position": product.position,
                "title": product.title,
                "image_link": product.image_link,
                "data": {},
                "seen_at": now,
            }
            for product in products[start : start + BATCH]
        ]
        defaults = {"source_etag": "", "source_last_modified": "", "source_digest": "", "source_traits": ""}
        sizes = {"source_width": 0, "source_height": 0}
        statement = insert(Product).values([{**defaults, **sizes, **row} for row in rows])
        fresh = {name: statement.excluded[name] for name in (*defaults, *sizes, *rows[0])}
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["feed_id", "product_key"],
                set_={**fresh, "retired_at": None},
                where=col(Product.retired_at).is_not(None),
            )
        )


def same_feeds(session: Session, workspace_id: int, kind: str, address: str, user_agent: str) -> Sequence[Feed]:
    """The workspace's feeds with this address and User-Agent, the oldest first; they are kept until the commit."""
    query = select(Feed).where(
        Feed.workspace_id == workspace_id, Feed.kind == kind, Feed.address == address, Feed.user_agent == user_agent
    )
    return session.exec(query.order_by(col(Feed.id)).with_for_update(read=True, key_share=True)).all()


def locked_feed(session: Session, feed_id: int) -> Feed:
    """The feed with its products, to oneself until the commit: no other frame comes to it or leaves it meanwhile."""
    work.lock_products(session, feed_id)  # first, as plans do
    return session.get_one(Feed, feed_id, with_for_update=True, populate_existing=True)


def frames_of_feed(session: Session, feed_id: int) -> int:
    """How many frames use the feed; behind ``locked_feed``, that stays so."""
    return session.exec(select(sa.func.count()).select_from(Frame).where(Frame.feed_id == feed_id)).one()


def forget_products(session: Session, feed_id: int) -> None:
    """Delete the feed's products that no output and no override names, and retire the others."""
    of_feed = col(Product.feed_id) == feed_id
    named = sa.or_(
        *(sa.exists().where(col(table.product_ref) == col(Product.id)) for table in (Output, ProductOverride))
    )
    work.lock_products(session, feed_id)
    emptied = sa.update(Feed).where(col(Feed.id) == feed_id).values(products=0)
    session.execute(emptied, execution_options={"synchronize_session": False})
    session.execute(sa.delete(Product).where(of_feed, ~named), execution_options={"synchronize_session": False})
    session.execute(
        sa.update(Product).where(of_feed, col(Product.retired_at).is_(None)).values(retired_at=utc_now()),
        execution_options={"synchronize_session": False},
    )
