"""Publishing: the feed with the outputs' addresses, at an address that stays, for ad platforms to read."""

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from frameapp.adapters.doorbell import PUBLISH
from frameapp.core.feeds.formats import FORMATS
from frameapp.core.keys import PUBLIC, feed_token, names_picture
from frameapp.db import generations
from frameapp.db import outputs as table
from frameapp.db.engine import after_commit
from frameapp.db.outputs import Selection
from frameapp.db.owned import owned_frame
from frameapp.errors import Conflict, NotFound
from frameapp.models import Generation, GenerationState, OutputState, Run, RunState
from frameapp.services import audit, runs
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.services.generations import drop

TOKEN = re.compile(r"[0-9a-f]{32}")
GOING_ON = "The feed is already being published."
WAIT = "A run of this frame is still in progress. Publish when it has finished."
REFUSALS = {
    RunState.CANCELLED: "The last run was cancelled. Run again, then publish.",
    RunState.FAILED: "The last run failed. Run again, then publish.",
}


@dataclass(frozen=True, slots=True)
class PublishedFeed:
    """What is published of a frame: ``address`` is empty where nothing is.

    ``entries`` counts the feed's products, ``framed`` those with a new picture. ``outdated``: a later run is not
    published yet. ``moved``: its pictures' addresses begin with an earlier public address of the server. ``local``: the
    server's public address is none that the world reaches. ``error`` says why the last attempt failed,
    ``refusal`` why there can be none now.
    """

    address: str = ""
    format: str = ""
    published_at: datetime | None = None
    entries: int = 0
    framed: int = 0
    pending: bool = False
    outdated: bool = False
    moved: bool = False
    local: bool = False
    error: str = ""
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """The published feed as it is stored: gzipped bytes, their charset where they do not tell it, and a tag that other
    bytes do not have.
    """

    format: str
    charset: str
    tag: str
    packed: Iterator[bytes]


def publish(app: Application, viewer: Viewer, frame_id: int, *, origin: str = "") -> int:
    """Have the frame's outputs published as they are; the generation's id. A worker makes it.

    ``origin`` is where our routes are served, where that is not the public address.
    Raises Conflict where the last run is not done, or nothing of it can be published. Raises NotFound.
    """
    try:
        with app.database.write() as session:
            owned_frame(session, viewer.workspace_ids, frame_id)
            run = generations.newest_run(session, frame_id, lock=True)  # before the frame, as deletions do
            frame = owned_frame(session, viewer.workspace_ids, frame_id, kept=True)
            refusal = _refusal(session, frame_id, run)
            if run is None or refusal:
                raise Conflict(refusal)
            session.execute(sa.delete(Generation).where(_of(frame_id), col(Generation.state) == GenerationState.FAILED))
            generation = Generation(
                frame_id=frame_id,
                run_id=run.id,
                token=feed_token(frame.secret),
                base_url=origin or app.settings.resolved_public_url,
            )
            session.add(generation)
            session.flush()
            runs.announce(app, session, run)
            audit.record(session, audit.Action.PUBLISHED, viewer=viewer, subject=frame.name)
            after_commit(session, lambda: app.doorbell.ring(PUBLISH, generation.id))
    except IntegrityError:
        raise Conflict(GOING_ON) from None
    return generation.id


def unpublish(app: Application, viewer: Viewer, frame_id: int) -> None:
    """Take the published feed from its address, with every earlier generation. Raises NotFound."""
    with app.database.write() as session:
        frame = owned_frame(session, viewer.workspace_ids, frame_id)
        run = generations.newest_run(session, frame_id, lock=True)
        gone = list(generations.of_frame(session, frame_id))
        session.execute(sa.delete(Generation).where(_of(frame_id)))
        if run is not None:
            runs.announce(app, session, run)
        audit.record(session, audit.Action.UNPUBLISHED, viewer=viewer, subject=frame.name)
        after_commit(session, lambda: drop(app, gone))


def published_feed(app: Application, viewer: Viewer, frame_id: int, *, origin: str = "") -> PublishedFeed:
    """What is published of the frame, with ``origin`` as in ``publish``. Raises NotFound."""
    origin = origin or app.settings.resolved_public_url
    with app.database.read() as session:
        owned_frame(session, viewer.workspace_ids, frame_id)
        run = generations.newest_run(session, frame_id)
        rows = generations.of_frame(session, frame_id)
        refusal = _refusal(session, frame_id, run)
    newest = rows[0] if rows else None
    active = next((row for row in rows if row.active), None)
    seen = PublishedFeed(
        pending=newest is not None and newest.state == GenerationState.PENDING,
        local=_is_local(origin),
        error=newest.reason if newest else "",
        refusal=refusal,
    )
    if active is None:
        return seen
    return replace(
        seen,
        address=f"{origin}/feeds/{active.token}.{FORMATS[active.format].extension}",
        format=active.format,
        published_at=active.published_at,
        entries=active.entries,
        framed=active.framed,
        outdated=run is not None and run.state == RunState.DONE and run.id != active.run_id,
        moved=active.base_url != origin,
    )


def feed_document(app: Application, token: str) -> FeedDocument:
    """What the published feed's address gives at present, to anybody. Raises NotFound."""
    if TOKEN.fullmatch(token):
        with app.database.read() as session:
            found = generations.by_token(session, token)
        packed = app.storage.chunks(found.feed_key) if found else None
        if found and packed is not None:
            tag = found.feed_key.rpartition("/")[2].partition(".")[0]
            return FeedDocument(found.format, found.charset, tag, packed)
    raise NotFound


def published_picture(app: Application, name: str) -> bytes:
    """The picture with this name below ``public/``, to anybody who knows it. Raises NotFound."""
    data = app.storage.get(PUBLIC + name) if names_picture(name) else None
    if data is None:
        raise NotFound
    return data


def _is_local(origin: str) -> bool:
    host = urlsplit(origin).hostname or ""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(".localhost")


def _refusal(session: Session, frame_id: int, run: Run | None) -> str:
    """Why the frame cannot be published now; empty where it can."""
    if run is None:
        return "Generate the images first."
    if RunState(run.state).active:
        return WAIT
    if run.state != RunState.DONE:
        return REFUSALS[RunState(run.state)]
    if not table.any_picture(session, Selection(frame_id, state=OutputState.DONE)):
        return "There is no finished picture to publish."
    return ""


def _of(frame_id: int) -> sa.ColumnElement[bool]:
    return col(Generation.frame_id) == frame_id
