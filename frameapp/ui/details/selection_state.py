"""Which outputs are selected, and the deletion of them."""

import asyncio
from collections.abc import Iterator
from typing import Any

import reflex as rx

from frameapp.errors import FrameappError
from frameapp.services import outputs
from frameapp.services.accounts import Viewer
from frameapp.services.application import application
from frameapp.services.turns import at_length
from frameapp.ui.details.frame_state import FrameState
from frameapp.ui.session import SessionWatch, acts
from frameapp.ui.words import counted, number


class SelectionState(rx.State, mixin=True):
    """The outputs that are ticked, of any page, or all that match the page's search and filter."""

    selected: list[int] = []
    all_matching: bool = False
    confirming: bool = False
    to_delete: int = 0  # outputs of the deletion in progress
    deleted: int = 0

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

    @rx.event
    def select(self, output_id: int, chosen: bool) -> None:
        """Take an output into the selection, or out of it."""
        if self.all_matching:
            self.all_matching = False
            self.selected = [row.id for row in self.rows]
        self._unselect(output_id)
        if chosen:
            self.selected = [*self.selected, output_id]

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

    def _unselect(self, output_id: int) -> None:
        self.selected = [kept for kept in self.selected if kept != output_id]

    def _clear_selection(self) -> None:
        self.selected, self.all_matching = [], False

    @rx.event
    @acts
    async def check_selection(self, viewer: Viewer) -> Any:
        """Report here what the ZIP will lack: the browser shows no answer to the form that asks for it."""
        present = await asyncio.to_thread(outputs.present, application(), viewer, self._frame, self.selected)
        gone = len(self.selected) - len(present)
        if not gone:
            return None
        self.selected = present
        await self._after_deletion()
        lacking = rx.toast.warning(f"The ZIP is missing {counted(gone, 'selected output')}, deleted in the meantime.")
        return [FrameState.read, lacking]

    @rx.event
    def set_confirming(self, open: bool) -> None:
        """Open or close the question before deleting the selection."""
        self.confirming = open

    @rx.event(background=True)
    @acts
    async def delete_selected(self, viewer: Viewer) -> Any:
        """Delete the selection part by part, in the background."""
        async with self:
            self.confirming = False
            if self.to_delete or not self.selected_count:
                return
            frame_id, total, parts = self._frame, self.selected_count, self._deleting(viewer)
            self.to_delete, self.deleted = total, 0
            self._clear_selection()
        gone, session = 0, SessionWatch(self)
        try:
            while (part := await at_length(viewer.user_id, next, parts, None)) is not None:
                gone += part
                await session.check()
                async with self:
                    if self._frame == frame_id:
                        self.to_delete, self.deleted = max(total, gone), gone
        except FrameappError:
            yield FrameState.read  # a part is gone
            raise
        finally:
            async with self:
                if self._frame == frame_id:
                    self.to_delete = 0
                    await self._after_deletion()
        yield FrameState.read
        yield rx.toast.success(f"{counted(gone, 'output')} deleted.")

    def _deleting(self, viewer: Viewer) -> Iterator[int]:
        if self.all_matching:
            chosen: dict[str, Any] = {"search": self.search, "state": self.state_filter}
        else:
            chosen = {"ids": list(self.selected)}
        return outputs.deleting(application(), viewer, self._frame, **chosen)

    async def _after_deletion(self) -> None:
        """Show what is left; ``FrameState.read`` does so for the header."""
        await self._refresh()
        if not self.rows and self.matching:
            await self._turn_to("last")
