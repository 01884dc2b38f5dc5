"""What the list of frames and the list of runs show, read in a few queries whatever their number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from frameapp.models import Feed, Frame, Generation, Output, OutputState, Run


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


def frame_cards(session: Session, workspace_ids: Sequence[int]) -> list[CardRows]:
    """Every frame of the workspaces, the one touched last first."""
    rows = session.exec(
        select(Frame, Feed)
        .join(Feed, col(Feed.id) == col(Frame.feed_id))
        .where(col(Frame.workspace_id).in_(workspace_ids))
        .order_by(col(Frame.updated_at).desc(), col(Frame.id).desc())
    ).all()
    runs = _last_runs(session, workspace_ids)
    outputs = _first_outputs(session, workspace_ids)
    failed = _failed_outputs(session, workspace_ids)
    published = set(
        session.exec(
            select(Generation.frame_id)
            .join(Frame, col(Frame.id) == col(Generation.frame_id))
            .where(col(Generation.active).is_(True), col(Frame.workspace_id).in_(workspace_ids))
        )
    )
    return [
        CardRows(frame, feed, runs.get(frame.id), outputs.get(frame.id), failed.get(frame.id, 0), frame.id in published)
        for frame, feed in rows
    ]


def frame_names(session: Session, workspace_ids: Sequence[int]) -> dict[int, str]:
    """The workspaces' frames: names by id."""
    return dict(session.exec(select(Frame.id, Frame.name).where(col(Frame.workspace_id).in_(workspace_ids))).all())


def recent_runs(session: Session, workspace_ids: Sequence[int], *, before: int, size: int) -> list[tuple[Run, str]]:
    """Runs with their frame's name, newest first, those with a smaller id than ``before`` (0: from the newest)."""
    query = (
        select(Run, Frame.name)
        .join(Frame, col(Frame.id) == col(Run.frame_id))
        .where(col(Run.workspace_id).in_(workspace_ids))
        .order_by(col(Run.id).desc())
        .limit(size)
    )
    if before:
        query = query.where(Run.id < before)
    return [(run, name) for run, name in session.exec(query)]


def _last_runs(session: Session, workspace_ids: Sequence[int]) -> dict[int, Run]:
    newest = select(sa.func.max(Run.id)).where(col(Run.workspace_id).in_(workspace_ids)).group_by(col(Run.frame_id))
    return {run.frame_id: run for run in session.exec(select(Run).where(col(Run.id).in_(newest)))}


def _first_outputs(session: Session, workspace_ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    """One finished output per frame: the first in feed order, found through an index."""
    first = (
        select(Output.id)
        .where(col(Output.frame_id) == col(Frame.id), Output.state == OutputState.DONE)
        .order_by(col(Output.position), col(Output.id))
        .limit(1)
        .correlate(Frame)
        .scalar_subquery()
    )
    chosen = select(Frame.id, first.label("output_id")).where(col(Frame.workspace_id).in_(workspace_ids)).subquery()
    query = select(chosen.c.id, Output.id, Output.key).join(Output, col(Output.id) == chosen.c.output_id)
    return {frame_id: (output_id, key) for frame_id, output_id, key in session.exec(query)}


def _failed_outputs(session: Session, workspace_ids: Sequence[int]) -> dict[int, int]:
    """How many outputs of each frame failed, where any did."""
    query = (
        select(Output.frame_id, sa.func.count())
        .join(Frame, col(Frame.id) == col(Output.frame_id))
        .where(col(Frame.workspace_id).in_(workspace_ids), Output.state == OutputState.FAILED)
        .group_by(col(Output.frame_id))
    )
    return dict(session.exec(query).all())


def delete_outputs(session: Session, frame_id: int, size: int) -> int:
    """Delete up to ``size`` outputs of the frame; how many went."""
    ids = session.exec(select(Output.id).where(Output.frame_id == frame_id).limit(size)).all()
    if ids:
        session.execute(sa.delete(Output).where(col(Output.id).in_(ids)))
    return len(ids)
