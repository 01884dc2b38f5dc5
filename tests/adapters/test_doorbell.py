"""The doorbell over a real Redis: bounded tokens, and a Redis that lost everything."""

from __future__ import annotations

import json

import pytest
import redis

from frameapp.adapters.doorbell import PLAN, RENDER, Doorbell


@pytest.fixture
def client(redis_url: str) -> redis.Redis:
    return redis.Redis.from_url(redis_url)


def waiting(client: redis.Redis, queue: str) -> list[list[int]]:
    ids = client.lrange(f"frameapp:{queue}", 0, -1)
    return [json.loads(client.hget(f"frameapp:{queue}.msgs", name) or b"")["args"] for name in ids]  # type: ignore[union-attr]


def test_no_more_messages_of_a_run_wait_than_there_are_tokens(redis_url: str, client: redis.Redis) -> None:
    bell = Doorbell(redis_url, tokens=3)
    for _ in range(5):
        bell.ring(RENDER, 1)
    bell.ring(RENDER, 2, wanted=1)
    bell.ring(PLAN, 1)
    bell.ring(PLAN, 1)
    assert waiting(client, "render") == [[1, 0], [1, 1], [1, 2], [2, 0]]
    assert waiting(client, "plan") == [[1, 0]]


def test_a_message_that_arrived_makes_room_for_the_next(redis_url: str, client: redis.Redis) -> None:
    bell = Doorbell(redis_url, tokens=2)
    bell.ring(RENDER, 1)
    bell.heard(RENDER, 1, 0)
    bell.ring(RENDER, 1, wanted=1)
    bell.ring(RENDER, 1, wanted=1)
    assert waiting(client, "render") == [[1, 0], [1, 1], [1, 0]]


def test_a_redis_that_lost_everything_is_rung_again(redis_url: str, client: redis.Redis) -> None:
    bell = Doorbell(redis_url, tokens=2)
    bell.ring(RENDER, 1)
    bell.ring(PLAN, 1)
    client.flushall()
    bell.ring(RENDER, 1)
    bell.ring(PLAN, 1)
    assert len(waiting(client, "render")) == 2
    assert len(waiting(client, "plan")) == 1


def test_an_unreachable_redis_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    bell = Doorbell("redis://127.0.0.1:1", tokens=2)
    bell.ring(RENDER, 1)
    bell.heard(PLAN, 1, 0)
    assert "did not take a message of run.render for 1" in caplog.text
