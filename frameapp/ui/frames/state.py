"""The list of frames: loaded, searched, sorted, and followed while runs move."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Any

import reflex as rx

from frameapp.models import RunState
from frameapp.services import cards, frames
from frameapp.services.application import application
from frameapp.services.cards import Card, Progress
from frameapp.services.turns import at_length
from frameapp.ui.details.run_view import headline
from frameapp.ui.frame_form.deletion import what_goes
from frameapp.ui.links import backend
from frameapp.ui.session import PageState, SessionWatch, guarded, loads, require_viewer
from frameapp.ui.words import counted, number

MANY = 8  # frames; with more there are search and sort
SEARCH_ID = "search-frames"
SORTS = {"recent": "Changed last", "name": "Name", "products": "Most products"}


@dataclass(frozen=True)
class FrameCard:
    """A frame in the words of its card."""

    frame_id: int
    name: str
    state: str
    picture: str
    products: str
    product_count: int
    run: str
    run_at: str
    running: bool
    percent: float
    attention: str
    address: str
    hint: str = ""  # the product at hand and the last failure


class FramesState(PageState, rx.State):
    """The viewer's frames."""

    search: str = ""
    sort: str = "recent"
    making_sample: bool = False
    doomed_id: int = 0
    doomed_name: str = ""
    doomed_outputs: str = ""
    what_goes: str = ""
    asking: bool = False
    deleting: bool = False
    _cards: list[FrameCard] = []  # the page gets those of them that are shown

    @rx.event
    @loads
    async def load(self) -> None:
        """Every frame, as it is now; a question that was left open by an earlier visit is closed."""
        self.asking = self.asking and self._resumes
        await self._read()

    @rx.event(background=True)
    @guarded
    async def follow(self) -> None:
        """Move the cards as their runs move, until the page is left. One whose run began or ended is read again."""
        viewer = await require_viewer(self)
        found = await asyncio.to_thread(cards.list_cards, application(), viewer)
        known = {card.frame_id: frame_card(card).running for card in found}
        if not known:
            return
        session = SessionWatch(self)
        async for progress in cards.follow(application(), viewer, list(known)):
            await session.check()
            if known[progress.frame_id] != progress.active:
                known[progress.frame_id] = progress.active
                async with self:
                    await self._read()
            elif progress.active:
                async with self:
                    self._cards = [
                        replace(
                            card,
                            percent=round(progress.percent, 1),
                            run=headline(progress),
                            hint=hint(progress),
                        )
                        if card.frame_id == progress.frame_id
                        else card
                        for card in self._cards
                    ]

    @rx.event
    async def set_search(self, text: str) -> None:
        """Show the frames whose name contains ``text``."""
        self.search = text

    @rx.event
    async def show_all(self) -> Any:
        """Every frame again."""
        self.search = ""
        return [rx.set_value(SEARCH_ID, ""), rx.set_focus(SEARCH_ID)] if len(self._cards) > MANY else None

    @rx.event
    async def set_sort(self, sort: str) -> None:
        """Put them into another order."""
        self.sort = sort if sort in SORTS else "recent"

    @rx.event
    @guarded
    async def try_sample(self) -> Any:
        """A frame and a feed that come with the application; goes on to placement."""
        self.making_sample = True
        yield
        try:
            viewer = await require_viewer(self)
            frame_id = await at_length(viewer.user_id, frames.create_sample, application(), viewer)
            yield rx.redirect(f"/frame/{frame_id}/preview")
        finally:
            self.making_sample = False

    @rx.event
    @guarded
    async def duplicate(self, frame_id: int) -> Any:
        """A copy of the frame, at the head of the list."""
        viewer = await require_viewer(self)
        await asyncio.to_thread(frames.duplicate, application(), viewer, frame_id)
        await self._read()
        return rx.toast.success("The frame was duplicated, without its outputs.")

    @rx.event
    @guarded
    async def ask_delete(self, frame_id: int) -> None:
        """Open the dialogue that says what goes."""
        viewer = await require_viewer(self)
        going = await asyncio.to_thread(frames.deletion, application(), viewer, frame_id)
        self.doomed_id, self.doomed_name, self.what_goes = frame_id, going.name, what_goes(going)
        self.doomed_outputs = counted(going.outputs, "output") if going.outputs else ""
        self.asking = True

    @rx.event
    async def set_asking(self, asking: bool) -> None:
        """Close the dialogue."""
        self.asking = asking

    @rx.event
    @guarded
    async def delete(self) -> Any:
        """Delete the frame that was asked about, with everything that belongs to it."""
        self.deleting = True
        yield
        try:
            viewer = await require_viewer(self)
            await at_length(viewer.user_id, frames.delete, application(), viewer, self.doomed_id)
            await self._read()
            yield rx.toast.success(f"“{self.doomed_name}” was deleted.")
        finally:
            self.deleting = self.asking = False

    @rx.var
    def shown(self) -> list[FrameCard]:
        """The cards that match the search, in the chosen order."""
        text = self.search.strip().casefold()
        found = [card for card in self._cards if text in card.name.casefold()] if text else list(self._cards)
        if self.sort == "name":
            return sorted(found, key=lambda card: card.name.casefold())
        if self.sort == "products":
            return sorted(found, key=lambda card: -card.product_count)
        return found

    @rx.var
    def many(self) -> bool:
        """Whether search and sort are worth their place."""
        return len(self._cards) > MANY or bool(self.search)

    @rx.var
    def summary(self) -> str:
        """How many frames there are."""
        return counted(len(self._cards), "frame") if self._cards else ""

    @rx.var
    def delete_label(self) -> str:
        """What the red button names."""
        return f"Delete frame and {self.doomed_outputs}" if self.doomed_outputs else "Delete frame"

    def _miss(self) -> Any:
        """A frame that is gone is one of many: the list is read again."""
        self.asking = False
        return [rx.toast.error("This frame is gone. The list was read again."), FramesState.load]

    async def _read(self) -> None:
        viewer = await require_viewer(self)
        found = await asyncio.to_thread(cards.list_cards, application(), viewer)
        self._cards = [frame_card(card) for card in found]


def frame_card(card: Card) -> FrameCard:
    """The card in the words of the page."""
    running = bool(card.run_state) and RunState(card.run_state).active
    return FrameCard(
        frame_id=card.frame_id,
        name=card.name,
        state=card.state,
        picture=backend(card.thumbnail),
        products=_products(card),
        product_count=card.products or 0,
        run=_run(card, running),
        run_at=card.run_at.isoformat() if card.run_at and not running else "",
        running=running,
        percent=round(100 * card.processed / card.total, 1) if card.total else 0.0,
        attention=card.attention,
        address=f"/frame_detail/{card.frame_id}" if card.run_id else f"/frame/{card.frame_id}/preview",
    )


def hint(progress: Progress) -> str:
    """The product at hand and the last failure, for whoever wants to know more than the card says."""
    parts = [f"Product {progress.product_id}"] if progress.product_id else []
    if progress.errors:
        last = progress.errors[-1]
        parts.append(f"Last failure: {last.product_id}: {last.reason}")
    return "\n".join(parts)


def _run(card: Card, running: bool) -> str:
    if card.run_id is None:
        return "Not run yet"
    if running:
        failed = f" · {number(card.failed)} failed" if card.failed else ""
        return _of_total(card.processed, card.total) + failed
    if not card.total:
        return card.run_state.capitalize()
    retry = "Retry: " if card.retried else ""
    return f"{retry}{number(card.ok)} of {number(card.total)} ok"


def _products(card: Card) -> str:
    if card.products is not None:
        return counted(card.products, "product")
    return "Feed cannot be read" if card.feed_error else "Feed not read yet"


def _of_total(processed: int, total: int) -> str:
    return f"{number(processed)} of {number(total)}" if total else "Reading the feed"
