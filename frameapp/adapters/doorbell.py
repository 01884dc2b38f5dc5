"""The doorbell: messages that say "there is work", sent by an actor's name.

It carries no truth. A message is a token; the tokens that wait in the queue are bounded by slots, each a key in Redis
that the ringer sets and the actor frees when its message arrives. Keys and messages live and die together, so a Redis
that lost everything is simply rung again by the scheduler.
"""

import logging
from dataclasses import dataclass

import dramatiq
import redis
from dramatiq.brokers.redis import RedisBroker
from dramatiq.errors import BrokerConnectionError

log = logging.getLogger(__name__)

NAMESPACE = "frameapp"
RINGS = f"{NAMESPACE}:rings"  # the channel that says into which queue a message was put
SLOT_SECONDS = 120  # a token that waits longer may get a second one beside it


@dataclass(frozen=True, slots=True)
class Bell:
    """What rings an actor: its name, its queue, and whether as many messages for a row may wait as workers want."""

    actor: str
    queue: str
    many: bool = False


PLAN, RENDER, PUBLISH, DELETE = (
    Bell("run.plan", "plan"),
    Bell("run.render", "render", many=True),
    Bell("generation.publish", "plan"),
    Bell("account.delete", "plan"),
)


class Doorbell:
    """Rings actors. An unreachable Redis is logged and no error: the scheduler rings again."""

    def __init__(self, url: str, *, tokens: int) -> None:
        """``tokens`` is how many render messages of one run may wait at a time."""
        self.tokens = tokens
        self._redis = redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5)
        self._broker = RedisBroker(client=self._redis, namespace=NAMESPACE, middleware=[])  # type: ignore[no-untyped-call]

    def ring(self, bell: Bell, row_id: int, *, wanted: int | None = None) -> None:
        """Ask for work on the row: ``wanted`` more messages, by default as many as may wait."""
        slots = self.tokens if bell.many else 1
        left = wanted or slots
        try:
            for slot in range(slots):
                if left <= 0:
                    return
                if self._redis.set(_slot_key(bell, row_id, slot), b"1", nx=True, ex=SLOT_SECONDS):
                    self._send(bell, row_id, slot)
                    left -= 1
        except (redis.RedisError, BrokerConnectionError) as error:
            log.warning("Redis did not take a message of %s for %d: %s", bell.actor, row_id, error)

    def heard(self, bell: Bell, row_id: int, slot: int) -> None:
        """The message of this slot has arrived, so the slot may be rung again."""
        try:
            self._redis.delete(_slot_key(bell, row_id, slot))
        except redis.RedisError as error:
            log.warning("Redis did not take a slot back: %s", error)

    def close(self) -> None:
        """Close the connections."""
        self._redis.close()

    def _send(self, bell: Bell, row_id: int, slot: int) -> None:
        message: dramatiq.Message[None] = dramatiq.Message(
            queue_name=bell.queue, actor_name=bell.actor, args=(row_id, slot), kwargs={}, options={}
        )
        self._broker.enqueue(message)
        self._redis.publish(RINGS, message.queue_name)


def _slot_key(bell: Bell, row_id: int, slot: int) -> str:
    return f"{NAMESPACE}:slot:{bell.actor}:{row_id}:{slot}"
