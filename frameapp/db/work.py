"""The database as the queue: claims, their fencing, and the end of a run.

Locks are always taken in this order: the run's row, then its outputs. On SQLite ``BEGIN IMMEDIATE`` is the lock.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlmodel import Session, col

from frameapp.db.clock import clock
from frameapp.db.leases import Leases
from frameapp.models import ACTIVE_RUN_STATES, Feed, Frame, Output, OutputState, Product, Run, RunState, Workspace

V = TypeVar("V")
LONE_ATTEMPTS = 3
SLOT, VARIANT = "image_link", "default"  # the only ones so far
SHARES = 8  # of what is pending, one is a batch (guided self-scheduling)
BATCH_SECONDS = 1.5  # of rendering, at most, by what the run's last pictures took; then others have their turn
FIRST_SECONDS = 0.04  # what a picture is taken for, before the run's first result
LONG_SECONDS = 0.5  # of rendering: such pictures leave a worker's other thread free for other work
LEAST_SECONDS = 0.005  # what each output costs at least: its rows, its request
RECENT_SECONDS = 60.0  # who was served so lately has been waiting since; who was not comes anew
PACE_SECONDS = 10.0
PACE_STEP = 0.5
_PRODUCTS_LOCK = 0x66726D65  # the first half of the advisory lock's name; the feed's id is the second

outputs = cast(sa.Table, Output.__table__)  # type: ignore[attr-defined]
products = cast(sa.Table, Product.__table__)  # type: ignore[attr-defined]
runs = cast(sa.Table, Run.__table__)  # type: ignore[attr-defined]
workspaces = cast(sa.Table, Workspace.__table__)  # type: ignore[attr-defined]
LEASES = Leases(Output)  # a batch's are taken together: see ``claim`` and ``still_held``


@dataclass(frozen=True, slots=True)
class Claim:
    """One output that this worker holds, and what is known of its source picture."""

    output_id: int
    attempt: int
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
    workspace_id: int
    each: float  # seconds that its workspace was charged for each claim beforehand


@dataclass(frozen=True, slots=True)
class Waiting:
    """A run with work: how much rendering its workspace was served, when the run itself was last, and its pace."""

    run_id: int
    workspace_id: int
    served_seconds: float
    served_at: datetime | None
    picture_seconds: float = 0.0


def runs_with_work(session: Session) -> list[int]:
    """The runs that may have claimable work, in the order of their turns."""
    return [run.run_id for run in _in_turn(session)]


def claimable_runs(session: Session) -> list[int]:
    """Those of them with an output that nobody holds."""
    now = clock(session)
    return [run_id for run_id in runs_with_work(session) if has_claimable(session, run_id, now)]


def _in_turn(session: Session) -> list[Waiting]:
    query = (
        sa.select(runs.c.id, runs.c.workspace_id, workspaces.c.served_seconds, runs.c.served_at, runs.c.picture_seconds)
        .join(workspaces, workspaces.c.id == runs.c.workspace_id)
        .where(runs.c.state.in_((RunState.PLANNING, RunState.RUNNING)), runs.c.total > _processed())
    )
    found = [Waiting(*row) for row in session.execute(query)]
    return least_served(found, clock(session)) if found else []


def least_served(waiting: Sequence[Waiting], now: datetime) -> list[Waiting]:
    """The runs in turn: the workspace that was served least first, within it the run that was served longest ago.

    This is start-time fair queueing: a workspace that comes anew starts where the least served of those that go on was
    before its present batch, or, where all come anew, with the most served. So to have been idle gives no credit.
    """
    last: dict[int, float] = {}
    for run in waiting:
        last[run.workspace_id] = max(_epoch(run.served_at), last.get(run.workspace_id, 0.0))
    seconds = {run.workspace_id: run.served_seconds for run in waiting}
    since = now.timestamp() - RECENT_SECONDS
    start = min(
        (
            run.served_seconds - max(BATCH_SECONDS, run.picture_seconds)
            for run in waiting
            if last[run.workspace_id] >= since
        ),
        default=max(seconds.values()),
    )
    turns = {
        workspace: served if last[workspace] >= since else max(served, start) for workspace, served in seconds.items()
    }

    def turn(run: Waiting) -> tuple[float, float, int, float, int]:
        owner = run.workspace_id
        return turns[owner], last[owner], owner, _epoch(run.served_at), run.run_id

    return [replace(run, served_seconds=turns[run.workspace_id]) for run in sorted(waiting, key=turn)]


def _epoch(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0


def claim(session: Session, *, size: int, lease: float, least: int | None = None, long: bool = True) -> Batch | None:
    """Claim a batch of the least served run, or one output whose lease lapsed; None where nothing is claimable.

    A batch has up to ``size`` outputs, fewer where they render for longer than a moment; towards a run's end fewer,
    down to ``least`` (by default ``size``), so that no worker waits for another one's last. ``lease`` is in seconds.
    Lapsed work is claimed singly from then on, so that a deadly product fails alone. The workspace is charged what the
    batch will presumably take; ``charge`` corrects that. Without ``long``, runs whose pictures take long are left out.
    """
    for waiting in _in_turn(session):
        if waiting.picture_seconds >= LONG_SECONDS and not long:
            continue
        run = locked_active(session, waiting.run_id)
        if run is None:
            continue
        now = clock(session)
        share = _share(run, size, least or size)
        claims = _claim_fresh(session, run.id, share, now, lease) or _claim_lapsed(session, run.id, now, lease)
        if claims:
            run.served_at = now
            each = max(LEAST_SECONDS, run.picture_seconds)
            _serve(session, run.workspace_id, len(claims) * each, at_least=waiting.served_seconds)
            return _batch(session, run, claims, each)
    return None


def _share(run: Run, size: int, least: int) -> int:
    """How many outputs a batch of the run has now."""
    if run.waiting:
        return 1  # it only tries whether it still has to wait
    unknown = LEAST_SECONDS if run.processed else FIRST_SECONDS  # what was checked so far was not rendered
    in_time = int(BATCH_SECONDS / max(LEAST_SECONDS, run.picture_seconds or unknown))
    return max(1, min(size, max(least, run.pending // SHARES), in_time))


def charge(session: Session, batch: Batch, seconds: float, claims: int) -> None:
    """Charge the workspace the seconds that so many of the batch's claims have really taken. Last in a transaction."""
    more = seconds - claims * batch.each
    if abs(more) > LEAST_SECONDS:  # what was checked and not rendered costs what was charged beforehand
        _serve(session, batch.workspace_id, more)


_SERVE = (
    sa.update(workspaces)
    .where(workspaces.c.id == sa.bindparam("workspace"))
    .values(
        served_seconds=sa.bindparam("seconds")
        + sa.case(
            (workspaces.c.served_seconds < sa.bindparam("least"), sa.bindparam("least")),
            else_=workspaces.c.served_seconds,
        )
    )
)


def _serve(session: Session, workspace_id: int, seconds: float, *, at_least: float = 0.0) -> None:
    session.connection().execute(_SERVE, {"workspace": workspace_id, "seconds": seconds, "least": at_least})


def has_claimable(session: Session, run_id: int, now: datetime) -> bool:
    """Whether a pending output of the run is held by nobody."""
    query = sa.select(outputs.c.id).where(*_pending(run_id), LEASES.free(now)).limit(1)
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


def note_waiting(session: Session, run_id: int, waiting: str) -> Run | None:
    """Note what an active run waits for, or with an empty text that it does no longer; None where that was known."""
    run = locked_active(session, run_id)
    if run is None or run.waiting == waiting:
        return None
    run.waiting = waiting
    touch(run, clock(session))
    return run


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
    """Stop an active run, before ``cancel_slice`` cancels its pending outputs. None where it is over already."""
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
            sa.update(outputs).where(outputs.c.id.in_([row.id for row in rows])).values(LEASES.taking(now, lease))
        )
    return [_claim_of(row, lone=False) for row in rows]


def _claim_lapsed(session: Session, run_id: int, now: datetime, lease: float) -> list[Claim]:
    least_tried = (outputs.c.lone_attempts, outputs.c.id)
    row = session.execute(_claimable(run_id, LEASES.free(now), 1).order_by(*least_tried)).first()
    if row is None:
        return []
    values = {"lone": True, "lone_attempts": row.lone_attempts + 1, **LEASES.taking(now, lease)}
    session.execute(sa.update(outputs).where(outputs.c.id == row.id).values(values))
    return [_claim_of(row, lone=True)]


def _claim_of(row: Any, *, lone: bool) -> Claim:
    return Claim(
        output_id=row.id,
        attempt=row.attempt + 1,
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


def _batch(session: Session, run: Run, claims: list[Claim], each: float) -> Batch:
    frame, feed = session.execute(
        sa.select(Frame, Feed).join(Feed, col(Feed.id) == col(Frame.feed_id)).where(col(Frame.id) == run.frame_id)
    ).one()
    return Batch(
        run.id,
        frame.id,
        feed.id,
        feed.kind,
        frame.secret,
        run.recipe,
        run.image_key,
        run.image_digest,
        tuple(claims),
        run.workspace_id,
        each,
    )


def still_held(session: Session, run_id: int, claims: Sequence[Claim]) -> set[int]:
    """The ids whose attempt is still the one claimed. Run and state are compared in Python: SQLite would scan."""
    attempts = {claim.output_id: claim.attempt for claim in claims}
    table = outputs.c
    query = sa.select(table.id, table.attempt, table.run_id, table.state).where(table.id.in_(list(attempts)))
    return {
        row.id
        for row in session.execute(query.with_for_update())
        if (row.attempt, row.run_id, row.state) == (attempts[row.id], run_id, OutputState.PENDING)
    }
