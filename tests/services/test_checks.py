"""Feed checks: one of a user at a time, bounded on the disk, cancelled without a trace."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import BinaryIO

import pytest

from frameapp.adapters.spool import Room
from frameapp.errors import FeedError, TooBusy, TooLarge
from frameapp.services import checks
from frameapp.services.checks import MOST_WAITING, CheckProgress, Stage, read_feed

CSV = b"id,title,image_link\n1,Shoe,/1.jpg\n"


def bringing(data: bytes) -> Callable[[BinaryIO], Awaitable[None]]:
    async def fetch(file: BinaryIO) -> None:
        file.write(data)

    return fetch


class Endless:
    """A feed that has begun and does not come to its end."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()

    async def __call__(self, file: BinaryIO) -> None:
        file.write(CSV)
        self.begun.set()
        await asyncio.Event().wait()


async def checked(
    user: int, fetch: Callable[[BinaryIO], Awaitable[None]], progress: CheckProgress | None = None
) -> int:
    found = await read_feed(user, fetch, base_url="https://shop.example/", progress=progress or CheckProgress())
    return found.report.entries


async def ended(*tasks: asyncio.Task[int]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    assert all(task.cancelled() for task in tasks)
    assert checks._room.used == 0
    assert not checks._own._taken
    assert not checks._checks._taken
    assert not checks._reading._taken


async def test_it_tells_what_it_is_at() -> None:
    progress, endless = CheckProgress(), Endless()
    task = asyncio.create_task(checked(1, endless, progress))
    await endless.begun.wait()
    assert (progress.stage, progress.size) == (Stage.FETCHING, len(CSV))
    behind = CheckProgress()
    second = asyncio.create_task(checked(1, bringing(CSV), behind))
    assert await checked(2, bringing(CSV)) == 1
    assert behind.stage is Stage.OWN
    task.cancel()
    assert await second == 1
    assert behind.stage is Stage.READING
    await ended(task)


async def test_too_many_of_a_user_are_refused_and_others_are_not() -> None:
    endless = Endless()
    tasks = [asyncio.create_task(checked(1, endless)) for _ in range(1 + MOST_WAITING)]
    await endless.begun.wait()
    with pytest.raises(TooBusy, match="already"):
        await checked(1, bringing(CSV))
    assert await checked(2, bringing(CSV)) == 1
    await ended(*tasks)


async def test_a_reader_is_killed_with_its_check(monkeypatch: pytest.MonkeyPatch) -> None:
    reading = asyncio.Event()
    loop = asyncio.get_running_loop()

    class Stalled(checks.FeedProcess):
        def __init__(self) -> None:
            super().__init__(module="tests.adapters.unruly_feed_child")

    monkeypatch.setattr(checks, "FeedProcess", Stalled)
    monkeypatch.setattr(CheckProgress, "count", lambda *_: loop.call_soon_threadsafe(reading.set))
    task = asyncio.create_task(checked(1, bringing(b"stall")))
    async with asyncio.timeout(240):
        await reading.wait()
        await ended(task)


async def test_a_feed_for_which_there_is_no_room_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_room", Room(len(CSV)))
    with pytest.raises(TooLarge, match="no room"):
        await checked(1, bringing(CSV))
    assert checks._room.used == 0


async def test_a_failure_leaves_nothing() -> None:
    with pytest.raises(FeedError):
        await checked(1, bringing(b"<html>"))
    assert checks._room.used == 0
    assert checks._own.has_room(1)
