"""A workspace of 10,000 frames: a page of them is found, searched, sorted and sent as fast as one of ten."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from frameapp.core.feeds import FeedReport
from frameapp.models import Feed, Frame, Run, RunKind, RunState, utc_now
from frameapp.services import activity, cards, history
from frameapp.services.accounts import Viewer, register
from frameapp.services.application import Application
from frameapp.ui.frames.state import FramesState
from tests.conftest import AttackFigure
from tests.effort import least_effort
from tests.outputs import add_frame
from tests.ui.tab import Tab

MANY = 10_000
SECONDS = 0.5  # of the processor in a turn, and of the clock under `make attack`
MOST_BYTES = 16_000
# A step past all frames, runs or outputs that there are, or a sort of all that a workspace has.
TOO_MUCH = ("SCAN frame", "SCAN run", "SCAN output", "TEMP B-TREE FOR ORDER", "Seq Scan on frame", "Seq Scan on run")


@pytest.fixture
def viewer(app: Application) -> Viewer:
    return register(app, "ada", "a long enough pass phrase")


@pytest.fixture
def many(app: Application, viewer: Viewer) -> int:
    """The first of many frames; the later ones were touched earlier. Each had a run, each third is of the same feed."""
    first = add_frame(app, viewer, "Frame 00000")
    numbers, now = range(1, MANY), utc_now()
    with app.database.write() as session:
        pattern = session.get_one(Frame, first)
        same = {name: getattr(pattern, name) for name in ("workspace_id", "secret", "image_key", "image_digest")}
        same |= {"image_width": 1080, "image_height": 1080, "recipe": {}, "placed": True, "created_at": now}
        session.execute(
            sa.insert(Feed),
            [{"workspace_id": viewer.workspace_id, "report": FeedReport(entries=n)} for n in range(1, MANY // 3)],
        )
        feeds = session.exec(select(Feed.id).order_by(col(Feed.id))).all()
        session.execute(
            sa.insert(Frame),
            [
                same
                | {
                    "name": f"Frame {n:05}",
                    "feed_id": feeds[n % len(feeds)],
                    "updated_at": now - timedelta(seconds=n),
                }
                for n in numbers
            ],
        )
        ids = session.exec(select(Frame.id)).all()
        for state in (RunState.DONE, RunState.CANCELLED):
            session.execute(
                sa.insert(Run),
                [
                    {"workspace_id": viewer.workspace_id, "frame_id": each, "state": state, "kind": RunKind.RETRY}
                    for each in ids
                ],
            )
        session.commit()
        session.execute(sa.text("ANALYZE"))
    return first


@contextmanager
def watched(app: Application) -> Iterator[list[str]]:
    """The statements that go past more than a page's rows, with what the database says it does."""
    found: list[str] = []
    explain = "EXPLAIN QUERY PLAN " if app.database.is_sqlite else "EXPLAIN "

    def look(connection: sa.Connection, _: Any, statement: str, values: Any, *__: Any) -> None:
        asked = connection.connection.cursor()
        asked.execute(explain + statement, values)
        steps = [str(row[-1]) for row in asked.fetchall()]
        if any(part in step for step in steps for part in TOO_MUCH):
            found.append(f"{statement} -> {steps}")

    sa.event.listen(app.database.engine, "before_cursor_execute", look)
    try:
        yield found
    finally:
        sa.event.remove(app.database.engine, "before_cursor_execute", look)


@pytest.mark.attack
async def test_a_page_of_many_frames_opens_at_once_and_is_small(
    app: Application, viewer: Viewer, many: int, attack_figure: AttackFigure
) -> None:
    times = []
    for _ in range(3):
        async with Tab(app) as tab:
            await tab.sign_in(viewer)
            began = time.perf_counter()
            state = await tab.open("/", FramesState.load)
            times.append(time.perf_counter() - began)
    sent = len(json.dumps(state.dict(), default=vars))
    kind = "SQLite" if app.database.is_sqlite else "PostgreSQL"
    assert (state.summary, len(state.shown), state.place) == ("10,000 frames", cards.PAGE, "1-24 of 10,000")
    name, seconds = f"13 {MANY:,} frames, {kind}", min(times)
    attack_figure(name, f"{sent / 1000:.1f} kB", "16 kB", held=sent < MOST_BYTES)
    attack_figure(name, f"{seconds * 1000:.0f} ms", "500 ms", held=seconds < SECONDS, clock=True)


def test_every_turn_is_fast(app: Application, viewer: Viewer, many: int) -> None:
    turns: dict[str, Callable[[], object]] = {
        "last": lambda: cards.page(app, viewer, start=MANY),
        "by name": lambda: cards.page(app, viewer, sort="name", start=MANY),
        "by products": lambda: cards.page(app, viewer, sort="products", start=MANY),
        "search": lambda: cards.page(app, viewer, search="FRAME 09"),
        "found again": lambda: cards.page(app, viewer, sort="products", showing=many),
        "activity": lambda: activity.page(app, viewer, start=2 * MANY),
        "a card": lambda: cards.card(app, viewer, many),
    }
    efforts = {name: least_effort(app, turn) for name, turn in turns.items()}
    slow = {name: round(seconds, 3) for name, seconds in efforts.items() if seconds > SECONDS}
    assert not slow


def test_a_page_goes_past_its_own_rows_alone(app: Application, viewer: Viewer, many: int) -> None:
    with watched(app) as found:
        for sort in ("recent", "name"):
            rows = table_page(app, viewer, sort)
            assert len(rows) == cards.PAGE
        cards.card(app, viewer, many)
        cards.name(app, viewer, many)
        activity.of_run(app, viewer, 5)
        cards.runs.moving(app, viewer, [5, 6], after=10)
        history.page(app, viewer, many)
    assert not found
    with watched(app) as found:
        cards.page(app, viewer, sort="products", search="9")
    assert found, "it sees what it is to see"


def table_page(app: Application, viewer: Viewer, sort: str) -> list[Any]:
    with app.database.read() as session:
        order = cards.FrameSort(sort)
        return cards.table.frame_cards(session, viewer.workspace_ids, order, start=48, size=cards.PAGE)
