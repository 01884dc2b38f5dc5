"""The strip's pictures are fetched for it: a few at a time, each shown as it comes, none for a page that was left."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest
import sqlalchemy as sa

from frameapp.models import Product
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.ui.placement.products import AT_ONCE
from frameapp.ui.placement.state import PlacementState
from tests.outputs import add_frame
from tests.shop import Shop
from tests.ui.tab import SECONDS, Tab, in_thread

MISSING = 5


class Pictures(Shop):
    """A shop of twelve products; notes how many of its pictures are asked for at once, and which."""

    def __init__(self) -> None:
        super().__init__()
        self.full = threading.Event()  # as many as may be
        self.inside = self.most = 0
        self._lock = threading.Lock()
        kinds = ["missing" if number == MISSING else "good" for number in range(12)]
        self.sell((f"sku {number}", self.link(number, kind)) for number, kind in enumerate(kinds))

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        if not handler.path.startswith("/picture/"):
            return super().answer(handler)
        with self._lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        if self.inside == AT_ONCE:
            self.full.set()
        assert self.gate.wait(SECONDS)
        with self._lock:
            self.inside -= 1
        return super().answer(handler)


@pytest.fixture
def shop() -> Iterator[Pictures]:
    with Pictures() as host:
        yield host


@pytest.fixture
async def state(app: Application, anna: Viewer, tab: Tab, shop: Pictures) -> PlacementState:
    """A strip of twelve products without their pictures; the first one is on show."""
    frame_id = add_frame(app, anna, address=shop.address)
    made = await tab.open(f"/frame/{frame_id}/preview", PlacementState.load)
    await tab.send(PlacementState.load_products)
    assert len(made.cards) == 12
    return made


def cached(state: PlacementState) -> list[str]:
    return [card["product_id"] for card in state.cards if card["cached"]]


async def test_each_is_asked_for_once_and_a_few_at_a_time(tab: Tab, state: PlacementState, shop: Pictures) -> None:
    shop.gate.clear()
    async with tab.sending(PlacementState.prepare_cards) as bringing:
        assert await in_thread(shop.full.wait)
        await tab.send(PlacementState.prepare_cards)  # those that are on their way, or wait, are not asked for again
        shop.gate.set()
        await bringing
    assert shop.most == AT_ONCE
    assert shop.asked() == 11, "not the one on show, which comes apart"
    assert cached(state) == [f"sku {number}" for number in range(1, 12) if number != MISSING]
    await tab.send(PlacementState.prepare_cards)
    assert shop.asked() == 11


async def test_one_that_cannot_be_had_or_is_gone_costs_only_itself(
    app: Application, tab: Tab, state: PlacementState
) -> None:
    gone = state.cards[3]["ref"]
    with app.database.write() as session:
        session.execute(sa.delete(Product).where(sa.column("id") == gone))
    await tab.send(PlacementState.prepare_cards)
    assert [card["product_id"] for card in state.cards if card["broken"]] == ["sku 3", f"sku {MISSING}"]
    assert len(cached(state)) == 9
    assert not state.not_found


async def test_nothing_is_fetched_for_a_strip_that_was_turned(tab: Tab, state: PlacementState, shop: Pictures) -> None:
    shop.gate.clear()
    async with tab.sending(PlacementState.prepare_cards) as bringing:
        assert await in_thread(shop.full.wait)
        await tab.send(PlacementState.search_products, "sku 0")
        shop.gate.set()
        await bringing
    assert shop.asked() == AT_ONCE
    assert [(card["product_id"], card["cached"], card["broken"]) for card in state.cards] == [("sku 0", False, False)]
