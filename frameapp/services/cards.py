"""The list of frames: each as a card with its state and what its last run did."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from frameapp.adapters.progress import Progress as Progress  # pages take it from here
from frameapp.adapters.progress import watch
from frameapp.db.cards import CardRows, frame_cards, frame_names
from frameapp.models import RunKind, RunState
from frameapp.services import runs
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application

READ_ANEW = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class Card:
    """A frame in the list. ``thumbnail`` is a path; ``ok`` and ``total`` are the last run's,
    ``failed_outputs`` counts those of all runs.
    """

    frame_id: int
    name: str
    state: str
    thumbnail: str
    products: int | None
    run_id: int | None
    run_state: str
    run_at: datetime | None
    ok: int
    failed: int
    processed: int
    total: int
    version: int
    updated_at: datetime
    attention: str
    retried: bool = False
    failed_outputs: int = 0
    feed_error: str = ""


def list_cards(app: Application, viewer: Viewer) -> list[Card]:
    """Every frame of the viewer, the one touched last first."""
    with app.database.read() as session:
        return [_card(rows) for rows in frame_cards(session, viewer.workspace_ids)]


def names(app: Application, viewer: Viewer) -> dict[int, str]:
    """The names of the viewer's frames by their ids."""
    with app.database.read() as session:
        return frame_names(session, viewer.workspace_ids)


def follow(app: Application, viewer: Viewer, frame_ids: Sequence[int]) -> AsyncIterator[Progress]:
    """The runs of these frames as they move: what is known of each first, then every change. Endless."""
    known: dict[int, Progress] = {}
    read_at = -READ_ANEW

    def load(frame_id: int) -> Progress | None:  # asked for one frame after the other; one query answers for all
        nonlocal known, read_at
        if time.monotonic() - read_at > READ_ANEW:
            known, read_at = runs.snapshots(app, viewer, frame_ids), time.monotonic()
        return known.get(frame_id)

    return watch(app.settings.resolved_redis_url, frame_ids, load=load)


def _card(rows: CardRows) -> Card:
    frame, run = rows.frame, rows.run
    attention = _attention(rows)
    return Card(
        frame_id=frame.id,
        name=frame.name,
        state=_state(rows, attention),
        thumbnail=_thumbnail(rows),
        products=_products(rows),
        run_id=run.id if run else None,
        run_state=run.state if run else "",
        run_at=(run.ended_at or run.created_at) if run else None,
        ok=run.rendered + run.unchanged if run else 0,
        failed=run.failed if run else 0,
        processed=run.processed if run else 0,
        total=run.total if run else 0,
        version=run.version if run else 0,
        updated_at=frame.updated_at,
        attention=attention,
        retried=run is not None and run.kind == RunKind.RETRY,
        failed_outputs=rows.failed,
        feed_error=rows.feed.error,
    )


def _products(rows: CardRows) -> int | None:
    """As many as the last run counted, else the feed's last check; a retry counts only what had failed."""
    run, counted = rows.run, rows.feed.report.get("entries")
    if run is not None and run.planned_at and run.kind == RunKind.FULL:
        return run.total
    return int(counted) if counted is not None else None


def _thumbnail(rows: CardRows) -> str:
    if rows.output:
        output_id, key = rows.output
        return f"/files/thumb/{output_id}/{key.rpartition('/')[2]}"
    return f"/files/frame/{rows.frame.id}/{rows.frame.image_digest}/thumb"


def _state(rows: CardRows, attention: str) -> str:
    if rows.run is not None and RunState(rows.run.state).active:
        return "Running"
    if attention:
        return "Needs attention"
    if rows.published:
        return "Published"
    return "Ready" if rows.output else "Draft"


def _attention(rows: CardRows) -> str:
    """What the user should look at, as a sentence; empty where all is well."""
    frame, feed, run = rows.frame, rows.feed, rows.run
    if run is not None and run.state == RunState.FAILED:
        return run.reason or "The last run failed."
    if run is not None and not frame.placed:
        return "The frame image changed: set the placement again."
    if run is not None and run.state == RunState.DONE and rows.failed:
        return f"{rows.failed:,} {'product' if rows.failed == 1 else 'products'} failed."
    if run is not None and run.state == RunState.CANCELLED and rows.output:
        return "The last run was cancelled."
    return feed.error
