"""The health route."""

from __future__ import annotations

import pytest

from frameapp.services.application import Application
from tests.web.conftest import Connect


async def test_it_is_well_while_database_and_redis_answer(
    app: Application, connect: Connect, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.settings, "redis_url", redis_url)
    answer = await connect(None).get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "database": "ok", "redis": "ok"})


async def test_it_is_not_while_redis_is_away(app: Application, connect: Connect) -> None:
    answer = await connect(None).get("/health")
    assert (answer.status_code, answer.json()) == (503, {"status": "failed", "database": "ok", "redis": "failed"})


async def test_it_is_not_while_the_database_is_away(
    app: Application, connect: Connect, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.settings, "redis_url", redis_url)
    client = connect(None)
    app.database.dispose()
    monkeypatch.setattr("frameapp.services.health.text", lambda _: __import__("sqlalchemy").text("SELECT nothing"))
    answer = await client.get("/health")
    assert (answer.status_code, answer.json()["database"]) == (503, "failed")
