"""The worker's Dramatiq broker on Redis."""

from __future__ import annotations

import dramatiq
import redis
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import AsyncIO, ShutdownNotifications, TimeLimit

from frameapp.adapters.doorbell import NAMESPACE
from frameapp.services.application import application

IDLE_MS = 100  # how often an idle worker looks into its queues
PREFETCH = 2  # as many as a worker has threads: no message waits behind a batch while another worker is idle


class Broker(RedisBroker):
    """Redis with little waiting and little hoarding, whatever the ``dramatiq`` command was started with."""

    def consume(self, queue_name: str, prefetch: int = PREFETCH, timeout: int = IDLE_MS) -> dramatiq.Consumer:
        """The queue's consumer, its prefetch and its idle time bounded."""
        return super().consume(queue_name, min(prefetch, PREFETCH), min(timeout, IDLE_MS))


def make_broker(url: str) -> Broker:
    """A broker without the middleware for retries: what a dead worker held, the sweep finds in the database."""
    client = redis.Redis.from_url(url, socket_timeout=10, socket_connect_timeout=5)
    return Broker(  # type: ignore[no-untyped-call]
        client=client,
        namespace=NAMESPACE,
        maintenance_chance=10_000,
        middleware=[TimeLimit(), ShutdownNotifications(notify_shutdown=True), AsyncIO()],
    )


broker = make_broker(application().settings.resolved_redis_url)
dramatiq.set_broker(broker)
