"""Runs: start, stop, retry, and what they have come to."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from frameapp.adapters.doorbell import PLAN, RENDER
from frameapp.adapters.progress import publish
from frameapp.core.progress import Failure, Progress
from frameapp.db import cards, work
from frameapp.db.clock import clock
from frameapp.db.engine import after_commit
from frameapp.db.owned import owned_frame
from frameapp.errors import Conflict, LimitReached
from frameapp.models import ACTIVE_RUN_STATES, Frame, OutputState, Run, RunKind, RunState, utc_now
from frameapp.services import limits
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application

CANCEL_SLICE = 5_000
MOST_MOVING = 200  # runs that are read anew at once; what moves beyond is heard of all the same
_GOING_ON = "A run of this frame is still in progress."


def start(app: Application, viewer: Viewer, frame_id: int, *, replace: bool = False) -> int:
    """Start a run of the frame's present placement; the run's id.

    Raises Conflict if one is in progress (with ``replace`` that one is cancelled), or where there is nothing to run;
    LimitReached where the user's pictures fill what they may.
    """
    if replace:
        cancel(app, viewer, frame_id)
    return _start(app, viewer, frame_id, RunKind.FULL, None)


def retry_failed(app: Application, viewer: Viewer, frame_id: int) -> int:
    """Start a run over the outputs that failed; the rest is carried over. Raises Conflict where none failed."""
    return _start(app, viewer, frame_id, RunKind.RETRY, work.outputs.c.state == OutputState.FAILED)


def render_again(app: Application, viewer: Viewer, frame_id: int, output_ids: Sequence[int]) -> int:
    """Start a run over these outputs; the rest is carried over. Raises Conflict where none of them is there."""
    return _start(app, viewer, frame_id, RunKind.RETRY, work.outputs.c.id.in_(list(output_ids)), anew=True)


def cancel(app: Application, viewer: Viewer, frame_id: int) -> bool:
    """Stop the frame's active run, if there is one. Finished pictures stay; results in flight are discarded."""
    with app.database.read() as session:
        frame = owned_frame(session, viewer.workspace_ids, frame_id)
        run_id = session.scalars(_active(frame.id)).first()
    return run_id is not None and stop(app, run_id, RunState.CANCELLED)


def stop(app: Application, run_id: int, state: RunState, reason: str = "") -> bool:
    """End an active run as cancelled or failed, with its pending outputs; whether it was active."""
    with app.database.write() as session:
        stopped = work.end_early(session, run_id, state, reason)
    if stopped is None:
        return False
    finish_stopped(app, run_id)
    return True


def finish_stopped(app: Application, run_id: int) -> None:
    """Cancel the pending outputs of a stopped run, in short transactions; can be repeated at any time."""
    more = True
    while more:
        with app.database.write() as session:
            run, more = work.cancel_slice(session, run_id, CANCEL_SLICE)
    publish_progress(app, progress_of(run))


def snapshot(app: Application, viewer: Viewer, frame_id: int) -> Progress | None:
    """The progress of the frame's newest run; None before the first. Raises NotFound."""
    with app.database.read() as session:
        owned_frame(session, viewer.workspace_ids, frame_id)
        run = session.scalars(
            sa.select(Run).where(col(Run.frame_id) == frame_id).order_by(col(Run.id).desc()).limit(1)
        ).first()
        return progress_of(run, utc_now()) if run else None


def moving(app: Application, viewer: Viewer, ids: Iterable[int], *, after: int) -> tuple[list[Progress], int]:
    """The viewer's runs that are active, those with these ids, and those newer than run ``after``; and the newest's id.

    Of active and of newer ones ``MOST_MOVING``. With a negative ``after`` none counts as newer.
    """
    with app.database.read() as session:
        newest = cards.newest_run_id(session, viewer.workspace_ids)
        found = cards.moving_runs(
            session,
            viewer.workspace_ids,
            after=newest if after < 0 else after,
            ids=sorted(ids)[-MOST_MOVING:],
            size=MOST_MOVING,
        )
    return [progress_of(run, utc_now()) for run in found], newest


def forget_outputs(session: Session, frame_id: int, output_ids: Sequence[int]) -> list[str]:
    """Delete outputs of a frame in the caller's transaction; the keys of pictures that no other output of it names.

    Pending ones leave the total of the active run, which ends where they were its last; watchers learn it from the
    database. The caller has checked that all are the frame's and who owns it, and deletes the keys after the commit.
    """
    run = session.scalars(
        sa.select(Run).where(col(Run.frame_id) == frame_id, col(Run.state).in_(ACTIVE_RUN_STATES)).with_for_update()
    ).first()
    mine, table = work.outputs.c.id.in_(list(output_ids)), work.outputs.c
    gone = session.execute(sa.select(table.key, table.run_id, table.state).where(mine).with_for_update()).all()
    session.execute(sa.delete(work.outputs).where(mine))
    if run is not None:
        pending = sum(1 for row in gone if row.run_id == run.id and row.state == OutputState.PENDING)
        if pending:
            now = clock(session)
            run.total -= pending
            work.touch(run, now)
            work.end_if_complete(run, now)
    session.flush()
    return work.unnamed(session, frame_id, [row.key for row in gone])


def announce(app: Application, session: Session, run: Run) -> None:
    """Publish the run's progress to the frame's followers, after the commit."""
    work.touch(run, clock(session))
    progress = progress_of(run)
    after_commit(session, lambda: publish_progress(app, progress))


def publish_progress(app: Application, progress: Progress) -> None:
    """Publish the progress to the frame's followers, at once."""
    publish(app.redis, progress, force=True)


def progress_of(run: Run, now: datetime | None = None) -> Progress:
    """What the run has come to, with its pace as of its last commit or, where given, as of ``now``."""
    at = max(now or run.changed_at, run.changed_at).timestamp()
    rate, seconds_left = _pace(run, at) if run.ended_at is None else (0.0, 0.0)
    waiting = run.waiting if run.ended_at is None else ""
    return Progress(
        run_id=run.id,
        frame_id=run.frame_id,
        version=run.version,
        state=run.state,
        processed=run.processed,
        total=run.total,
        planned=run.planned_at is not None,
        rendered=run.rendered,
        unchanged=run.unchanged,
        failed=run.failed,
        cancelled=run.cancelled,
        pending=run.pending,
        product_id=run.current_product_id,
        rate=rate,
        seconds_left=seconds_left,
        errors=tuple(Failure(product_id, reason) for product_id, reason in run.errors),
        reason=run.reason,
        committed_at=run.changed_at.timestamp(),
        started_at=run.started_at.timestamp() if run.started_at else None,
        ended_at=run.ended_at.timestamp() if run.ended_at else None,
        waiting=waiting,
        workspace_id=run.workspace_id,
        kind=run.kind,
        created_at=run.created_at.timestamp(),
        notes=run.warnings.notes,
    )


def _pace(run: Run, at: float) -> tuple[float, float | None]:
    samples = run.pace
    if run.waiting or not samples or at <= samples[0][0] or at - samples[-1][0] > work.PACE_SECONDS:
        return 0.0, None
    then, rendered, processed = samples[0]
    rate = (run.rendered - rendered) / (at - then)
    speed = (run.processed - processed) / (at - then)
    known = run.planned_at is not None and speed > 0
    return round(rate, 1), round(run.pending / speed, 1) if known else None


def _start(
    app: Application,
    viewer: Viewer,
    frame_id: int,
    kind: RunKind,
    chosen: sa.ColumnElement[bool] | None,
    *,
    anew: bool = False,
) -> int:
    try:
        with app.database.write() as session:
            frame = owned_frame(session, viewer.workspace_ids, frame_id)
            if session.scalars(_active(frame_id)).first() is not None:
                raise Conflict(_GOING_ON)
            run = _new_run(session, frame, kind)
            if chosen is not None:
                _take_over(session, run, chosen, anew=anew)
            progress = progress_of(run)
            after_commit(session, lambda: _ring(app, run.id, planned=chosen is not None))
            after_commit(session, lambda: publish_progress(app, progress))
    except IntegrityError:
        raise Conflict(_GOING_ON) from None
    return run.id


def _new_run(session: Session, frame: Frame, kind: RunKind) -> Run:
    if not frame.placed or not frame.recipe:
        raise Conflict("Set the placement of this frame first.")
    if reached := limits.storage_reached(session, frame.workspace_id):
        raise LimitReached(reached)
    now = clock(session)
    run = Run(
        workspace_id=frame.workspace_id,
        frame_id=frame.id,
        kind=kind,
        recipe=frame.recipe,
        image_key=frame.image_key,
        image_digest=frame.image_digest,
        created_at=now,
        changed_at=now,
    )
    session.add(run)
    session.flush()
    return run


def _take_over(session: Session, run: Run, chosen: sa.ColumnElement[bool], *, anew: bool) -> None:
    """Make the chosen outputs this run's pending ones, without planning; ``anew`` renders them in any case."""
    taken = (
        sa.update(work.outputs)
        .where(work.outputs.c.frame_id == run.frame_id, chosen)
        .values(
            run_id=run.id,
            state=OutputState.PENDING,
            reason="",
            lease_until=None,
            lone=False,
            lone_attempts=0,
            **({"input_digest": ""} if anew else {}),
        )
    )
    count = session.execute(taken).rowcount  # type: ignore[attr-defined]
    if not count:
        raise Conflict("There is nothing to render again.")
    now = clock(session)
    run.total = count
    run.state = RunState.RUNNING
    run.started_at = run.planned_at = now
    work.touch(run, now)
    session.flush()


def _active(frame_id: int) -> Any:
    return sa.select(col(Run.id)).where(col(Run.frame_id) == frame_id, col(Run.state).in_(ACTIVE_RUN_STATES))


def _ring(app: Application, run_id: int, *, planned: bool) -> None:
    if planned:
        app.doorbell.ring(RENDER, run_id)
    else:
        app.doorbell.ring(PLAN, run_id)
