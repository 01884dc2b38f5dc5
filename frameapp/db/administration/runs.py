"""Runs of all users, and the last errors."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from frameapp.db.paging import Asked, Order, Page, clean_search, contains, one_of, page
from frameapp.models import ACTIVE_RUN_STATES, Frame, Run, RunState, User

LOOKED_THROUGH = 50  # of the newest runs, for products that failed


class RunFilter(StrEnum):
    """Which runs are shown."""

    ACTIVE = "active"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


_STATES: dict[RunFilter, Sequence[str]] = {
    RunFilter.ACTIVE: ACTIVE_RUN_STATES,
    RunFilter.DONE: (RunState.DONE,),
    RunFilter.FAILED: (RunState.FAILED,),
    RunFilter.CANCELLED: (RunState.CANCELLED,),
}


def runs(session: Session, asked: Asked) -> Page[Any]:
    """One page of runs, newest first, whose frame's or owner's name contains the search: run, frame's name, owner."""
    query = sa.select(col(Run.id))
    if search := clean_search(asked.search):
        # The sum keeps the index on frames away: past the newest runs a page is soon full.
        query = query.where((col(Run.frame_id) + 0).in_(_frames_named(search)))
    if asked.owner_id:
        owner = sa.select(col(User.workspace_id)).where(col(User.id) == asked.owner_id).scalar_subquery()
        query = query.where(col(Run.workspace_id) == owner)
    if asked.chosen:
        query = query.where(col(Run.state).in_(_STATES[one_of(RunFilter, asked.chosen)]))
    found = page(session, query, Order(col(Run.id), descending=True), asked)
    ids = [row[0] for row in found.rows]
    rows = {row[0].id: row for row in session.execute(_with_frames().where(col(Run.id).in_(ids)))}
    return replace(found, rows=[rows[run_id] for run_id in ids if run_id in rows])


def active(session: Session) -> Sequence[Run]:
    """The runs that are queued, planned or rendered."""
    return session.scalars(sa.select(Run).where(col(Run.state).in_(ACTIVE_RUN_STATES)).order_by(col(Run.id))).all()


def last_failed(session: Session, size: int) -> Sequence[Any]:
    """The newest runs that failed, with their frame's name and owner."""
    query = _with_frames().where(col(Run.state) == RunState.FAILED)
    return session.execute(query.order_by(col(Run.id).desc()).limit(size)).all()


def newest_with_failures(session: Session) -> list[Any]:
    """Those of the newest runs in which products failed, with their frame's name and owner."""
    newest = _with_frames().order_by(col(Run.id).desc()).limit(LOOKED_THROUGH)
    return [row for row in session.execute(newest).all() if row[0].errors]


def _with_frames() -> Any:
    return (
        sa.select(Run, col(Frame.name), User)
        .join(Frame, col(Frame.id) == col(Run.frame_id))
        .join(User, col(User.workspace_id) == col(Run.workspace_id))
    )


def _frames_named(search: str) -> sa.Select[Any]:
    owned = sa.select(col(Frame.id)).join(User, col(User.workspace_id) == col(Frame.workspace_id))
    return owned.where(contains(search, col(Frame.name_key), col(User.username_key)))
