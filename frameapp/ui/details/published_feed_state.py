"""The published feed on the Feed tab: its address, what it holds, and why it can or cannot be published now."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from frameapp.services import publishing
from frameapp.services.application import application
from frameapp.services.publishing import PublishedFeed
from frameapp.services.viewer import Viewer
from frameapp.ui.address import DETAILS, frame_of
from frameapp.ui.links import public_origin
from frameapp.ui.session import PageState, acts, loads, require_viewer
from frameapp.ui.words import number

SECTION_ID = "published-feed"
OUTDATED = "A later run has not been published yet."
MOVED = "The server's public address has changed. Publish again to update the picture addresses in the feed."
LOCAL = (
    "Ad platforms cannot reach this address. Set FRAMEAPP_PUBLIC_URL to the server's public address, "
    "then publish again."
)


@dataclass(frozen=True)
class PublishedFeedView:
    """The published feed in the words of the page. ``wanted``: the header offers to publish."""

    address: str = ""
    published_at: str = ""
    counts: str = ""
    pending: bool = False
    wanted: bool = False
    notes: list[str] = field(default_factory=list)
    error: str = ""
    refusal: str = ""


class PublishedFeedState(PageState, rx.State):
    """What is published of the page's frame."""

    published: PublishedFeedView = PublishedFeedView()
    ending: bool = False

    @rx.event
    @loads
    async def load(self) -> None:
        """What is published at present."""
        await self._read()

    async def _read(self) -> None:
        viewer, frame_id = await require_viewer(self), frame_of(self, DETAILS)
        self.published = published_feed_view(
            await asyncio.to_thread(publishing.published_feed, application(), viewer, frame_id, origin=public_origin())
        )

    @rx.event
    @acts(ending=True)
    async def unpublish(self, viewer: Viewer) -> Any:
        """Take the feed from its address."""
        frame_id = frame_of(self, DETAILS)
        await asyncio.to_thread(publishing.unpublish, application(), viewer, frame_id)
        await self._read()

    @rx.event
    def take_focus(self) -> Any:
        """Give the focus to what is published: the button that was pressed may go. Comes when that is on show."""
        return rx.set_focus(SECTION_ID)


def published_feed_view(found: PublishedFeed) -> PublishedFeedView:
    """The view of this published."""
    notes = [
        (found.outdated and not found.pending, OUTDATED),
        (found.moved, MOVED),
        (bool(found.address) and found.local, LOCAL),
    ]
    return PublishedFeedView(
        address=found.address,
        published_at=found.published_at.isoformat() if found.published_at else "",
        counts=_counts(found) if found.address else "",
        pending=found.pending,
        wanted=not (found.refusal or found.pending)
        and bool(not found.address or found.outdated or found.moved or found.error),
        notes=[note for holds, note in notes if holds],
        error="" if found.pending else found.error,
        refusal=found.refusal,
    )


def _counts(found: PublishedFeed) -> str:
    """``60, each with its new picture``, or ``1,198 with the new picture, 6 as in the feed``."""
    if found.framed == found.entries:
        return f"{number(found.entries)}, all with new pictures"
    return f"{number(found.framed)} with new pictures, {number(found.entries - found.framed)} with their original ones"
