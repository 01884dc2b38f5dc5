"""Rows by owner. A missing row and another user's row get the same answer: NotFound."""

from collections.abc import Sequence
from typing import TypeVar

from sqlmodel import Session, col, select

from frameapp.errors import NotFound
from frameapp.models import Feed, Frame, Output, Product

T = TypeVar("T")


def owned_frame(
    session: Session, workspace_ids: Sequence[int], frame_id: int, *, kept: bool = False, alone: bool = False
) -> Frame:
    """The frame, where one of the workspaces owns it. ``kept``: it is not deleted before the commit; ``alone``: nobody
    else locks it before.
    """
    query = select(Frame).where(Frame.id == frame_id, col(Frame.workspace_id).in_(workspace_ids))
    if kept:
        query = query.with_for_update(read=True, key_share=True)
    if alone:
        query = query.with_for_update()
    return _found(session.exec(query).first())


def owned_feed(session: Session, workspace_ids: Sequence[int], feed_id: int) -> Feed:
    """The feed, where one of the workspaces owns it."""
    query = select(Feed).where(Feed.id == feed_id, col(Feed.workspace_id).in_(workspace_ids))
    return _found(session.exec(query).first())


def owned_output(session: Session, workspace_ids: Sequence[int], output_id: int) -> Output:
    """The output, where one of the workspaces owns its frame."""
    query = (
        select(Output)
        .join(Frame, col(Frame.id) == col(Output.frame_id))
        .where(Output.id == output_id, col(Frame.workspace_id).in_(workspace_ids))
    )
    return _found(session.exec(query).first())


def owned_product(session: Session, workspace_ids: Sequence[int], product_ref: int) -> Product:
    """The product, where one of the workspaces owns its feed."""
    query = (
        select(Product)
        .join(Feed, col(Feed.id) == col(Product.feed_id))
        .where(Product.id == product_ref, col(Feed.workspace_id).in_(workspace_ids))
    )
    return _found(session.exec(query).first())


def _found(row: T | None) -> T:
    if row is None:
        raise NotFound
    return row
