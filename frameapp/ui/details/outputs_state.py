"""The Outputs tab: a page of outputs, and what it is filtered and sorted by."""

import asyncio
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import reflex as rx

from frameapp.services import outputs
from frameapp.services.accounts import Viewer
from frameapp.services.application import application
from frameapp.services.outputs import Asked, OutputPage
from frameapp.ui.address import DETAILS, frame_of
from frameapp.ui.components.filters import Filter
from frameapp.ui.details.rows import Row, filter_views, row_view
from frameapp.ui.details.selection_state import SelectionState
from frameapp.ui.details.sheet_state import SheetState
from frameapp.ui.links import backend
from frameapp.ui.session import PageState, acts, loads, require_viewer
from frameapp.ui.words import number

DEFAULT_SIZE = 50
Wanted = tuple[int, list[int], Asked]
Refreshed = tuple[OutputPage, dict[str, int], bool]


class OutputsState(PageState, SelectionState, SheetState, rx.State):
    """What the Outputs tab shows of one frame. Rebuilt from the database by ``load``."""

    rows: list[Row] = []
    filters: list[Filter] = []
    total: int = 0  # of the frame
    matching: int = 0  # by search and state
    start: int = 0  # how many stand before the page
    next_key: str = ""
    previous_key: str = ""
    search: str = ""
    state_filter: str = ""
    sort: str = "feed"
    size: int = DEFAULT_SIZE
    view: str = "table"
    any_picture: bool = False  # among what matches
    _frame: int = 0

    # What is shown -----------------------------------------------------------------------------------

    @rx.var
    def range_label(self) -> str:
        """``51-100 of 1,204``."""
        if not self.rows:
            return "0 outputs"
        return f"{number(self.start + 1)}-{number(self.start + len(self.rows))} of {number(self.matching)}"

    @rx.var
    def narrowed(self) -> bool:
        """Whether a search or a filter hides outputs."""
        return bool(self.search or self.state_filter)

    @rx.var
    def zip_of_named(self) -> str:
        """Where the ZIP of named outputs comes from."""
        return backend(f"/frame/{self._frame}/outputs.zip")

    @rx.var
    def zip_of_matching(self) -> str:
        """Where the ZIP of all that match comes from."""
        query = urlencode({"search": self.search, "state": self.state_filter})
        return backend(f"/frame/{self._frame}/outputs.zip?{query}")

    # Pages ---------------------------------------------------------------------------------------------

    @rx.event
    @loads
    async def load(self) -> None:
        """The first page, with nothing selected; the page on show where only the connection was lost."""
        if self._resumes:
            await self._refresh()
            return
        frame_id = frame_of(self, DETAILS)
        if frame_id != self._frame:
            self.reset()
            self._frame = frame_id
        self.selected, self.all_matching, self.sheet_open = [], False, False
        await self._count()
        await self._turn()

    @rx.event
    @acts
    async def find(self, text: str) -> None:
        """Search by product id."""
        self.search = text.strip()
        self._clear_selection()
        await self._count()
        await self._turn()

    @rx.event
    @acts
    async def filter_by(self, state: str) -> None:
        """Show one state, or all."""
        self.state_filter = state
        self._clear_selection()
        await self._count()
        await self._turn()

    @rx.event
    @acts
    async def clear_filters(self) -> Any:
        """Show everything again."""
        self.search = self.state_filter = ""
        self._clear_selection()
        await self._count()
        await self._turn()
        return rx.set_value("output-search", "")

    @rx.event
    @acts
    async def sort_by(self, sort: str) -> None:
        """Change the order."""
        self.sort = sort
        await self._turn()

    @rx.event
    @acts
    async def resize(self, size: str) -> None:
        """Change how many outputs a page has."""
        self.size = int(size) if size.isdigit() and int(size) in outputs.PAGE_SIZES else DEFAULT_SIZE
        await self._turn()

    @rx.event
    def show_as(self, view: str | list[str]) -> None:
        """Table or gallery."""
        self.view = "gallery" if view == "gallery" else "table"

    @rx.event
    @acts
    async def turn(self, where: str) -> None:
        """Go to the first, previous, next or last page."""
        await self._turn_to(where)

    async def _turn_to(self, where: str) -> None:
        start = self.start
        if where == "next" and self.next_key:
            start += len(self.rows)
            await self._turn(after=self.next_key)
            self.start = start
        elif where == "previous" and self.previous_key:
            await self._turn(before=self.previous_key)
            self.start = max(0, start - len(self.rows)) if self.previous_key else 0
        elif where == "last":
            await self._count()
            await self._turn(last=True, size=self.matching % self.size or self.size)
            self.start = max(0, self.matching - len(self.rows))
        else:
            await self._turn()

    def _asked(self, **edge: Any) -> Asked:
        asked = Asked(self.search, chosen=self.state_filter, sort=self.sort, size=self.size)
        return replace(asked, **edge)

    async def _turn(self, **edge: Any) -> None:
        viewer, asked = await require_viewer(self), self._asked(**edge)
        page = await asyncio.to_thread(outputs.page, application(), viewer, self._frame, asked)
        self.rows = [row_view(row) for row in page.rows]
        self.next_key, self.previous_key = page.next_key, page.previous_key
        self.start = 0

    async def _count(self) -> None:
        viewer = await require_viewer(self)
        self._put_counts(*await asyncio.to_thread(_counted, viewer, self._wanted()))

    def _put_counts(self, counts: dict[str, int], any_picture: bool) -> None:
        """Show these counts by state."""
        self.any_picture = any_picture
        self.filters = filter_views(counts, self.state_filter)
        self.matching = counts.get(self.state_filter, 0) if self.state_filter else sum(counts.values())
        if not self.search:
            self.total = sum(counts.values())

    # Kept up to date while a run works -------------------------------------------------------------------

    @rx.event
    @acts
    async def refresh(self) -> None:
        """The page on show, as it is now."""
        if self._frame:
            await self._refresh()

    def _wanted(self) -> Wanted:
        """The page on show, for ``refreshed``."""
        return self._frame, [row.id for row in self.rows], self._asked()

    def _put_refreshed(self, wanted: Wanted, found: Refreshed) -> None:
        """Show what ``refreshed`` found, unless another page is on show by now. No row changes its place."""
        if self._wanted() != wanted:
            return
        page, counts, any_picture = found
        self._put_counts(counts, any_picture)
        rows = [row_view(row) for row in page.rows]
        if rows != self.rows:
            self.rows = rows
        self.next_key, self.previous_key = page.next_key, page.previous_key

    async def _refresh(self) -> None:
        viewer, wanted = await require_viewer(self), self._wanted()
        self._put_refreshed(wanted, await asyncio.to_thread(refreshed, viewer, wanted))


def refreshed(viewer: Viewer, wanted: Wanted) -> Refreshed:
    """The page that ``OutputsState._wanted`` describes, the counts and whether there is a picture. Blocks."""
    return (outputs.refreshed(application(), viewer, *wanted), *_counted(viewer, wanted))


def _counted(viewer: Viewer, wanted: Wanted) -> tuple[dict[str, int], bool]:
    app, (frame_id, _, asked) = application(), wanted
    counts = outputs.counts(app, viewer, frame_id, search=asked.search)
    return counts, outputs.any_picture(app, viewer, frame_id, search=asked.search, state=asked.chosen)
