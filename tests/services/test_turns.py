"""Turns: bounded in all and for each key, handed round, and given back whatever happens."""

from __future__ import annotations

import asyncio
import threading
from contextlib import AsyncExitStack

import pytest

from frameapp.errors import TooBusy
from frameapp.services.turns import Threads, Turns
from tests.jobs.workers import SECONDS


def turns(in_all: int = 2, each: int = 1, waiting: int = 10) -> Turns:
    return Turns(in_all=in_all, each=each, waiting=waiting, full="Too many.")


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_free_places_go_round_among_the_users() -> None:
    places, order = turns(in_all=1), []

    async def work(user: str) -> None:
        async with places.turn(user):
            order.append(user)
            await asyncio.sleep(0)

    await asyncio.gather(*map(work, ["anna"] * 5 + ["bert", "bert", "carla"]))
    assert order == ["anna", "anna", "bert", "carla", "anna", "bert", "anna", "anna"]


async def test_a_user_has_only_a_share() -> None:
    places, gate, running = turns(in_all=3, each=2), asyncio.Event(), []

    async def work(user: str) -> None:
        async with places.turn(user):
            running.append(user)
            await gate.wait()

    tasks = [asyncio.create_task(work(user)) for user in ["anna"] * 4 + ["bert", "carla"]]
    await settle()
    assert running == ["anna", "anna", "bert"]
    gate.set()
    await asyncio.gather(*tasks)
    assert sorted(running) == sorted(["anna"] * 4 + ["bert", "carla"])
    assert not places._taken
    assert not places._waiting


async def test_too_many_that_wait_are_refused() -> None:
    places = turns(waiting=1)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(places.turn("anna"))
        second = asyncio.create_task(stack.enter_async_context(places.turn("anna")))
        await settle()
        with pytest.raises(TooBusy, match="Too many"):
            await stack.enter_async_context(places.turn("anna"))
        second.cancel()
        await asyncio.wait([second])
    assert places.has_room("anna")
    assert not places._waiting


async def test_who_is_cancelled_as_its_turn_comes_gives_it_back() -> None:
    places = turns(in_all=1)

    async def work() -> None:
        async with places.turn("anna"):
            raise AssertionError

    async with places.turn("bert"):
        waiting = asyncio.create_task(work())
        await settle()
    waiting.cancel()
    await asyncio.wait([waiting])
    assert waiting.cancelled()
    assert places.has_room("carla")


async def test_a_thread_is_waited_for_even_by_who_is_cancelled() -> None:
    threads = Threads("test", count=1, waiting=5, full="Too many.")
    begun, gate = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        gate.wait(SECONDS)

    first = asyncio.create_task(threads.run("anna", work))
    await asyncio.to_thread(begun.wait, SECONDS)
    second = asyncio.create_task(threads.run("bert", threading.get_ident))
    first.cancel()
    await settle()
    assert not first.done()
    gate.set()
    assert await second != threading.get_ident()
    with pytest.raises(asyncio.CancelledError):
        await first
