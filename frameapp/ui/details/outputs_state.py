"""The Outputs tab: a page of outputs, what it is filtered and sorted by, the selection and the side sheet."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import reflex as rx

from frameapp.errors import NotFound
from frameapp.services import outputs
from frameapp.services.accounts import Viewer
from frameapp.services.application import application
from frameapp.services.outputs import OutputPage
from frameapp.ui.details.address import frame_of
from frameapp.ui.details.rows import Filter, Row, Sheet, filter_views, row_view, sheet_view
from frameapp.ui.links import backend
from frameapp.ui.session import PageState, SessionWatch, guarded, loads, require_viewer
from frameapp.ui.words import counted, number

DEFAULT_SIZE = 50
Wanted = dict[str, Any]
Refreshed = tuple[OutputPage, dict[str, int], bool]


class OutputsState(PageState, rx.State):
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
    selected: list[int] = []
    all_matching: bool = False
    confirming: bool = False
    to_delete: int = 0  # outputs of the deletion that is going on
    deleted: int = 0
    any_picture: bool = False  # among what matches
    sheet: Sheet = Sheet()
    sheet_open: bool = False
    confirming_one: bool = False
    deleting_one: bool = False
    original: str = ""
    picture: str = ""
    _frame: int = 0

    # What is shown -----------------------------------------------------------------------------------

    @rx.var
    def range_label(self) -> str:
        """``51-100 of 1,204``."""
        if not self.rows:
            return "0 outputs"
        return f"{number(self.start + 1)}-{number(self.start + len(self.rows))} of {number(self.matching)}"

    @rx.var
    def selected_count(self) -> int:
        """How many outputs an action would touch."""
        return self.matching if self.all_matching else len(self.selected)

    @rx.var
    def selection_label(self) -> str:
        """``12 selected``."""
        return f"{'All ' if self.all_matching else ''}{number(self.selected_count)} selected"

    @rx.var
    def delete_label(self) -> str:
        """What the button of the confirmation says."""
        return f"Delete {counted(self.selected_count, 'output')}"

    @rx.var
    def select_all_label(self) -> str:
        """The offer to select more than the page, empty where the page is all."""
        if self.all_matching or self.page_selected is not True or self.matching <= len(self.selected):
            return ""
        return f"Select all {number(self.matching)}{' that match' if self.narrowed else ''}"

    @rx.var
    def page_selected(self) -> bool | str:
        """Whether each row of the page is selected; ``indeterminate`` where some are."""
        chosen = {row.id for row in self.rows} & set(self.selected)
        if self.all_matching or (self.rows and len(chosen) == len(self.rows)):
            return True
        return "indeterminate" if chosen else False

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

    @rx.var
    def selected_ids(self) -> str:
        """The selection as the ZIP's form posts it, empty where it is all that match."""
        return "" if self.all_matching else ",".join(map(str, self.selected))

    @rx.var
    def nothing_to_pack(self) -> bool:
        """Whether a ZIP of the selection, or of all that match, would hold no picture, as far as the page knows."""
        shown = {row.id: row for row in self.rows}
        if self.selected and not self.all_matching and all(chosen in shown for chosen in self.selected):
            return not any(shown[chosen].thumbnail for chosen in self.selected)
        return not self.any_picture

    @rx.var
    def deleting_label(self) -> str:
        """``Deleting 500 of 1,204``, empty where nothing is being deleted."""
        return f"Deleting {number(self.deleted)} of {number(self.to_delete)}" if self.to_delete else ""

    @rx.var
    def deleted_percent(self) -> float:
        """How far the deletion is."""
        return min(100.0, 100 * self.deleted / self.to_delete) if self.to_delete else 0.0

    # Pages ---------------------------------------------------------------------------------------------

    @rx.event
    @loads
    async def load(self) -> None:
        """The first page, with nothing selected; the page on show where only the connection was lost."""
        if self._resumes:
            await self._refresh()
            return
        frame_id = frame_of(self)
        if frame_id != self._frame:
            self.reset()
            self._frame = frame_id
        self.selected, self.all_matching, self.sheet_open = [], False, False
        await self._count()
        await self._turn()

    @rx.event
    @guarded
    async def find(self, text: str) -> None:
        """Search by product id."""
        self.search = text.strip()
        self._clear_selection()
        await self._count()
        await self._turn()

    @rx.event
    @guarded
    async def filter_by(self, state: str) -> None:
        """Show one state, or all."""
        self.state_filter = state
        self._clear_selection()
        await self._count()
        await self._turn()

    @rx.event
    @guarded
    async def clear_filters(self) -> Any:
        """Show everything again."""
        self.search = self.state_filter = ""
        self._clear_selection()
        await self._count()
        await self._turn()
        return rx.set_value("output-search", "")

    @rx.event
    @guarded
    async def sort_by(self, sort: str) -> None:
        """Change the order."""
        self.sort = sort
        await self._turn()

    @rx.event
    @guarded
    async def resize(self, size: str) -> None:
        """Change how many outputs a page has."""
        self.size = int(size) if size.isdigit() and int(size) in outputs.PAGE_SIZES else DEFAULT_SIZE
        await self._turn()

    @rx.event
    def show_as(self, view: str | list[str]) -> None:
        """Table or gallery."""
        self.view = "gallery" if view == "gallery" else "table"

    @rx.event
    @guarded
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

    async def _turn(self, *, size: int = 0, **edge: Any) -> None:
        viewer = await require_viewer(self)
        page: OutputPage = await asyncio.to_thread(
            outputs.page,
            application(),
            viewer,
            self._frame,
            search=self.search,
            state=self.state_filter,
            sort=self.sort,
            size=size or self.size,
            **edge,
        )
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

    def _wanted(self) -> Wanted:
        """The page on show, for ``refreshed``."""
        return {
            "frame_id": self._frame,
            "ids": [row.id for row in self.rows],
            "search": self.search,
            "state": self.state_filter,
            "sort": self.sort,
            "size": self.size,
        }

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

    # Selection -----------------------------------------------------------------------------------------

    @rx.event
    def select(self, output_id: int, chosen: bool) -> None:
        """Take an output into the selection, or out of it."""
        if self.all_matching:
            self.all_matching = False
            self.selected = [row.id for row in self.rows]
        others = [kept for kept in self.selected if kept != output_id]
        self.selected = [*others, output_id] if chosen else others

    @rx.event
    def select_page(self, chosen: bool) -> None:
        """Take the page into the selection, or out of it."""
        page = {row.id for row in self.rows}
        others = [kept for kept in self.selected if kept not in page]
        self.all_matching = False
        self.selected = [*others, *(row.id for row in self.rows)] if chosen else others

    @rx.event
    def select_all(self) -> None:
        """Take everything that matches the search and the filter."""
        self.all_matching = True

    @rx.event
    def clear_selection(self) -> None:
        """Select nothing."""
        self._clear_selection()

    def _clear_selection(self) -> None:
        self.selected, self.all_matching = [], False

    @rx.event
    def set_confirming(self, open: bool) -> None:
        """Open or close the question before deleting the selection."""
        self.confirming = open

    @rx.event(background=True)
    @guarded
    async def delete_selected(self) -> Any:
        """Delete the selection, part by part; the page goes on meanwhile."""
        viewer = await require_viewer(self)
        async with self:
            self.confirming = False
            if self.to_delete or not self.selected_count:
                return
            frame_id, total, parts = self._frame, self.selected_count, self._deleting(viewer)
            self.to_delete, self.deleted = total, 0
            self._clear_selection()
        gone, session = 0, SessionWatch(self)
        try:
            while (part := await asyncio.to_thread(next, parts, None)) is not None:
                gone += part
                await session.check()
                async with self:
                    if self._frame == frame_id:
                        self.to_delete, self.deleted = max(total, gone), gone
        finally:
            async with self:
                if self._frame == frame_id:
                    self.to_delete = 0
                    await self._after_deletion()
        yield rx.toast.success(f"{counted(gone, 'output')} deleted.")

    def _deleting(self, viewer: Viewer) -> Iterator[int]:
        if self.all_matching:
            chosen: dict[str, Any] = {"search": self.search, "state": self.state_filter}
        else:
            chosen = {"ids": list(self.selected)}
        return outputs.deleting(application(), viewer, self._frame, **chosen)

    async def _after_deletion(self) -> None:
        await self._refresh()
        if not self.rows and self.matching:
            await self._turn_to("last")

    # The side sheet ------------------------------------------------------------------------------------

    @rx.event
    @guarded
    async def open_sheet(self, output_id: int) -> Any:
        """Look at one output beside its original."""
        if not output_id:
            return None
        viewer = await require_viewer(self)
        try:
            detail = await asyncio.to_thread(
                outputs.detail,
                application(),
                viewer,
                output_id,
                search=self.search,
                state=self.state_filter,
                sort=self.sort,
            )
        except NotFound:
            self.sheet_open = False
            return rx.toast.error("This output is gone. The list is being read again.")
        self.sheet = sheet_view(detail)
        self.original, self.picture = self.sheet.original, self.sheet.picture
        self.sheet_open = True
        return None

    @rx.event
    def picture_is_missing(self, address: str) -> None:
        """A picture of the sheet could not be shown: say so instead."""
        if address == self.original:
            self.original = ""
        if address == self.picture:
            self.picture = ""

    @rx.event
    async def sheet_key(self, key: str) -> Any:
        """Arrows lead to the neighbours."""
        if self.confirming_one:
            return None
        target = {"ArrowLeft": self.sheet.previous_id, "ArrowRight": self.sheet.next_id}.get(key, 0)
        return OutputsState.open_sheet(target) if target else None

    @rx.event
    def set_sheet_open(self, open: bool) -> None:
        """Escape, the cross and a click outside close it."""
        self.sheet_open = open

    @rx.event
    def set_confirming_one(self, open: bool) -> None:
        """Open or close the question before deleting the output on show."""
        self.confirming_one = open

    @rx.event
    @guarded
    async def delete_one(self) -> Any:
        """Delete the output on show."""
        self.deleting_one = True
        yield
        shown = self.sheet
        try:
            viewer = await require_viewer(self)
            await asyncio.to_thread(outputs.delete, application(), viewer, self._frame, [shown.id])
        finally:
            self.deleting_one = self.confirming_one = False
        self.sheet_open = False
        self.selected = [kept for kept in self.selected if kept != shown.id]
        await self._after_deletion()
        yield rx.toast.success(f"Output {shown.product_id[:60]} deleted.")


def refreshed(viewer: Viewer, wanted: Wanted) -> Refreshed:
    """The page that ``OutputsState._wanted`` describes, the counts and whether there is a picture. Blocks."""
    return (outputs.refreshed(application(), viewer, **wanted), *_counted(viewer, wanted))


def _counted(viewer: Viewer, wanted: Wanted) -> tuple[dict[str, int], bool]:
    app, frame_id, search, state = application(), wanted["frame_id"], wanted["search"], wanted["state"]
    counts = outputs.counts(app, viewer, frame_id, search=search)
    return counts, outputs.any_picture(app, viewer, frame_id, search=search, state=state)
