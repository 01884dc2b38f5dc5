"""All users' runs, and stopping one."""

from dataclasses import dataclass

from frameapp.core.progress import Progress
from frameapp.db.administration import runs as table
from frameapp.db.administration.runs import RunFilter as RunFilter
from frameapp.db.paging import clean_search, one_of
from frameapp.errors import NotFound
from frameapp.models import Run, RunState, User
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


@dataclass(frozen=True, slots=True)
class RunPage:
    """One page, and what leads on from it."""

    rows: list[OwnedRun]
    next_key: str
    previous_key: str


def page(
    app: Application,
    viewer: Viewer,
    *,
    search: str = "",
    owner_id: int = 0,
    chosen: str = "",
    after: str = "",
    before: str = "",
    size: int = 50,
) -> RunPage:
    """One page of runs, newest first. Raises NotFound unless the viewer is an administrator."""
    require_administrator(viewer)
    with app.database.read() as session:
        found = table.runs(
            session,
            search=clean_search(search),
            owner_id=owner_id,
            chosen=one_of(RunFilter, chosen) if chosen else None,
            after=after,
            before=before,
            size=size,
        )
        rows = [row_of(run, name, owner) for run, name, owner in found.rows]
    return RunPage(rows, found.next_key, found.previous_key)


def cancel(app: Application, viewer: Viewer, run_id: int) -> bool:
    """Stop the run; whether it was active. Raises NotFound."""
    require_administrator(viewer)
    with app.database.read() as session:
        if session.get(Run, run_id) is None:
            raise NotFound
    return runs.stop(app, run_id, RunState.CANCELLED, STOPPED)


def row_of(run: Run, name: str, owner: User) -> OwnedRun:
    """The run as the list shows it."""
    return OwnedRun(runs.progress_of(run), name, owner.username)
