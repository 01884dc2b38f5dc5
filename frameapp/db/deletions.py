"""Accounts that are being deleted: who deletes one, and which wait for a worker."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from frameapp.db.clock import clock
from frameapp.db.leases import Lease, Leases
from frameapp.models import AccountDeletion, Feed, Frame, Membership, Product, User

DELETE_BATCH = 5_000
LEASES = Leases(AccountDeletion)


@dataclass(frozen=True, slots=True)
class DeletionLease(Lease):
    """The right to delete an account (``row_id``), and the user who asked for that."""

    actor_id: int
    actor: str
    address: str


def take(session: Session, user_id: int, seconds: float) -> DeletionLease | None:
    """Begin or take over the deletion; None where the account is gone, or another process deletes it."""
    taken = LEASES.take(session, user_id, seconds=seconds)
    if taken is None:
        return None
    row, lease = taken
    return DeletionLease(lease.row_id, lease.attempt, lease.stalled, row.actor_id, row.actor, row.address)


def to_ring(session: Session) -> Sequence[int]:
    """The accounts whose deletion waits for a worker, or whose worker's lease lapsed."""
    return session.scalars(sa.select(col(AccountDeletion.id)).where(LEASES.waiting(clock(session)))).all()


def among(session: Session, user_ids: Sequence[int]) -> set[int]:
    """Those of the users that are being deleted."""
    return set(session.exec(select(AccountDeletion.id).where(col(AccountDeletion.id).in_(user_ids))))


def is_shared(session: Session, user: User) -> bool:
    """Whether the user's workspace has other members."""
    others = (Membership.workspace_id == user.workspace_id, Membership.user_id != user.id)
    return session.exec(select(Membership.user_id).where(*others).limit(1)).first() is not None


def some_frames(session: Session, workspace_id: int) -> Sequence[int]:
    """Up to a hundred of the workspace's frames."""
    return session.exec(select(Frame.id).where(Frame.workspace_id == workspace_id).limit(100)).all()


def locked_feed(session: Session, workspace_id: int) -> Feed | None:
    """One of the workspace's feeds, locked until the commit."""
    return session.exec(select(Feed).where(Feed.workspace_id == workspace_id).limit(1).with_for_update()).first()


def delete_products(session: Session, feed_id: int) -> bool:
    """Delete up to ``DELETE_BATCH`` of the feed's products; whether none is left."""
    some = sa.select(col(Product.id)).where(col(Product.feed_id) == feed_id).limit(DELETE_BATCH)
    ids = session.scalars(some).all()
    session.execute(sa.delete(Product).where(col(Product.id).in_(ids)))
    return len(ids) < DELETE_BATCH
