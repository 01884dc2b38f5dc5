"""The worker's Dramatiq broker on Redis."""

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
from frameapp.jobs.listening import Consumer, Listener
from frameapp.services.application import application

PREFETCH = 2  # as many as a worker has threads: no message waits behind a batch while another worker is idle


class Broker(RedisBroker):
    """Redis with little waiting and little hoarding, whatever the ``dramatiq`` command was started with."""

    def __init__(self, listener: Listener, **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call]
        self.listener = listener

    def consume(self, queue_name: str, prefetch: int = PREFETCH, timeout: int = 1000) -> dramatiq.Consumer:
        """The queue's consumer, which hears the doorbell; nobody rings for queues of delayed messages."""
        if queue_name == dq_name(queue_name):
            return super().consume(queue_name, prefetch, timeout)
        queue = super().consume(queue_name, min(prefetch, PREFETCH), timeout=1)
        return Consumer(queue, self.listener.rung(queue_name))


class Listening(dramatiq.Middleware):
    """The doorbell is heard in workers only; other processes import the broker too."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener

    def before_worker_boot(self, broker: dramatiq.Broker, worker: Any) -> None:
        """Begin."""
        self._listener.start()

    def before_worker_shutdown(self, broker: dramatiq.Broker, worker: Any) -> None:
        """End."""
        self._listener.end()


class EventLoop(AsyncIO):
    """The actors' event loop, on a thread that holds up no exit."""

    def before_worker_boot(self, broker: dramatiq.Broker, worker: Any) -> None:
        """Start the loop."""
        thread = EventLoopThread(self.logger)
        thread.daemon = True
        thread.start(timeout=1.0)
        set_event_loop_thread(thread)


class OneSignal(dramatiq.Middleware):
    """Ending a process group signals the worker twice, directly and through its master, which would cut its work off.

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
    ear = redis.Redis.from_url(url, socket_timeout=10, socket_connect_timeout=5, health_check_interval=15)
    listener = Listener(ear)
    return Broker(
        listener,
        client=client,
        namespace=NAMESPACE,
        maintenance_chance=10_000,
        middleware=[
            TimeLimit(),
            ShutdownNotifications(notify_shutdown=True),
            EventLoop(),
            OneSignal(),
            Listening(listener),
        ],
    )


broker = make_broker(application().settings.resolved_redis_url)
dramatiq.set_broker(broker)
