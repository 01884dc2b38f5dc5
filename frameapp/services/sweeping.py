"""The sweep: what a lost message, a dead worker or an interrupted request left behind is taken up again."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from frameapp.adapters.storage import StoredObject
from frameapp.core.keys import FEED_COPIES, MANIFESTS, PUBLIC, picture_prefix
from frameapp.db import generations, work
from frameapp.errors import NotFound
from frameapp.models import ACTIVE_RUN_STATES, Feed, Frame, Generation, GenerationState, Run, utc_now
from frameapp.services import audit, runs
from frameapp.services.application import Application
from frameapp.services.generations import manifest
from frameapp.services.images import DRAFT_LIFE, DRAFTS, IMAGES
from frameapp.services.jobs import JOBS
from frameapp.services.storage_counts import CACHED, KEPT, Tally

log = logging.getLogger(__name__)

GRACE = timedelta(hours=1)
CACHE = "cache/"
MB = 1_000_000


def sweep(app: Application) -> None:
    """Ring for every row that waits for a job, and finish half-stopped runs; safe to repeat at any time."""
    with app.database.read() as session:
        waiting = [(job.bell, list(job.waiting(session))) for job in JOBS]
        stopped = work.stopped_with_pending(session)
    for bell, row_ids in waiting:
        for row_id in row_ids:
            app.doorbell.ring(bell, row_id)
    for run_id in stopped:
        runs.finish_stopped(app, run_id)


def collect_garbage(app: Application, now: datetime | None = None) -> int:
    """Delete what nothing names any more and is older than the grace period; how many objects went.

    That is: pictures and feeds of no output and no generation, manifests of none, copies of feeds that no feed or run
    needs, images of no frame or active run, uploads that were not saved for a day, staged files of writes that were cut
    short, and the oldest of the cache beyond its size. What is listed is counted by kind.
    """
    now = now or utc_now()
    before, tally = now - GRACE, Tally(KEPT)
    gone = [
        *_unneeded(app, tally, DRAFTS, now - DRAFT_LIFE, lambda _: set()),
        *_unnamed_pictures(app, tally, before),
        *_unneeded(app, tally, FEED_COPIES, before, _needed_copies),
        *_unneeded(app, tally, MANIFESTS, before, _needed_manifests),
        *_unneeded(app, tally, IMAGES, before, _needed_images),
    ]
    tally.keep(app)
    audit.forget_old(app)
    app.storage.delete_old(gone, before)  # a run may have written one of them again since it was listed
    return len(gone) + _staged_files(app, before) + trim_cache(app)


def trim_cache(app: Application) -> int:
    """Delete the oldest of the cache beyond its size; how many objects went."""
    gone = _cache_overflow(app)
    app.storage.delete(*gone)
    return len(gone)


def _unnamed_pictures(app: Application, tally: Tally, before: datetime) -> list[str]:
    old: dict[str, list[str]] = {}
    for item in tally.past(app.storage.objects(PUBLIC)):
        if item.written_at < before:
            old.setdefault("/".join(item.key.split("/")[:2]) + "/", []).append(item.key)
    if not old:
        return []
    with app.database.read() as session:
        frames = session.execute(sa.select(col(Frame.id), col(Frame.secret))).all()
        ids = {picture_prefix(secret): frame_id for frame_id, secret in frames}
    return [
        key for prefix, keys in old.items() for key in (_unnamed(app, ids[prefix], keys) if prefix in ids else keys)
    ]


def _unnamed(app: Application, frame_id: int, keys: list[str]) -> set[str]:
    """Those of the keys that neither an output nor a generation of the frame names. One in the making may name any."""
    with app.database.read() as session:
        left = set(work.unnamed(session, frame_id, keys))
        published = generations.of_frame(session, frame_id)  # after them: what it names, an output named before
    if any(generation.state == GenerationState.PENDING for generation in published):
        return set()
    try:
        for generation in published if left else ():
            if generation.state != GenerationState.DONE:
                continue
            left.discard(generation.feed_key)
            left.difference_update(manifest(app, generation))
    except NotFound:
        log.error("A manifest of frame %d is gone, so none of its pictures is collected.", frame_id)
        return set()
    return left


def _unneeded(
    app: Application, tally: Tally, prefix: str, before: datetime, needed: Callable[[Session], set[str]]
) -> list[str]:
    """The old objects below the prefix, without those that ``needed`` names."""
    old = [item.key for item in tally.past(app.storage.objects(prefix)) if item.written_at < before]
    if not old:
        return []
    with app.database.read() as session:
        kept = needed(session)
    return [key for key in old if key not in kept]


def _needed_copies(session: Session) -> set[str]:
    kept = session.scalars(sa.select(col(Feed.copy_key)))
    uploads = session.scalars(sa.select(col(Feed.upload_key)))
    planned = session.scalars(sa.select(col(Run.feed_key)).where(col(Run.state).in_(ACTIVE_RUN_STATES)))
    return {*kept, *uploads, *planned, *session.scalars(generations.last_copies())}


def _needed_manifests(session: Session) -> set[str]:
    return set(session.scalars(sa.select(col(Generation.manifest_key))))


def _needed_images(session: Session) -> set[str]:
    kept = session.scalars(sa.select(col(Frame.image_key)))
    used = session.scalars(sa.select(col(Run.image_key)).where(col(Run.state).in_(ACTIVE_RUN_STATES)))
    return {*kept, *used}


def _cache_overflow(app: Application) -> list[str]:
    tally = Tally(CACHED)
    items = sorted(tally.past(app.storage.objects(CACHE)), key=lambda item: item.written_at, reverse=True)
    tally.keep(app)
    return list(_beyond(items, app.settings.cache_mb * MB))


def _beyond(items: Iterable[StoredObject], size: int) -> Iterable[str]:
    """The keys of the items after the first ``size`` bytes."""
    total = 0
    for item in items:
        total += item.size
        if total > size:
            yield item.key


def _staged_files(app: Application, before: datetime) -> int:
    """Delete the staged files (``name#1``) of writes to a folder that were cut short."""
    if app.storage.folder is None:
        return 0
    count = 0
    for path in app.storage.folder.rglob("*#*"):
        if path.is_file() and path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
            count += 1
    return count
