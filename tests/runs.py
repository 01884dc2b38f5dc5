"""A frame with a feed, and the facts that must hold of a run after any fault."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from frameapp.adapters.progress import publish
from frameapp.core.design.recipe import Box, Recipe
from frameapp.core.keys import digest_of, product_key
from frameapp.core.sample import sample_frame_image
from frameapp.db.planning import PlannedEntry
from frameapp.models import Feed, FeedKind, Frame, FrameUsage, Output, OutputState, Run, RunState, utc_now
from frameapp.services import accounts, sweeping
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.services.runs import progress_of

PASSWORD = "a long enough pass phrase"


@dataclass(frozen=True)
class Project:
    """A viewer with a placed frame."""

    viewer: Viewer
    frame_id: int
    feed_id: int


def make_project(
    app: Application, *, name: str = "ada", address: str = "", kind: FeedKind = FeedKind.ADDRESS
) -> Project:
    """An account with one placed frame of 600 x 600 pixels whose feed is at ``address``."""
    viewer = accounts.register(app, name, PASSWORD)
    image = sample_frame_image()
    key = f"private/frames/{digest_of(image)}.png"
    app.storage.put(key, image)
    with app.database.write() as session:
        feed = Feed(workspace_id=viewer.workspace_id, kind=kind, address=address)
        session.add(feed)
        session.flush()
        frame = Frame(
            workspace_id=viewer.workspace_id,
            feed_id=feed.id,
            name="Summer sale",
            secret=f"secret of {name}",
            image_key=key,
            image_digest=digest_of(image),
            image_width=1080,
            image_height=1080,
            recipe=Recipe(Box(60, 60, 480, 480)).to_json(),
            placed=True,
        )
        session.add(frame)
        session.flush()
        return Project(viewer, frame.id, feed.id)


def entries(count: int, *, start: int = 0) -> list[PlannedEntry]:
    """Entries of a feed with a picture each."""
    return [
        PlannedEntry(product_key(f"sku {n}"), f"sku {n}", n, f"Product {n}", f"https://shop.example/{n}.jpg", {})
        for n in range(start, start + count)
    ]


def add_run(app: Application, frame_id: int, state: RunState, **values: Any) -> int:
    """A planned run of the frame, in this state; its id."""
    with app.database.write() as session:
        frame = session.get_one(Frame, frame_id)
        ended = None if state.active else utc_now()
        run = Run(workspace_id=frame.workspace_id, frame_id=frame_id, state=state, ended_at=ended, planned_at=utc_now())
        for name, value in values.items():
            setattr(run, name, value)
        session.add(run)
        session.flush()
        return run.id


def change_run(app: Application, run_id: int, **values: Any) -> None:
    """Change a run and publish what it has come to, as a worker does."""
    with app.database.write() as session:
        run = session.get_one(Run, run_id)
        for name, value in values.items():
            setattr(run, name, value)
        run.version, run.changed_at = run.version + 1, utc_now()
        session.add(run)
        session.flush()
        message = progress_of(run)
    publish(app.redis, message, force=True)


def run_of(app: Application, run_id: int) -> Run:
    """The run's row."""
    with app.database.read() as session:
        return session.get_one(Run, run_id)


def outputs_of(app: Application, frame_id: int) -> list[Output]:
    """The frame's outputs in the feed's order."""
    with app.database.read() as session:
        query = sa.select(Output).where(col(Output.frame_id) == frame_id).order_by(col(Output.position))
        return list(session.scalars(query))


def assert_consistent(app: Application, run_id: int, *, cut: bool = False) -> Run:
    """The invariants of a run that is over: exact totals, one readable object per done output, nothing temporary.

    Where a process was killed (``cut``), a write may lie staged until the sweep's grace period is over.
    """
    if not cut:
        assert_nothing_staged(app)
    sweeping.collect_garbage(app, utc_now() + 2 * sweeping.GRACE)
    run = run_of(app, run_id)
    assert run.state in ("done", "cancelled", "failed"), f"the run is still {run.state}"
    assert run.total == run.rendered + run.unchanged + run.failed + run.cancelled, run
    mine = [output for output in outputs_of(app, run.frame_id) if output.run_id == run_id]
    states = [output.state for output in mine]
    assert len(mine) == run.total
    assert states.count(OutputState.DONE) == run.rendered + run.unchanged
    assert states.count(OutputState.FAILED) == run.failed
    assert states.count(OutputState.CANCELLED) == run.cancelled
    for output in mine:
        assert output.lease_until is None
        if output.state == OutputState.DONE:
            assert len(app.storage.get(output.key) or b"") == output.size_bytes > 0
        if output.state == OutputState.FAILED:
            assert output.reason
    assert_nothing_staged(app)
    assert_counted(app, run.frame_id)
    return run


def assert_counted(app: Application, frame_id: int) -> None:
    """What the database counted of the frame's outputs is what there is."""
    outputs = outputs_of(app, frame_id)
    states = [output.state for output in outputs]
    with app.database.read() as session:
        counted = session.get_one(FrameUsage, frame_id)
    for state in OutputState:
        assert getattr(counted, state.value) == states.count(state), (state, counted)
    assert counted.storage_bytes == sum(output.size_bytes for output in outputs)


def assert_nothing_staged(app: Application) -> None:
    """No file of an unfinished write lies in the storage's folder."""
    if app.storage.folder:
        assert not list(app.storage.folder.rglob("*#*"))
