"""The page that asks before a frame is deleted."""

import asyncio
from typing import Any

import reflex as rx

from frameapp.services import frames
from frameapp.services.application import application
from frameapp.services.frames import Deletion
from frameapp.services.turns import at_length
from frameapp.services.viewer import Viewer
from frameapp.ui.address import frame_of
from frameapp.ui.session import PageState, acts, loads
from frameapp.ui.words import counted


def what_goes(going: Deletion) -> str:
    """What the question before a deletion says."""
    stopped = "Its run will stop. " if going.running else ""
    unpublished = "Ad platforms will no longer be able to read its published feed. " if going.published else ""
    deleted = "The frame, its placement, its outputs and their files will be deleted. This cannot be undone."
    return f"{stopped}{unpublished}{deleted}"


class DeletionState(PageState, rx.State):
    """What would go with the frame of the address."""

    frame_id: int = 0
    name: str = ""
    outputs: str = ""
    what_goes: str = ""
    deleting: bool = False

    @rx.event
    @loads
    async def load(self, viewer: Viewer) -> None:
        """Count what would go."""
        frame_id = frame_of(self)
        going = await asyncio.to_thread(frames.deletion, application(), viewer, frame_id)
        self.frame_id, self.name, self.what_goes = frame_id, going.name, what_goes(going)
        self.outputs = counted(going.outputs, "output") if going.outputs else ""

    @rx.event
    @acts(deleting=True)
    async def delete(self, viewer: Viewer) -> Any:
        """Delete the frame with everything that belongs to it."""
        await at_length(viewer.user_id, frames.delete, application(), viewer, self.frame_id)
        yield rx.toast.success(f"“{self.name}” was deleted.")
        yield rx.redirect("/")

    @rx.var
    def delete_label(self) -> str:
        """What the red button names."""
        return f"Delete frame and {self.outputs}" if self.outputs else "Delete frame"
