"""Frames of all users, searched, sorted and paged by the database."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from frameapp.db.paging import Asked, Order, Page, clean_search, contains, one_of, page
from frameapp.models import ACTIVE_RUN_STATES, Feed, Frame, FrameUsage, Generation, Run, RunState, User


class FrameSort(StrEnum):
    """The orders that frames are shown in."""

    NEWEST = "newest"
    NAME = "name"
    OUTPUTS = "outputs"
    STORAGE = "storage"


class FrameFilter(StrEnum):
    """Which frames are shown."""

    RUNNING = "running"
    FAILURES = "failures"
    PUBLISHED = "published"
    EMPTY = "empty"


_OUTPUTS = col(FrameUsage.pending) + col(FrameUsage.done) + col(FrameUsage.failed) + col(FrameUsage.cancelled)
_LAST_RUN = (
    sa.select(sa.func.max(col(Run.id)))
    .where(col(Run.frame_id) == col(FrameUsage.frame_id))
    .correlate(FrameUsage)
    .scalar_subquery()
)
_LAST_FAILED = sa.exists().where(col(Run.id) == _LAST_RUN, col(Run.state) == RunState.FAILED)
_RUNNING = sa.select(col(Run.frame_id)).where(col(Run.state).in_(ACTIVE_RUN_STATES))
_PUBLISHED = sa.select(col(Generation.frame_id)).where(col(Generation.active))
_CONDITIONS: dict[FrameFilter, Any] = {
    FrameFilter.RUNNING: col(FrameUsage.frame_id).in_(_RUNNING),
    FrameFilter.FAILURES: sa.or_(col(FrameUsage.failed) > 0, _LAST_FAILED),
    FrameFilter.PUBLISHED: col(FrameUsage.frame_id).in_(_PUBLISHED),
    FrameFilter.EMPTY: col(FrameUsage.done) == 0,
}
_ORDERS: dict[FrameSort, Order] = {
    FrameSort.NEWEST: Order(col(FrameUsage.frame_id), descending=True),
    FrameSort.NAME: Order(col(FrameUsage.frame_id), col(Frame.name_key)),
    FrameSort.OUTPUTS: Order(col(FrameUsage.frame_id), _OUTPUTS, descending=True),
    FrameSort.STORAGE: Order(col(FrameUsage.frame_id), col(FrameUsage.storage_bytes), descending=True),
}


def frames(session: Session, asked: Asked) -> Page[Any]:
    """One page of frames whose name or owner's name contains the search: frame, owner, products, counts.

    The ids are found first, among the narrow rows of their counts: sorting would carry the wide ones along.
    """
    search, sort = clean_search(asked.search), one_of(FrameSort, asked.sort or FrameSort.NEWEST)
    query: Any = sa.select(col(FrameUsage.frame_id))
    if search or sort is FrameSort.NAME:
        query = query.join(Frame, col(Frame.id) == col(FrameUsage.frame_id))
    if search or asked.owner_id:
        query = query.join(User, col(User.workspace_id) == col(FrameUsage.workspace_id))
    if search:
        query = query.where(contains(search, col(Frame.name_key), col(User.username_key)))
    if asked.owner_id:
        query = query.where(col(User.id) == asked.owner_id)
    if asked.chosen:
        query = query.where(_CONDITIONS[one_of(FrameFilter, asked.chosen)])
    found = page(session, query, _ORDERS[sort], asked)
    return replace(found, rows=_whole(session, [row[0] for row in found.rows]))


def _whole(session: Session, ids: Sequence[int]) -> list[Any]:
    query = (
        sa.select(Frame, User, col(Feed.products), FrameUsage)
        .join(User, col(User.workspace_id) == col(Frame.workspace_id))
        .join(Feed, col(Feed.id) == col(Frame.feed_id))
        .join(FrameUsage, col(FrameUsage.frame_id) == col(Frame.id))
        .where(col(Frame.id).in_(ids))
    )
    rows = {row[0].id: row for row in session.execute(query)}
    return [rows[frame_id] for frame_id in ids if frame_id in rows]


def owner_of(session: Session, frame_id: int) -> User | None:
    """Whose personal workspace the frame is in."""
    query = select(User).join(Frame, col(Frame.workspace_id) == col(User.workspace_id)).where(Frame.id == frame_id)
    return session.exec(query).first()
