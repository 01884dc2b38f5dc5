"""Generations: who makes one, which pictures it names, and which one is published.

Locks are taken in this order: the frame's row, where a generation is added to it, the run's, then the generation's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from frameapp.db.clock import clock
from frameapp.db.leases import Lease, Leases
from frameapp.db.work import of_products, outputs, product_refs, sliced
from frameapp.models import Feed, Frame, Generation, GenerationState, OutputState, Run, RunKind

KEPT = 5
"""How many generations of a frame are kept: ad platforms still fetch the pictures of those before the last one."""
IN_A_QUERY = 500


LEASES = Leases(Generation, col(Generation.state) == GenerationState.PENDING)


@dataclass(frozen=True, slots=True)
class GenerationLease(Lease):
    """The right to make a generation, with what its maker needs to know."""

    run_id: int | None
    frame_id: int
    secret: str
    base_url: str
    feed: Feed
    copy_key: str  # the stored feed that the last full run read, empty where it read none from an address
    copy_charset: str


@dataclass(frozen=True, slots=True)
class Made:
    """What was stored for a generation: its objects, and how many of the feed's entries have a new picture."""

    manifest_key: str
    feed_key: str
    format: str
    charset: str
    entries: int
    framed: int


def lock_runs(session: Session, frame_id: int) -> None:
    """Have the frame's runs to oneself until the commit."""
    mine = sa.select(col(Run.id)).where(col(Run.frame_id) == frame_id).order_by(col(Run.id))
    session.execute(mine.with_for_update())


def newest_run(session: Session, frame_id: int, *, lock: bool = False) -> Run | None:
    """The frame's newest run."""
    query = sa.select(Run).where(col(Run.frame_id) == frame_id).order_by(col(Run.id).desc()).limit(1)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).first()


def of_frame(session: Session, frame_id: int) -> Sequence[Generation]:
    """The frame's generations, the newest first."""
    query = select(Generation).where(Generation.frame_id == frame_id).order_by(col(Generation.id).desc())
    return session.exec(query).all()


def by_token(session: Session, token: str) -> Generation | None:
    """The generation that the address with this token gives."""
    return session.exec(select(Generation).where(Generation.token == token, col(Generation.active).is_(True))).first()


def workspace_of(session: Session, generation_id: int) -> int | None:
    """Whose the generation is; None where it is gone."""
    query = sa.select(col(Frame.workspace_id)).join(Generation, col(Generation.frame_id) == col(Frame.id))
    return session.scalars(query.where(col(Generation.id) == generation_id)).first()


def take(session: Session, generation_id: int, seconds: float) -> GenerationLease | None:
    """Begin or take over the making of a generation; None where it is made, given up, or being made by another."""
    taken = LEASES.take(session, generation_id, seconds=seconds)
    if taken is None:
        return None
    generation, lease = taken
    frame = session.get_one(Frame, generation.frame_id)
    copies = last_copies().add_columns(col(Run.feed_charset)).where(col(Run.frame_id) == frame.id)
    copy_key, copy_charset = session.execute(copies).first() or ("", "")
    return GenerationLease(
        lease.row_id,
        lease.attempt,
        lease.stalled,
        generation.run_id,
        frame.id,
        frame.secret,
        generation.base_url,
        session.get_one(Feed, frame.feed_id),
        copy_key,
        copy_charset,
    )


def last_copies() -> sa.Select[str]:
    """The stored feeds that the last full run of each frame read to its end."""
    newest = sa.select(sa.func.max(col(Run.id))).where(col(Run.kind) == RunKind.FULL, col(Run.planned_at).is_not(None))
    return sa.select(col(Run.feed_key)).where(col(Run.id).in_(newest.group_by(col(Run.frame_id))))


def to_ring(session: Session) -> Sequence[int]:
    """The generations that wait for a worker, or whose worker's lease lapsed."""
    return session.scalars(sa.select(col(Generation.id)).where(LEASES.waiting(clock(session)))).all()


def pictures(session: Session, frame_id: int, feed_id: int, product_keys: Sequence[str]) -> dict[str, str]:
    """The storage keys of the frame's good pictures, by the keys of their products."""
    found: dict[str, str] = {}
    for part in sliced(product_keys, IN_A_QUERY):
        refs = product_refs(session, feed_id, part)
        query = sa.select(outputs.c.product_ref, outputs.c.key, outputs.c.state).where(*of_products(frame_id, refs))
        done = (row for row in session.execute(query) if row.state == OutputState.DONE)
        found.update((refs[row.product_ref], row.key) for row in done)
    return found


def complete(session: Session, generation: Generation, made: Made, now: datetime) -> list[Generation]:
    """Publish a held generation in place of the present one. Returns what is to be deleted: others of the same run, so
    that these push out none of an earlier one, and those beyond ``KEPT``.
    """
    session.execute(
        sa.update(Generation).where(col(Generation.frame_id) == generation.frame_id).values(active=False),
        execution_options={"synchronize_session": False},
    )
    generation.state, generation.active = GenerationState.DONE, True
    generation.published_at = now
    LEASES.release(generation)
    generation.manifest_key, generation.feed_key = made.manifest_key, made.feed_key
    generation.format, generation.entries, generation.framed = made.format, made.entries, made.framed
    generation.charset = made.charset
    session.flush()
    others = [row for row in of_frame(session, generation.frame_id) if row.state == GenerationState.DONE][1:]
    same = [row for row in others if row.run_id == generation.run_id]
    return same + [row for row in others if row not in same][KEPT - 1 :]
