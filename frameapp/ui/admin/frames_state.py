"""All users' frames."""

from dataclasses import dataclass

import reflex as rx

from frameapp.services.admin import frames
from frameapp.services.admin.access import Asked
from frameapp.services.admin.frames import FrameFilter, FramePage, FrameRow, FrameSort
from frameapp.services.application import application
from frameapp.services.viewer import Viewer
from frameapp.ui.admin.list_state import ListState
from frameapp.ui.admin.owners import take_owner
from frameapp.ui.components.filters import Filter
from frameapp.ui.session import loads, require_admin
from frameapp.ui.words import counted, number, weight

SORTS = {
    FrameSort.NEWEST: "Newest first",
    FrameSort.NAME: "Name",
    FrameSort.OUTPUTS: "Most outputs",
    FrameSort.STORAGE: "Most storage",
}
FILTERS = {
    "": "All",
    FrameFilter.RUNNING: "Running",
    FrameFilter.FAILURES: "With failures",
    FrameFilter.PUBLISHED: "Published",
    FrameFilter.EMPTY: "Without pictures",
}


@dataclass(frozen=True)
class FrameView:
    """A frame in the words of the list."""

    frame_id: int
    name: str
    owner: str
    state: str
    products: str
    outputs: str
    failed: str
    storage: str
    made: str
    summary: str


class AdminFramesState(ListState, rx.State):
    """The list of all frames."""

    rows: list[FrameView] = []
    sort: str = FrameSort.NEWEST
    filters: list[Filter] = [Filter(word, label) for word, label in FILTERS.items()]

    @rx.event
    @loads
    async def load(self) -> None:
        """The first page, of all users or of the one in the address."""
        await take_owner(self, await require_admin(self))
        await self._read()

    def _page(self, viewer: Viewer, asked: Asked) -> FramePage:
        return frames.page(application(), viewer, asked)

    def _put(self, page: FramePage, viewer: Viewer) -> None:
        self.rows = [frame_view(row) for row in page.rows]


def frame_view(row: FrameRow) -> FrameView:
    """The frame in the words of the list."""
    failed = f"{number(row.failed)} failed" if row.failed else ""
    return FrameView(
        frame_id=row.frame_id,
        name=row.name,
        owner=row.owner,
        state=row.state,
        products=number(row.products),
        outputs=number(row.outputs),
        failed=failed,
        storage=weight(row.storage_bytes),
        made=row.created_at.isoformat(),
        summary=" · ".join(filter(None, [counted(row.outputs, "output"), failed, weight(row.storage_bytes)])),
    )
