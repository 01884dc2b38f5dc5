"""The Feed tab: where the products come from, and what the last check found."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from frameapp.core.feeds import formats
from frameapp.models import FeedKind
from frameapp.services import feeds, frames
from frameapp.services.accounts import Viewer
from frameapp.services.application import application
from frameapp.services.checks import CheckProgress
from frameapp.services.frames import FeedRow
from frameapp.ui.address import DETAILS, frame_of
from frameapp.ui.details.frame_state import FrameState
from frameapp.ui.links import web_link
from frameapp.ui.session import PageState, acts, loads, require_viewer
from frameapp.ui.while_wanted import while_wanted
from frameapp.ui.words import check_stage, number


@dataclass(frozen=True)
class FeedView:
    """The feed in the words of the page."""

    address: str = ""
    link: str = ""
    format: str = ""
    products: str = ""
    checked_at: str = ""
    error: str = ""
    warnings: list[str] = field(default_factory=list)
    credentials: str = ""


class FeedState(PageState, rx.State):
    """The feed of the page's frame."""

    feed: FeedView = FeedView()
    checking: bool = False
    check_stage: str = ""

    _frame: int = 0

    @rx.event
    @loads
    async def load(self) -> None:
        """What the last check found."""
        frame_id = frame_of(self, DETAILS)
        if frame_id != self._frame:
            self.reset()
            self._frame = frame_id
        self.feed = await _read(await require_viewer(self), frame_id)

    @rx.event(background=True)
    @acts
    async def check(self, viewer: Viewer) -> Any:
        """Check the feed again, in the background."""
        async with self:
            frame_id = self._frame
            if self.checking or not frame_id:
                return
            self.checking, self.check_stage = True, ""
        try:
            if not await self._check(viewer, frame_id):
                return
            found = await _read(viewer, frame_id)
            async with self:
                if self._frame == frame_id:
                    self.feed = found
            yield FrameState.read
        finally:
            async with self:
                if self._frame == frame_id:
                    self.checking = False

    async def _check(self, viewer: Viewer, frame_id: int) -> bool:
        """Whether the check came to its end: it is cancelled when the tab is closed."""
        progress = CheckProgress()

        def look() -> None:
            if self._frame == frame_id:
                self.check_stage = check_stage(progress)

        frame = await asyncio.to_thread(frames.get, application(), viewer, frame_id)
        checking = feeds.check(application(), viewer, frame.feed.feed_id, progress)
        return await while_wanted(self, checking, wanted=lambda: True, look=look) is not None


async def _read(viewer: Viewer, frame_id: int) -> FeedView:
    frame = await asyncio.to_thread(frames.get, application(), viewer, frame_id)
    return feed_view(frame.feed)


def feed_view(feed: FeedRow) -> FeedView:
    """The view of this feed."""
    report = feed.report
    sample = feed.kind == FeedKind.SAMPLE
    return FeedView(
        address="The sample feed that ships with Frameapp" if sample else feed.address or "An uploaded file",
        link="" if sample else web_link(feed.address),
        format=formats.label(report.format),
        products="" if feed.products is None else number(feed.products),
        checked_at=feed.checked_at.isoformat() if feed.checked_at else "",
        error=feed.error,
        warnings=list(report.warnings),
        credentials="Basic authentication" if feed.has_credentials else "Not needed",
    )
