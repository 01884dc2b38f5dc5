"""Users, searched, sorted and paged by the database."""

from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from frameapp.db.paging import Asked, Order, Page, clean_search, contains, one_of, page
from frameapp.models import Feed, FrameUsage, User


class UserSort(StrEnum):
    """The orders that users are shown in."""

    NAME = "name"
    NEWEST = "newest"
    FRAMES = "frames"
    PRODUCTS = "products"
    STORAGE = "storage"


class UserFilter(StrEnum):
    """Which users are shown."""

    ACTIVE = "active"
    DEACTIVATED = "deactivated"
    ADMINISTRATORS = "administrators"


_CONDITIONS: dict[UserFilter, Any] = {
    UserFilter.ACTIVE: col(User.deactivated_at).is_(None),
    UserFilter.DEACTIVATED: col(User.deactivated_at).is_not(None),
    UserFilter.ADMINISTRATORS: col(User.is_admin).is_(True),
}
_AMOUNTS: dict[UserSort, tuple[Any, Any]] = {  # what is summed, by which workspace
    UserSort.FRAMES: (sa.func.count(), col(FrameUsage.workspace_id)),
    UserSort.STORAGE: (sa.func.sum(col(FrameUsage.storage_bytes)), col(FrameUsage.workspace_id)),
    UserSort.PRODUCTS: (sa.func.sum(col(Feed.products)), col(Feed.workspace_id)),
}


def users(session: Session, asked: Asked) -> Page[Any]:
    """One page of users whose name or e-mail address contains the search; the first column is the user."""
    query, sort = sa.select(User), one_of(UserSort, asked.sort or UserSort.NAME)
    if sort in _AMOUNTS:
        amount, workspace_id = _AMOUNTS[sort]
        sums = sa.select(workspace_id.label("workspace_id"), amount.label("amount")).group_by(workspace_id).subquery()
        query = query.outerjoin(sums, sums.c.workspace_id == col(User.workspace_id))
        order = Order(col(User.id), sa.cast(sa.func.coalesce(sums.c.amount, 0), sa.BigInteger), descending=True)
    elif sort is UserSort.NEWEST:
        order = Order(col(User.id), descending=True)
    else:
        order = Order(col(User.id), col(User.username_key))
    query = query.where(*_where(asked.search))
    if asked.chosen:
        query = query.where(_CONDITIONS[one_of(UserFilter, asked.chosen)])
    return page(session, query, order, asked)


def counts(session: Session, search: str) -> dict[str, int]:
    """How many users match the search: all (an empty key), and by filter."""
    sums = [sa.func.count().filter(condition) for condition in _CONDITIONS.values()]
    found = session.execute(sa.select(sa.func.count(), *sums).select_from(User).where(*_where(search))).one()
    return dict(zip(("", *_CONDITIONS), found, strict=True))


def _where(search: str) -> list[Any]:
    search = clean_search(search)
    return [contains(search, col(User.username_key), sa.func.lower(col(User.email)))] if search else []
