"""The health route."""

from __future__ import annotations

import asyncio
import threading

import pytest

from frameapp.adapters.storage import Storage
from frameapp.services.application import Application
from frameapp.web import health
from frameapp.web.threads import QUICK, quick_threads
from tests.web.conftest import Connect


async def test_it_is_well_while_database_and_redis_answer(
    app: Application, connect: Connect, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.settings, "redis_url", redis_url)
    answer = await connect(None).get("/health")
    well = {"status": "ok", "database": "ok", "redis": "ok", "storage": "ok"}
    assert (answer.status_code, answer.json()) == (200, well)


async def test_it_is_not_while_redis_is_away(app: Application, connect: Connect) -> None:
    answer = await connect(None).get("/health")
    ill = {"status": "failed", "database": "ok", "redis": "failed", "storage": "ok"}
    assert (answer.status_code, answer.json()) == (503, ill)


async def test_it_is_not_while_the_database_is_away(
    app: Application, connect: Connect, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.settings, "redis_url", redis_url)
    client = connect(None)
    app.database.dispose()
    monkeypatch.setattr("frameapp.services.health.text", lambda _: __import__("sqlalchemy").text("SELECT nothing"))
    answer = await client.get("/health")
    assert (answer.status_code, answer.json()["database"]) == (503, "failed")


async def test_it_is_not_while_the_storage_cannot_be_written_and_many_who_ask_cost_one_answer(
    app: Application, connect: Connect, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.settings, "redis_url", redis_url)
    asked: list[str] = []
    put = type(app.storage).put

    def counted(storage: Storage, key: str, data: bytes) -> None:
        asked.append(key)
        put(storage, key, data)

    monkeypatch.setattr(type(app.storage), "put", counted)
    assert app.storage.folder
    (app.storage.folder / "cache").touch()  # a file where the folder would be
    client = connect(None)
    answers = await asyncio.gather(*(client.get("/health") for _ in range(20)))
    ill = {"status": "failed", "database": "ok", "redis": "ok", "storage": "failed"}
    assert [(answer.status_code, answer.json()) for answer in answers] == [(503, ill)] * 20
    assert len(asked) == 1


async def test_it_does_not_wait_for_a_storage_that_hangs(
    app: Application, connect: Connect, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.settings, "redis_url", redis_url)
    monkeypatch.setattr(health, "CHECK_SECONDS", 1.0)
    gate, entered = threading.Event(), 0

    def hangs(*_: object) -> None:
        nonlocal entered
        entered += 1
        gate.wait(240)

    monkeypatch.setattr(type(app.storage), "put", hangs)
    client = connect(None)
    try:
        answers = [await client.get("/health") for _ in range(2)]
    finally:
        gate.set()
    assert [answer.json()["storage"] for answer in answers] == ["failed", "failed"]
    assert entered == 1, "one question at a time"


async def test_pages_that_wait_for_the_database_are_no_failure_of_redis(
    app: Application, connect: Connect, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.settings, "redis_url", redis_url)
    gate, entered = threading.Event(), threading.Semaphore(0)

    def waits() -> None:
        entered.release()
        gate.wait(240)

    async with quick_threads():
        pages = [asyncio.get_running_loop().run_in_executor(None, waits) for _ in range(QUICK + 8)]
        try:
            for _ in range(QUICK):
                assert entered.acquire(timeout=120)
            answer = await connect(None).get("/health")
        finally:
            gate.set()
            await asyncio.gather(*pages)
    well = {"status": "ok", "database": "ok", "redis": "ok", "storage": "ok"}
    assert (answer.status_code, answer.json()) == (200, well)
