"""Frames: the user's projects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from frameapp.db.owned import owned_feed, owned_frame
from frameapp.models import Feed, Frame
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A frame's feed. ``report`` is what the last check found, empty before it; ``error`` its sentence if it failed."""

    feed_id: int
    kind: str
    address: str
    user_agent: str
    has_credentials: bool
    checked_at: datetime | None
    report: dict[str, Any]
    error: str

    @property
    def products(self) -> int | None:
        """How many products the last check counted; None before one succeeded."""
        entries = self.report.get("entries")
        return int(entries) if entries is not None else None


@dataclass(frozen=True, slots=True)
class FrameRow:
    """A frame with its feed; sizes in frame-image pixels."""

    frame_id: int
    name: str
    image_digest: str
    image_width: int
    image_height: int
    placed: bool
    created_at: datetime
    updated_at: datetime
    feed: FeedRow

    @property
    def image_url(self) -> str:
        """Where its owner reads the frame image."""
        return f"/files/frame/{self.frame_id}/{self.image_digest}"


def get(app: Application, viewer: Viewer, frame_id: int) -> FrameRow:
    """The frame. Raises NotFound where it does not exist or is not the viewer's."""
    with app.database.read() as session:
        frame = owned_frame(session, viewer.workspace_ids, frame_id)
        return _row(frame, owned_feed(session, viewer.workspace_ids, frame.feed_id))


def _row(frame: Frame, feed: Feed) -> FrameRow:
    return FrameRow(
        frame_id=frame.id,
        name=frame.name,
        image_digest=frame.image_digest,
        image_width=frame.image_width,
        image_height=frame.image_height,
        placed=frame.placed,
        created_at=frame.created_at,
        updated_at=frame.updated_at,
        feed=FeedRow(
            feed_id=feed.id,
            kind=feed.kind,
            address=feed.address,
            user_agent=feed.user_agent,
            has_credentials=bool(feed.credentials),
            checked_at=feed.checked_at,
            report=feed.report,
            error=feed.error,
        ),
    )
