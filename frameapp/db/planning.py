"""Planning: who plans a run, and one slice of its feed as products and outputs in one transaction."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from frameapp.db.clock import clock
from frameapp.db.leases import Lease, Leases
from frameapp.db.work import (
    SLOT,
    VARIANT,
    end_if_complete,
    lock_products,
    of_products,
    outputs,
    product_refs,
    products,
    touch,
)
from frameapp.errors import NO_PICTURE
from frameapp.models import (
    Feed,
    FeedKind,
    Frame,
    OutputState,
    ProductOverride,
    Run,
    RunState,
)

RUNG = 100  # plans that are offered at a time


@dataclass(frozen=True, slots=True)
class PlannedEntry:
    """An entry of the feed as its product's row will be; ``key`` is empty where it has no product id."""

    key: str
    product_id: str
    position: int
    title: str
    image_link: str
    data: dict[str, Any]


LEASES = Leases(
    Run,
    sa.and_(col(Run.state).in_((RunState.QUEUED, RunState.PLANNING)), col(Run.planned_at).is_(None)),
    prefix="plan_",
)


@dataclass(frozen=True, slots=True)
class PlanLease(Lease):
    """The right to plan a run, with what the planner needs to know."""

    frame_id: int
    feed: Feed
    cursor: int
    feed_key: str
    feed_charset: str
    started_at: datetime
    waiting: bool  # the run waits for what stopped the planner before

    @property
    def run_id(self) -> int:
        """The run."""
        return self.row_id

    @property
    def feed_id(self) -> int:
        """Its frame's feed."""
        return self.feed.id


@dataclass(frozen=True, slots=True)
class PlanNeeds:
    """What a planner of a run needs a slot for: whose run it is, and whether its feed is still to be downloaded."""

    workspace_id: int
    downloads: bool


def plan_needs(session: Session, run_id: int) -> PlanNeeds | None:
    """What a planner of the run needs; None where it waits for none."""
    query = (
        sa.select(col(Run.workspace_id), col(Run.feed_key), col(Feed.kind))
        .join(Frame, col(Frame.id) == col(Run.frame_id))
        .join(Feed, col(Feed.id) == col(Frame.feed_id))
        .where(col(Run.id) == run_id, LEASES.waiting(clock(session)))
    )
    row = session.execute(query).first()
    return PlanNeeds(row.workspace_id, row.kind == FeedKind.ADDRESS and not row.feed_key) if row else None


def take_plan(session: Session, run_id: int, seconds: float) -> PlanLease | None:
    """Begin or take over the planning of a run; None where it is planned, over, or being planned by another."""
    taken = LEASES.take(session, run_id, seconds=seconds)
    if taken is None:
        return None
    run, lease = taken
    now = clock(session)
    run.state = RunState.PLANNING
    run.started_at = run.started_at or now
    touch(run, now)
    frame = session.get_one(Frame, run.frame_id)
    return PlanLease(
        lease.row_id,
        lease.attempt,
        lease.stalled,
        run.frame_id,
        session.get_one(Feed, frame.feed_id),
        run.plan_cursor,
        run.feed_key,
        run.feed_charset,
        run.started_at,
        bool(run.waiting),
    )


def plan_slice(session: Session, plan: PlanLease, entries: Sequence[PlannedEntry], *, lease: float) -> Run | None:
    """Upsert the products and outputs of these entries and count them; None where the plan is no longer ours."""
    run = LEASES.held(session, plan, seconds=lease)
    if run is None:
        return None
    now = clock(session)
    named = [entry for entry in entries if entry.key]
    first: dict[str, PlannedEntry] = {}
    for entry in named:
        first.setdefault(entry.key, entry)
    seen = _seen_in_run(session, plan, list(first))
    fresh = {key: entry for key, entry in first.items() if key not in seen}
    lock_products(session, plan.feed_id)
    refs = _upsert_products(session, plan.feed_id, fresh, now)
    excluded = _excluded(session, plan.frame_id, list(refs.values()))
    planned = [(refs[key], entry) for key, entry in fresh.items() if refs[key] not in excluded]
    _upsert_outputs(session, plan, planned, now)
    pictureless = [entry for _, entry in planned if not entry.image_link]
    run.total += len(planned)
    found = run.total + run.warnings.excluded + len(fresh) - len(planned)
    run.failed += len(pictureless)
    run.plan_cursor += len(entries)
    LEASES.progressed(run)
    feed = session.get_one(Feed, plan.feed_id)
    feed.products = max(feed.products, found)
    counted = run.warnings
    run.warnings = replace(
        counted,
        entries=counted.entries + len(entries),
        missing_ids=counted.missing_ids + len(entries) - len(named),
        duplicates=counted.duplicates + len(named) - len(fresh),
        missing_pictures=counted.missing_pictures + len(pictureless),
        excluded=counted.excluded + len(fresh) - len(planned),
    )
    if pictureless:
        run.errors = [*run.errors, *([entry.product_id, NO_PICTURE] for entry in pictureless)][-5:]
    touch(run, now)
    return run


def retire_slice(session: Session, plan: PlanLease, size: int, *, lease: float) -> int | None:
    """Delete up to ``size`` outputs of products that left the feed; how many, None where the plan is not ours."""
    if LEASES.held(session, plan, seconds=lease) is None:
        return None
    other = sa.or_(outputs.c.run_id != plan.run_id, outputs.c.run_id.is_(None))
    query = sa.select(outputs.c.id).where(outputs.c.frame_id == plan.frame_id, other).limit(size)
    gone = session.scalars(query).all()
    session.execute(sa.delete(outputs).where(outputs.c.id.in_(gone)))
    return len(gone)


def left_behind(session: Session, plan: PlanLease) -> tuple[int, int]:
    """How many of the frame's outputs this run has not seen, and how many there are in all."""
    seen = sa.func.count().filter(outputs.c.run_id == plan.run_id)
    total, ours = session.execute(sa.select(sa.func.count(), seen).where(outputs.c.frame_id == plan.frame_id)).one()
    return total - ours, total


def complete_plan(
    session: Session, plan: PlanLease, *, notes: Sequence[str] = (), lease: float, kept: bool = False
) -> Run | None:
    """Note that the whole feed is planned: retire its unseen products, keep its copy; ends the run with nothing to do.

    Unseen products are not retired where they are ``kept``. None where the plan is no longer ours.
    """
    run = LEASES.held(session, plan, seconds=lease)
    if run is None:
        return None
    now = clock(session)
    lock_products(session, plan.feed_id)
    unseen = sa.and_(products.c.feed_id == plan.feed_id, products.c.seen_at < plan.started_at)
    if not kept:
        session.execute(sa.update(products).where(unseen, products.c.retired_at.is_(None)).values(retired_at=now))
    feed = session.get_one(Feed, plan.feed_id)
    feed.products = run.total + run.warnings.excluded
    if run.feed_key:
        feed.copy_key, feed.copy_etag, feed.copy_last_modified = run.feed_key, run.feed_etag, run.feed_last_modified
        feed.copy_charset = run.feed_charset
    run.warnings = replace(run.warnings, notes=tuple(notes))
    run.state = RunState.RUNNING
    run.planned_at = now
    LEASES.release(run)
    touch(run, now)
    end_if_complete(run, now)
    return run


def plans_to_ring(session: Session) -> list[int]:
    """The runs that wait for a planner: queued, or with a planner whose lease lapsed; at most so many.

    In turn by workspace: first the first of each that has none planned at the moment, then the next ones.
    """
    now = clock(session)
    planning = col(Run.state).in_((RunState.QUEUED, RunState.PLANNING))
    rows = session.execute(
        sa.select(col(Run.id), col(Run.workspace_id), col(Run.plan_lease_until)).where(planning).order_by(col(Run.id))
    ).all()
    held = Counter(row.workspace_id for row in rows if row.plan_lease_until and row.plan_lease_until > now)
    turns = []
    for row in rows:
        if row.plan_lease_until and row.plan_lease_until > now:
            continue
        turns.append((held[row.workspace_id], row.id))
        held[row.workspace_id] += 1
    return [run_id for _, run_id in sorted(turns)[:RUNG]]


def _seen_in_run(session: Session, plan: PlanLease, keys: list[str]) -> set[str]:
    refs = product_refs(session, plan.feed_id, keys)
    query = sa.select(outputs.c.product_ref, outputs.c.run_id).where(*of_products(plan.frame_id, refs))
    return {refs[row.product_ref] for row in session.execute(query) if row.run_id == plan.run_id}


def _excluded(session: Session, frame_id: int, refs: Sequence[int]) -> set[int]:
    query = sa.select(col(ProductOverride.product_ref)).where(
        col(ProductOverride.frame_id) == frame_id,
        col(ProductOverride.exclude).is_(True),
        col(ProductOverride.product_ref).in_(refs),
    )
    return set(session.scalars(query))


def _upsert_products(session: Session, feed_id: int, entries: dict[str, PlannedEntry], now: datetime) -> dict[str, int]:
    """The row id of each key. Validators and source facts stay where the image link stayed."""
    if not entries:
        return {}
    statement = _insert(session, products)
    new = statement.excluded
    same = products.c.image_link == new.image_link
    kept = ("source_etag", "source_last_modified", "source_digest", "source_traits")
    sizes = ("source_width", "source_height")
    upsert = statement.on_conflict_do_update(
        index_elements=["feed_id", "product_key"],
        set_={
            **{name: new[name] for name in ("position", "title", "image_link", "data", "seen_at", "retired_at")},
            **{name: sa.case((same, products.c[name]), else_="") for name in kept},
            **{name: sa.case((same, products.c[name]), else_=0) for name in sizes},
        },
    ).returning(products.c.id, products.c.product_key)
    rows = [
        {
            "feed_id": feed_id,
            "product_key": key,
            "product_id": entry.product_id,
            "position": entry.position,
            "title": entry.title,
            "image_link": entry.image_link,
            "data": entry.data,
            "seen_at": now,
            "retired_at": None,
            **dict.fromkeys(kept, ""),
            **dict.fromkeys(sizes, 0),
        }
        for key, entry in entries.items()
    ]
    return {row.product_key: row.id for row in session.execute(upsert, rows)}


def _upsert_outputs(
    session: Session, plan: PlanLease, planned: Iterable[tuple[int, PlannedEntry]], now: datetime
) -> None:
    rows = [
        {
            "frame_id": plan.frame_id,
            "product_ref": ref,
            "run_id": plan.run_id,
            "slot": SLOT,
            "variant": VARIANT,
            "product_id": entry.product_id,
            "position": entry.position,
            "state": OutputState.PENDING if entry.image_link else OutputState.FAILED,
            "reason": "" if entry.image_link else NO_PICTURE,
            "attempt": 0,
            "lone": False,
            "lone_attempts": 0,
            "input_digest": "",
            "key": "",
            "width": 0,
            "height": 0,
            "size_bytes": 0,
            "format": "",
            "updated_at": now,
        }
        for ref, entry in planned
    ]
    if not rows:
        return
    statement = _insert(session, outputs)
    taken = ("run_id", "position", "state", "reason", "lone", "lone_attempts", "updated_at")
    upsert = statement.on_conflict_do_update(
        index_elements=["frame_id", "product_ref", "slot", "variant"],
        set_={**{name: statement.excluded[name] for name in taken}, "lease_until": None},
    )
    session.execute(upsert, rows)


def _insert(session: Session, table: sa.Table) -> Any:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return cast(Any, dialect).insert(table)
