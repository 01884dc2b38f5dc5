"""Consumers over a real Redis: a ring wakes them, a done message makes room, a missed ring is found by a look."""

from __future__ import annotations

import time
from collections.abc import Iterator

import dramatiq
import pytest
import redis

from frameapp.adapters.doorbell import RENDER, Doorbell
from frameapp.jobs import listening
from frameapp.jobs.broker import Broker, make_broker
from frameapp.jobs.listening import Consumer
from tests.jobs.workers import SECONDS

QUEUE = RENDER.queue


@pytest.fixture
def broker(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    """One whose listener runs, and whose consumers do not look by themselves."""
    monkeypatch.setattr(listening, "LOOK_SECONDS", 4.0 * SECONDS)
    monkeypatch.setattr(listening, "AGAIN_SECONDS", 0.01)
    monkeypatch.setattr(listening, "EAR_SECONDS", 0.1)
    made = make_broker(redis_url)
    rung = made.listener.rung(QUEUE)
    made.listener.start()
    assert rung.wait(SECONDS), "the subscription does not begin"
    rung.clear()
    yield made
    made.listener.end()
    made.listener.join(SECONDS)
    made.close()


@pytest.fixture
def bell(redis_url: str) -> Iterator[Doorbell]:
    made = Doorbell(redis_url, tokens=8)
    yield made
    made.close()


def consumer_of(broker: Broker) -> Consumer:
    consumer = broker.consume(QUEUE)
    assert isinstance(consumer, Consumer)
    return consumer


def take(consumer: Consumer) -> dramatiq.MessageProxy:
    """The next message."""
    end = time.monotonic() + SECONDS
    while (message := next(consumer)) is None:
        assert time.monotonic() < end, "it does not come"
    return message


def test_a_ring_wakes_a_waiting_consumer(broker: Broker, bell: Doorbell) -> None:
    consumer = consumer_of(broker)
    bell.ring(RENDER, 7, wanted=1)
    assert take(consumer).args == (7, 0)


def test_more_messages_than_may_be_held_come_when_others_are_done(broker: Broker, bell: Doorbell) -> None:
    consumer = consumer_of(broker)
    bell.ring(RENDER, 7, wanted=5)
    held = [take(consumer), take(consumer)]
    assert next(consumer) is None, "as many as there are threads"
    for slot in (2, 3, 4):
        consumer.ack(held.pop(0))
        held.append(take(consumer))
        assert held[-1].args == (7, slot)
    consumer.nack(held.pop())


def test_what_was_put_there_unheard_is_found(broker: Broker, bell: Doorbell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bell._redis, "publish", lambda *_: None)
    bell.ring(RENDER, 7, wanted=1)
    monkeypatch.setattr(listening, "LOOK_SECONDS", 0.05)
    assert take(consumer_of(broker)).args == (7, 0)


def test_a_listener_that_lost_redis_subscribes_again(broker: Broker, redis_url: str, bell: Doorbell) -> None:
    with redis.Redis.from_url(redis_url) as client:
        client.client_kill_filter(_type="pubsub")
    assert broker.listener.rung(QUEUE).wait(SECONDS), "what was rung meanwhile is looked for"
    broker.listener.rung(QUEUE).clear()
    bell.ring(RENDER, 7, wanted=1)
    assert take(consumer_of(broker)).args == (7, 0)
