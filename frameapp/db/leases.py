"""Leases: who works on a row, and until when; one protocol for every kind of work.

Taking a lease raises the row's attempt number, so that an earlier holder which is still alive is fenced off: what it
writes names a number that the row no longer has. A lease lapses by the database's clock unless its holder renews it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlmodel import Session

from frameapp.db.clock import clock

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a row: held until it lapses or is taken by the next attempt."""

    row_id: int
    attempt: int
    stalled: int  # holders before this one that got no further


class Leases(Generic[R]):
    """How the rows of a table are leased: by ``attempt``, ``lease_until`` and, for single rows, ``stalled``."""

    def __init__(self, model: type[R], wanted: sa.ColumnElement[bool] | None = None, *, prefix: str = "") -> None:
        """``wanted`` is true of rows that need work; ``prefix`` begins the columns' names."""
        columns = model.__table__.c  # type: ignore[attr-defined]
        self._model = model
        self._wanted = sa.true() if wanted is None else wanted
        self._attempt, self._until, self._stalled = f"{prefix}attempt", f"{prefix}lease_until", f"{prefix}stalled"
        self._id, self._attempt_column, self._until_column = columns.id, columns[self._attempt], columns[self._until]

    def free(self, now: datetime) -> sa.ColumnElement[bool]:
        """True of rows that nobody holds."""
        return sa.or_(self._until_column.is_(None), self._until_column < now)

    def waiting(self, now: datetime) -> sa.ColumnElement[bool]:
        """True of rows that a worker should take."""
        return sa.and_(self._wanted, self.free(now))

    def taking(self, now: datetime, seconds: float) -> dict[str, Any]:
        """The values by which an UPDATE takes rows that the transaction has locked and found free."""
        return {self._attempt: self._attempt_column + 1, self._until: now + timedelta(seconds=seconds)}

    def take(self, session: Session, row_id: int, *, seconds: float) -> tuple[R, Lease] | None:
        """Take the row, which is locked until the commit; None where it is not wanted, or is held."""
        row = self._locked(session, row_id)
        now = clock(session)
        if row is None or (getattr(row, self._until) or now) > now:
            return None
        stalled = getattr(row, self._stalled)
        setattr(row, self._attempt, getattr(row, self._attempt) + 1)
        setattr(row, self._stalled, stalled + 1)
        setattr(row, self._until, now + timedelta(seconds=seconds))
        return row, Lease(row_id, getattr(row, self._attempt), stalled)

    def held(self, session: Session, lease: Lease, *, seconds: float) -> R | None:
        """The row, locked until the commit and its lease renewed; None where the lease is no longer ours."""
        row = self._locked(session, lease.row_id)
        if row is None or getattr(row, self._attempt) != lease.attempt:
            return None
        setattr(row, self._until, clock(session) + timedelta(seconds=seconds))
        return row

    def progressed(self, row: R) -> None:
        """Note that the present holder got further."""
        setattr(row, self._stalled, 0)

    def give_back(self, session: Session, lease: Lease, *, pause: float) -> R | None:
        """Give the row back for ``pause`` seconds, uncounted; the row, or None where the lease is no longer ours."""
        row = self.held(session, lease, seconds=pause)
        if row is not None:
            setattr(row, self._stalled, min(getattr(row, self._stalled), lease.stalled))
        return row

    def release(self, row: R) -> None:
        """Hold a row no longer on which nothing is left to be done."""
        setattr(row, self._until, None)

    def _locked(self, session: Session, row_id: int) -> R | None:
        query = (
            sa.select(self._model)
            .where(self._id == row_id, self._wanted)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        return session.scalars(query).first()
