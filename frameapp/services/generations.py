"""Making a generation: the feed that the last run read, with the addresses of its outputs in place of its links."""

from __future__ import annotations

import asyncio
import gzip
import logging
import tempfile
import threading
import uuid
from collections.abc import Iterator, Sequence
from typing import BinaryIO, cast

from frameapp.core.feeds import Entry, Rewritten, SeenIds, rewrite
from frameapp.core.keys import feed_copy_prefix, generation_keys, product_key
from frameapp.db import generations
from frameapp.db.clock import clock
from frameapp.db.engine import after_commit
from frameapp.db.generations import GenerationLease, Made
from frameapp.errors import FeedError, NotFound
from frameapp.models import FeedKind, Generation, GenerationState
from frameapp.services import runs
from frameapp.services.application import Application
from frameapp.services.feed_bytes import read_kept
from frameapp.services.leases import LeasedWork, Lost
from frameapp.services.slots import Slot
from frameapp.services.worker_context import WorkerContext

log = logging.getLogger(__name__)

GIVEN_UP = "Publishing stopped its worker several times, so it was not tried again. Check the feed, then publish again."
NO_COPY = "The last run's copy of the feed no longer exists. Run again, then publish."
OTHER_FEED = "The feed's address was changed after the last run. Run again, then publish."
NOTHING = "The feed's products have no finished pictures. Run again, then publish."
OVERTAKEN = "A run was started while the feed was being published. Publish again when it has finished."


async def begin(worker: WorkerContext, generation_id: int) -> bool:
    """Make the generation beside whatever else the worker does; False where it is gone, or there is no slot for it."""
    workspace_id = await asyncio.to_thread(_workspace_of, worker, generation_id)
    if workspace_id is None:
        return False
    return worker.begin(worker.generation_slots.take(workspace_id), lambda slot: make(worker, generation_id, slot))


def _workspace_of(worker: WorkerContext, generation_id: int) -> int | None:
    with worker.app.database.read() as session:
        return generations.workspace_of(session, generation_id)


async def _make(worker: WorkerContext, lease: GenerationLease, slot: Slot | None, ended: threading.Event) -> None:
    """Make the generation and publish it, whole or not at all. A run that was started meanwhile fails it."""
    await asyncio.get_running_loop().run_in_executor(worker.writing, _make_file, worker.app, lease, ended)


def manifest(app: Application, generation: Generation) -> Iterator[str]:
    """The storage keys of the pictures that the generation names. Raises NotFound where its manifest is gone."""
    with tempfile.TemporaryFile() as packed:
        if not app.storage.get_file(generation.manifest_key, cast(BinaryIO, packed)):
            raise NotFound
        packed.seek(0)
        with gzip.open(packed, "rt", encoding="ascii") as lines:
            for line in lines:
                yield line.split()[1]


def drop(app: Application, gone: Sequence[Generation]) -> None:
    """Delete what was stored for these generations; pictures that nothing else names are collected later."""
    app.storage.delete(*(key for row in gone for key in (row.feed_key, row.manifest_key) if key))


def _make_file(app: Application, lease: GenerationLease, ended: threading.Event) -> None:
    """Write the feed and the manifest, store both, and switch to them, in a thread; ``ended`` cuts it."""
    with tempfile.TemporaryFile() as feed, tempfile.TemporaryFile() as named:
        links = _Links(app, lease, cast(BinaryIO, named), ended)
        done = _write_feed(app, lease, cast(BinaryIO, feed), links)
        if not done.replaced:
            raise FeedError(NOTHING)
        feed_key, manifest_key = generation_keys(lease.secret, lease.frame_id, uuid.uuid4().hex, done.format.extension)
        links.close()
        for key, file in ((feed_key, feed), (manifest_key, named)):
            file.seek(0)
            app.storage.put_file(key, cast(BinaryIO, file))
    _switch(app, lease, Made(manifest_key, feed_key, done.format.name, done.charset, done.entries, done.replaced))


def _write_feed(app: Application, lease: GenerationLease, file: BinaryIO, links: _Links) -> Rewritten:
    with tempfile.TemporaryFile() as source, gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
        _bring(app, lease, cast(BinaryIO, source))
        source.seek(0)
        return rewrite(
            cast(BinaryIO, source),
            cast(BinaryIO, packed),
            links.of,
            prepare=links.look_up,
            base_url=lease.feed.address,
            charset=lease.copy_charset,
        )


def _bring(app: Application, lease: GenerationLease, file: BinaryIO) -> None:
    """The feed as the frame's last full run read it, into ``file``: another frame's run may have read a newer one."""
    feed, copy = lease.feed, lease.copy_key
    if feed.kind == FeedKind.ADDRESS and not copy.startswith(feed_copy_prefix(feed.id, feed.address)):
        raise FeedError(OTHER_FEED)
    if not read_kept(app, feed, file, copy=copy):
        raise FeedError(NO_COPY)


class _Links:
    """The new image link of each entry, and the manifest of the pictures they name: a line of product key and key."""

    def __init__(self, app: Application, lease: GenerationLease, named: BinaryIO, ended: threading.Event) -> None:
        self._app = app
        self._lease = lease
        self._manifest = gzip.GzipFile("", "wb", 6, named, mtime=0)
        self._ended = ended
        self._seen = SeenIds()
        self._found: dict[str, str] = {}

    def look_up(self, entries: Sequence[Entry]) -> None:
        """Read the pictures of the entries that come next."""
        if self._ended.is_set():
            raise Lost
        keys = [product_key(entry.product_id) for entry in entries if entry.product_id]
        with self._app.database.read() as session:
            self._found = generations.pictures(session, self._lease.frame_id, self._lease.feed.id, keys)

    def of(self, entry: Entry) -> str | None:
        """The address of the entry's picture; None where it has none, or an earlier entry has its id."""
        if not (entry.product_id and entry.image_link and self._seen.add(entry.product_id)):
            return None
        product = product_key(entry.product_id)
        key = self._found.get(product)
        if key is None:
            return None
        self._manifest.write(f"{product} {key}\n".encode("ascii"))
        return f"{self._lease.base_url}/{key}"

    def close(self) -> None:
        """Write the manifest's end."""
        self._manifest.close()


def _switch(app: Application, lease: GenerationLease, made: Made) -> None:
    """Publish what was made, in one transaction, unless a run was started meanwhile."""
    with app.database.write() as session:
        run = generations.newest_run(session, lease.frame_id, lock=True)
        generation = generations.LEASES.held(session, lease, seconds=0)
        if generation is None or run is None:
            raise Lost  # what was stored is collected
        if run.id != lease.run_id:
            raise FeedError(OVERTAKEN)
        gone = generations.complete(session, generation, made, clock(session))
        for row in gone:
            session.delete(row)
        after_commit(session, lambda: drop(app, gone))
        runs.announce(app, session, run)


def _fail(app: Application, lease: GenerationLease, reason: str) -> None:
    with app.database.write() as session:
        run = generations.newest_run(session, lease.frame_id, lock=True)
        generation = generations.LEASES.held(session, lease, seconds=0)
        if generation is None or run is None:
            return
        generation.state, generation.reason = GenerationState.FAILED, reason
        generations.LEASES.release(generation)
        runs.announce(app, session, run)


make = LeasedWork("Publishing generation", generations.LEASES, generations.take, _make, GIVEN_UP, _fail).work
