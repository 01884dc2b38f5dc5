"""The list of frames: each as a card with its state and what its last run did."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import datetime

from frameapp.adapters.progress import watch, workspace_channel
from frameapp.core.progress import Progress
from frameapp.db import cards as table
from frameapp.db.cards import CardRows, FrameSort
from frameapp.db.paging import LONGEST_SEARCH as LONGEST_SEARCH  # pages take it from here
from frameapp.db.paging import clean_search, one_of, page_start
from frameapp.errors import NotFound
from frameapp.models import RunKind, RunState
from frameapp.services import runs
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application

PAGE = 24  # fills the rows of one, two, three or four cards


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
    attention: str
    retried: bool = False
    failed_outputs: int = 0
    feed_error: str = ""
    waiting: str = ""


@dataclass(frozen=True, slots=True)
class CardPage:
    """Some cards, how many stand before them, how many match the search, how many frames there are in all, and the
    id of the one that was made last.
    """

    cards: tuple[Card, ...]
    start: int
    matching: int
    total: int
    newest_id: int


def page(
    app: Application,
    viewer: Viewer,
    *,
    search: str = "",
    sort: str = FrameSort.RECENT,
    start: int = 0,
    showing: int = 0,
) -> CardPage:
    """The page that begins at ``start``, or has the frame ``showing``; at most the last. Raises Invalid."""
    order, text = one_of(FrameSort, sort), clean_search(search)
    mine = viewer.workspace_ids
    with app.database.read() as session:
        total = table.frames_found(session, mine)
        matching = table.frames_found(session, mine, text) if text else total
        place = table.place_of(session, mine, showing, order, text) if showing else None
        wanted = start if place is None else place - place % PAGE
        start = page_start(wanted, matching, PAGE)
        rows = table.frame_cards(session, mine, order, search=text, start=start, size=PAGE)
        newest = table.newest_frame(session, mine)
        return CardPage(tuple(map(_card, rows)), start, matching, total, newest)


def card(app: Application, viewer: Viewer, frame_id: int) -> Card:
    """The frame's card. Raises NotFound where it does not exist or is not the viewer's."""
    with app.database.read() as session:
        for rows in table.cards_of(session, viewer.workspace_ids, [frame_id]):
            return _card(rows)
    raise NotFound


def name(app: Application, viewer: Viewer, frame_id: int) -> str:
    """The frame's name; empty where it is gone."""
    with app.database.read() as session:
        return table.frame_name(session, viewer.workspace_ids, frame_id)


async def follow(app: Application, viewer: Viewer, shown: Iterable[int] = ()) -> AsyncIterator[Progress]:
    """The viewer's runs as they move, endlessly: active ones and those ``shown`` as active first, then every change."""
    moving, newest = set(shown), -1

    def load() -> list[Progress]:
        nonlocal moving, newest
        found, newest = runs.moving(app, viewer, moving, after=newest)
        moving = {progress.run_id for progress in found if progress.active}
        return found

    channels = [workspace_channel(workspace_id) for workspace_id in viewer.workspace_ids]
    async for progress in watch(app.settings.resolved_redis_url, channels, load):
        if progress.active:
            moving.add(progress.run_id)
        yield progress


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
        attention=attention,
        retried=run is not None and run.kind == RunKind.RETRY,
        failed_outputs=rows.failed,
        feed_error=rows.feed.error,
        waiting=run.waiting if run and RunState(run.state).active else "",
    )


def _products(rows: CardRows) -> int | None:
    """As many as the last run counted, else the feed's last check; a retry counts only what had failed."""
    run = rows.run
    if run is not None and run.planned_at and run.kind == RunKind.FULL:
        return run.total
    return rows.feed.report.products


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
