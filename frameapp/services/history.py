"""A frame's runs, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from frameapp.db.owned import owned_frame
from frameapp.models import Run, RunKind, RunState
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application


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


def of_frame(app: Application, viewer: Viewer, frame_id: int, *, before_id: int = 0, limit: int = 25) -> list[RunRow]:
    """Up to ``limit`` runs of the viewer's frame, newest first, older than ``before_id`` where one is given."""
    with app.database.read() as session:
        owned_frame(session, viewer.workspace_ids, frame_id)
        query = select(Run).where(Run.frame_id == frame_id)
        if before_id:
            query = query.where(col(Run.id) < before_id)
        return [_row(run) for run in session.exec(query.order_by(col(Run.id).desc()).limit(limit)).all()]


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
