"""All users' runs."""

import asyncio
from typing import Any

import reflex as rx

from frameapp.services.admin import runs
from frameapp.services.admin.access import Asked
from frameapp.services.admin.runs import RunFilter, RunPage
from frameapp.services.application import application
from frameapp.services.viewer import Viewer
from frameapp.ui.admin.list_state import LiveList
from frameapp.ui.admin.owners import take_owner
from frameapp.ui.components.filters import Filter
from frameapp.ui.run_rows import RunRow, run_row
from frameapp.ui.session import acts, loads, require_admin

FILTERS = {
    "": "All",
    RunFilter.ACTIVE: "Active",
    RunFilter.DONE: "Done",
    RunFilter.FAILED: "Failed",
    RunFilter.CANCELLED: "Cancelled",
}


class AdminRunsState(LiveList, rx.State):
    """The list of all runs, newest first."""

    rows: list[RunRow] = []
    filters: list[Filter] = [Filter(word, label) for word, label in FILTERS.items()]
    doomed_id: int = 0
    doomed: str = ""
    asking: bool = False

    @rx.event
    @loads
    async def load(self) -> None:
        """The first page, of all users or of the one in the address."""
        await take_owner(self, await require_admin(self))
        await self._read()

    def _page(self, viewer: Viewer, asked: Asked) -> RunPage:
        return runs.page(application(), viewer, asked)

    def _put(self, page: RunPage, viewer: Viewer) -> None:
        self._show([run_row(row.progress, row.frame, row.owner) for row in page.rows])

    def _moves(self) -> bool:
        return any(row.active for row in self.rows) or not self._edge

    @rx.event
    @acts
    async def ask_cancel(self, admin: Viewer, run_id: int) -> None:
        """Ask before somebody's run is stopped."""
        row = next((row for row in self.rows if row.run_id == run_id), None)
        if row is not None:
            self.doomed_id, self.doomed = run_id, f"“{row.frame}” of {row.owner}"
            self.asking = True

    @rx.event
    def set_asking(self, asking: bool) -> None:
        """Close the question."""
        self.asking = asking

    @rx.event
    @acts
    async def cancel(self, admin: Viewer) -> Any:
        """Stop the run that was asked about."""
        stopped = await asyncio.to_thread(runs.cancel, application(), admin, self.doomed_id)
        self.asking = False
        await self._read(**self._edge)
        return rx.toast.success("The run was cancelled.") if stopped else rx.toast.info("The run had already ended.")
