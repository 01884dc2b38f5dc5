"""A frame's runs, newest first."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import col, select

from frameapp.core.progress import Progress
from frameapp.db.owned import owned_frame
from frameapp.db.paging import page_start
from frameapp.models import Run
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.services.runs import progress_of

PAGE = 25


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Some runs, how many stand before them, and how many there are in all."""

    rows: tuple[Progress, ...]
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
        return HistoryPage(tuple(map(progress_of, rows)), start, total)
