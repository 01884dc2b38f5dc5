"""The doorbell: messages that say "there is work", sent by an actor's name.

It carries no truth. A message is a token; the tokens that wait in the queue are bounded by slots, each a key in Redis
that the ringer sets and the actor frees when its message arrives. Keys and messages live and die together, so a Redis
that lost everything is simply rung again by the scheduler.
"""

from __future__ import annotations

import logging

import dramatiq
import redis
from dramatiq.brokers.redis import RedisBroker
from dramatiq.errors import BrokerConnectionError

log = logging.getLogger(__name__)

NAMESPACE = "frameapp"
PLAN, RENDER, PUBLISH = "run.plan", "run.render", "generation.publish"
QUEUES = {PLAN: "plan", RENDER: "render", PUBLISH: "plan"}
RINGS = f"{NAMESPACE}:rings"  # the channel that says into which queue a message was put
SLOT_SECONDS = 120  # a token that waits longer may get a second one beside it


class Doorbell:
    """Rings actors. An unreachable Redis is logged and no error: the scheduler rings again."""

    def __init__(self, url: str, *, tokens: int) -> None:
        """``tokens`` is how many render messages of one run may wait at a time."""
        self.tokens = tokens
        self._redis = redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5)
        self._broker = RedisBroker(client=self._redis, namespace=NAMESPACE, middleware=[])  # type: ignore[no-untyped-call]

    def plan(self, run_id: int) -> None:
        """Ask for the run to be planned."""
        self._ring(PLAN, run_id, 1, wanted=1)

    def render(self, run_id: int, *, wanted: int | None = None) -> None:
        """Ask for work on the run: ``wanted`` more messages, by default as many as may wait."""
        self._ring(RENDER, run_id, self.tokens, wanted=wanted or self.tokens)

    def publish(self, generation_id: int) -> None:
        """Ask for the generation to be made."""
        self._ring(PUBLISH, generation_id, 1, wanted=1)

    def heard(self, actor: str, row_id: int, slot: int) -> None:
        """The message of this slot has arrived, so the slot may be rung again."""
        try:
            self._redis.delete(_slot_key(actor, row_id, slot))
        except redis.RedisError as error:
            log.warning("Redis did not take a slot back: %s", error)

    def close(self) -> None:
        """Close the connections."""
        self._redis.close()

    def _ring(self, actor: str, row_id: int, slots: int, *, wanted: int) -> None:
        try:
            for slot in range(slots):
                if wanted <= 0:
                    return
                if self._redis.set(_slot_key(actor, row_id, slot), b"1", nx=True, ex=SLOT_SECONDS):
                    self._send(actor, row_id, slot)
                    wanted -= 1
        except (redis.RedisError, BrokerConnectionError) as error:
            log.warning("Redis did not take a message of %s for %d: %s", actor, row_id, error)

    def _send(self, actor: str, row_id: int, slot: int) -> None:
        message: dramatiq.Message[None] = dramatiq.Message(
            queue_name=QUEUES[actor], actor_name=actor, args=(row_id, slot), kwargs={}, options={}
        )
        self._broker.enqueue(message)
        self._redis.publish(RINGS, message.queue_name)


def _slot_key(actor: str, row_id: int, slot: int) -> str:
    return f"{NAMESPACE}:slot:{actor}:{row_id}:{slot}"
