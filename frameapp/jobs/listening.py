"""Consumers that hear the doorbell, so that none has to look into its queue many times a second."""

import logging
import threading
from collections.abc import Iterable
from typing import Any

import dramatiq
import redis

from frameapp.adapters.doorbell import RINGS

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0  # after so long without a ring a consumer looks all the same: a ring may be missed
AGAIN_SECONDS = 1.0  # after Redis went away
EAR_SECONDS = 5.0  # how long an ended listener may still wait


class Listener(threading.Thread):
    """One subscription for all queues of a worker process."""

    def __init__(self, client: redis.Redis) -> None:
        super().__init__(name="listener", daemon=True)
        self._client = client
        self._ended = threading.Event()
        self._rung: dict[str, threading.Event] = {}

    def rung(self, queue: str) -> threading.Event:
        """The event that is set when the queue's bell rings."""
        return self._rung.setdefault(queue, threading.Event())

    def run(self) -> None:
        """Listen until the end."""
        while not self._ended.is_set():
            try:
                with self._client.pubsub() as ear:  # type: ignore[no-untyped-call]
                    ear.subscribe(RINGS)
                    while not self._ended.is_set():
                        self._hear(ear.get_message(timeout=EAR_SECONDS))
            except redis.RedisError as error:
                log.warning("Listening for the doorbell failed: %s", error)
                self._ended.wait(AGAIN_SECONDS)

    def end(self) -> None:
        """Listen no longer; returns at once."""
        self._ended.set()

    def _hear(self, heard: dict[str, Any] | None) -> None:
        if heard is None:
            return
        if heard["type"] == "message":
            self.rung(heard["data"].decode()).set()
        else:  # the subscription begins: what was rung before was not heard
            for rung in list(self._rung.values()):
                rung.set()


class Consumer(dramatiq.Consumer):
    """Dramatiq's ``queue``, asked when its bell has rung, when a message is done, and once in a while."""

    def __init__(self, queue: dramatiq.Consumer, rung: threading.Event) -> None:
        self._queue = queue
        self._rung = rung

    def __next__(self) -> dramatiq.MessageProxy | None:
        """The next message; None where there was none."""
        self._rung.wait(LOOK_SECONDS)
        self._rung.clear()
        message = next(self._queue)
        if message is not None:
            self._rung.set()  # there may be more
        return message

    def ack(self, message: dramatiq.MessageProxy) -> None:
        """The message is done: there is room for another one."""
        self._queue.ack(message)
        self._rung.set()

    def nack(self, message: dramatiq.MessageProxy) -> None:
        """The same of one that failed."""
        self._queue.nack(message)
        self._rung.set()

    def requeue(self, messages: Iterable[dramatiq.MessageProxy]) -> None:
        """Put back what was not begun."""
        self._queue.requeue(messages)

    def close(self) -> None:
        """End."""
        self._queue.close()
