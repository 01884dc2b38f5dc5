"""The worker's Dramatiq broker on Redis."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import dramatiq
import redis
from dramatiq.asyncio import EventLoopThread, set_event_loop_thread
from dramatiq.brokers.redis import RedisBroker
from dramatiq.common import dq_name
from dramatiq.middleware import AsyncIO, ShutdownNotifications, TimeLimit

from frameapp.adapters.doorbell import NAMESPACE
from frameapp.services.application import application

IDLE_MS = 50  # how often an idle worker looks into its queues
PREFETCH = 2  # as many as a worker has threads: no message waits behind a batch while another worker is idle


class Broker(RedisBroker):
    """Redis with little waiting and little hoarding, whatever the ``dramatiq`` command was started with."""

    def consume(self, queue_name: str, prefetch: int = PREFETCH, timeout: int = IDLE_MS) -> dramatiq.Consumer:
        """The queue's consumer, its prefetch and its idle time bounded; queues of delayed messages stay idle."""
        if queue_name == dq_name(queue_name):
            return super().consume(queue_name, prefetch, timeout)
        return super().consume(queue_name, min(prefetch, PREFETCH), min(timeout, IDLE_MS))


class EventLoop(AsyncIO):
    """The actors' event loop, on a thread that holds up no exit."""

    def before_worker_boot(self, broker: dramatiq.Broker, worker: Any) -> None:
        """Start the loop."""
        thread = EventLoopThread(self.logger)
        thread.daemon = True
        thread.start(timeout=1.0)
        set_event_loop_thread(thread)


class OneSignal(dramatiq.Middleware):
    """Who ends a process group signals the worker twice, directly and through its master, which would cut its work off.

    Only a second signal some time later means "at once".
    """

    def before_worker_boot(self, broker: dramatiq.Broker, worker: Any) -> None:
        """Put the gate before Dramatiq's own handler; runs in the worker's main thread."""
        handler = signal.getsignal(signal.SIGTERM)
        if callable(handler) and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, _once_a_second(handler))


def _once_a_second(handler: Callable[[int, Any], Any]) -> Callable[[int, Any], None]:
    last = float("-inf")

    def gate(number: int, frame: Any) -> None:
        nonlocal last
        if time.monotonic() - last > 1.0:
            last = time.monotonic()
            handler(number, frame)

    return gate


def make_broker(url: str) -> Broker:
    """A broker without the middleware for retries: what a dead worker held, the sweep finds in the database."""
    client = redis.Redis.from_url(url, socket_timeout=10, socket_connect_timeout=5)
    return Broker(  # type: ignore[no-untyped-call]
        client=client,
        namespace=NAMESPACE,
        maintenance_chance=10_000,
        middleware=[TimeLimit(), ShutdownNotifications(notify_shutdown=True), EventLoop(), OneSignal()],
    )


broker = make_broker(application().settings.resolved_redis_url)
dramatiq.set_broker(broker)
