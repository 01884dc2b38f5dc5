"""The processes that say they are alive, on all machines."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from frameapp.db.clock import clock
from frameapp.models import Process

GONE = timedelta(minutes=1)
"""A process that was not heard of for so long counts as dead."""


def beat(session: Session, process_id: str, *, kind: str, host: str, pid: int, doing: str) -> None:
    """Note that the process is alive, and sweep those that are gone."""
    now = clock(session)
    row = session.get(Process, process_id)
    if row is None:
        row = Process(id=process_id, kind=kind, host=host, pid=pid, started_at=now)
    row.doing, row.seen_at = doing, now
    session.add(row)
    session.execute(
        sa.delete(Process).where(col(Process.seen_at) < now - GONE), execution_options={"synchronize_session": False}
    )


def leave(session: Session, process_id: str) -> None:
    """The process ends."""
    session.execute(sa.delete(Process).where(col(Process.id) == process_id))


def alive(session: Session) -> Sequence[Process]:
    """The processes that live, by kind, host and start."""
    query = select(Process).where(col(Process.seen_at) >= clock(session) - GONE)
    return session.exec(query.order_by(col(Process.kind), col(Process.host), col(Process.started_at))).all()
