"""What workspaces use, and what they may: read from counts that the database keeps, never from outputs themselves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from frameapp.models import Feed, FrameUsage, Installation, StorageUsage, User, Workspace, utc_now


@dataclass(frozen=True, slots=True)
class Usage:
    """Frames, products (counted once where frames share a feed), outputs by state, and the bytes of their pictures."""

    frames: int = 0
    products: int = 0
    pending: int = 0
    done: int = 0
    failed: int = 0
    cancelled: int = 0
    storage_bytes: int = 0

    @property
    def outputs(self) -> int:
        """How many there are."""
        return self.pending + self.done + self.failed + self.cancelled


@dataclass(frozen=True, slots=True)
class Limits:
    """What a user may have; None is no limit. A megabyte is a million bytes."""

    frames: int | None = None
    products: int | None = None
    storage_mb: int | None = None


_SUMS = [
    sa.func.coalesce(sa.func.sum(column), 0)
    for column in (
        col(FrameUsage.pending),
        col(FrameUsage.done),
        col(FrameUsage.failed),
        col(FrameUsage.cancelled),
        col(FrameUsage.storage_bytes),
    )
]


def of_all(session: Session) -> Usage:
    """What all workspaces use together."""
    frames, *sums = session.execute(sa.select(sa.func.count(), *_SUMS).select_from(FrameUsage)).one()
    products = session.execute(sa.select(sa.func.coalesce(sa.func.sum(col(Feed.products)), 0))).scalar_one()
    return Usage(frames, int(products), *map(int, sums))


def of_workspaces(session: Session, workspace_ids: Sequence[int]) -> dict[int, Usage]:
    """What each of these workspaces uses."""
    frames = sa.select(col(FrameUsage.workspace_id), sa.func.count(), *_SUMS).group_by(col(FrameUsage.workspace_id))
    feeds = sa.select(col(Feed.workspace_id), sa.func.sum(col(Feed.products))).group_by(col(Feed.workspace_id))
    found = {row[0]: row[1:] for row in session.execute(frames.where(col(FrameUsage.workspace_id).in_(workspace_ids)))}
    rows = session.execute(feeds.where(col(Feed.workspace_id).in_(workspace_ids)))
    products = {workspace_id: int(count) for workspace_id, count in rows}
    nothing = (0, 0, 0, 0, 0, 0)
    return {wanted: _usage(found.get(wanted, nothing), products.get(wanted, 0)) for wanted in workspace_ids}


def _usage(row: Iterable[Any], products: int) -> Usage:
    frames, *sums = row
    return Usage(frames, products, *map(int, sums))


def limits_of(session: Session, workspace_id: int) -> Limits:
    """The limits of the workspace's user: the user's own, else those of the installation. 0 lifts one."""
    own = session.execute(_limits(User).where(col(User.workspace_id) == workspace_id)).first()
    general = session.execute(_limits(Installation).where(col(Installation.id) == 1)).first()
    pairs = zip(own or _NONE, general or _NONE, strict=True)
    return Limits(*((general if own is None else own) or None for own, general in pairs))


_NONE = (None, None, None)


def _limits(table: type[User] | type[Installation]) -> Any:
    return sa.select(col(table.max_frames), col(table.max_products), col(table.max_storage_mb))


def lock_workspace(session: Session, workspace_id: int) -> None:
    """Have the workspace's counts to oneself until the commit."""
    row = sa.select(col(Workspace.id)).where(col(Workspace.id) == workspace_id)
    session.execute(row.with_for_update(key_share=True))


def keep_storage(session: Session, kinds: dict[str, tuple[int, int]]) -> None:
    """Note what was counted of these kinds: objects and bytes."""
    now = utc_now()
    for kind, (objects, size) in kinds.items():
        session.merge(StorageUsage(kind=kind, objects=objects, size_bytes=size, counted_at=now))


def storage(session: Session) -> Sequence[StorageUsage]:
    """What the storage holds, as last counted."""
    return session.exec(select(StorageUsage).order_by(col(StorageUsage.size_bytes).desc())).all()


def database_bytes(session: Session) -> int:
    """How large the database is."""
    if session.get_bind().dialect.name == "postgresql":
        return int(session.execute(sa.text("SELECT pg_database_size(current_database())")).scalar_one())
    pages, size = (session.execute(sa.text(f"PRAGMA {name}")).scalar_one() for name in ("page_count", "page_size"))
    return int(pages) * int(size)
