"""Deleting accounts: asked for in the database, done by workers step by step, and resumed wherever a step was cut."""

import asyncio
import contextlib
import functools
import threading
from collections.abc import Callable
from dataclasses import replace

from sqlmodel import Session

from frameapp.adapters.doorbell import DELETE
from frameapp.db import deletions
from frameapp.db.deletions import DeletionLease
from frameapp.db.engine import after_commit
from frameapp.errors import NotFound
from frameapp.models import AccountDeletion, User, Workspace
from frameapp.services import audit, feeds, frames, images
from frameapp.services.application import Application
from frameapp.services.leases import LeasedWork, Lost
from frameapp.services.slots import Slot
from frameapp.services.viewer import Viewer, viewer_for
from frameapp.services.worker_context import WorkerContext


def ask(app: Application, session: Session, user: User, *, by: Viewer) -> None:
    """Have a worker delete the user once this transaction, which has locked the user, is committed. It cannot be
    undone; asking again changes nothing.
    """
    if session.get(AccountDeletion, user.id) is None:
        session.add(AccountDeletion(id=user.id, actor_id=by.user_id, actor=by.username, address=by.address))
        audit.record(session, audit.Action.DELETION_ASKED, viewer=by, subject=user.username)
    after_commit(session, functools.partial(app.doorbell.ring, DELETE, user.id))


async def begin(worker: WorkerContext, user_id: int) -> bool:
    """Delete the account beside whatever else the worker does; False where there is no slot for it."""
    return worker.begin(worker.deletion_slots.take(user_id), lambda slot: delete(worker, user_id, slot))


async def _delete(worker: WorkerContext, lease: DeletionLease, slot: Slot | None, ended: threading.Event) -> None:
    await asyncio.get_running_loop().run_in_executor(worker.deleting, _delete_all, worker.app, lease, ended)


def _delete_all(app: Application, lease: DeletionLease, ended: threading.Event) -> None:
    """Every step is a transaction that finds what the one before it left, whichever process made that."""

    def check() -> None:
        if ended.is_set():
            raise Lost

    with app.database.read() as session:
        user = session.get(User, lease.row_id)
        if user is None:
            raise Lost
        owner = viewer_for(session, user)
        shared = deletions.is_shared(session, user)
    by = replace(owner, user_id=lease.actor_id, username=lease.actor, address=lease.address)
    if not shared:
        _empty_workspace(app, owner, by=by, check=check)
    check()
    _finish(app, lease, by=by, shared=shared)


def _empty_workspace(app: Application, owner: Viewer, *, by: Viewer, check: Callable[[], None]) -> None:
    while frame_ids := _some_frames(app, owner):
        for frame_id in frame_ids:
            with contextlib.suppress(NotFound):  # it was deleted at the same moment
                frames.delete(app, owner, frame_id, by=by, check=check)
    while _delete_feed_part(app, owner):  # feeds without a frame
        check()


def _some_frames(app: Application, owner: Viewer) -> list[int]:
    with app.database.read() as session:
        return list(deletions.some_frames(session, owner.workspace_id))


def _delete_feed_part(app: Application, owner: Viewer) -> bool:
    """Delete some products of a feed, and the feed after its last ones; whether there was a feed."""
    with app.database.write() as session:
        feed = deletions.locked_feed(session, owner.workspace_id)
        if feed is not None and deletions.delete_products(session, feed.id):
            session.delete(feed)
            after_commit(session, functools.partial(app.storage.delete_prefix, feeds.copies_prefix(feed)))
    return feed is not None


def _finish(app: Application, lease: DeletionLease, *, by: Viewer, shared: bool) -> None:
    with app.database.write() as session:
        if deletions.LEASES.held(session, lease, seconds=0) is None:
            raise Lost
        user = session.get_one(User, lease.row_id)
        workspace = session.get_one(Workspace, user.workspace_id)
        audit.record(session, audit.Action.ACCOUNT_DELETED, viewer=by, subject=user.username)
        session.flush()
        session.delete(user)
        session.flush()
        if not shared:
            session.delete(workspace)
            after_commit(session, functools.partial(images.forget_workspace, app, workspace.id))


delete = LeasedWork("Deleting account", deletions.LEASES, deletions.take, _delete).work
