"""A frame's runs, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from frameapp.db.owned import owned_frame
from frameapp.db.paging import page_start
from frameapp.models import Run, RunKind, RunState
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application

PAGE = 25


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run with its counts; ``seconds`` is how long it took, None while it has not ended or never began."""

    id: int
    kind: RunKind
    state: RunState
    reason: str
    total: int
    rendered: int
    unchanged: int
    failed: int
    cancelled: int
    warnings: dict[str, Any]
    created_at: datetime
    seconds: float | None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Some runs, how many stand before them, and how many there are in all."""

    rows: tuple[RunRow, ...]
    start: int
    total: int


def page(app: Application, viewer: Viewer, frame_id: int, *, start: int = 0) -> HistoryPage:
    """The page of the viewer's frame's runs that begins at ``start``, newest first; beyond the last page, that."""
    with app.database.read() as session:
        owned_frame(session, viewer.workspace_ids, frame_id)
        total = session.exec(select(sa.func.count()).select_from(Run).where(Run.frame_id == frame_id)).one()
        start = page_start(start, total, PAGE)
        query = select(Run).where(Run.frame_id == frame_id).order_by(col(Run.id).desc())
        rows = session.exec(query.offset(start).limit(PAGE)).all()
        return HistoryPage(tuple(map(_row, rows)), start, total)


def _row(run: Run) -> RunRow:
    took = (run.ended_at - run.started_at).total_seconds() if run.ended_at and run.started_at else None
    return RunRow(
        id=run.id,
        kind=RunKind(run.kind),
        state=RunState(run.state),
        reason=run.reason,
        total=run.total,
        rendered=run.rendered,
        unchanged=run.unchanged,
        failed=run.failed,
        cancelled=run.cancelled,
        warnings=run.warnings,
        created_at=run.created_at,
        seconds=took,
    )
