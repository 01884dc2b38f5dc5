"""The product on show and the strip to choose it from."""

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any, TypedDict

import reflex as rx

from frameapp.errors import FrameappError, NotFound
from frameapp.services import placements, previews
from frameapp.services.accounts import Viewer
from frameapp.services.application import application
from frameapp.services.checks import CheckProgress
from frameapp.services.placements import Asked, ProductCard
from frameapp.ui.links import backend
from frameapp.ui.session import WENT_WRONG, acts, require_viewer
from frameapp.ui.while_wanted import while_wanted
from frameapp.ui.words import check_stage, pixels

logger = logging.getLogger(__name__)

STRIP = 12  # products in the strip
AT_ONCE = 4  # pictures that a strip asks the feed's hosts for


class Card(TypedDict):
    """A product in the strip."""

    ref: int
    product_id: str
    title: str
    has_picture: bool
    cached: bool  # its picture is at hand, so its thumbnail comes at once
    broken: bool
    thumb: str
    size: str
    why: str


NO_CARD: Card = {
    "ref": 0,
    "product_id": "",
    "title": "",
    "has_picture": False,
    "cached": False,
    "broken": False,
    "thumb": "",
    "size": "",
    "why": "",
}


class ProductsState(rx.State, mixin=True):
    """Products are rows of the feed; ``product`` is the one on show."""

    shown_id: int = 0  # the frame's id

    product: Card = NO_CARD
    product_ready: bool = False  # its picture is in the cache
    product_error: str = ""
    attempt: int = 0  # to show the product; another one has other addresses
    _spoilt: bool = False  # what the cache holds of it cannot be rendered

    cards: list[Card] = []
    _coming: list[int] = []  # products whose pictures are being fetched for the strip
    cards_loading: bool = True
    cards_stage: str = ""  # of the check that reads the first products
    cards_error: str = ""
    next_key: str = ""
    previous_key: str = ""
    known: int = 0  # products of the feed, before a run has read all
    promised: int = 0  # as many there are then; 0 where all are known
    search: str = ""
    only_difficult: bool = False

    @rx.var
    def searched(self) -> str:
        """Where the search looks, as ``first 1,000``; empty where it looks at all products."""
        return f"first {self.known:,}" if self.promised else ""

    @rx.var
    def unread(self) -> str:
        """The sentence on what is not known before the first run; empty where all is."""
        if not self.promised:
            return ""
        return f"The first {self.known:,} of {self.promised:,} products have been read so far; a run reads them all."

    @rx.event(background=True)
    @acts
    async def load_products(self, viewer: Viewer) -> Any:
        """Fill the strip; the feed's first products are read where no run has read it yet."""
        async with self:
            frame_id = self.shown_id
            self.cards_loading, self.cards_error, self.only_difficult, self.search = True, "", False, ""
            self.cards_stage = ""
        try:
            await self._read_first_products(viewer, frame_id)
            page = await asyncio.to_thread(placements.products, application(), viewer, frame_id, Asked(size=STRIP))
        except NotFound:
            raise
        except FrameappError as error:
            async with self:
                if self.shown_id == frame_id:
                    self.cards_loading, self.cards_error = False, str(error)
            return None
        async with self:
            if self.shown_id != frame_id:
                return None
            first = next((card for card in page.rows if card.has_picture), None)
            chosen = self._choose(_card(first)) if first else []
            return [*chosen, *self._fill(page)]

    async def _read_first_products(self, viewer: Viewer, frame_id: int) -> None:
        progress = CheckProgress()

        def look() -> None:
            self.cards_stage = check_stage(progress)

        reading = placements.read_first_products(application(), viewer, frame_id, progress)
        await while_wanted(self, reading, wanted=lambda: self.shown_id == frame_id, look=look)

    @rx.event(background=True)
    @acts
    async def prepare_product(self, viewer: Viewer) -> Any:
        """Bring the chosen product's picture into the cache, then show it."""
        async with self:
            ref, anew = self.product["ref"], self._spoilt
        problem = await problem_of(previews.prepare(application(), viewer, ref, anew=anew))
        async with self:
            self._mark(ref, cached=not problem, broken=bool(problem))
            if self.product["ref"] == ref:  # else the user has gone on to another one
                self.product_error, self.product_ready = problem, not problem

    @rx.event(background=True)
    @acts
    async def prepare_cards(self, viewer: Viewer) -> None:
        """Bring the strip's other pictures into the cache, a few at a time; each is shown as it comes.

        A browser that asked for them itself would wait for a slow host with all of its connections.
        """
        async with self:
            refs = [card["ref"] for card in self.cards if self._lacks(card)]
            self._coming = [*self._coming, *refs]
        turns = asyncio.Semaphore(AT_ONCE)

        async def bring(ref: int) -> None:
            async with turns:
                async with self:
                    wanted = any(card["ref"] == ref for card in self.cards)
                try:
                    problem = await problem_of(previews.prepare(application(), viewer, ref)) if wanted else ""
                except NotFound as gone:  # the feed was read anew meanwhile; the page stays
                    problem = str(gone)
            async with self:
                self._coming = [other for other in self._coming if other != ref]
                if wanted:
                    self._mark(ref, cached=not problem, broken=bool(problem))

        await asyncio.gather(*(bring(ref) for ref in refs))

    @rx.event
    async def try_again(self) -> Any:
        """Ask anew for the product's picture, and so for its result."""
        self._mark(self.product["ref"], cached=False, broken=False)
        return self._choose(self.product, attempt=self.attempt + 1, spoilt=self._spoilt)

    @rx.event
    async def choose_product(self, ref: int) -> Any:
        """Show this product of the strip."""
        card = next((card for card in self.cards if card["ref"] == ref), None)
        return self._choose(dict(card)) if card else None

    @rx.event
    async def mark_broken(self, ref: int) -> None:
        """This thumbnail did not come."""
        self._mark(ref, cached=True, broken=True)

    @rx.event
    @acts
    async def step_product(self, step: int) -> Any:
        """The previous (-1) or the next (1) product; the strip follows."""
        refs = [card["ref"] for card in self.cards]
        here = refs.index(self.product["ref"]) if self.product["ref"] in refs else -1
        if here >= 0 and 0 <= here + step < len(refs):
            return self._choose(dict(self.cards[here + step]))
        if self.only_difficult:
            return None
        bring = await self._turn(step)
        if not self.cards or [card["ref"] for card in self.cards] == refs:
            return None
        return [*self._choose(dict(self.cards[0 if step > 0 else -1])), *bring]

    @rx.event
    @acts
    async def turn_strip(self, step: int) -> Any:
        """The strip's previous or next page."""
        return await self._turn(step)

    @rx.event
    @acts
    async def search_products(self, viewer: Viewer, text: str) -> Any:
        """Show the products whose id or title contains the text."""
        self.search, self.only_difficult = text, False
        return await self._bring(viewer)

    @rx.event
    @acts
    async def show_difficult(self, viewer: Viewer) -> Any:
        """Only the products that test the placement hardest, or all again."""
        self.search = ""
        self.only_difficult = not self.only_difficult
        if self.only_difficult:
            cards = await asyncio.to_thread(placements.difficult, application(), viewer, self.shown_id)
            return self._fill(placements.ProductPage(cards, "", "", self.known, self.promised))
        return await self._bring(viewer)

    def _choose(self, card: Any, *, attempt: int = 0, spoilt: bool = False) -> list[Any]:
        self.product, self.attempt, self._spoilt = card, attempt, spoilt
        self.product_ready, self.product_error, self.result_error = False, "", ""
        if not card["has_picture"]:
            self.product_error = "This product has no picture in the feed; a run will list it as failed."
            return []
        return [self.__class__.prepare_product]

    def _mark(self, ref: int, *, cached: bool, broken: bool) -> None:
        """Note of a product's picture in the strip whether it is at hand, and whether it cannot be had."""
        marked = [
            Card(**{**card, "cached": cached, "broken": broken}) if card["ref"] == ref else card for card in self.cards
        ]
        if marked != self.cards:
            self.cards = marked

    def _lacks(self, card: Card) -> bool:
        """Whether the card's picture has yet to be asked for; that of the product on show comes apart."""
        settled = card["cached"] or card["broken"] or not card["has_picture"]
        return not settled and card["ref"] != self.product["ref"] and card["ref"] not in self._coming

    def _fill(self, page: placements.ProductPage) -> list[Any]:
        """Show these in the strip; returns the events that bring their pictures."""
        self.cards = [_card(card) for card in page.rows]
        self.next_key, self.previous_key = page.next_key, page.previous_key
        self.known, self.promised = page.known, page.promised
        self.cards_loading = False
        return [self.__class__.prepare_cards]

    async def _turn(self, step: int) -> list[Any]:
        key = self.next_key if step > 0 else self.previous_key
        if not self.cards or not key:
            return []
        return await self._bring(await require_viewer(self), **{"after" if step > 0 else "before": key})

    async def _bring(self, viewer: Viewer, **edge: str) -> list[Any]:
        """Show a page of what the search finds; returns the events that bring its pictures."""
        asked = Asked(self.search, size=STRIP, **edge)
        return self._fill(await asyncio.to_thread(placements.products, application(), viewer, self.shown_id, asked))


async def problem_of(work: Awaitable[object]) -> str:
    """Why a picture cannot be had: the sentence of the error that ``work`` raises, or an empty text.

    Raises NotFound. Any other error than ours is logged and becomes a sentence with "Try again": this is the edge.
    """
    try:
        await work
    except NotFound:
        raise
    except FrameappError as error:
        return str(error)
    except Exception:
        logger.exception("A picture of the placement page failed")
        return WENT_WRONG
    return ""


def _card(card: ProductCard) -> Card:
    return {
        "ref": card.ref,
        "product_id": card.product_id,
        "title": card.title,
        "has_picture": card.has_picture,
        "cached": card.cached,
        "broken": False,
        "thumb": backend(f"/files/source/{card.ref}/thumb") if card.has_picture else "",
        "size": f"{pixels(card.width, card.height)} px" if card.width else "",
        "why": card.why,
    }
