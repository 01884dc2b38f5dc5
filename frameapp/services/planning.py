"""Planning a run: the feed, streamed into products and outputs in slices that can resume."""

import asyncio
import logging
import tempfile
import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, BinaryIO, TypeVar

from sqlmodel import Session

from frameapp.adapters.doorbell import RENDER
from frameapp.adapters.fetch import FetchedFeed
from frameapp.core.feeds import Entry, FeedReader, NoIds
from frameapp.core.keys import feed_copy_prefix, product_key
from frameapp.db import planning, work
from frameapp.db.planning import PlanLease, PlannedEntry, PlanNeeds
from frameapp.errors import FeedError
from frameapp.models import Feed, FeedKind, Run, RunState
from frameapp.services import limits, runs
from frameapp.services.application import Application
from frameapp.services.feed_bytes import read_kept
from frameapp.services.feeds import feed_credentials
from frameapp.services.leases import LeasedWork, Lost
from frameapp.services.slots import Slot
from frameapp.services.worker_context import WorkerContext

log = logging.getLogger(__name__)
T = TypeVar("T")

RETIRE_SLICE = 2_000
DOUBTED_SHARE = 5
"""One in so many outputs may be retired where the feed may have their products and could not be read."""
KEPT = (
    "Parts of the feed could not be read, and {missing} of {total} products are missing. Their pictures were kept. "
    "Fix the feed, then run again."
)
STALLED = "The feed stopped its planner several times, so the run was not tried again. Check the feed, then run again."


async def begin(worker: WorkerContext, run_id: int) -> bool:
    """Plan the run beside whatever else the worker does; False where nobody need, or its workspace has its share."""
    needs = await asyncio.to_thread(_needs, worker, run_id)
    if needs is None:
        return False
    slots = worker.download_slots if needs.downloads else worker.plan_slots
    return worker.begin(slots.take(needs.workspace_id), lambda slot: plan(worker, run_id, slot))


async def _plan(worker: WorkerContext, lease: PlanLease, slot: Slot | None, ended: threading.Event) -> None:
    """Plan the run, from where an earlier planner left it. Rendering starts with the first slice.

    A feed with more products than the user may have fails the run; nothing beyond the limit is kept.
    """
    with tempfile.TemporaryFile() as file:
        charset = await _obtain(worker, lease, lease.feed, file)
        if slot is not None:
            await slot.exchange(worker.plan_slots)
        if lease.waiting:
            await asyncio.to_thread(_go_on, worker, lease)
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(worker.parsing, _plan_file, worker, lease, file, charset, loop, ended)


def _fail(app: Application, lease: PlanLease, reason: str) -> None:
    runs.stop(app, lease.run_id, RunState.FAILED, reason)


def _note_waiting(app: Application, session: Session, run: Run, waiting: str) -> None:
    run.waiting = waiting
    runs.announce(app, session, run)


plan = LeasedWork("Planning run", planning.LEASES, planning.take_plan, _plan, STALLED, _fail, _note_waiting).work


def _needs(worker: WorkerContext, run_id: int) -> PlanNeeds | None:
    with worker.app.database.read() as session:
        return planning.plan_needs(session, run_id)


def _go_on(worker: WorkerContext, lease: PlanLease) -> None:
    with worker.app.database.write() as session:
        work.note_waiting(session, lease.run_id, "")


async def _obtain(worker: WorkerContext, lease: PlanLease, feed: Feed, file: BinaryIO) -> str:
    """Write the feed's bytes, kept or downloaded, into ``file``; the charset that its host names."""
    if feed.kind == FeedKind.ADDRESS and not lease.feed_key:
        return await _download(worker, lease, feed, file)
    await _read_kept(worker, feed, file, lease.feed_key)
    return lease.feed_charset


async def _read_kept(worker: WorkerContext, feed: Feed, file: BinaryIO, copy: str) -> None:
    if not await asyncio.to_thread(read_kept, worker.app, feed, file, copy=copy):
        raise FeedError("The stored copy of the feed no longer exists. Run again.")


async def _download(worker: WorkerContext, lease: PlanLease, feed: Feed, file: BinaryIO) -> str:
    """Fetch the feed and store a copy, for a planner that resumes; the charset that its host names."""
    prefix = feed_copy_prefix(feed.id, feed.address)
    kept = feed.copy_key.startswith(prefix) and await asyncio.to_thread(worker.app.storage.exists, feed.copy_key)
    fetched = await worker.fetcher.feed(
        feed.address,
        file,
        credentials=feed_credentials(worker.app, feed),
        user_agent=feed.user_agent,
        etag=feed.copy_etag if kept else "",
        last_modified=feed.copy_last_modified if kept else "",
    )
    if fetched.not_modified:
        await _read_kept(worker, feed, file, feed.copy_key)
        fetched = replace(
            fetched,
            etag=feed.copy_etag,
            last_modified=feed.copy_last_modified,
            charset=fetched.charset or feed.copy_charset,
        )
        await asyncio.to_thread(_note_copy, worker, lease, feed.copy_key, fetched)
        return fetched.charset
    file.seek(0)
    key = f"{prefix}{lease.run_id}-{lease.attempt}"
    await asyncio.to_thread(worker.app.storage.put_file, key, file)
    await asyncio.to_thread(_note_copy, worker, lease, key, fetched)
    return fetched.charset


def _note_copy(worker: WorkerContext, lease: PlanLease, key: str, fetched: FetchedFeed) -> None:
    with worker.app.database.write() as session:
        run = planning.LEASES.held(session, lease, seconds=worker.limits.lease)
        if run is None:
            raise Lost
        run.feed_key, run.feed_etag, run.feed_last_modified = key, fetched.etag, fetched.last_modified
        run.feed_charset = fetched.charset


def _plan_file(
    worker: WorkerContext,
    lease: PlanLease,
    file: BinaryIO,
    charset: str,
    loop: asyncio.AbstractEventLoop,
    ended: threading.Event,
) -> None:
    """Plan the feed in ``file``, in a thread; it stops after the slice in which ``ended`` was set."""
    file.seek(0)
    reader = FeedReader(file, base_url=lease.feed.address, charset=charset)
    database = worker.app.database

    def publish(run: Run | None) -> None:
        if run is None or ended.is_set():
            raise Lost
        loop.call_soon_threadsafe(worker.publisher.offer, runs.progress_of(run))

    entries = iter(reader)
    for _ in range(lease.cursor):
        next(entries, None)
    for part in _slices(map(_planned, entries), worker.limits.first_slice, worker.limits.slice):
        with database.write() as session:
            run = planning.plan_slice(session, lease, part, lease=worker.limits.lease)
            if run is not None:
                limits.refuse_products(session, run.workspace_id)
        publish(run)
        worker.app.doorbell.ring(RENDER, lease.run_id)
    _refuse_without_ids(worker, lease)
    kept = _kept(worker, lease, reader)
    if not kept:
        _retire(worker, lease)
    notes = [kept, *reader.notes] if kept else reader.notes
    with database.write() as session:
        run = planning.complete_plan(session, lease, notes=notes, lease=worker.limits.lease, kept=bool(kept))
    publish(run)


def _kept(worker: WorkerContext, lease: PlanLease, reader: FeedReader) -> str:
    """Why no output is retired: too many products are missing that may be in the feed; empty where they may go."""
    if not reader.lost and not reader.doubted:
        return ""
    with worker.app.database.read() as session:
        missing, total = planning.left_behind(session, lease)
    unread = missing if reader.doubted else min(missing, reader.lost)
    if unread * DOUBTED_SHARE <= total:
        return ""
    return KEPT.format(missing=f"{missing:,}", total=f"{total:,}")


def _retire(worker: WorkerContext, lease: PlanLease) -> None:
    gone = RETIRE_SLICE
    while gone == RETIRE_SLICE:
        with worker.app.database.write() as session:
            retired = planning.retire_slice(session, lease, RETIRE_SLICE, lease=worker.limits.lease)
        if retired is None:
            raise Lost
        gone = retired


def _refuse_without_ids(worker: WorkerContext, lease: PlanLease) -> None:
    """Raise NoIds where no entry has an id, before the outputs of an earlier run are taken for left behind."""
    with worker.app.database.write() as session:
        run = planning.LEASES.held(session, lease, seconds=worker.limits.lease)
        if run is None:
            raise Lost
        found = run.warnings
        if found.entries and found.missing_ids == found.entries:
            raise NoIds(found.entries)


def _planned(entry: Entry) -> PlannedEntry:
    data: dict[str, Any] = dict(entry.data)
    if entry.additional_image_links:
        data["additional_image_link"] = list(entry.additional_image_links)
    key = product_key(entry.product_id) if entry.product_id else ""
    return PlannedEntry(key, entry.product_id, entry.position, entry.title, entry.image_link, data)


def _slices(values: Iterable[T], first: int, size: int) -> Iterator[list[T]]:
    """``values`` in lists of ``size``; each of the first is twice as long as the one before, so that rendering starts
    at once and its first claims wait little for the database.
    """
    part: list[T] = []
    wanted = first
    for value in values:
        part.append(value)
        if len(part) == wanted:
            yield part
            part, wanted = [], min(2 * wanted, size)
    if part:
        yield part
