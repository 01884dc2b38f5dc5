"""The list of all users' frames."""

from dataclasses import dataclass, replace
from datetime import datetime

from frameapp.db.administration import frames as table
from frameapp.db.administration.frames import FrameFilter as FrameFilter
from frameapp.db.administration.frames import FrameSort as FrameSort
from frameapp.db.cards import last_runs, published_frames
from frameapp.db.paging import FIRST, Asked, Page
from frameapp.models import Frame, FrameUsage, Run, RunState, User
from frameapp.services.application import Application
from frameapp.services.viewer import Viewer, require_administrator


@dataclass(frozen=True, slots=True)
class FrameRow:
    """A frame with whose it is and what it has."""

    frame_id: int
    name: str
    owner: str
    state: str
    products: int
    outputs: int
    failed: int
    storage_bytes: int
    created_at: datetime


FramePage = Page[FrameRow]


def page(app: Application, viewer: Viewer, asked: Asked = FIRST) -> FramePage:
    """One page of frames. Raises NotFound unless the viewer is an administrator."""
    require_administrator(viewer)
    with app.database.read() as session:
        found = table.frames(session, asked)
        ids = [row[0].id for row in found.rows]
        runs, live = last_runs(session, ids), published_frames(session, ids)
    rows = [
        _row(frame, owner, products, counts, runs.get(frame.id), frame.id in live)
        for frame, owner, products, counts in found.rows
    ]
    return replace(found, rows=rows)


def _row(frame: Frame, owner: User, products: int, counts: FrameUsage, run: Run | None, published: bool) -> FrameRow:
    return FrameRow(
        frame_id=frame.id,
        name=frame.name,
        owner=owner.username,
        state=_state(run, counts, published),
        products=products,
        outputs=counts.pending + counts.done + counts.failed + counts.cancelled,
        failed=counts.failed,
        storage_bytes=counts.storage_bytes,
        created_at=frame.created_at,
    )


def _state(run: Run | None, counts: FrameUsage, published: bool) -> str:
    """As the owner's card says it."""
    if run is not None and RunState(run.state).active:
        return "Running"
    if run is not None and (run.state == RunState.FAILED or (run.state == RunState.DONE and counts.failed)):
        return "Needs attention"
    if published:
        return "Published"
    return "Ready" if counts.done else "Draft"
