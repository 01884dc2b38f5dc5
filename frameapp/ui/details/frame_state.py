"""The frame of a Details page: what its header and all of its tabs show. It knows none of them."""

import asyncio

import reflex as rx

from frameapp.services import cards, frames
from frameapp.services.application import application
from frameapp.services.viewer import Viewer
from frameapp.ui.address import DETAILS, frame_of
from frameapp.ui.session import PageState, acts, loads
from frameapp.ui.words import counted, pixels


class FrameState(PageState, rx.State):
    """The frame of the page's address. A cache of the database."""

    name: str = ""
    state: str = ""
    attention: str = ""
    failed_outputs: int = 0
    subtitle: str = ""
    edit_address: str = ""
    preview_address: str = ""
    placed: bool = False
    _frame: int = 0
    _image_size: str = ""

    @rx.event
    @loads
    async def load(self, viewer: Viewer) -> None:
        """The frame, as a visit begins."""
        frame_id = frame_of(self, DETAILS)
        frame = await asyncio.to_thread(frames.get, application(), viewer, frame_id)
        self._frame, self.name, self.placed = frame_id, frame.name, frame.placed
        self.edit_address, self.preview_address = f"/frame/{frame_id}/edit", f"/frame/{frame_id}/preview"
        self._image_size = pixels(frame.image_width, frame.image_height)
        await self._read(viewer)

    @rx.event
    @acts
    async def read(self, viewer: Viewer) -> None:
        """How the frame stands now: something about its outputs, its feed or its runs has changed."""
        await self._read(viewer)

    async def _read(self, viewer: Viewer) -> None:
        card = await asyncio.to_thread(cards.card, application(), viewer, self._frame)
        self.state, self.attention, self.failed_outputs = card.state, card.attention, card.failed_outputs
        products = [] if card.products is None else [counted(card.products, "product")]
        self.subtitle = " · ".join([*products, f"{self._image_size} px frame image"])
