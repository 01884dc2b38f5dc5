"""The audit log's rows: a page by its key, and the removal of old ones."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from frameapp.db import paging
from frameapp.db.paging import Asked, Order, Page, clean_search
from frameapp.models import AuditEvent, User

DELETE_SLICE = 1_000


def page(session: Session, asked: Asked) -> Page[Any]:
    """One page of events, newest first, of the action ``asked.chosen``; the first column is the event."""
    query = sa.select(AuditEvent)
    if asked.chosen:
        query = query.where(col(AuditEvent.action) == asked.chosen)
    if search := clean_search(asked.search):
        columns = (AuditEvent.actor, AuditEvent.subject, AuditEvent.address, AuditEvent.detail)
        query = query.where(sa.or_(*(col(column).icontains(search, autoescape=True) for column in columns)))
    return paging.page(session, query, Order(col(AuditEvent.id), descending=True), asked)


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
