"""The output that the side sheet shows, and what can be done with it."""

import asyncio
from typing import Any

import reflex as rx

from frameapp.errors import NotFound
from frameapp.services import outputs
from frameapp.services.application import application
from frameapp.services.viewer import Viewer
from frameapp.ui.details.frame_state import FrameState
from frameapp.ui.details.rows import Sheet, sheet_view
from frameapp.ui.session import acts


class SheetState(rx.State, mixin=True):
    """One output beside its original; its neighbours are those of the page's search, filter and order."""

    sheet: Sheet = Sheet()
    sheet_open: bool = False
    confirming_one: bool = False
    deleting_one: bool = False
    original: str = ""
    picture: str = ""

    @rx.event
    @acts
    async def open_sheet(self, viewer: Viewer, output_id: int) -> Any:
        """Look at one output beside its original."""
        if not output_id:
            return None
        try:
            detail = await asyncio.to_thread(outputs.detail, application(), viewer, output_id, self._asked())
        except NotFound:
            self.sheet_open = False
            return rx.toast.error("This output no longer exists. The list is being updated.")
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
        return self.__class__.open_sheet(target) if target else None

    @rx.event
    def set_sheet_open(self, open: bool) -> None:
        """Escape, the cross and a click outside close it, or the question above it, which then has just opened."""
        if self.confirming_one:
            self.confirming_one = False
        else:
            self.sheet_open = open

    @rx.event
    def set_confirming_one(self, open: bool) -> None:
        """Open or close the question before deleting the output on show."""
        self.confirming_one = open

    @rx.event
    @acts(deleting_one=True, confirming_one=True)
    async def delete_one(self, viewer: Viewer) -> Any:
        """Delete the output on show."""
        shown = self.sheet
        await asyncio.to_thread(outputs.delete, application(), viewer, self._frame, [shown.id])
        self.sheet_open = False
        self._unselect(shown.id)
        await self._after_deletion()
        yield FrameState.read
        yield rx.toast.success(f"Output {shown.product_id[:60]} deleted.")
