"""Activity: the runs of all frames of a viewer, newest first."""

from __future__ import annotations

from frameapp.adapters.progress import Progress as Progress  # pages take it from here
from frameapp.db.cards import recent_runs
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.services.runs import progress_of

PAGE = 50


def recent(app: Application, viewer: Viewer, *, before: int = 0, size: int = PAGE) -> list[tuple[Progress, str, str]]:
    """Runs with their frame's name and their kind, newest first; ``before`` is the id that the last page ended with."""
    with app.database.read() as session:
        rows = recent_runs(session, viewer.workspace_ids, before=before, size=size)
    return [(progress_of(run), name, run.kind) for run, name in rows]
