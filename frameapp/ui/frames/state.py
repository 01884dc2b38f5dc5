"""The list of frames: a page of it, searched and sorted by the server, and followed while runs move."""

import asyncio
import contextlib
from dataclasses import dataclass, replace
from typing import Any

import reflex as rx

from frameapp.core.progress import Progress
from frameapp.errors import NotFound
from frameapp.models import RunState
from frameapp.services import cards, frames
from frameapp.services.accounts import Viewer
from frameapp.services.application import application
from frameapp.services.cards import Card
from frameapp.services.turns import at_length
from frameapp.ui.details.run_view import headline, waits_for
from frameapp.ui.frame_form.deletion import what_goes
from frameapp.ui.limits import LimitsState
from frameapp.ui.links import backend
from frameapp.ui.paging import Paged
from frameapp.ui.session import PageState, SessionWatch, acts, loads, require_viewer
from frameapp.ui.words import counted, number

MANY = 8  # frames; with more there are search and sort
SEARCH_ID = "search-frames"
SORTS = {"recent": "Last changed", "name": "Name", "products": "Most products"}


@dataclass(frozen=True)
class FrameCard:
    """A frame in the words of its card."""

    frame_id: int
    name: str
    state: str
    picture: str
    products: str
    run: str
    run_at: str
    running: bool
    percent: float
    attention: str
    address: str
    hint: str = ""  # the product at hand and the last failure
    order: tuple[int, int] = (0, 0)  # of the run's progress that it shows


class FramesState(PageState, Paged, rx.State):
    """A page of the viewer's frames."""

    search: str = ""
    sort: str = "recent"
    shown: list[FrameCard] = []
    total: int = 0
    making_sample: bool = False
    doomed_id: int = 0
    doomed_name: str = ""
    doomed_outputs: str = ""
    what_goes: str = ""
    asking: bool = False
    deleting: bool = False
    _newest_id: int = 0  # the frame that was made last, as far as the page knows

    @rx.event
    @loads
    async def load(self) -> Any:
        """The page as it is now, or that of a frame made since; a question left open by an earlier visit is closed."""
        self.asking = self.asking and self._resumes
        newest = self._newest_id
        await self._read()
        if newest and self._newest_id > newest and not self._resumes:
            return await self._show(self._newest_id) or None
        return None

    @rx.event(background=True)
    @acts
    async def follow(self, viewer: Viewer) -> None:
        """Move the cards as their runs move, until the page is left. One whose run began or ended is read again."""
        session = SessionWatch(self)
        active = [card.order[0] for card in self.shown if card.running]
        async for progress in cards.follow(application(), viewer, active):
            await session.check()
            card = next((card for card in self.shown if card.frame_id == progress.frame_id), None)
            if card is not None and card.order <= progress.order:
                fresh = await self._moved(viewer, card, progress)
                async with self:
                    self.shown = [
                        fresh if one.frame_id == fresh.frame_id and one.order <= fresh.order else one
                        for one in self.shown
                    ]

    async def _moved(self, viewer: Viewer, card: FrameCard, progress: Progress) -> FrameCard:
        """The card with what its run has come to; read anew where a run began or ended."""
        if (card.order[0], card.running) != (progress.run_id, progress.active):
            with contextlib.suppress(NotFound):  # deleted meanwhile: the next reading of the list leaves it out
                return frame_card(await asyncio.to_thread(cards.card, application(), viewer, card.frame_id))
        percent = round(progress.percent, 1)
        return replace(card, order=progress.order, percent=percent, run=headline(progress), hint=hint(progress))

    @rx.event
    @acts
    async def set_search(self, text: str) -> None:
        """Show the frames whose name contains ``text``."""
        self.search = text[: cards.LONGEST_SEARCH]
        await self._read(start=0)

    @rx.event
    @acts
    async def show_all(self) -> Any:
        """Every frame again."""
        self.search = ""
        await self._read(start=0)
        return [rx.set_value(SEARCH_ID, ""), rx.set_focus(SEARCH_ID)] if self.total > MANY else None

    @rx.event
    @acts
    async def set_sort(self, sort: str) -> None:
        """Put them into another order."""
        self.sort = sort if sort in SORTS else "recent"
        await self._read(start=0)

    @rx.event
    @acts
    async def turn(self, where: str) -> None:
        """Go to the first, previous, next or last page."""
        await self._read(start=self._turned(where, cards.PAGE))

    @rx.event
    @acts(making_sample=True)
    async def try_sample(self, viewer: Viewer) -> Any:
        """Create the sample frame and open its placement."""
        frame_id = await at_length(viewer.user_id, frames.create_sample, application(), viewer)
        return rx.redirect(f"/frame/{frame_id}/preview")

    @rx.event
    @acts
    async def duplicate(self, viewer: Viewer, frame_id: int) -> Any:
        """A copy of the frame, and the page that it stands on."""
        copy_id = await asyncio.to_thread(frames.duplicate, application(), viewer, frame_id)
        cleared = await self._show(copy_id)
        return [rx.toast.success("The frame was duplicated, without its outputs."), LimitsState.load, *cleared]

    @rx.event
    @acts
    async def ask_delete(self, viewer: Viewer, frame_id: int) -> None:
        """Open the dialogue that says what goes."""
        going = await asyncio.to_thread(frames.deletion, application(), viewer, frame_id)
        self.doomed_id, self.doomed_name, self.what_goes = frame_id, going.name, what_goes(going)
        self.doomed_outputs = counted(going.outputs, "output") if going.outputs else ""
        self.asking = True

    @rx.event
    async def set_asking(self, asking: bool) -> None:
        """Close the dialogue."""
        self.asking = asking

    @rx.event
    @acts(deleting=True, asking=True)
    async def delete(self, viewer: Viewer) -> Any:
        """Delete the frame that was asked about, with everything that belongs to it."""
        await at_length(viewer.user_id, frames.delete, application(), viewer, self.doomed_id)
        await self._read()
        return [rx.toast.success(f"“{self.doomed_name}” was deleted."), LimitsState.load]

    @rx.var
    def many(self) -> bool:
        """Whether search and sort are worth their place."""
        return self.total > MANY or bool(self.search)

    @rx.var
    def summary(self) -> str:
        """How many frames there are."""
        return counted(self.total, "frame") if self.total else ""

    @rx.var
    def delete_label(self) -> str:
        """What the red button names."""
        return f"Delete frame and {self.doomed_outputs}" if self.doomed_outputs else "Delete frame"

    def _miss(self) -> Any:
        """A frame that is gone is one of many: the list is read again."""
        self.asking = False
        return [rx.toast.error("This frame no longer exists. The list has been updated."), FramesState.load]

    async def _show(self, frame_id: int) -> list[Any]:
        """Go to the page of this frame; what clears the field of a search that hides it."""
        await self._read(showing=frame_id)
        if any(card.frame_id == frame_id for card in self.shown):
            return []
        self.search = ""
        await self._read(showing=frame_id)
        return [rx.set_value(SEARCH_ID, "")]

    async def _read(self, *, start: int | None = None, showing: int = 0) -> None:
        """The page that begins at ``start`` (without it, the one on show), or that of the frame ``showing``."""
        viewer, search, sort = await require_viewer(self), self.search, self.sort
        first = self.start if start is None else start
        page = await asyncio.to_thread(
            cards.page, application(), viewer, search=search, sort=sort, start=first, showing=showing
        )
        self.shown = [frame_card(card) for card in page.cards]
        self._put_place(page.start, len(page.cards), page.matching)
        self.total, self._newest_id = page.total, page.newest_id


def frame_card(card: Card) -> FrameCard:
    """The card in the words of the page."""
    running = bool(card.run_state) and RunState(card.run_state).active
    return FrameCard(
        frame_id=card.frame_id,
        name=card.name,
        state=card.state,
        picture=backend(card.thumbnail),
        products=_products(card),
        run=_run(card, running),
        run_at=card.run_at.isoformat() if card.run_at and not running else "",
        running=running,
        percent=round(100 * card.processed / card.total, 1) if card.total else 0.0,
        attention=card.attention,
        order=(card.run_id or 0, card.version),
        address=f"/frame_detail/{card.frame_id}" if card.run_id else f"/frame/{card.frame_id}/preview",
    )


def hint(progress: Progress) -> str:
    """The product being rendered and the last failure: more than the card has room for."""
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
        waiting = f" · {waits_for(card.waiting)}" if card.waiting else ""
        return _of_total(card.processed, card.total) + failed + waiting
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
