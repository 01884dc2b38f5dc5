"""One frame of anybody, read-only."""

import asyncio
from dataclasses import dataclass, field

import reflex as rx

from frameapp.errors import NotFound
from frameapp.models import FeedKind
from frameapp.services import frames, history, outputs
from frameapp.services.accounts import Viewer
from frameapp.services.admin.access import Asked, reading
from frameapp.services.application import application
from frameapp.services.frames import FrameRow
from frameapp.services.outputs import LARGEST_ID, OutputPage
from frameapp.ui.admin.list_state import ListState
from frameapp.ui.details.rows import Row, filter_views, row_view
from frameapp.ui.run_rows import RunRow, run_row
from frameapp.ui.session import address_of, loads, require_admin
from frameapp.ui.words import pixels

SORTS = {"feed": "Feed order", "product": "Product id", "newest": "Newest first"}


@dataclass(frozen=True)
class Fact:
    """Something about the frame."""

    name: str
    value: str


@dataclass(frozen=True)
class FrameDetail:
    """The frame's head."""

    name: str = ""
    owner: str = ""
    created: str = ""
    facts: list[Fact] = field(default_factory=list)


class AdminFrameState(ListState, rx.State):
    """A frame with its outputs and runs. Nothing can be done with it here."""

    detail: FrameDetail = FrameDetail()
    rows: list[Row] = []
    runs: list[RunRow] = []
    sort: str = "feed"
    tab: str = "outputs"
    _frame: int = 0

    @rx.event
    @loads
    async def load(self, admin: Viewer) -> None:
        """All of it."""
        frame_id = admin_frame_of(self)
        viewer, owner = await asyncio.to_thread(reading, application(), admin, frame_id)
        if frame_id != self._frame:
            self.reset()
            self._frame = frame_id
        row = await asyncio.to_thread(frames.get, application(), viewer, frame_id)
        self.detail = frame_detail(row, owner.username)
        page = await asyncio.to_thread(history.page, application(), viewer, frame_id)
        self.runs = [run_row(run) for run in page.rows]
        await self._read()

    @rx.event
    async def show_tab(self, tab: str) -> None:
        """Outputs or runs."""
        self.tab = "runs" if tab == "runs" else "outputs"

    async def _read(self, **edge: str) -> None:
        """The page, and the filters with their counts."""
        await super()._read(**edge)
        counts = await asyncio.to_thread(self._counts, await require_admin(self))
        self.filters = filter_views(counts, self.chosen)

    def _page(self, viewer: Viewer, asked: Asked) -> OutputPage:
        owner, _ = reading(application(), viewer, self._frame)
        return outputs.page(application(), owner, self._frame, asked)

    def _put(self, page: OutputPage, viewer: Viewer) -> None:
        self.rows = [row_view(row) for row in page.rows]

    def _counts(self, admin: Viewer) -> dict[str, int]:
        owner, _ = reading(application(), admin, self._frame)
        return outputs.counts(application(), owner, self._frame, search=self.search)


def admin_frame_of(state: rx.State) -> int:
    """The frame's id in ``/admin/frames/<id>``. Raises NotFound where the address has none."""
    number = address_of(state).rpartition("/")[2]
    if not (number.isascii() and number.isdigit()) or len(number) > 10 or int(number) >= LARGEST_ID:
        raise NotFound
    return int(number)


def frame_detail(row: FrameRow, owner: str) -> FrameDetail:
    """The frame's head in words."""
    feed = row.feed
    address = "The sample" if feed.kind == FeedKind.SAMPLE else feed.address
    facts = [
        Fact("Owner", owner),
        Fact("Frame image", pixels(row.image_width, row.image_height) + " px"),
        Fact("Placement", "Set" if row.placed else "Not set yet"),
        Fact("Feed", address),
        Fact("Feed's error", feed.error),
    ]
    return FrameDetail(row.name, owner, row.created_at.isoformat(), [fact for fact in facts if fact.value])
