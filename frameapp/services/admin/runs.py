"""All users' runs, and stopping one."""

from dataclasses import dataclass, replace

from frameapp.core.progress import Progress
from frameapp.db.administration import runs as table
from frameapp.db.administration.runs import RunFilter as RunFilter
from frameapp.db.paging import FIRST, Asked, Page
from frameapp.errors import NotFound
from frameapp.models import Run, RunState
from frameapp.services import runs
from frameapp.services.application import Application
from frameapp.services.viewer import Viewer, require_administrator

STOPPED = "An administrator cancelled this run."


@dataclass(frozen=True, slots=True)
class OwnedRun:
    """A run with its frame and whose it is."""

    progress: Progress
    frame: str
    owner: str


RunPage = Page[OwnedRun]


def page(app: Application, viewer: Viewer, asked: Asked = FIRST) -> RunPage:
    """One page of runs, newest first. Raises NotFound unless the viewer is an administrator."""
    require_administrator(viewer)
    with app.database.read() as session:
        found = table.runs(session, asked)
    rows = [OwnedRun(runs.progress_of(run), name, owner.username) for run, name, owner in found.rows]
    return replace(found, rows=rows)


def cancel(app: Application, viewer: Viewer, run_id: int) -> bool:
    """Stop the run; whether it was active. Raises NotFound."""
    require_administrator(viewer)
    with app.database.read() as session:
        if session.get(Run, run_id) is None:
            raise NotFound
    return runs.stop(app, run_id, RunState.CANCELLED, STOPPED)
