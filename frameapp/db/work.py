"""The database as the queue: claims, their fencing, and the end of a run.

Locks are always taken in this order: the run's row, then its outputs. On SQLite ``BEGIN IMMEDIATE`` is the lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlmodel import Session, col

from frameapp.db.clock import clock
from frameapp.models import ACTIVE_RUN_STATES, Feed, Frame, Output, OutputState, Product, Run, RunState

V = TypeVar("V")
LONE_ATTEMPTS = 3
SLOT, VARIANT = "image_link", "default"  # the only ones so far
SHARES = 8  # of what is pending, one is a batch (guided self-scheduling)
PACE_SECONDS = 10.0
PACE_STEP = 0.5
_PRODUCTS_LOCK = 0x66726D65  # the first half of the advisory lock's name; the feed's id is the second

outputs = cast(sa.Table, Output.__table__)  # type: ignore[attr-defined]
products = cast(sa.Table, Product.__table__)  # type: ignore[attr-defined]
runs = cast(sa.Table, Run.__table__)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Claim:
    """One output that this worker holds, and what is known of its source picture."""

    output_id: int
    attempt: int
    lone: bool
    last: bool  # it is the third lone claim, or a later one: what is found now holds
    exhausted: bool  # it was claimed alone three times and nobody came back
    product_ref: int
    product_id: str
    image_link: str
    source_etag: str
    source_last_modified: str
    source_digest: str
    key: str
    input_digest: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Claims of one run with what its pictures are made of."""

    run_id: int
    frame_id: int
    feed_id: int
    feed_kind: str
    secret: str
    recipe: dict[str, Any]
    image_key: str
    image_digest: str
    claims: tuple[Claim, ...]


def runs_with_work(session: Session) -> list[int]:
    """The runs that may have claimable work, the least served first."""
    query = sa.select(runs.c.id, runs.c.workspace_id, runs.c.served_at).where(
        runs.c.state.in_((RunState.PLANNING, RunState.RUNNING)), runs.c.total > _processed()
    )
    return least_served([tuple(row) for row in session.execute(query)])


def least_served(rows: Iterable[tuple[int, int, datetime | None]]) -> list[int]:
    """The run ids, least recently served workspace first, within it the least recently served run."""
    served: dict[int, list[tuple[float, int]]] = {}
    for run_id, workspace_id, at in rows:
        served.setdefault(workspace_id, []).append((at.timestamp() if at else 0.0, run_id))
    order = sorted(served.values(), key=max)
    return [run_id for group in order for _, run_id in sorted(group)]


def claim(session: Session, *, size: int, lease: float, least: int | None = None) -> Batch | None:
    """Claim a batch of the least served run, or one output whose lease lapsed; None where nothing is claimable.

    A batch has up to ``size`` outputs; towards a run's end fewer, down to ``least`` (by default ``size``), so that no
    worker waits for another one's last batch. ``lease`` is in seconds. Lapsed work is claimed singly from then on, so
    that a deadly product fails alone.
    """
    for run_id in runs_with_work(session):
        run = locked_active(session, run_id)
        if run is None:
            continue
        now = clock(session)
        share = min(size, max(least or size, run.pending // SHARES))
        claims = _claim_fresh(session, run_id, share, now, lease) or _claim_lapsed(session, run_id, now, lease)
        if claims:
            run.served_at = now
            return _batch(session, run, claims)
    return None


def has_claimable(session: Session, run_id: int, now: datetime) -> bool:
    """Whether a pending output of the run is held by nobody."""
    query = sa.select(outputs.c.id).where(*_pending(run_id), _free(now)).limit(1)
    return session.execute(query).first() is not None


def release(session: Session, batch: Batch, claims: Sequence[Claim]) -> None:
    """Give claims back; another worker may have them at once, and those that were alone do not count."""
    _give_back(session, batch, claims, lone_attempts=_UNCOUNTED)


def set_apart(session: Session, batch: Batch, claims: Sequence[Claim], *, counted: bool) -> None:
    """Give claims back to be tried again alone. One that was alone already counts if ``counted``."""
    _give_back(session, batch, claims, lone=True, **({} if counted else {"lone_attempts": _UNCOUNTED}))


def product_refs(session: Session, feed_id: int, product_keys: Sequence[str]) -> dict[int, str]:
    """The ids of the feed's products with these keys (some hundreds at most), each with its key."""
    query = sa.select(products.c.id, products.c.product_key).where(
        products.c.feed_id == feed_id, products.c.product_key.in_(product_keys)
    )
    return {row.id: row.product_key for row in session.execute(query)}


def of_products(frame_id: int, refs: Iterable[int]) -> tuple[sa.ColumnElement[bool], ...]:
    """Conditions for the frame's outputs of these products, by their unique index.

    Any further condition belongs into Python: with one on state or run, or with a join, SQLite goes by another index,
    past all outputs of the frame, for each few hundred products again.
    """
    table = outputs.c
    return (table.frame_id == frame_id, table.product_ref.in_(list(refs)), table.slot == SLOT, table.variant == VARIANT)


def lock_products(session: Session, feed_id: int) -> None:
    """Have the products of a feed to oneself until the commit: frames may share them, and rows lock in any order."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_PRODUCTS_LOCK, feed_id)))


def touch(run: Run, now: datetime) -> None:
    """Note that what progress shows has changed at ``now``."""
    run.version += 1
    run.changed_at = now
    run.pace = paced(run.pace, now.timestamp(), run.rendered, run.processed)


def paced(pace: Sequence[Any], now: float, rendered: int, processed: int) -> list[Any]:
    """The samples of the last seconds (time, rendered, processed) with the present one."""
    kept = [list(sample) for sample in pace if now - sample[0] <= PACE_SECONDS] or [list(s) for s in pace[-1:]]
    if len(kept) > 1 and now - kept[-2][0] < PACE_STEP:
        kept.pop()
    return [*kept, [round(now, 3), rendered, processed]]


def end_if_complete(run: Run, now: datetime) -> bool:
    """End a planned run with nothing pending. The caller holds the run's row, so it happens once."""
    if run.state != RunState.RUNNING or run.planned_at is None or run.pending:
        return False
    run.state = RunState.DONE
    run.ended_at = now
    return True


def end_early(session: Session, run_id: int, state: RunState, reason: str) -> Run | None:
    """Stop an active run: nothing more is claimed and what is in flight is discarded. None where it is over already.

    Its pending outputs are then cancelled by ``cancel_slice``.
    """
    run = locked_active(session, run_id)
    if run is None:
        return None
    now = clock(session)
    run.state = state
    run.reason = reason
    run.ended_at = now
    touch(run, now)
    return run


def cancel_slice(session: Session, run_id: int, size: int) -> tuple[Run, bool]:
    """Cancel up to ``size`` pending outputs of a run that was stopped; the run, and whether more are left."""
    run = session.get_one(Run, run_id, with_for_update=True, populate_existing=True)
    ids = session.scalars(sa.select(outputs.c.id).where(*_pending(run_id)).limit(size)).all()
    session.execute(
        sa.update(outputs)
        .where(outputs.c.id.in_(ids))
        .values(state=OutputState.CANCELLED, reason="", lease_until=None, lone=False)
    )
    more = len(ids) == size
    # With none left, whatever else was pending has been taken over by a later run.
    run.cancelled = run.cancelled + len(ids) if more else run.total - run.rendered - run.unchanged - run.failed
    touch(run, clock(session))
    return run, more


def stopped_with_pending(session: Session) -> Sequence[int]:
    """The runs that were stopped while their pending outputs were not yet all cancelled."""
    query = sa.select(runs.c.id).where(
        runs.c.state.in_((RunState.CANCELLED, RunState.FAILED)), runs.c.total > _processed()
    )
    return session.scalars(query).all()


def unnamed(session: Session, frame_id: int, keys: Iterable[str]) -> list[str]:
    """Those picture keys that no output of the frame names."""
    wanted = sorted({key for key in keys if key})
    named: set[str] = set()
    for part in sliced(wanted, 500):
        query = sa.select(outputs.c.key).where(outputs.c.frame_id == frame_id, outputs.c.key.in_(part))
        named.update(session.scalars(query))
    return [key for key in wanted if key not in named]


def sliced(values: Sequence[V], size: int) -> Iterator[Sequence[V]]:
    """The values in slices of at most ``size``."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _processed() -> sa.ColumnElement[int]:
    return runs.c.rendered + runs.c.unchanged + runs.c.failed + runs.c.cancelled


def _pending(run_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return outputs.c.run_id == run_id, outputs.c.state == OutputState.PENDING


def _free(now: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(outputs.c.lease_until.is_(None), outputs.c.lease_until < now)


def locked_active(session: Session, run_id: int) -> Run | None:
    query = (
        sa.select(Run)
        .where(col(Run.id) == run_id, col(Run.state).in_(ACTIVE_RUN_STATES))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).first()


_CLAIMED = (
    outputs.c.id,
    outputs.c.attempt,
    outputs.c.lone_attempts,
    outputs.c.product_ref,
    outputs.c.product_id,
    products.c.image_link,
    products.c.source_etag,
    products.c.source_last_modified,
    products.c.source_digest,
    outputs.c.key,
    outputs.c.input_digest,
)


def _claimable(run_id: int, condition: sa.ColumnElement[bool], size: int) -> sa.Select[Any]:
    return (
        sa.select(*_CLAIMED)
        .join(products, products.c.id == outputs.c.product_ref)
        .where(*_pending(run_id), condition)
        .limit(size)
        .with_for_update(of=outputs, skip_locked=True)
    )


_UNCOUNTED = sa.case((outputs.c.lone, outputs.c.lone_attempts - 1), else_=outputs.c.lone_attempts)


def _give_back(session: Session, batch: Batch, claims: Sequence[Claim], **values: Any) -> None:
    if locked_active(session, batch.run_id) is None:
        return
    held = still_held(session, batch.run_id, claims)
    session.execute(sa.update(outputs).where(outputs.c.id.in_(held)).values(lease_until=None, **values))


def _claim_fresh(session: Session, run_id: int, size: int, now: datetime, lease: float) -> list[Claim]:
    fresh = sa.and_(outputs.c.lease_until.is_(None), outputs.c.lone.is_(False))
    rows = session.execute(_claimable(run_id, fresh, size)).all()
    if rows:
        session.execute(
            sa.update(outputs)
            .where(outputs.c.id.in_([row.id for row in rows]))
            .values(attempt=outputs.c.attempt + 1, lease_until=now + timedelta(seconds=lease))
        )
    return [_claim_of(row, lone=False) for row in rows]


def _claim_lapsed(session: Session, run_id: int, now: datetime, lease: float) -> list[Claim]:
    least_tried = (outputs.c.lone_attempts, outputs.c.id)
    row = session.execute(_claimable(run_id, _free(now), 1).order_by(*least_tried)).first()
    if row is None:
        return []
    values = {"lone": True, "lone_attempts": row.lone_attempts + 1, "attempt": row.attempt + 1}
    session.execute(
        sa.update(outputs).where(outputs.c.id == row.id).values(**values, lease_until=now + timedelta(seconds=lease))
    )
    return [_claim_of(row, lone=True)]


def _claim_of(row: Any, *, lone: bool) -> Claim:
    return Claim(
        output_id=row.id,
        attempt=row.attempt + 1,
        lone=lone,
        last=lone and row.lone_attempts >= LONE_ATTEMPTS - 1,
        exhausted=lone and row.lone_attempts >= LONE_ATTEMPTS,
        product_ref=row.product_ref,
        product_id=row.product_id,
        image_link=row.image_link,
        source_etag=row.source_etag,
        source_last_modified=row.source_last_modified,
        source_digest=row.source_digest,
        key=row.key,
        input_digest=row.input_digest,
    )


def _batch(session: Session, run: Run, claims: list[Claim]) -> Batch:
    frame, feed = session.execute(
        sa.select(Frame, Feed).join(Feed, col(Feed.id) == col(Frame.feed_id)).where(col(Frame.id) == run.frame_id)
    ).one()
    return Batch(
        run.id, frame.id, feed.id, feed.kind, frame.secret, run.recipe, run.image_key, run.image_digest, tuple(claims)
    )


def still_held(session: Session, run_id: int, claims: Sequence[Claim]) -> set[int]:
    """Fencing: the ids whose attempt is still the one that was claimed.

    Run and state are asked in Python: with conditions on them, SQLite goes past all that the run has pending.
    """
    attempts = {claim.output_id: claim.attempt for claim in claims}
    table = outputs.c
    query = sa.select(table.id, table.attempt, table.run_id, table.state).where(table.id.in_(list(attempts)))
    return {
        row.id
        for row in session.execute(query.with_for_update())
        if (row.attempt, row.run_id, row.state) == (attempts[row.id], run_id, OutputState.PENDING)
    }
