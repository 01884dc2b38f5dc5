"""The installation at a glance: ``figures`` are sums, ``pulse`` is what moves from second to second."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from frameapp.db import processes, usage
from frameapp.db.administration import runs as table
from frameapp.db.administration import users
from frameapp.db.clock import clock
from frameapp.db.usage import Usage
from frameapp.models import Process, Run, RunState, StorageUsage, User
from frameapp.services import runs
from frameapp.services.application import Application
from frameapp.services.viewer import Viewer, require_administrator

ERRORS = 8


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums over all users; ``storage`` is what the storage held when it was last listed."""

    users: int
    deactivated: int
    administrators: int
    usage: Usage
    storage: Sequence[StorageUsage]
    database_bytes: int


@dataclass(frozen=True, slots=True)
class Fault:
    """A run that failed (``product_id`` is empty), or a product that did."""

    at: datetime
    frame_id: int
    frame: str
    owner: str
    product_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Pulse:
    """The current activity. ``rate`` is in pictures a second; ``waiting_seconds`` the age of the oldest queued run."""

    active: int
    queued: int
    pending: int
    rate: float
    waiting_seconds: float | None
    processes: Sequence[Process]
    faults: list[Fault]


def figures(app: Application, viewer: Viewer) -> Figures:
    """The sums, within some milliseconds whatever there is. Raises NotFound unless the viewer is an administrator."""
    require_administrator(viewer)
    with app.database.read() as session:
        counts = users.counts(session, "")
        return Figures(
            users=counts[""],
            deactivated=counts[users.UserFilter.DEACTIVATED],
            administrators=counts[users.UserFilter.ADMINISTRATORS],
            usage=usage.of_all(session),
            storage=usage.storage(session),
            database_bytes=usage.database_bytes(session),
        )


def pulse(app: Application, viewer: Viewer) -> Pulse:
    """The current activity. Raises NotFound unless the viewer is an administrator."""
    require_administrator(viewer)
    with app.database.read() as session:
        now = clock(session)
        active = table.active(session)
        queued = [run for run in active if run.state == RunState.QUEUED]
        going = [runs.progress_of(run, now) for run in active]
        return Pulse(
            active=len(active) - len(queued),
            queued=len(queued),
            pending=sum(progress.pending for progress in going),
            rate=sum(progress.rate for progress in going),
            waiting_seconds=max(((now - run.created_at).total_seconds() for run in queued), default=None),
            processes=processes.alive(session),
            faults=_faults(table.last_failed(session, ERRORS), table.newest_with_failures(session)),
        )


def _faults(failed: Sequence[Any], flawed: Sequence[Any]) -> list[Fault]:
    """The last ones of both kinds, the newest first; of each run's products the last."""
    whole = [_fault(run, name, owner, "", run.reason) for run, name, owner in failed]
    single = [_fault(run, name, owner, *run.errors[-1]) for run, name, owner in flawed]
    return sorted(whole + single, key=lambda fault: fault.at, reverse=True)[:ERRORS]


def _fault(run: Run, name: str, owner: User, product_id: str, reason: str) -> Fault:
    return Fault(run.ended_at or run.changed_at, run.frame_id, name, owner.username, product_id, reason)
