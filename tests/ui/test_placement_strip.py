"""The strip's pictures are fetched for it: a few at a time, each shown as it comes, none for a page that was left."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from frameapp.errors import FetchError, NotFound
from frameapp.services.accounts import Viewer
from frameapp.ui import session
from frameapp.ui.placement import products
from frameapp.ui.placement.products import AT_ONCE, NO_CARD, Card
from frameapp.ui.placement.state import PlacementState
from tests.ui.background import InBackground

GONE, REFUSED = 3, 5


def card(ref: int, **values: Any) -> Card:
    return {**NO_CARD, "ref": ref, "has_picture": True, **values}  # type: ignore[typeddict-item]


@pytest.fixture
def state() -> PlacementState:
    """A strip of twelve products of which nothing is cached but the second; the first one is on show."""
    made = PlacementState(_reflex_internal_init=True)
    made.cards = [card(ref, cached=ref == 2) for ref in range(1, 13)]
    made.product = card(1)
    return made


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[int], None]], list[int]]:
    """Let pictures be prepared by a function of the product's number; returns the numbers that were asked for."""

    async def viewer(_: object) -> Viewer:
        return Viewer(1, "anna", False, 1, (1,))

    monkeypatch.setattr(session, "find_viewer", viewer)
    monkeypatch.setattr(products, "application", lambda: None)

    def prepare_by(work: Callable[[int], None]) -> list[int]:
        refs: list[int] = []

        async def prepare(_app: object, _viewer: object, ref: int) -> None:
            refs.append(ref)
            await asyncio.to_thread(work, ref)

        monkeypatch.setattr(products.previews, "prepare", prepare)
        return refs

    return prepare_by


async def bring(state: PlacementState) -> None:
    assert await PlacementState.prepare_cards.fn(InBackground(state)) is None


async def test_each_is_asked_for_once_and_a_few_at_a_time(
    state: PlacementState, asked: Callable[[Callable[[int], None]], list[int]]
) -> None:
    full = threading.Barrier(AT_ONCE)  # as many wait for each other, so fewer would fail
    inside, most, lock = 0, 0, threading.Lock()

    def work(ref: int) -> None:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        if ref in range(3, 3 + AT_ONCE):
            full.wait(120)
            time.sleep(0.1)  # one too many would come in
        with lock:
            inside -= 1

    refs = asked(work)
    await bring(state)
    assert sorted(refs) == list(range(3, 13)), "not the one on show, which comes apart, nor the cached one"
    assert most == AT_ONCE
    assert all(one["cached"] for one in state.cards if one["ref"] != 1)
    assert not state._coming


async def test_one_that_cannot_be_had_or_is_gone_costs_only_itself(
    state: PlacementState, asked: Callable[[Callable[[int], None]], list[int]]
) -> None:
    def work(ref: int) -> None:
        if ref == GONE:
            raise NotFound
        if ref == REFUSED:
            raise FetchError("The picture is gone.")

    asked(work)
    await bring(state)
    assert [one["ref"] for one in state.cards if one["broken"]] == [GONE, REFUSED]
    assert not state.not_found


async def test_nothing_is_fetched_for_a_strip_that_was_turned(
    state: PlacementState, asked: Callable[[Callable[[int], None]], list[int]]
) -> None:
    turned = [card(ref) for ref in range(20, 23)]

    def work(_: int) -> None:
        state.cards = turned

    refs = asked(work)
    await bring(state)
    assert len(refs) <= AT_ONCE
    assert not any(one["cached"] or one["broken"] for one in state.cards)
    assert not state._coming
