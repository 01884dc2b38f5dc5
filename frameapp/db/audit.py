"""The audit log's rows: a page by its key, and the removal of old ones."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from frameapp.models import AuditEvent, User

DELETE_SLICE = 1_000


def page(session: Session, search: str, action: str, before: int, size: int) -> Sequence[AuditEvent]:
    """Up to ``size`` events, newest first, older than the event with the id ``before`` (0: from the newest one)."""
    query = select(AuditEvent).order_by(col(AuditEvent.id).desc())
    if action:
        query = query.where(AuditEvent.action == action)
    if search:
        columns = (AuditEvent.actor, AuditEvent.subject, AuditEvent.address, AuditEvent.detail)
        query = query.where(sa.or_(*(col(column).icontains(search, autoescape=True) for column in columns)))
    if before:
        query = query.where(col(AuditEvent.id) < before)
    return session.exec(query.limit(size)).all()


def addresses_of(session: Session, username_key: str) -> Sequence[str]:
    """Where the user of this name has signed in from, as far as the log goes back."""
    return session.exec(
        select(AuditEvent.address)
        .join(User, col(User.id) == col(AuditEvent.actor_id))
        .where(User.username_key == username_key, AuditEvent.action == "session.opened")
        .distinct()
    ).all()


def delete_before(session: Session, limit: datetime) -> int:
    """Delete up to ``DELETE_SLICE`` events that are older; how many."""
    old = session.exec(select(AuditEvent.id).where(col(AuditEvent.at) < limit).limit(DELETE_SLICE)).all()
    session.execute(sa.delete(AuditEvent).where(col(AuditEvent.id).in_(old)))
    return len(old)
