"""What the list of frames and the list of runs show, read page by page in a few queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from frameapp.models import (
    ACTIVE_RUN_STATES,
    Feed,
    Frame,
    FrameUsage,
    Generation,
    JsonColumn,
    Output,
    OutputState,
    Run,
    RunKind,
    name_key,
)


class FrameSort(StrEnum):
    """The orders that frames are shown in."""

    RECENT = "recent"
    NAME = "name"
    PRODUCTS = "products"


# As many as the last run counted, else the feed's last check; a retry counts only what had failed.
_LAST_RUN = sa.select(sa.func.max(Run.id)).where(col(Run.frame_id) == col(Frame.id)).correlate(Frame).scalar_subquery()
_COUNTED_BY_RUN = sa.and_(col(Run.planned_at).is_not(None), col(Run.kind) == RunKind.FULL)
_ENTRIES = sa.type_coerce(col(Feed.report), JsonColumn)["entries"].as_integer()
_PRODUCTS = sa.case((_COUNTED_BY_RUN, col(Run.total)), else_=sa.func.coalesce(_ENTRIES, 0))
_ORDERS: dict[FrameSort, tuple[Any, ...]] = {
    FrameSort.RECENT: (col(Frame.updated_at).desc(), col(Frame.id).desc()),
    FrameSort.NAME: (col(Frame.name_key), col(Frame.id)),
    FrameSort.PRODUCTS: (_PRODUCTS.desc(), col(Frame.id).desc()),
}


@dataclass(frozen=True, slots=True)
class CardRows:
    """A frame with what its card shows. ``output`` is one that has a picture: its id and storage key;
    ``failed`` counts the frame's outputs that failed, in whichever run.
    """

    frame: Frame
    feed: Feed
    run: Run | None
    output: tuple[int, str] | None
    failed: int
    published: bool


def frames_found(session: Session, workspace_ids: Sequence[int], search: str = "") -> int:
    """How many frames of the workspaces have names that contain ``search``."""
    matching = _matching(workspace_ids, search)
    return session.scalar(sa.select(sa.func.count()).select_from(Frame).where(*matching)) or 0


def frame_cards(
    session: Session, workspace_ids: Sequence[int], sort: FrameSort, *, search: str = "", start: int, size: int
) -> list[CardRows]:
    """``size`` frames of the workspaces whose names contain ``search``, in that order, ``start`` counted past.

    A number serves, where outputs need keys: a workspace has some thousand frames, not a million.
    """
    ids = _in_order(sa.select(col(Frame.id)), workspace_ids, sort, search).offset(start).limit(size)
    return cards_of(session, workspace_ids, session.scalars(ids).all())


def place_of(session: Session, workspace_ids: Sequence[int], frame_id: int, sort: FrameSort, search: str) -> int | None:
    """How many frames stand before this one in that order; None where it is not among those that match."""
    before = (sa.func.row_number().over(order_by=_ORDERS[sort]) - 1).label("before")
    places = _in_order(sa.select(col(Frame.id), before), workspace_ids, sort, search).order_by(None).subquery()
    return session.scalar(sa.select(places.c.before).where(places.c.id == frame_id))


def newest_frame(session: Session, workspace_ids: Sequence[int]) -> int:
    """The id of the frame that was made last; 0 where there is none."""
    return session.scalar(sa.select(sa.func.max(Frame.id)).where(col(Frame.workspace_id).in_(workspace_ids))) or 0


def cards_of(session: Session, workspace_ids: Sequence[int], frame_ids: Sequence[int]) -> list[CardRows]:
    """Those of these frames that the workspaces own, in the order of the ids."""
    rows = session.exec(
        select(Frame, Feed)
        .join(Feed, col(Feed.id) == col(Frame.feed_id))
        .where(col(Frame.id).in_(frame_ids), col(Frame.workspace_id).in_(workspace_ids))
    ).all()
    found = {frame.id: (frame, feed) for frame, feed in rows}
    ids = [frame_id for frame_id in frame_ids if frame_id in found]
    runs, outputs, failed = last_runs(session, ids), _first_outputs(session, ids), _failed_outputs(session, ids)
    live = published_frames(session, ids)
    return [
        CardRows(*found[each], runs.get(each), outputs.get(each), failed.get(each, 0), each in live) for each in ids
    ]


def frame_name(session: Session, workspace_ids: Sequence[int], frame_id: int) -> str:
    """The frame's name; empty where it is gone."""
    query = select(Frame.name).where(Frame.id == frame_id, col(Frame.workspace_id).in_(workspace_ids))
    return session.exec(query).first() or ""


def _matching(workspace_ids: Sequence[int], search: str) -> list[Any]:
    mine = col(Frame.workspace_id).in_(workspace_ids)
    return [mine, col(Frame.name_key).contains(name_key(search), autoescape=True)] if search else [mine]


def _in_order(query: sa.Select[Any], workspace_ids: Sequence[int], sort: FrameSort, search: str) -> sa.Select[Any]:
    query = query.where(*_matching(workspace_ids, search)).order_by(*_ORDERS[sort])
    if sort is FrameSort.PRODUCTS:
        query = query.join(Feed, col(Feed.id) == col(Frame.feed_id)).outerjoin(Run, col(Run.id) == _LAST_RUN)
    return query


def recent_runs(
    session: Session, workspace_ids: Sequence[int], *, start: int = 0, size: int, run_id: int = 0
) -> list[tuple[Run, str]]:
    """``size`` runs with their frame's name, newest first, ``start`` counted past; or only the one with ``run_id``."""
    ids = sa.select(col(Run.id)).where(col(Run.workspace_id).in_(workspace_ids)).order_by(col(Run.id).desc())
    chosen = (ids.where(col(Run.id) == run_id) if run_id else ids).offset(start).limit(size).subquery()
    query = (
        select(Run, Frame.name)
        .join(Frame, col(Frame.id) == col(Run.frame_id))
        .where(col(Run.id).in_(sa.select(chosen.c.id)))
        .order_by(col(Run.id).desc())
    )
    return [(run, name) for run, name in session.exec(query)]


def count_runs(session: Session, workspace_ids: Sequence[int]) -> int:
    """How many runs the workspaces have."""
    mine = col(Run.workspace_id).in_(workspace_ids)
    return session.scalar(sa.select(sa.func.count()).select_from(Run).where(mine)) or 0


def moving_runs(
    session: Session, workspace_ids: Sequence[int], *, after: int, ids: Sequence[int], size: int
) -> list[Run]:
    """The workspaces' runs that are active, those that are newer than ``after`` (``size`` of each), and these."""
    mine = col(Run.workspace_id).in_(workspace_ids)
    active = sa.select(col(Run.id)).where(mine, col(Run.state).in_(ACTIVE_RUN_STATES)).order_by(col(Run.id).desc())
    newer = sa.select(col(Run.id)).where(mine, col(Run.id) > after).order_by(col(Run.id).desc())
    known = {*session.scalars(active.limit(size)), *session.scalars(newer.limit(size)), *ids}
    return list(session.scalars(sa.select(Run).where(col(Run.id).in_(known), mine).order_by(col(Run.id))))


def newest_run_id(session: Session, workspace_ids: Sequence[int]) -> int:
    """The id of the workspaces' newest run; 0 where there is none."""
    return session.scalar(sa.select(sa.func.max(Run.id)).where(col(Run.workspace_id).in_(workspace_ids))) or 0


def last_runs(session: Session, frame_ids: Sequence[int]) -> dict[int, Run]:
    """The newest run of each of these frames that has one."""
    newest = select(sa.func.max(Run.id)).where(col(Run.frame_id).in_(frame_ids)).group_by(col(Run.frame_id))
    return {run.frame_id: run for run in session.exec(select(Run).where(col(Run.id).in_(newest)))}


def published_frames(session: Session, frame_ids: Sequence[int]) -> set[int]:
    """Those of the frames that are published."""
    query = select(Generation.frame_id).where(col(Generation.active).is_(True), col(Generation.frame_id).in_(frame_ids))
    return set(session.exec(query))


def _first_outputs(session: Session, frame_ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    """One finished output per frame: the first in feed order, found through an index."""
    first = (
        select(Output.id)
        .where(col(Output.frame_id) == col(Frame.id), Output.state == OutputState.DONE)
        .order_by(col(Output.position), col(Output.id))
        .limit(1)
        .correlate(Frame)
        .scalar_subquery()
    )
    chosen = select(Frame.id, first.label("output_id")).where(col(Frame.id).in_(frame_ids)).subquery()
    query = select(chosen.c.id, Output.id, Output.key).join(Output, col(Output.id) == chosen.c.output_id)
    return {frame_id: (output_id, key) for frame_id, output_id, key in session.exec(query)}


def _failed_outputs(session: Session, frame_ids: Sequence[int]) -> dict[int, int]:
    """How many outputs of each frame failed, where any did."""
    query = select(FrameUsage.frame_id, FrameUsage.failed).where(
        col(FrameUsage.frame_id).in_(frame_ids), col(FrameUsage.failed) > 0
    )
    return dict(session.exec(query).all())


def delete_outputs(session: Session, frame_id: int, size: int) -> int:
    """Delete up to ``size`` outputs of the frame; how many went."""
    ids = session.exec(select(Output.id).where(Output.frame_id == frame_id).limit(size)).all()
    if ids:
        session.execute(sa.delete(Output).where(col(Output.id).in_(ids)))
    return len(ids)
