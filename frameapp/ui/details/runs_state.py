"""The Runs tab: the frame's history."""

import asyncio

import reflex as rx

from frameapp.services import history
from frameapp.services.application import application
from frameapp.ui.address import DETAILS, frame_of
from frameapp.ui.paging import Paged
from frameapp.ui.run_rows import RunRow, run_row
from frameapp.ui.session import PageState, acts, loads, require_viewer


class RunsState(PageState, Paged, rx.State):
    """A page of the frame's runs, newest first."""

    rows: list[RunRow] = []

    @rx.event
    @loads
    async def load(self) -> None:
        """The page on show, as it is now."""
        await self._read(self.start)

    @rx.event
    @acts
    async def turn(self, where: str) -> None:
        """Go to the first, previous, next or last page."""
        await self._read(self._turned(where, history.PAGE))

    async def _read(self, start: int) -> None:
        viewer = await require_viewer(self)
        page = await asyncio.to_thread(history.page, application(), viewer, frame_of(self, DETAILS), start=start)
        self.rows = [run_row(row) for row in page.rows]
        self._put_place(page.start, len(page.rows), page.total)
