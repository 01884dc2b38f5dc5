"""The one clock that leases are measured by."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from frameapp.models import utc_now


def clock(session: Session) -> datetime:
    """Now: the database's clock on PostgreSQL, which many machines share; this machine's on SQLite."""
    if session.get_bind().dialect.name == "postgresql":
        now: datetime = session.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
        return now
    return utc_now()
