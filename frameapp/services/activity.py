"""Activity: the runs of all frames of a viewer, newest first."""

from dataclasses import dataclass

from frameapp.core.progress import Progress
from frameapp.db.cards import count_runs, recent_runs
from frameapp.db.paging import page_start
from frameapp.models import Run
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.services.runs import progress_of

PAGE = 50
Entry = tuple[Progress, str]


@dataclass(frozen=True, slots=True)
class ActivityPage:
    """Some runs with their frame's name, how many stand before them, and how many there are in all."""

    entries: tuple[Entry, ...]
    start: int
    total: int


def page(app: Application, viewer: Viewer, *, start: int = 0) -> ActivityPage:
    """The page that begins at ``start``; beyond the last page, that."""
    with app.database.read() as session:
        total = count_runs(session, viewer.workspace_ids)
        start = page_start(start, total, PAGE)
        rows = recent_runs(session, viewer.workspace_ids, start=start, size=PAGE)
    return ActivityPage(tuple(_entry(run, name) for run, name in rows), start, total)


def of_run(app: Application, viewer: Viewer, run_id: int) -> Entry | None:
    """The run with its frame's name; None where it is gone or not the viewer's."""
    with app.database.read() as session:
        found = recent_runs(session, viewer.workspace_ids, size=1, run_id=run_id)
    return _entry(*found[0]) if found else None


def _entry(run: Run, name: str) -> Entry:
    return progress_of(run), name
